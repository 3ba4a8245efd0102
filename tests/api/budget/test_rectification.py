"""Rectification of what audits found: handed to a unit, reported, confirmed by two, struck off."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.deadlines.opening import deadlines_of
from api.platforms.budget.rectification import actions
from api.platforms.budget.rectification.actions import KIND
from api.platforms.budget.rectification.procedure import PROCEDURE, RECTIFY
from api.platforms.budget.rectification.records import STATES
from api.ports import Reference
from api.procedures.procedure import cents
from scripts.paper_template import budget_rectification
from tests.api.budget.finding_hands import account_of
from tests.api.budget.test_execution import said as paper_of
from tests.api.budget.test_projects import taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.papers import text_of_word
from tests.conftest import examples

API = "/api/v1/budget/rectification"
HEAD = "问题编号,年度,单位编码,问题类型,问题描述,金额,整改期限,整改状态,整改日期"
ROWS = (
    HEAD,
    "S1,2024,101,资产管理,购置的设备未登记固定资产账,120000.00,2025-06-30,已整改,2025-06-01",
    "S2,2026,101,资产管理,购置的设备没有及时登记固定资产账,88000.50,2027-03-31,未整改,",
    "S3,2026,102,票据,报销审核不严、白条入账,3000,,,",
)
UNITS = (
    "年度,单位编码,支出功能分类,部门经济分类,预算单位,年初批复数",
    "2026,101,2130399,30201,南通市通州区水利局,1000",
    "2026,102,2120101,30201,住房和城乡建设局,1000",
)
DUE = "2027-03-31"
LATER = "2027-06-30"


@pytest.fixture
def supervisor(address: str) -> Iterator[httpx.Client]:
    """The second person of the office."""
    with httpx.Client(base_url=address, timeout=30) as client:
        entered(client, "daigongwei")
        yield client


@pytest.fixture
def load(clerk: httpx.Client) -> int:
    """The problems, and the names of units."""
    taken_in(clerk, "lines", UNITS)
    return taken_in(clerk, "problems", ROWS)


def opened(clerk: httpx.Client, number: str = "S2", unit: str = "water", **given: str) -> int:
    """The rectification of a problem."""
    body = {"number": number, "unit": unit, "way": "at-once", "due_day": DUE, **given}
    answer = clerk.post(API, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def step(client: httpx.Client, item: int, name: str, **given: str) -> httpx.Response:
    """A step over the API."""
    return client.post(f"{API}/{item}/steps/{name}", json={"given": given})


def year(client: httpx.Client, **asked: str) -> dict[str, Any]:
    """The list of a year."""
    answer = client.get(API, params={"year": "2026"} | asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def terms(client: httpx.Client, item: int) -> list[str]:
    """The rules of the terms that run."""
    return [of["rule"] for of in client.get(f"{API}/{item}/procedure").json()["terms"]]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_problem_when_two_people_confirm_what_the_unit_reported_then_it_is_struck_off(
    load: int,
    clerk: httpx.Client,
    supervisor: httpx.Client,
    water: httpx.Client,
    housing: httpx.Client,
    deputy: httpx.Client,
) -> None:
    """Nobody strikes off alone, the money is kept in fen, and a file of the unit is its evidence."""
    item = opened(clerk)
    assert terms(water, item) == [RECTIFY]
    assert housing.get(f"{API}/{item}").status_code == 404
    assert step(housing, item, "report", rectification="不是我").status_code == 404
    path = f"/budget/rectification/{item}"
    files = {"file": ("整改报告.txt", "已补登记".encode(), "text/plain")}
    assert water.post(f"{path}/files", files=files, data={"title": "报告"}).is_redirect
    assert deputy.post(f"{path}/files", files=files).status_code == 404
    (paper,) = re.findall(r'href="/files/(\d+)"', water.get(path).text)
    wrong = step(water, item, "report", rectification="已补登", put_right="一万")
    assert wrong.status_code == 422
    assert "put_right" in wrong.text
    said = {"rectification": "已补登记并通报", "put_right": "80,000.5", "evidence": paper}
    assert step(water, item, "report", **said).is_success
    assert terms(water, item) == []
    said_of_it = {"confirmed_by": "audit", "confirmation": "审计局已查看资产卡片"}
    assert step(water, item, "confirm", **said_of_it).status_code == 403
    assert step(clerk, item, "confirm", **said_of_it).is_success
    alone = step(clerk, item, "close")
    assert alone.status_code == 403
    assert step(supervisor, item, "close", outcome="同意销号").is_success
    found = year(deputy)
    (one,) = found["rectifications"]
    assert (one["state"], one["put_right_fen"], one["stands"]) == ("closed", 8000050, "")
    whole = found["whole"]
    assert (whole["closed"], whole["problems"], whole["unopened"]) == (1, 2, 1)
    assert (whole["share"], whole["put_right_fen"]) == (0.5, 8000050)
    page = deputy.get("/budget/rectification?year=2026").text
    assert "50.0%（2个中的1个）" in page
    assert "整改报告" in deputy.get(path).text


def test_given_the_table_then_the_form_proposes_unit_day_and_what_an_earlier_audit_found(
    load: int, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The day is the table's, or that of the report six months after the audit's (监督法 27)."""
    page = clerk.get("/budget/rectification?year=2026").text
    assert "2024年查出过：购置的设备未登记固定资产账" in page
    form = clerk.get("/budget/rectification/open?number=S2").text
    assert 'value="2027-03-31"' in form
    assert 'value="water" selected' in form
    assert 'name="due_day" value=""' in clerk.get("/budget/rectification/open?number=S3").text
    day = {"occasion": "audit-heard", "day": "2026-08-26", "note": ""}
    assert clerk.post("/api/v1/budget/year/days", json=day).status_code == 201
    assert 'value="2027-02-26"' in clerk.get("/budget/rectification/open?number=S3").text
    assert deputy.get("/budget/rectification/open?number=S2").status_code == 403
    written = {"number": "S3", "unit": "housing", "way": "", "due_day": "哪天"}
    again = clerk.post("/budget/rectification/open", data=written)
    assert again.status_code == 422
    assert 'value="housing" selected' in again.text
    assert clerk.get("/budget/rectification/open?number=none").status_code == 404
    led = clerk.post(
        "/budget/rectification/open", data=written | {"way": "lasting", "due_day": DUE}
    )
    assert led.status_code == 303
    assert "长期坚持" in clerk.get(led.headers["location"]).text
    twice = clerk.post(API, json=written | {"way": "lasting", "due_day": DUE})
    assert twice.status_code == 409
    assert clerk.post(API, json=written | {"number": "S\0"}).status_code == 422


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_load_that_is_withdrawn_then_its_rectification_stays_and_says_so(
    centre: RunningCentre, load: int, clerk: httpx.Client, water: httpx.Client
) -> None:
    """Nothing is lost; what is loaded again otherwise is said too."""
    item = opened(clerk)
    assert step(water, item, "progress", progress="已登记一半", put_right="40000").is_success
    withdrawn(clerk, load)
    (one,) = year(water)["rectifications"]
    assert (one["stands"], one["progress"], one["put_right_fen"]) == (
        "gone",
        "已登记一半",
        4000000,
    )
    assert "导入已经撤回" in water.get(f"/budget/rectification/{item}").text
    assert step(water, item, "report", rectification="全部登记").is_success
    taken_in(clerk, "problems", [HEAD, *(row.replace("88000.50", "90000") for row in ROWS[2:])])
    assert year(clerk)["rectifications"][0]["stands"] == "changed"
    assert "写得不一样" in clerk.get(f"/budget/rectification/{item}").text
    said = actions.todos(centre.services, account_of(centre, "lianluo"))
    assert "2026年有 1 个审计问题还没有下达整改" in [of.title for of in said]


