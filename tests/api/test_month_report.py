"""The month's alerts on paper: each number is that of the list behind it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert import Alert, Level, State
from alerting.events.event import area_of
from alerting.events.repository import Act
from api.accounts.records import Account
from api.kinds.reports import Paper
from api.platforms.environment.month_report.actions import counted, freeze
from api.platforms.environment.month_report.records import Month, month_of, spans
from config.vocabulary.time import DAY_MS, begins_ms, day_of
from tests.api.conftest import BOTH, RunningCentre, spill

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
NOVEMBER = Month("2026-11")


def alert(n: int, fired_ms: int, **changes: object) -> Alert:
    """Of a number; over after an hour."""
    values = {
        "id": f"{n:020}",
        "fired_ms": fired_ms,
        "began_ms": fired_ms - MINUTE_MS,
        "state": State.RESOLVED,
        "resolved_ms": fired_ms + HOUR_MS,
    }
    return spill(**(values | changes))


def kept(centre: RunningCentre, one: Alert) -> str:
    """An alert on record with its event; the event's id."""
    services = centre.services
    centre.put(one)
    area = area_of(one, services.catalogue.subjects[one.station])
    with services.state.begin() as connection:
        kind = services.grouping.kind_of(one)
        return services.events.of_alert(connection, one, area, kind, one.fired_ms)


def answer(centre: RunningCentre, event: str, at_ms: int) -> None:
    """Somebody acknowledges an event."""
    act = Act(event, "acknowledged", at_ms, "huanbao", "李岚", "officer")
    with centre.services.state.begin() as connection:
        centre.services.events.acknowledge(connection, act)


def paper(centre: RunningCentre, month: Month = NOVEMBER) -> Paper:
    """The month's."""
    return freeze(centre.services, Account("x", "x"), month)


@pytest.fixture
def november(centre: RunningCentre) -> RunningCentre:
    """Alerts of all levels, at three stations and of the centre itself, before and after too."""
    stations = list(centre.services.catalogue.stations)[:4]
    for n in range(12):
        fired_ms = NOVEMBER.from_ms + n * 2 * DAY_MS + HOUR_MS
        event = kept(centre, alert(n, fired_ms, level=Level(1 + n % 4), station=stations[n % 4]))
        if n % 3 == 0:
            answer(centre, event, fired_ms + (n + 1) * MINUTE_MS)
    silent = {"about": "maintenance", "rule_id": "station-silent", "indicator": ""}
    kept(centre, alert(20, NOVEMBER.from_ms + HOUR_MS, **silent))
    kept(centre, alert(21, NOVEMBER.from_ms + HOUR_MS, rule_id="gone", indicator=""))
    kept(centre, alert(22, NOVEMBER.from_ms + HOUR_MS, state=State.WITHDRAWN))
    for n, fired_ms in enumerate((NOVEMBER.from_ms - 1, NOVEMBER.later(-12).from_ms)):
        kept(centre, alert(30 + n, fired_ms))
    return centre


@pytest.mark.parametrize("kind", BOTH)
def test_every_number_with_a_page_is_the_number_of_rows_of_that_page(
    november: RunningCentre, officer: httpx.Client
) -> None:
    """Figures and cells alike."""
    found = paper(november)
    numbers = [(of.value, of.path) for of in found.figures.values() if of.kind == "count"]
    for table in found.tables.values():
        for row in table.rows:
            numbers += [(cell.value, cell.path) for cell in row if isinstance(cell.value, int)]
    pages = {
        path: value
        for value, path in numbers
        if path.startswith(("/environment/alerts?", "/environment/events?"))
    }
    assert len(pages) > 30
    for path, value in pages.items():
        (total,) = re.findall(r"共 (\d+) 条", officer.get(path).text)
        assert int(total) == value, path


def test_the_levels_sum_up_to_the_total_and_so_do_the_other_tables(
    november: RunningCentre,
) -> None:
    """Withdrawn alerts are in none of them, those of other months neither."""
    found = paper(november)
    tables, total = found.tables, found.figures["alerts"].value
    assert total == 14
    *levels, last = ([cell.value for cell in row[1:4]] for row in tables["levels"].rows)
    assert [sum(column) for column in zip(*levels, strict=True)] == last  # type: ignore[arg-type]
    assert last == [13, 1, 14]
    for name in ("rules", "stations"):
        assert sum(row[1].value for row in tables[name].rows) == total  # type: ignore[misc]
    assert [row[4].value for row in tables["levels"].rows][-1] == 1, "the month before"
    assert [row[5].value for row in tables["levels"].rows][-1] == 1, "the year before"


