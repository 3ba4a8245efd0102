"""Changes of the budget: added up by document, unit and item, and the cases of 预算法 art. 67."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.budget.changes.records import (
    Adjustment,
    Line,
    cumulated,
    of_all,
    of_item,
    of_unit,
)
from tests.api.budget.test_projects import taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre
from tests.conftest import examples

API = "/api/v1/budget/changes"
LINES = (
    "年度,单位编码,项目编码,支出功能分类,部门经济分类,预算单位,项目名称,年初批复数,变动后预算数",
    "2026,101,P1,2130305 水利工程建设,31005 基础设施建设,水利局,泵站改造,1000000,1300000",
    "2026,101,,2130301,30201,水利局,,100000,80000",
    "2026,101,,2130301,30211,水利局,,50000,70000",
    "2026,102,,2050201,30201,教育局,,200000,150000",
)
CHANGES = (
    "调整编号,年度,单位编码,项目编码,部门经济分类,调整日期,调整金额,调整种类,文号",
    "T1,2026,101,P1,31005,2026-05-06,300000,追加,通财〔2026〕8号",
    "T2,2026,102,,30201,2026-05-06,-50000,追减,通财〔2026〕8号",
    "T3,2026,101,,30201,2026-06-01,-15000.50,调剂,",
    "T4,2026,101,,30211,2026-06-01,15000.50,调剂,",
    "T5,2026,101,,30201,2026-09-01,-4999.50,调剂,通财〔2026〕30号",
    "T6,2026,101,,30211,2026-09-01,4999.50,调剂,通财〔2026〕30号",
)
DOCUMENT = "通财〔2026〕8号"


@pytest.fixture
def loads(clerk: httpx.Client) -> tuple[int, int]:
    """A budget and its changes."""
    return taken_in(clerk, "lines", LINES), taken_in(clerk, "adjustments", CHANGES)


def year(client: httpx.Client, **asked: str) -> dict[str, Any]:
    """A year over the API."""
    answer = client.get(API, params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def decided(client: httpx.Client, **body: object) -> httpx.Response:
    """A decision of the office on the document."""
    return client.post(f"{API}/decisions", json={"year": 2026, "change": DOCUMENT} | body)


@pytest.mark.parametrize("kind", BOTH)
def test_given_changes_then_they_are_added_up_beside_what_was_approved(
    loads: tuple[int, int], clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Small shifts stay small each and are seen together; what the changes do not explain is."""
    found = year(deputy)
    whole = found["whole"]
    assert (whole["approved_fen"], whole["adjusted_fen"]) == (135000000, 160000000)
    assert (whole["up_fen"], whole["down_fen"]) == (30000000, -5000000)
    assert (whole["moved_in_fen"], whole["moved_out_fen"]) == (2000000, -2000000)
    assert whole["differs_fen"] == 0
    items = {(of["item"]): of for of in found["items"]}
    assert items.keys() == {"30201", "30211"}, "no other item was shifted"
    assert (items["30211"]["moved_in_fen"], items["30211"]["moves"]) == (2000000, 2)
    assert items["30211"]["moved_share"] == 0.4
    assert [(of["unit"], of["down_fen"]) for of in found["by_unit"]] == [
        ("101", 0),
        ("102", -5000000),
    ]
    by_name = {of["change"]: of for of in found["changes"]}
    assert by_name.keys() == {DOCUMENT, "T3", "T4", "通财〔2026〕30号"}
    assert (by_name[DOCUMENT]["up_fen"], by_name[DOCUMENT]["rows"]) == (30000000, 2)
    page = deputy.get("/budget/changes").text
    assert "40.0%" in page
    assert "认定</summary>" not in page
    heads, *rows = csv.reader(io.StringIO(clerk.get("/budget/changes.csv?unit=101").text))
    assert [dict(zip(heads, of, strict=True))["调剂次数"] for of in rows] == ["2", "2"]
    withdrawn(clerk, loads[1])
    assert year(clerk)["whole"]["differs_fen"] == 25000000
    assert "对不上" in clerk.get("/budget/changes").text