def test_given_a_problem_that_is_late_then_the_office_sets_another_day_with_the_reason(
    centre: RunningCentre, load: int, clerk: httpx.Client, water: httpx.Client
) -> None:
    """The term before loses its object; on paper the report counts from its own day."""
    item = opened(clerk, due_day="2026-11-01")
    found = year(clerk, late="yes")
    assert (found["total"], found["whole"]["late"]) == (1, 1)
    assert step(clerk, item, "postpone", due_day=LATER).status_code == 422
    assert step(clerk, item, "postpone", reason="设备还在验收", due_day=LATER).is_success
    assert year(clerk, late="yes")["total"] == 0
    reference = Reference("budget", "rectification", str(item))
    states = [
        (of.reckoned.due.isoformat(), str(of.standing))
        for of in deadlines_of(centre.services).of_subject(reference)
    ]
    assert states == [("2026-11-01", "cancelled"), (LATER, "running")]
    paper = {"rectification": "来文报告已整改", "day": "2026-11-20", "put_right": "88000.50"}
    assert step(clerk, item, "record", **paper).is_success
    again = {"reason": "只登记了一部分", "due_day": LATER}
    assert step(clerk, item, "again", **again).is_success
    assert terms(water, item) == [RECTIFY]
    assert step(clerk, item, "name-unit", unit="housing").is_success
    assert water.get(f"{API}/{item}").status_code == 404
    assert step(clerk, item, "retract", why="下达错了单位").is_success
    assert opened(clerk) > item
    heads, *rows = csv.reader(io.StringIO(clerk.get("/budget/rectification.csv?year=2026").text))
    assert len(rows) == 2
    assert dict(zip(heads, rows[0], strict=True))["问题金额（元）"] == "88000.5"


