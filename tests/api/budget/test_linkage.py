"""The chain of the money: figures by hand and for any books, made off the request, by job."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.budget.linkage import actions, repository
from api.platforms.budget.linkage.records import (
    GRADES,
    OF_SOURCES,
    Adjusted,
    AskedRows,
    Figures,
    Grade,
    behind,
    linked,
    of_project,
    of_year,
    way_of,
)
from budget.chain import STAGES, WAYS, Entry, Stage, Tally
from tests.api.budget.test_projects import taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre
from tests.budget.test_chain import entries
from tests.conftest import examples

LINES = (
    "年度,单位编码,预算单位,项目编码,支出功能分类,部门经济分类,年初批复数,变动后预算数",
    "2026,302001,区水利局,P1,2130305 水利工程,31005,900.00,1000.00",
    "2026,302001,区水利局,,2130301 行政运行,30201,500.00,",
    "2026,201001,区卫生健康委员会,P2,2100302 卫生院,30218,300.00,",
)
INDICATORS = (
    "指标编号,年度,单位编码,预算单位,项目编码,指标金额,下达日期",
    "ZB-1,2026,302001,区水利局,P1,900.00,2025-12-20",
    "ZB-2,2026,302001,区水利局,,500.00,2026-01-01",
    "ZB-3,2026,201001,区卫生健康委员会,P2,300.00,2026-01-01",
    "ZB-4,2026,201001,区卫生健康委员会,P9,70.00,2026-01-01",
)
ADJUSTMENTS = (
    "调整编号,年度,单位编码,项目编码,调整日期,调整金额,调整种类",
    "T1,2026,302001,P1,2026-03-30,100.00,追加",
)
PLANS = (
    "计划编号,指标编号,单位编码,计划月份,计划金额",
    "J1,ZB-1,302001,2026-01,600.00",
    "J2,ZB-1,302001,2026-02,400.00",
    "J3,ZB-2,302001,2026-01,500.00",
    "J4,zb_3,201001,2026-01,300.00",
)
APPLICATIONS = (
    "支付申请编号,指标编号,单位编码,申请金额,申请日期,用途",
    "SQ1,ZB-1,302001,700.00,2026-01-04,泵站",
    "SQ2,ZB-1,302001,350.00,2026-02-04,泵站",
    "SQ3,ZB-9,201001,80.20,2026-02-04,药品",
)
PAID = (
    "支付凭证号,支付申请编号,单位编码,预算单位,收款人全称,支付金额,支付日期,用途,项目编码,项目名称",
    "PZ1,SQ1,302001,区水利局,清河环保有限公司,700.00,2026-01-05,泵站,P1,泵站改造",
    "PZ2,SQ-2,302001,区水利局,清河环保有限公司,350.00,2026-02-05,泵站,P1,泵站改造",
    "PZ3,,201001,区卫生健康委员会,康明药业有限公司,80.20,2026-02-06,药品,P2,药品",
    "PZ4,,302001,区水利局,张三,0.05,2026-02-06,补助,P1,泵站改造",
    "PY1,,302001,区水利局,张三,7.00,2025-02-06,补助,P1,泵站改造",
)


def everything(client: httpx.Client) -> dict[str, int]:
    """All tables of the chain, by kind."""
    tables = {
        "lines": LINES,
        "indicators": INDICATORS,
        "adjustments": ADJUSTMENTS,
        "plans": PLANS,
        "applications": APPLICATIONS,
        "payments": PAID,
    }
    return {kind: taken_in(client, kind, rows) for kind, rows in tables.items()}


def chain(client: httpx.Client, **asked: str) -> dict[str, Any]:
    """A year's chain over the API."""
    answer = client.get("/api/v1/budget/chain", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def pair(of: dict[str, int]) -> tuple[int, int]:
    """Rows and fen."""
    return of["count"], of["amount_fen"]


def rows(client: httpx.Client, **asked: str) -> list[tuple[str, str, int]]:
    """Number, what it was matched with and fen, of the rows behind a figure."""
    found = client.get("/api/v1/budget/chain/rows", params=asked).json()["rows"]
    return [(of["number"], of["matched"], of["amount_fen"]) for of in found]


@pytest.mark.parametrize("kind", BOTH)
def test_each_hop_has_rows_and_sums_of_both_sides_and_each_figure_leads_to_its_rows(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """By hand: what is matched how, what is not, what is left, and where too much went on."""
    everything(clerk)
    actions.make(centre.services.state)
    found = chain(deputy)
    assert (found["year"], found["up_to_date"]) == (2026, True)
    assert pair(found["adjusted"]) == (1, 10000)
    hops = {of["to_stage"]: of for of in found["hops"]}
    assert [*hops] == ["indicator", "plan", "application", "payment"]
    first = hops["indicator"]
    assert (pair(first["above"]), pair(first["below"])) == ((3, 180000), (4, 177000))
    assert pair(first["ways"]["unmatched"]) == (1, 7000)
    assert first["unmatched_share"] == 0.25
    assert first["left_fen"] == 10000
    plan = hops["plan"]
    assert {way: pair(of) for way, of in plan["ways"].items() if of["count"]} == {
        "exact": (3, 150000),
        "normalised": (1, 30000),
    }
    assert (pair(plan["over"]), pair(plan["unused"])) == ((1, 10000), (1, 7000))
    applied = hops["application"]
    assert pair(applied["over"]) == (1, 5000)
    assert pair(applied["ways"]["unmatched"]) == (1, 8020)
    assert {way: of["count"] for way, of in hops["payment"]["ways"].items()} == {
        "exact": 1,
        "normalised": 1,
        "near": 1,
        "unmatched": 1,
    }
    assert rows(deputy, hop="payment", grade="near") == [("PZ3", "SQ3", 8020)]
    assert rows(deputy, hop="payment", grade="unmatched") == [("PZ4", "", 5)]
    assert rows(deputy, hop="application", grade="over") == [("ZB-1", "", 100000)]
    unit = {of["to_stage"]: of for of in chain(deputy, unit="201001")["hops"]}
    assert pair(unit["payment"]["below"]) == (1, 8020)
    page = deputy.get("/budget/chain").text
    assert "张三" not in page
    assert "无法匹配的占 25.0%" in page
    assert "不等于没有预算" in page
    for address, count in re.findall(r'href="/budget/(chain/rows\?[^"]+)">(\d+)<', page):
        path = address.replace("&amp;", "&")
        assert f"共 {count} 条" in deputy.get(f"/budget/{path}").text, path
        text = deputy.get(f"/budget/{path.replace('rows?', 'rows.csv?')}").text
        assert len(list(csv.reader(io.StringIO(text)))) == int(count) + 1, path
    assert "编号一致,1," in deputy.get("/budget/chain.csv").text


def test_given_a_load_that_came_when_the_job_has_not_run_then_the_page_says_so_and_reckons_nothing(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A year that no load touched stays; withdrawn, the figures are those of before."""
    state = centre.services.state
    everything(clerk)
    assert "正在计算2026年" in deputy.get("/budget/chain").text
    assert not chain(deputy)["up_to_date"]
    actions.make(state)
    before, makings = chain(deputy), dict(kept(centre))
    actions.make(state)
    assert kept(centre) == makings
    more = [PAID[0], "PZ5,SQ1,302001,区水利局,清河环保有限公司,1.00,2026-02-07,泵站,P1,泵站改造"]
    load = taken_in(clerk, "payments", more)
    assert not chain(deputy)["up_to_date"]
    actions.make(state)
    assert kept(centre)[2025] == makings[2025]
    assert chain(deputy)["hops"][-1]["below"]["count"] == 5
    withdrawn(clerk, load)
    actions.make(state)
    assert chain(deputy) == before
    with state.read() as connection:
        assert repository.leftovers(connection) == []


def kept(centre: RunningCentre) -> dict[int, int]:
    """The making in force of each year."""
    with centre.services.state.read() as connection:
        return {year: making for year, (making, _) in repository.kept(connection).items()}


def test_given_a_maker_that_was_killed_when_the_next_one_comes_then_nothing_is_left_of_the_first(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written half way is nobody's."""
    everything(clerk)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(repository, "bring_into_force", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.make(centre.services.state)
    actions.make(centre.services.state)
    assert chain(clerk)["up_to_date"]
    with centre.services.state.read() as connection:
        assert repository.leftovers(connection) == []


def test_a_project_and_a_payment_show_their_way_with_what_is_left_at_each_hop(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """From the pages of both; a way that ends before the project says that this proves nothing."""
    everything(clerk)
    actions.make(centre.services.state)
    assert "/budget/chain/projects/P1" in deputy.get("/budget/projects/P1").text
    page = deputy.get("/budget/chain/projects/P1").text
    assert "写明是这个项目的：3 笔，1,050.05 元。沿链条能走到的支付：2 笔，1,050.00 元" in page
    assert "这一年有 1 笔预算调整调剂，净额 100.00 元" in page
    assert "没有这个项目" in deputy.get("/budget/chain/projects/P7").text
    ids = {
        of["number"]: of["id"] for of in deputy.get("/api/v1/budget/payments").json()["payments"]
    }
    assert (
        f"/budget/chain/payments/{ids['PZ2']}" in deputy.get(f"/budget/payments/{ids['PZ2']}").text
    )
    whole = deputy.get(f"/budget/chain/payments/{ids['PZ2']}").text
    for text in ("编号写法不同", "SQ2", "ZB-1", "由此支出的共 1,050.00 元，多出 50.00 元", "P1"):
        assert text in whole, text
    assert "再往上无法匹配" not in whole
    assert "再往上无法匹配" in deputy.get(f"/budget/chain/payments/{ids['PZ4']}").text
    assert deputy.get("/budget/chain/payments/999999").status_code == 404


def figure(of: Figures, grade: Grade) -> Tally:
    """The figure of which rows are asked for."""
    match grade:
        case "all":
            return of.below
        case "over":
            return of.over
        case "unused":
            return of.unused
        case way:
            return of.ways[way]


def add_up(of: Figures) -> None:
    """Both sides of a hop."""
    assert sum(tally.cents for tally in of.ways.values()) == of.below.cents
    assert sum(tally.count for tally in of.ways.values()) == of.below.count
    assert of.left_cents == of.above.cents - of.onward.cents


@settings(max_examples=examples(200))
@given(st.dictionaries(st.sampled_from(STAGES), entries))
def test_sums_agree_at_every_hop_of_a_year_a_unit_and_a_project(
    stages: dict[Stage, Sequence[Entry]],
) -> None:
    """Kept and read again; what units have apart is what all have together."""
    ids = {stage: [*range(1, len(rows) + 1)] for stage, rows in stages.items()}
    adjusted = (Adjusted("101", "A-1", 5), Adjusted("", "", -7))
    of = linked(stages, ids, adjusted)
    parts: dict[str, bytes] = defaultdict(bytes, repository.packed_columns(of))
    of = repository.unpacked(parts)
    assert of.adjusted == adjusted
    whole = of_year(of, "")
    units = [of_year(of, unit) for unit in ("101", "102")]
    for at, hop in enumerate(whole):
        above, below = (sum(e.cents for e in stages[s]) for s in (hop.from_stage, hop.to_stage))
        assert (hop.above.cents, hop.below.cents) == (above, below)
        assert hop.elsewhere == Tally()
        matched = below - hop.ways["unmatched"].cents
        assert hop.onward.cents == matched
        apart = [unit[at] for unit in units]
        for one in (hop, *apart):
            add_up(one)
        assert sum(one.below.cents for one in apart) == below
        assert sum(one.left_cents for one in apart) == hop.left_cents
        for grade in GRADES:
            found = behind(of, AskedRows(hop=hop.to_stage, grade=grade))
            assert found is not None
            tally = figure(hop, grade)
            assert len(found) == tally.count
            if grade not in OF_SOURCES:
                assert of.rows[hop.to_stage].cents[found].sum() == tally.cents
    for name in {one for hop in of.hops[:1] for one in hop.names}:
        hops = of_project(of, name)
        for one in hops:
            add_up(one)
            assert one.ways["unmatched"] == one.elsewhere == Tally()
            assert one.onward == one.below
        for before, one in itertools.pairwise(hops):
            assert one.above.count <= before.below.count
    for payment in ids.get("payment", ()):
        for step in way_of(of, payment):
            assert step.way in WAYS
