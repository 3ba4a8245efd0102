"""Tables of departments: described, loaded, found, joined, and withdrawn with all that rests on
them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import httpx
import pytest

from api import audit
from api.platforms.budget.departments.records.descriptions import (
    DEPARTMENTS,
    checked,
    proposals,
)
from api.platforms.budget.departments.records.questions import Known, Row, owed
from config.working_days import load as working_days
from tests.api.budget.test_projects import PROJECTS, taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre
from tests.conftest import wait_until

SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
HEAD = "月份,项目名称,建设单位,施工单位,累计计量产值,累计支付工程款,形象进度"
WORKS = (
    HEAD,
    "2026-08,P1,水利局,建工集团,1000000.50,900000,45%",
    "2026-09,通吕运河泵站改造,水利局,建工集团,2000000,1500000.25,60%",
    "2026-09,没有的工程,住建局,建工集团,100,50,10%",
)
RELIEF = (
    "发放月份,镇街,救助类别,救助证号,户主姓名,保障人数,发放金额",
    "2026-09,平潮镇,低保,320612001234,王小明,3,1500.00",
    "2026-09,平潮镇,低保,320612005678,李国强,1,600.50",
)


def sent(client: httpx.Client, department: str, rows: Sequence[str], **asked: Any) -> Any:
    """The answer to a department's table over the API."""
    answer = client.post(
        f"/api/v1/imports/budget.department-{department}",
        params={"source": "业务科", "name": "表.csv"} | asked,
        content="\n".join(rows).encode("gb18030"),
    )
    return answer.json()


def loaded(client: httpx.Client, department: str, rows: Sequence[str]) -> int:
    """The number of a load that is in force."""
    body = sent(client, department, rows)
    assert body["state"] == "in-force", body
    return int(body["id"])


