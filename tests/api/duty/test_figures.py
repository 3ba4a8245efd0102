"""Figures for deputies: published by topic, compared with earlier ones, corrected with a reason."""

from __future__ import annotations

import io
from collections.abc import Iterator

import httpx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.duty.figures import actions, wording
from api.platforms.duty.figures.procedure import PROCEDURE
from api.platforms.duty.figures.records import (
    SPANS,
    FigureRefused,
    change,
    order_of,
    period_before,
)
from api.platforms.duty.figures.wording import FaultySheet
from api.procedures import taking
from api.procedures.refusals import NotYours
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.meeting_hands import hands
from tests.api.duty.suggestion_hands import CLERK, LEAD, Duty
from tests.conftest import examples

REVENUE = {
    "topic": "finance",
    "name": "一般公共预算收入",
    "measure": "亿元",
    "year": "2026",
    "span": "c10",
    "value": "68.5",
    "source": "区财政局",
}


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is published yet."""
    return Duty(centre)


@pytest.fixture
def people(duty: Duty, address: str) -> Iterator[list[httpx.Client]]:
    """The clerk and a deputy."""
    with hands(address, CLERK, LEAD) as clients:
        yield clients


def publish(duty: Duty, **fields: str) -> str:
    """The id of a figure that the clerk publishes."""
    return actions.publish(duty.services, duty.people[CLERK], REVENUE | fields)


def lines(duty: Duty, topic: str = "") -> list[tuple[str, str, str, str]]:
    """Period, value and both changes, as a deputy reads them."""
    found = actions.figures(duty.services, duty.people[LEAD], topic)
    said = [wording.line(duty.services.words, of) for of in found]
    return [(of.period, of.value, of.change, of.year_change) for of in said]


@pytest.mark.parametrize("kind", BOTH)
def test_given_figures_of_earlier_periods_then_each_says_how_it_changed(duty: Duty) -> None:
    """A year so far has no period before; a percentage changes by points; what was typed as an
    earlier value goes before what was published.
    """
    publish(duty, year="2025", value="65")
    publish(duty)
    assert lines(duty) == [
        ("2026年1—10月", "68.5 亿元", "", "+5.4%（+3.5 亿元）"),
        ("2025年1—10月", "65 亿元", "", ""),
    ]
    rate = {"name": "城镇调查失业率", "measure": "%", "topic": "livelihood"}
    publish(duty, **rate, span="q2", value="5.1")
    publish(duty, **rate, span="q3", value="4.8", year_before="5.0")
    assert lines(duty, "livelihood")[0] == (
        "2026年三季度",
        "4.8%",
        "-0.3 个百分点",
        "-0.2 个百分点",
    )
    assert [of.name for of in actions.latest(duty.services, duty.people[LEAD], "")] == [
        "城镇调查失业率",
        "一般公共预算收入",
    ]


@pytest.mark.parametrize("kind", BOTH)
def test_when_a_figure_is_corrected_then_the_earlier_value_stays_with_who_and_why(
    duty: Duty, people: list[httpx.Client]
) -> None:
    """On the page and over the API; withdrawn, it is the office's alone."""
    clerk, deputy = people
    item_id = publish(duty)
    path = f"/duty/figures/{item_id}"
    form = clerk.get(f"{path}/correct").text
    assert 'value="68.5"' in form
    bad = clerk.post(f"{path}/correct", data={"value": "约 68", "source": "区财政局", "why": "误"})
    assert bad.status_code == 422
    assert "约 68" in bad.text
    assert "小数点用" in bad.text
    right = {"value": "67.9", "source": "区财政局", "why": "决算后更正"}
    assert clerk.post(f"{path}/correct", data=right).status_code == 303
    page = deputy.get(path).text
    for said in ("67.9", "68.5", "决算后更正", duty.people[CLERK].name, "（已更正）"):
        assert said in page
    assert "更正</button>" not in page
    (state,) = deputy.get("/api/v1/duty/figures?topic=finance").json()
    assert (state["value"], state["version"], state["before"]) == ("67.9", 2, None)
    events = deputy.get(f"/api/v1/duty/figures/{item_id}/procedure").json()["events"]
    assert [of["given"]["value"] for of in events] == ["68.5", "67.9"]
    with (
        pytest.raises(NotYours),
        taking.acts(duty.services, PROCEDURE, duty.people[LEAD]) as acting,
    ):
        taking.take(acting, item_id, "withdraw-figure", {"why": "不想看"})
    clerk.post(f"{path}/steps/withdraw-figure", data={"why": "口径有误"})
    assert deputy.get(path).status_code == 404
    assert clerk.get(path).status_code == 200
    assert lines(duty) == []


