"""A project on one page, out of the loads in force, and a question that keeps its figures."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import httpx
import numpy as np
import pytest

from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.journal.columns import Columns
from tests.api.budget.test_payments import HEAD
from tests.api.conftest import BOTH, RunningCentre

STATION = "tonglv-pingchao"
BODY = "清河环保有限公司"
LINES = (
    "年度,单位编码,项目编码,支出功能分类,部门经济分类,预算单位,项目名称,年初批复数,变动后预算数,决算数",
    "2025,101,P1,2110302,31005,水利局,泵站改造,10000000,10000000,9990000",
    "2026,101,P1,2110302,31005,水利局,泵站改造,8000000,9000000,",
    "2026,101,P1,2110302,30201,水利局,泵站改造,4000000,,",
    "2026,101,,2110302,30201,水利局,,4000000,4000000,",
    "2026,102,P2,2050299,30201,教育局,教材,500000,500000,",
)
PROJECTS = (
    "项目编码,项目名称,单位编码,预算单位,开始年度,结束年度,是否生态环境项目,监测站点",
    "P1,通吕运河泵站改造,101,水利局,2025,2026,是,通吕运河平潮断面;没有的站",
    "P3,尚未开工的项目,102,教育局,2026,2028,否,",
)
INDICATORS = (
    "指标编号,年度,单位编码,预算单位,项目编码,指标金额,下达日期,指标来源",
    "Z1,2026,101,水利局,P1,9000000,2026-01-20,年初预算",
    "Z2,2026,101,水利局,P1,3000000,2026-02-20,上级专款",
    "Z3,2026,101,水利局,P1,500000.50,2026-03-20,上级专款",
)
ADJUSTMENTS = (
    "调整编号,年度,单位编码,项目编码,调整日期,调整金额,调整种类,文号",
    "T1,2026,101,P1,2026-04-30,1000000,追加,通财〔2026〕8号",
)
PAID = (
    (BODY, "4100000", "2025-06-30"),
    (BODY, "5890000", "2025-07-01"),
    (BODY, "4299000", "2026-01-05"),
    ("张三", "700", "2026-02-01"),
    ("李四", "300", "2026-06-30"),
)


def paid_rows() -> list[str]:
    """Payments of P1, of another project (one with a day to come, by mistake), and one of the unit
    without a project.
    """
    rows = [
        f"{n},101,水利局,{payee},6222,{amount},{day},工程款,31005,P1,泵站改造"
        for n, (payee, amount, day) in enumerate(PAID)
    ]
    rows.append("80,102,教育局,新华书店,6333,80.20,2026-06-30,教材,30201,P2,教材")
    rows.append("81,101,水利局,新华书店,6333,1000,2026-03-01,订报,30201,,")
    rows.append("82,102,教育局,新华书店,6333,9.90,2027-01-01,教材,30201,P2,教材")
    return [HEAD, *rows]


def taken_in(client: httpx.Client, kind: str, rows: Any) -> int:
    """The number of a load that is in force."""
    answer = client.post(
        f"/api/v1/imports/budget.{kind}",
        params={"source": "财政局", "name": f"{kind}.csv"},
        content="\n".join(rows).encode("gb18030"),
    )
    assert answer.status_code in (200, 201), answer.text
    assert answer.json()["state"] == "in-force", answer.text
    return int(answer.json()["id"])


def withdrawn(client: httpx.Client, load: int) -> None:
    """Takes a load back."""
    path = f"/api/v1/imports/loads/{load}/withdraw"
    assert client.post(path, json={"why": "发错了"}).is_success


def everything(client: httpx.Client) -> dict[str, int]:
    """All tables of the project, by kind."""
    return {
        "lines": taken_in(client, "lines", LINES),
        "projects": taken_in(client, "projects", PROJECTS),
        "indicators": taken_in(client, "indicators", INDICATORS),
        "adjustments": taken_in(client, "adjustments", ADJUSTMENTS),
        "payments": taken_in(client, "payments", paid_rows()),
    }


def shown(client: httpx.Client, code: str = "P1") -> dict[str, Any]:
    """A project over the API."""
    answer = client.get(f"/api/v1/budget/projects/{code}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures(of: dict[str, Any]) -> dict[str, Any]:
    """All but the loads that they are from."""
    return {name: value for name, value in of.items() if name not in ("loads", "summary")}


SAID = "2026年预算1,300万元，截至2026-06-30已支付430万元（33%）；去年同期41%。"


@pytest.mark.parametrize("kind", BOTH)
def test_a_project_s_figures_are_those_that_are_added_up_by_hand(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The year up to the newest payment of all beside the same day of the year before."""
    loads = everything(clerk)
    of = shown(deputy)
    assert of["name"] == "通吕运河泵站改造"
    assert of["summary"].startswith(SAID)
    assert "本项目2025年41%；水利局全部支出2026年25%、2025年41%" in of["summary"]
    now, before = of["years"]
    assert (now["approved_fen"], now["adjusted_fen"], now["final_fen"]) == (12 * 10**8, 13 * 10**8, None)  # fmt: skip
    assert (now["paid_fen"], now["paid_to_day_fen"], now["payments"]) == (430_000_000, 430_000_000, 3)  # fmt: skip
    assert (before["paid_fen"], before["paid_to_day_fen"]) == (999_000_000, 410_000_000)
    assert before["final_fen"] == 999_000_000
    assert of["paid_fen"] == 1_429_000_000
    assert [(one["year"], one["source"], one["amount_fen"], one["indicators"]) for one in of["sources"]] == [
        (2026, "年初预算", 900_000_000, 1),
        (2026, "上级专款", 350_000_050, 2),
    ]  # fmt: skip
    assert [(one["day"], one["amount_fen"]) for one in of["adjustments"]] == [
        ("2026-04-30", 10**8)
    ]
    assert {one["load"] for one in of["loads"]} == set(loads.values())
    withdrawn(clerk, loads["payments"])
    assert (shown(deputy)["paid_fen"], shown(deputy)["as_of"]) == (0, None)
    taken_in(clerk, "payments", reversed(paid_rows()[1:] + paid_rows()[:1]))
    assert figures(shown(deputy)) == figures(of)