def test_answers_are_counted_from_the_beginning_with_median_and_slowest(
    november: RunningCentre,
) -> None:
    """Of four that were answered, after 1, 4, 7 and 10 minutes."""
    figures = paper(november).figures
    assert figures["answered"].value == 4
    assert figures["median-wait"].value == 5.5 * MINUTE_MS
    assert figures["longest-wait"].value == 10 * MINUTE_MS
    assert figures["longest-wait"].path.startswith("/environment/events/")
    share = figures["answered-share"].value
    assert share == 4 / figures["answerable"].value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("month", "days", "hours"),
    [("2026-11", 30, 720), ("2026-12", 31, 744), ("2026-02", 28, 672), ("2028-02", 29, 696)],
)
def test_a_month_is_its_days_from_midnight_to_midnight_in_the_district(
    month: str, days: int, hours: int
) -> None:
    """Not in UTC, which is eight hours behind."""
    of = Month(month)
    assert len(of.days()) == days
    assert of.until_ms - of.from_ms == hours * HOUR_MS
    assert (day_of(of.from_ms), day_of(of.until_ms - 1)) == (f"{month}-01", f"{month}-{days}")


def test_an_alert_at_midnight_belongs_to_the_month_that_begins(centre: RunningCentre) -> None:
    """And the one a moment before to the month that ends; the list says the same."""
    kept(centre, alert(1, NOVEMBER.from_ms - 1))
    kept(centre, alert(2, NOVEMBER.from_ms))
    for month, n in ((NOVEMBER.later(-1), 1), (NOVEMBER, 2)):
        (one,) = counted(centre.services, month).alerts
        assert one.id == f"{n:020}"


@given(st.dates(date(1901, 1, 1), date(2899, 12, 31)), st.integers(-600, 600))
def test_given_any_day_then_months_follow_each_other_without_a_gap(day: date, on: int) -> None:
    """Forth and back."""
    month = month_of(begins_ms(day))
    assert month.first <= day <= month.last
    assert month.later(1).from_ms == month.until_ms
    assert month.later(on).later(-on) == month


@given(st.sets(st.integers(0, 60)))
def test_given_any_days_then_spans_name_each_once(numbers: set[int]) -> None:
    """Days in a row as first and last."""
    days = [f"{date(2026, 1, 1) + timedelta(n)}" for n in sorted(numbers)]
    named = [
        f"{date.fromisoformat(first) + timedelta(n)}"
        for first, last in spans(days)
        for n in range((date.fromisoformat(last) - date.fromisoformat(first)).days + 1)
    ]
    assert named == days
    assert len(spans(days)) == sum(1 for n in numbers if n - 1 not in numbers)


def test_of_a_month_in_which_nothing_was_the_paper_says_so(centre: RunningCentre) -> None:
    """With nothing to divide by, nothing to compare with, and every day without data named."""
    found = paper(centre, NOVEMBER.later(-1))
    assert found.figures["alerts"].value == 0
    assert found.figures["answered-share"].value is None
    assert "没有去年同月的数据，无法比较。" in found.sections[0].text
    assert [row[4].value for row in found.tables["levels"].rows] == [None] * 5
    assert {row[2].value for row in found.tables["data"].rows} == {"1日至31日"}


def test_days_without_data_are_named_and_shares_are_of_readings(centre: RunningCentre) -> None:
    """A day that goes on is not missed yet."""
    centre.measured("tonglv-pingchao/w21003", [1.0] * (6 * 24 * 2))
    rows = {row[0].value: row for row in paper(centre).tables["data"].rows}
    row = rows["通吕运河平潮断面"]
    assert [cell.value for cell in row[1:]] == [21, "1日至21日", 288, 0.0]
    other = rows["通吕运河金沙断面"]
    assert [cell.value for cell in other[1:]] == [23, "1日至23日", 0, None]


def test_an_exceedance_names_standard_limit_and_worst_value(centre: RunningCentre) -> None:
    """Once for each limit, however often it was passed."""
    for n in range(3):
        kept(centre, alert(n, NOVEMBER.from_ms + n * DAY_MS, peak=1.5 + n))
    (row,) = paper(centre).tables["exceedances"].rows
    name, level, basis, limit, worst, stations, count = (cell.value for cell in row)
    assert (name, level) == ("氨氮超标", "警告")
    assert "GB 3838-2002" in str(basis)
    assert str(limit).startswith("1.0")
    assert str(worst).startswith("3.5")
    assert (stations, count) == (1, 3)


def test_while_a_month_goes_on_the_paper_says_so(november: RunningCentre) -> None:
    """And no more once it is over."""
    said = "本月尚未结束"
    assert said in paper(november).sections[0].text[0]
    november.clock.now_ms = NOVEMBER.until_ms
    assert said not in "".join(paper(november).sections[0].text)


def test_the_paper_is_a_function_of_the_data_and_not_of_the_hour(november: RunningCentre) -> None:
    """Of a month that is over."""
    november.clock.now_ms = NOVEMBER.until_ms
    first = paper(november)
    november.clock.now_ms += 40 * DAY_MS
    assert paper(november) == first