def test_given_the_tables_then_two_cases_are_proposed_and_the_office_decides_on_all_four(
    centre: RunningCentre, loads: tuple[int, int], clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A decision stays on record; whoever did not see the last one is answered so."""
    assert [of["trigger"] for of in year(clerk)["proposed"]] == ["total"]
    keys = clerk.post("/budget/changes/keys", data={"year": "2026", "seen": "0", "codes": "教育"})
    assert keys.status_code == 422
    assert "请改：教育" in keys.text
    assert ">教育</textarea>" in keys.text
    assert clerk.post(f"{API}/keys", json={"codes": ["205", "213"]}).is_success
    assert clerk.post(f"{API}/keys", json={"codes": ["206"]}).status_code == 409
    (_, key) = year(clerk)["proposed"]
    assert (key["function"], key["approved_fen"], key["adjusted_fen"]) == (
        "205",
        20000000,
        15000000,
    )
    assert "功能分类 205 由 200,000.00 元减少到 150,000.00 元" in clerk.get("/budget/changes").text
    assert decided(deputy, triggers=["key"], note="教育减了").status_code == 403
    assert decided(clerk, triggers=["tax"], note="减了").status_code == 422
    assert decided(clerk, triggers=["key"]).status_code == 422
    assert decided(clerk, change="没有的文号", note="减了").status_code == 404
    first = decided(clerk, triggers=["total", "key"], note="方案已报常委会")
    assert first.status_code == 201
    assert decided(clerk, triggers=["total"], note="改判").status_code == 409
    form = {"year": "2026", "change": DOCUMENT, "seen": str(first.json()["id"])}
    wrong = clerk.post("/budget/changes/decisions", data=form | {"triggers": ["debt"], "note": ""})
    assert wrong.status_code == 422
    assert 'value="debt" checked' in wrong.text
    again = clerk.post("/budget/changes/decisions", data=form | {"note": "属于专项转移支付"})
    assert again.status_code == 303
    (of,) = [of for of in year(deputy)["changes"] if of["change"] == DOCUMENT]
    assert (of["decision"]["triggers"], of["decision"]["note"]) == ([], "属于专项转移支付")
    assert "认定不属于预算调整" in deputy.get("/budget/changes").text
    with centre.services.state.read() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM budget_change_decision"))
        assert kept.scalar() == 2


def test_given_the_day_of_a_meeting_then_the_page_has_the_term_of_the_draft(
    loads: tuple[int, int], clerk: httpx.Client
) -> None:
    """Thirty days before it (预算法 art. 69)."""
    day = {"occasion": "adjustment-meeting", "day": "2026-12-20", "note": ""}
    assert clerk.post("/api/v1/budget/year/days", json=day).status_code == 201
    (term,) = year(clerk)["terms"]
    assert (term["due"], term["state"]) == ("2026-11-20", "running")
    assert "2026-11-20前送出" in clerk.get("/budget/changes?year=2026").text


unit = st.sampled_from(["101", "102"])
item = st.sampled_from(["30201", "30211"])
fen = st.integers(-(10**12), 10**12)
line = st.builds(
    Line,
    unit=unit,
    project=st.just(""),
    function=st.just("205"),
    item=item,
    approved=st.integers(0, 10**12),
    adjusted=st.integers(0, 10**12),
)
row = st.builds(
    Adjustment,
    number=st.just("T"),
    unit=unit,
    project=st.just(""),
    item=item,
    day=st.just("2026-01-01"),
    amount=fen,
    kind=st.sampled_from(["调剂", "追加", "追减"]),
    document=st.just(""),
)


@settings(max_examples=examples(60))
@given(st.lists(line, max_size=8), st.lists(row, max_size=8))
def test_items_units_and_the_whole_are_the_same_money(
    lines: list[Line], rows: list[Adjustment]
) -> None:
    """Nothing is lost or counted twice, to the fen."""
    by = [cumulated(lines, rows, key) for key in (of_item, of_unit, of_all)]
    sums = [(sum(of.net for of in some), sum(of.differs for of in some)) for some in by]
    assert len(set(sums)) == 1
    assert sums[0][0] == sum(of.amount for of in rows)