@pytest.mark.parametrize("kind", BOTH)
def test_natural_persons_among_payees_are_one_line_and_shares_are_of_all_payments(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """On the page, over the API and in the copy; also for whoever may unmask."""
    everything(clerk)
    payees = [(one["name"], one["paid_fen"], one["payments"]) for one in shown(clerk)["payees"]]
    assert payees == [(BODY, 1_428_900_000, 3), ("个人（合并显示）", 100_000, 2)]
    for client in (clerk, deputy):
        for path in ("/budget/projects/P1", "/api/v1/items/budget/project/P1"):
            text = client.get(path).text
            assert BODY in text
            assert "张三" not in text
            assert "李四" not in text
    page = deputy.get("/budget/projects/P1").text
    assert ("99%以上" in page, "不到1%" in page) == (True, True)


@pytest.mark.parametrize("kind", BOTH)
def test_the_list_has_projects_of_the_register_of_budgets_and_of_payments(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """By year, unit, words and environment; the table has the same rows."""
    everything(clerk)

    def codes(**asked: str) -> list[str]:
        body = deputy.get("/api/v1/budget/projects", params=asked).json()
        return [one["code"] for one in body["projects"]]

    assert codes() == ["P1", "P2", "P3"]
    assert codes(year="2025") == ["P1"]
    assert codes(year="2028") == ["P3"]
    assert codes(unit="102") == ["P2", "P3"]
    assert codes(environmental="yes") == ["P1"]
    assert codes(q="教") == ["P2"]
    assert deputy.get("/budget/projects?year=2026").text.count("data-key=") == 3
    rows = list(csv.reader(io.StringIO(deputy.get("/budget/projects.csv").text)))
    assert [row[6:] for row in rows[1:]] == [
        ["12000000", "13000000", "4300000", "33"],
        ["500000", "500000", "80.2", "0"],
        ["", "", "0", ""],
    ]
    assert deputy.get("/budget/projects/none").status_code == 404


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_question_about_a_project_when_its_load_is_withdrawn_then_the_question_keeps_its_figures(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The deputy alone may ask; the copy says of which day and loads it is."""
    loads = everything(clerk)
    asks = "/duty/suggestions/new?source=budget%2Fproject%2FP1"
    assert asks in deputy.get("/budget/projects/P1").text
    assert "/duty/suggestions/new" not in clerk.get("/budget/projects/P1").text
    item = deputy.get("/api/v1/items/budget/project/P1").json()
    assert item["content"]["years"][0]["paid_fen"] == 430_000_000
    assert {of["load"] for of in item["content"]["loads"]} == set(loads.values())
    form = deputy.get(asks).text
    assert SAID in form
    assert "支付数据截至2026-06-30" in form
    said = item["content"]["summary"]
    given = {"title": item["title"], "body": f"{said}\n\n为什么比去年慢？", "openness": "public"}
    begun = deputy.post(
        "/api/v1/duty/suggestions",
        json={"draft_key": str(uuid.uuid4()), "given": given, "source": "budget/project/P1"},
    )
    assert begun.status_code == 201, begun.text
    withdrawn(clerk, loads["payments"])
    draft = deputy.get(f"/api/v1/duty/suggestions/{begun.json()['id']}").json()
    assert draft["content"]["text"].startswith(SAID)
    again = deputy.get("/api/v1/items/budget/project/P1").json()
    assert again["hash"] != item["hash"]
    assert again["content"]["paid_fen"] == 0


def measured(centre: RunningCentre, code: str, first: str, value: float) -> None:
    """A reading a minute on fifteen days from one on, a day in UTC+8."""
    centre.kept += 1
    begin = int(np.datetime64(first, "ms").astype(np.int64)) - 8 * 60 * MINUTE_MS
    t = begin + np.arange(15 * DAY_MS // MINUTE_MS) * MINUTE_MS
    zeros = np.zeros(len(t), np.int64)
    columns = Columns(
        names=(f"{STATION}/{code}",),
        series=zeros.astype(np.uint32),
        t=t,
        value=np.full(len(t), value, np.float64),
        quality=zeros.astype(np.uint8) + quality_of(Cause.NORMAL),
        cause=zeros.astype(np.uint8) + Cause.NORMAL,
        received=t,
        boots=("0" * 32,),
        boot=zeros.astype(np.uint16),
        seq=np.arange(len(t), dtype=np.int64),
    )
    centre.services.store.append(centre.kept, columns)


def test_an_environmental_project_shows_the_worst_indicator_of_its_station_before_and_now(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """October before the first payment of June 2025, and last month, October 2026; what is missing
    is said.
    """
    everything(clerk)
    first, unknown = shown(deputy)["water"]
    assert first["lacking"] == "before"
    assert unknown["lacking"] == "unknown"
    measured(centre, "w21003", "2024-10-05", 1.5)
    measured(centre, "w21011", "2024-10-05", 0.1)
    centre.clock.now_ms += DAY_MS
    clerk.get("/")
    assert shown(deputy)["water"][0]["lacking"] == "after"
    measured(centre, "w21003", "2026-10-05", 0.5)
    centre.clock.now_ms += DAY_MS
    found = shown(deputy)["water"][0]
    assert (found["indicator"], found["season"]) == ("w21003", True)
    assert found["before"] == {"month": "2024-10", "value": 1.5, "water_class": "IV"}
    assert found["after"] == {"month": "2026-10", "value": 0.5, "water_class": "II"}
    text = deputy.get("/budget/projects/P1").text
    assert "氨氮月均值，2024年10月为 1.5 mg/L" in text
    assert "无法比较" in text