def found(client: httpx.Client, department: str, **asked: str) -> Any:
    """Rows of a department over the API."""
    answer = client.get(f"/api/v1/budget/departments/{department}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def described(client: httpx.Client, department: str) -> dict[str, Any]:
    """The description in force, as it is sent back changed."""
    body: dict[str, Any] = client.get(
        f"/api/v1/budget/departments/{department}/description"
    ).json()
    return {of: body[of] for of in body if of not in ("department", "kind")}


def change(client: httpx.Client, department: str, body: dict[str, Any]) -> httpx.Response:
    """Another version of a description."""
    given = {"why": "科里来函"} | body
    return client.post(f"/api/v1/budget/departments/{department}/description", json=given)


def table(client: httpx.Client, department: str, **asked: str) -> Any:
    """The line of a department in the list of all."""
    lines = client.get("/api/v1/budget/departments", params=asked).json()
    assert [of["department"] for of in lines] == list(DEPARTMENTS)
    return next(of for of in lines if of["department"] == department)


@SQLITE
def test_each_of_the_sixteen_departments_has_a_proposal_that_hangs_together(
    deputy: httpx.Client,
) -> None:
    """Shown in the official order under the names of the units, each said to be a proposal."""
    assert len(proposals()) == 16
    for of in proposals().values():
        assert checked(of).of_role("unit")
        assert of.of_role("project")
        assert of.money
    page = deputy.get("/budget/departments").text
    assert page.count("样式为本产品建议，待部门确认") == 16
    names = ("区政府办公室", "区财政局", "区教育体育局", "区民政局", "区城市管理局")
    places = [page.index(f"<b>{name}</b>") for name in names]
    assert places == sorted(places)
    assert deputy.get("/budget/departments.csv").text.count("\n") == 17
    assert "/budget/departments" in deputy.get("/budget/").text


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_table_when_it_is_loaded_then_it_is_found_and_joined_and_goes_again_when_withdrawn(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """By unit, project, period and words; a project has what names its code or its own name."""
    taken_in(clerk, "projects", PROJECTS)
    load = loaded(clerk, "housing", WORKS)
    whole = found(deputy, "housing")
    assert (whole["count"], whole["amount_fen"]) == (3, 300_010_050)
    assert [(of["period"], of["project"], of["unit"]["code"]) for of in whole["rows"]] == [
        ("2026-09", {"code": "P1", "lacking": None}, "101"),
        ("2026-09", {"code": "", "lacking": "unknown"}, ""),
        ("2026-08", {"code": "P1", "lacking": None}, "101"),
    ]
    assert whole["rows"][0]["cells"]["paid"] == 150_000_025
    for asked, count in (
        ({"unit": "101"}, 2),
        ({"unit": "水利局"}, 2),
        ({"unit": "102"}, 0),
        ({"project": "P1"}, 2),
        ({"period": "2026-08"}, 1),
        ({"q": "建工 泵站"}, 1),
        ({"q": "%"}, 0),
    ):
        assert found(deputy, "housing", **asked)["count"] == count, asked
    assert (table(deputy, "housing")["rows"], table(deputy, "housing", unit="101")["rows"]) == (
        3,
        2,
    )
    page = deputy.get("/budget/departments/housing").text
    assert "这个项目，无法关联" in page
    project = deputy.get("/budget/projects/P1").text
    assert project.count('href="/budget/departments/housing/rows/') == 2
    rows = list(csv.reader(io.StringIO(deputy.get("/budget/departments/housing/rows.csv").text)))
    assert [row[-4:-2] for row in rows[1:]] == [["101", "P1"], ["", ""], ["101", "P1"]]
    again = sent(clerk, "housing", WORKS)
    assert (again["state"], again["same"]) == ("unchanged", 3)
    corrected = loaded(
        clerk, "housing", (HEAD, "2026-08,P1,水利局,建工集团,1000000.50,800000,45%")
    )
    assert found(deputy, "housing", period="2026-08")["rows"][0]["cells"]["paid"] == 80_000_000
    withdrawn(clerk, corrected)
    assert found(deputy, "housing", period="2026-08")["rows"][0]["cells"]["paid"] == 90_000_000
    withdrawn(clerk, load)
    assert (found(deputy, "housing")["count"], table(deputy, "housing")["last_load"]) == (0, None)
    assert "/budget/departments/housing/rows/" not in deputy.get("/budget/projects/P1").text


def test_a_name_that_several_projects_have_joins_a_row_to_that_of_its_unit_alone() -> None:
    """Codes before names; neither unit nor project is guessed."""
    known = Known(
        units={"101": "101", "水利局": "101", "102": "102", "实验小学": ""},
        projects={
            "P1": frozenset({"P1"}),
            "P2": frozenset({"P2"}),
            "P3": frozenset({"P3"}),
            "运维": frozenset({"P1", "P2"}),
            "泵站": frozenset({"P3"}),
        },
        units_of_projects={"P1": "101", "P2": "102", "P3": "102"},
    )

    def joined(unit: str, project: str) -> str:
        of = known.project(Row(1, 1, 1, "water", 1, unit, project, "2026-01", None, {}))
        return of.code or str(of.lacking)

    same_name = Row(1, 1, 1, "education", 1, "实验小学", "", "2026-01", None, {})
    assert known.unit(same_name).lacking == "several"
    assert joined("水利局", "运维") == "P1"
    assert joined("102", "运维") == "P2"
    assert joined("财政局", "运维") == "several"
    assert joined("水利局", "泵站") == "P3"
    assert joined("水利局", "P2") == "P2"
    assert joined("水利局", "泵") == "unknown"
    assert joined("水利局", "") == "none"


@pytest.mark.parametrize("kind", BOTH)
def test_natural_persons_are_masked_and_found_by_nobody_and_seeing_one_is_recorded(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """On pages, over the API, in copies; two departments' rows of one key are two."""
    loaded(clerk, "civil-affairs", RELIEF)
    for client in (clerk, deputy):
        for path in (
            "/budget/departments/civil-affairs",
            "/budget/departments/civil-affairs/rows.csv",
            "/api/v1/budget/departments/civil-affairs",
        ):
            text = client.get(path).text
            assert "1500" in text.replace(",", "")
            assert not re.search("王小明|李国强|3206120", text), path
        assert found(client, "civil-affairs", q="王小明")["count"] == 0
        assert found(client, "civil-affairs", q="低保")["count"] == 2
    row = found(clerk, "civil-affairs")["rows"][0]["id"]
    path = f"/budget/departments/civil-affairs/rows/{row}"
    assert "王小明" not in clerk.get(path).text
    assert deputy.post(f"{path}/unmask").status_code == 403
    assert "王小明" in clerk.post(f"{path}/unmask").text
    (seen,) = audit.search(centre.services.state, action="budget.unmask")
    assert (seen.who, seen.subject, seen.detail) == ("lianluo", str(row), "civil-affairs")


@pytest.mark.parametrize("kind", BOTH)
def test_given_rows_in_force_when_the_office_changes_the_description_then_they_stay_what_they_are(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A field more is a version more; another key is refused until the loads are withdrawn."""
    first = loaded(clerk, "housing", WORKS)
    body = described(clerk, "housing")
    assert body["version"] == 1
    fields = [
        *body["fields"],
        {"name": "guard", "label": "农民工工资专户余额", "kind": "money", "need": ""},
    ]
    other_key = [of | {"need": "key" if of["name"] == "unit" else of["need"]} for of in fields]
    other_kind = [of | {"kind": "text" if of["name"] == "paid" else of["kind"]} for of in fields]
    for wrong in (other_kind, other_key):
        refused = change(clerk, "housing", body | {"fields": wrong})
        assert refused.status_code == 422, refused.text
        assert "withdraw their loads first" in refused.text
    assert change(deputy, "housing", body).status_code == 403
    changed = change(clerk, "housing", body | {"fields": fields, "name": "工程进度"})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert change(clerk, "housing", body | {"name": "别的"}).status_code == 409
    (row,) = audit.search(centre.services.state, action="budget.describe-table")
    assert (row.subject, json.loads(row.detail)) == ("housing", {"version": 2, "why": "科里来函"})
    second = loaded(
        clerk,
        "housing",
        (f"{HEAD},农民工工资专户余额", "2026-10,P1,水利局,建工集团,3000000,2000000,70%,99.50"),
    )
    rows = found(deputy, "housing")["rows"]
    assert [(of["version"], of["cells"].get("guard")) for of in rows] == [
        (2, 9950),
        *[(1, None)] * 3,
    ]
    versions = {
        of: clerk.get(f"/api/v1/imports/loads/{of}").json()["mapping"]["version"]
        for of in (first, second)
    }
    assert versions == {first: 1, second: 2}
    withdrawn(clerk, first)
    withdrawn(clerk, second)
    waiting = sent(clerk, "housing", WORKS, dry_run=True)
    new_key = described(clerk, "housing") | {"fields": other_key[:-1]}
    assert change(clerk, "housing", new_key).status_code == 200
    refused = clerk.post(f"/imports/{waiting['id']}/load")
    assert (refused.status_code, "按新样式再核对一次" in refused.text) == (409, True)
    assert found(deputy, "housing")["count"] == 0


@SQLITE
@pytest.mark.parametrize(
    "month", ["0000-01", "0001-01", "1899-12", "3000-01", "9999-12", "2026-13"]
)
def test_given_a_first_month_that_nobody_means_then_it_is_refused_and_the_list_still_opens(
    clerk: httpx.Client, month: str
) -> None:
    """What is owed is reckoned from that month on, whoever opens the list."""
    refused = change(clerk, "housing", described(clerk, "housing") | {"since": month})
    assert (refused.status_code, "since" in refused.text) == (422, True), refused.text
    assert clerk.get("/budget/departments").status_code == 200


@SQLITE
def test_given_a_form_with_faults_when_it_is_sent_then_all_that_was_written_comes_again(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Each fault stands at its field; mended, the form is taken, and files are read by it."""
    path = "/budget/departments/education/description"
    assert "<form" not in deputy.get(path).text.split("<main")[1].split("</main")[0]
    form = {
        "version": "1",
        "name": "",
        "owner": "区教育体育局",
        "due": "quarter",
        "due_days": "十五",
        "since": "2026年1月",
        "note": "已与教体局确认",
        "why": "",
        "names": ["month", "unit", "pupils", "", ""],
        "labels": ["月份", "学校名称", "学校名称", "延时服务费", ""],
        "kinds": ["month", "text", "integer", "money", "text"],
        "needs": ["key", "key", "required", "required", ""],
        "roles": ["period", "unit", "person", "", ""],
        "headers": ["", "学校、单位", "", "课后服务费", ""],
    }
    refused = clerk.post(path, data=form)
    assert refused.status_code == 422
    assert "有1处要改" in refused.text
    assert "请写明修改原因" in refused.text
    form["why"] = "科里来函"
    refused = clerk.post(path, data=form)
    for text in ("请填数据表名称", "0到366之间", "例如 2026-01", "和上面的栏目重复"):
        assert text in refused.text
    for text in ("十五", "2026年1月", "已与教体局确认", "延时服务费", "课后服务费", "科里来函"):
        assert text in refused.text
    form |= {"name": "学校收费", "due_days": "15", "since": "2026-01"}
    form |= {"labels": ["月份", "学校名称", "学生数", "延时服务费", ""]}
    assert "内容要选“文字”或“编码”" in clerk.post(path, data=form).text
    form["roles"] = ["period", "unit", "", "", ""]
    assert clerk.post(path, data=form, follow_redirects=False).status_code == 303
    page = deputy.get(path).text
    assert ("学校收费" in page, "科里来函" in page, "样式第2版" in page) == (True, True, True)
    names = [of["name"] for of in described(clerk, "education")["fields"]]
    assert names == ["month", "unit", "pupils", "more_1"]
    body = sent(
        clerk, "education", ("月份,单位,学生数,课后服务费", "2026-01,实验小学,900,1200.50")
    )
    assert (body["state"], body["totals"]) == ("in-force", {"more_1": 120_050})
    assert table(deputy, "education")["missed"] == ["2026-Q2", "2026-Q3"]


@SQLITE
def test_a_file_s_faults_are_named_by_the_labels_of_the_description(clerk: httpx.Client) -> None:
    """By page as by the API: sent, its columns proposed, checked, and loaded by good rows."""
    assert "区民政局：低保和特困供养资金发放" in clerk.get("/imports/new").text
    files = {"file": ("发放.csv", "\n".join((*RELIEF, "2026-13,平潮镇,低保,1,赵六,1,x")).encode())}
    given = {"kind": "budget.department-civil-affairs", "source": "社会救助科"}
    columns = clerk.post("/imports/new", data=given, files=files, follow_redirects=True)
    assert "<legend>户主姓名</legend>" in columns.text
    body = sent(clerk, "civil-affairs", (*RELIEF, "2026-13,平潮镇,低保,1,赵六,1,x"))
    assert (body["state"], body["rows"], body["refused"]) == ("checked", 3, 1)
    assert {of["column"] for of in body["listed"]} == {"发放月份", "发放金额"}
    load = body["id"]
    clerk.post(f"/imports/{load}/load")
    wait_until(lambda: found(clerk, "civil-affairs")["count"] == 2)
    page = clerk.get(f"/imports/{load}").text
    assert "发放金额合计（元）" in page
    kinds = {of["name"]: of for of in clerk.get("/api/v1/imports/kinds").json()}
    assert kinds["budget.department-civil-affairs"]["fields"][0]["label"]


@SQLITE
def test_months_that_are_late_to_come_or_long_past_are_said_in_the_report(
    clerk: httpx.Client,
) -> None:
    """On 24 November 2026, of a table that is due ten days after the month."""
    rows = [
        f"{month},P1,水利局,,1,1,"
        for month in ("2026-11", "2026-10", "2027-01", "2016-01", "2015-12")
    ]
    load = loaded(clerk, "housing", (HEAD, *rows))
    page = clerk.get(f"/imports/{load}").text
    for text in (
        "过了报送期限的月份：2016-01、2026-10",
        "还没有到的月份：2027-01",
        "十年以前的月份：2015-12",
    ):
        assert text in page
    report = csv.reader(io.StringIO(clerk.get(f"/imports/{load}/report.csv").text))
    remarks = {row[0]: row[-1] for row in report}
    assert (remarks["2026-11"], remarks["2026-10"]) == ("", "过了报送期限：迟报或更正")


@pytest.mark.parametrize(
    ("due", "days", "since", "have", "missed"),
    [
        ("month", 10, "2026-06", {"2026-07"}, ["2026-06", "2026-08", "2026-09", "2026-10"]),
        ("month", 30, "2026-06", {"2026-07"}, ["2026-06", "2026-08", "2026-09"]),
        ("month", 10, "", {"2026-09"}, ["2026-10"]),
        ("month", 10, "", set(), []),
        ("quarter", 10, "2026-01", {"2026-02", "2026-08"}, ["2026-Q2"]),
        ("year", 0, "2024-05", {"2025-12"}, ["2024"]),
        ("day", 1, "2026-11", {f"2026-11-{day:02}" for day in range(1, 24)}, ["2026-11-24"]),
    ],
)
def test_periods_without_a_table_are_owed_once_their_days_are_over(
    due: Any, days: int, since: str, have: set[str], missed: list[str]
) -> None:
    """On Thursday, 26 November 2026; with no month to begin with nothing is."""
    of = proposals()["housing"]
    changed = type(of)(
        department="housing",
        name="",
        owner="",
        due=due,
        due_days=days,
        since=since,
        field=of.field,
    )
    found = owed(changed, have, date(2026, 11, 26), working_days())
    assert [period.label for period in found] == missed


@SQLITE
def test_classifications_are_shown_as_of_a_day_with_what_could_not_be_had(
    deputy: httpx.Client,
) -> None:
    """Over the API as on the page."""
    page = deputy.get("/budget/classifications?day=2018-12-31").text
    assert "没有取得" in page
    assert "医疗卫生与计划生育支出" in page
    assert "卫生健康支出" not in page
    lists = deputy.get("/api/v1/budget/classifications", params={"day": "2026-01-01"}).json()
    codes = {of["code"]: of for one in lists for of in one["codes"]}
    assert (codes["30217"]["mark"], codes["30216"]["mark"]) == ("secondary", "unverified")
    rows = deputy.get("/budget/classifications.csv").text
    assert rows.count("未核对") > 100