def test_given_the_pages_then_the_office_publishes_and_the_topic_shows_the_table(
    duty: Duty, people: list[httpx.Client]
) -> None:
    """With faults the form comes again with all that was written; twice the same is refused."""
    clerk, deputy = people
    faulty = clerk.post("/duty/figures/new", data=REVENUE | {"year": "26"})
    assert faulty.status_code == 422
    assert "一般公共预算收入" in faulty.text
    assert "四位数年份" in faulty.text
    made = clerk.post("/duty/figures/new", data=REVENUE | {"value": "1，068.5"})
    assert made.status_code == 303
    again = clerk.post("/duty/figures/new", data=REVENUE)
    assert "已经公布过" in again.text
    assert "1,068.5 亿元" in deputy.get("/duty/briefing?topic=finance").text
    assert "1,068.5" not in deputy.get("/duty/briefing?topic=law").text
    assert deputy.get("/duty/figures/new").status_code == 403
    table = deputy.get("/duty/figures.csv?topic=finance").text.splitlines()
    assert table[0].startswith("\ufeff主题,指标,单位")
    assert table[1] == "财政预算,一般公共预算收入,亿元,2026,1—10月,1068.5,,,区财政局,"
    assert len(deputy.get("/duty/figures.csv?topic=law").text.splitlines()) == 1
    with pytest.raises(FigureRefused):
        publish(duty, value="NaN", name="其他")


def sheet(*rows: list[object]) -> bytes:
    """A workbook with the heads of the product and these rows."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    heads = ["主题", "指标", "单位", "年份", "期间", "数值", "来源"]
    for row in (heads, *rows):
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_given_a_spreadsheet_then_its_figures_are_published_all_or_none(
    duty: Duty, people: list[httpx.Client]
) -> None:
    """Every mistake at once; what is there with another value wants a reason."""
    clerk = people[0]
    publish(duty)
    row = ["财政预算", "一般公共预算收入", "亿元", 2026, "1—10月", 68.5, "区财政局"]
    other = ["民生", "新增就业", "人", 2026, "前三季度", "12,345", "区人社局"]

    def sent(content: bytes, why: str = "") -> httpx.Response:
        file = {"file": ("数字.xlsx", content)}
        return clerk.post("/duty/figures/load", data={"why": why}, files=file)

    faulty = sent(sheet(row, other, ["民生", "床位", "张", 26, "一月", "很多", ""], other))
    assert faulty.status_code == 422
    for said in ("“很多”不是数字", "“26”不是四位数年份", "“一月”不是列出的期间", "“来源”没有填写"):
        assert said in faulty.text
    assert len(lines(duty)) == 1
    twice = sent(sheet(other, other))
    assert "请只保留一行" in twice.text
    changed = [*row[:5], 70, row[6]]
    asked = sent(sheet(changed, other))
    assert "请填写更正理由" in asked.text
    assert len(lines(duty)) == 1
    loaded = sent(sheet(changed, other), why="快报改为正式数")
    assert "新公布 1 个，更正 1 个，0 个没有变化" in loaded.text
    assert {value for _, value, _, _ in lines(duty)} == {"70 亿元", "12,345 人"}
    assert "2 个没有变化" in sent(sheet(changed, other)).text
    with pytest.raises(FaultySheet):
        wording.read(duty.services.words, "x.xlsx", b"no workbook")


@given(year=st.integers(1950, 2998), span=st.sampled_from(SPANS))
@settings(max_examples=examples(100), deadline=None)
def test_given_any_period_then_the_one_before_is_as_long_and_ends_where_it_begins(
    year: int, span: str
) -> None:
    """But for a year so far, which has none."""
    found = period_before(str(year), span)
    assert (found is None) == span.startswith("c")
    if found is not None:
        end, last, months = order_of(str(year), span)
        other, end_month, as_long = order_of(*found)
        assert as_long == months
        assert other * 12 + end_month == end * 12 + last - months


def test_given_nothing_or_less_than_nothing_before_then_a_change_has_no_percentage() -> None:
    """The difference stands alone."""
    for earlier in ("0", "-3"):
        found = change("5", earlier)
        assert found is not None
        assert found.part is None
    assert change("5", None) is None


def test_the_words_of_the_procedure_are_exactly_those_that_it_asks_for(duty: Duty) -> None:
    """None is missing, none is left over."""
    own = {
        key.removeprefix("duty.figure.")
        for key in duty.services.words.texts
        if key.startswith("duty.figure.")
    }
    assert own == PROCEDURE.keys()