def test_given_a_year_then_its_paper_has_the_figures_and_says_why_something_is_left(
    load: int, clerk: httpx.Client, supervisor: httpx.Client, water: httpx.Client
) -> None:
    """Out of the product's template; the denominator is all problems of the year."""
    assert KIND.template.read_bytes() == budget_rectification()
    item = opened(clerk)
    assert step(water, item, "report", rectification="已补登记", put_right="88000.50").is_success
    said = {"confirmed_by": "office", "confirmation": "属实"}
    assert step(clerk, item, "confirm", **said).is_success
    assert step(supervisor, item, "close").is_success
    other = opened(clerk, "S3", "housing")
    assert step(clerk, other, "postpone", reason="当事人已离职", due_day=LATER).is_success
    body = {"kind": "budget.rectification", "parameters": {"year": 2026}}
    answer = clerk.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    number = answer.json()["id"]
    figures, tables, text = paper_of(clerk, number)
    assert (figures["problems"], figures["closed"], figures["share"]) == (2, 1, 0.5)
    assert figures["put-right"] == 88000.5
    assert "已整改销号 50.0%（2个中的1个）" in text
    assert [row[0] for row in tables["done"]] == ["S2"]
    assert [(row[0], row[-1]) for row in tables["left"]] == [("S3", "当事人已离职")]
    word = text_of_word(clerk.get(f"/reports/{number}/paper.docx").content)
    assert "2026年审计查出问题整改情况" in word
    assert "当事人已离职" in word
    none = clerk.post("/api/v1/reports", json=body | {"parameters": {"year": 2031}})
    assert none.status_code == 422


GIVEN: Mapping[str, Mapping[str, str]] = {
    "name-unit": {"unit": "water"},
    "progress": {"progress": "一半"},
    "report": {"rectification": "已整改", "put_right": "5.05"},
    "record": {"rectification": "来文", "day": "2026-11-20"},
    "confirm": {"confirmed_by": "office", "confirmation": "属实"},
    "again": {"reason": "不够", "due_day": LATER},
    "postpone": {"reason": "没完", "due_day": LATER},
    "retract": {"why": "错了"},
}
OF_UNIT = ("progress", "report")


def test_given_any_steps_by_any_hands_then_only_the_rows_of_the_procedure_lead_on(
    centre: RunningCentre,
    load: int,
    clerk: httpx.Client,
    supervisor: httpx.Client,
    water: httpx.Client,
) -> None:
    """A term runs exactly while the unit is at work, and nobody strikes off what they confirmed."""
    hands = {"clerk": clerk, "supervisor": supervisor, "unit": water}
    names = [of.name for of in PROCEDURE.steps if of.sources]

    @settings(
        max_examples=examples(12),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(st.sampled_from([*hands]), st.sampled_from(names)), min_size=3, max_size=9
        )
    )
    def holds(deeds: list[tuple[str, str]]) -> None:
        item, state, confirmer = opened(clerk), "open", ""
        for who, name in deeds:
            of = PROCEDURE.by_name[name]
            right = (who == "unit") == (name in OF_UNIT)
            second = name != "close" or who != confirmer
            taken = step(hands[who], item, name, **GIVEN.get(name, {})).is_success
            assert taken == (state in of.sources and right and second), (who, name, state)
            if taken:
                confirmer = who if name == "confirm" else confirmer
                state = of.to or state
            shown = clerk.get(f"{API}/{item}").json()
            assert shown["state"] == state
            assert (terms(clerk, item) == [RECTIFY]) == (state == "open")
        if state in ("closed", "withdrawn"):
            assert clerk.get(f"{API}/{item}/procedure").json()["steps"] == []
        if state == "closed":
            body = {"number": "S2", "unit": "water", "way": "at-once", "due_day": DUE}
            assert clerk.post(API, json=body).status_code == 409
            with centre.services.state.begin() as connection:
                connection.execute(PROCEDURE.table.delete().where(PROCEDURE.table.c.id == item))
        elif state != "withdrawn":
            assert step(clerk, item, "retract", why="下一轮").is_success

    holds()


def test_the_states_of_the_list_are_those_of_the_procedure() -> None:
    """None is left out of the form."""
    assert [of.name for of in PROCEDURE.states] == list(STATES)


@pytest.mark.parametrize("said", ["", "-1", "1.234", "1e3", "十元", "12345678901234"])
def test_a_sum_that_is_none_is_refused(said: str) -> None:
    """Money is whole fen, from 0 on."""
    with pytest.raises(ValueError, match="yuan"):
        cents(said)
    assert cents("1,234.5") == 123450
