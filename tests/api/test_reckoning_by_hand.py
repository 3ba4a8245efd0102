"""Due dates of every rule against arithmetic of another make, day by day over the calendar files."""

from __future__ import annotations

import calendar
import random
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.deadlines.reckoning import latest, reckon
from config import working_days
from config.law import Extension, Rule, Term, load
from config.working_days import SHIPPED

LAW = load()
DAYS = working_days.load()
ONE = timedelta(days=1)
HERE = ZoneInfo("Asia/Shanghai")
ROUND = 20
EDGES = [
    *("2024-02-28", "2024-02-29", "2023-11-30", "2025-11-30", "2025-08-31", "2026-02-14"),
    *("2026-02-15", "2026-02-23", "2026-09-20", "2026-10-10", "2026-11-30", "2026-12-25"),
    *("2026-12-26", "2026-12-31", "2027-01-31", "2027-02-28", "2028-02-29", "2035-12-31"),
    *("2036-01-28", "2096-02-29", "2099-12-31", "2000-02-29"),
]


def files() -> tuple[set[int], set[date], set[date], set[str]]:
    """Years with a notice, their days off and weekends worked; festivals of the others."""
    years: set[int] = set()
    off: set[date] = set()
    worked: set[date] = set()
    for path in SHIPPED.glob("2*.toml"):
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        years.add(int(path.stem))
        worked.update(values.get("make_up", []))
        for row in values["holiday"]:
            length = (row["to"] - row["from"]).days
            off.update(row["from"] + ONE * n for n in range(length + 1))
    values = tomllib.loads((SHIPPED / "festivals.toml").read_text(encoding="utf-8"))
    named = [*values["fixed"].values(), *values["moving"].values()]
    return years, off, worked, {str(day) for days in named for day in days}


YEARS, OFF, WORKED, FESTIVALS = files()


def works(on: date) -> bool:
    """Whether a day is a working day."""
    text = on.isoformat()
    if on.year not in YEARS and (text in FESTIVALS or text[5:] in FESTIVALS):
        return False
    return on not in OFF and (on.weekday() < 5 or on in WORKED)


def waits(on: date) -> bool:
    """Whether a notice that is not there may make another kind of a day."""
    return on.year not in YEARS or (on.isoformat()[5:] >= "12-26" and on.year + 1 not in YEARS)


def month_on(on: date, number: int, step: int) -> date:
    """The next month's day of a number, or its last."""
    year, month = on.year, on.month + step
    if month in (0, 13):
        year, month = year + step, 12 if month == 0 else 1
    return date(year, month, min(number, calendar.monthrange(year, month)[1]))


def counted(on: date, amount: int, unit: str, step: int) -> tuple[date, list[date]]:
    """Where a count ends that is not moved, and the days that its end depends on."""
    if unit == "day":
        return on + ONE * amount * step, []
    if unit == "working-day":
        seen = []
        while amount:
            on += ONE * step
            seen.append(on)
            amount -= works(on)
        return on, seen
    number = on.day
    months = {"month": amount, "year": 12 * amount, "half-month": amount // 2}[unit]
    for _ in range(months):
        on = month_on(on, number, step)
    half = unit == "half-month" and amount % 2
    return on + ONE * 15 * step * half, []


def closes(term: Term, on: date) -> bool:
    """Whether a window of a calendar term closes on a day."""
    if term.period == "year":
        return on.isoformat()[5:] == term.until
    if term.period == "ten-days" and on.day in (10, 20):
        return True
    every = {"half-year": 6, "quarter": 3}.get(term.period, 1)
    last = (on + ONE).day == 1 and on.month % every == 0
    return last or term.period == "day"


def by_hand(rule: Rule, start: date) -> tuple[date, bool]:
    """The due day of a rule, and whether it is provisional."""
    on = start
    if rule.unit == "calendar":
        while not closes(rule, on):
            on += ONE
        return on, False
    step = -1 if rule.direction == "before" else 1
    on, seen = counted(on, rule.amount, rule.unit, step)
    if step > 0 and rule.moves:
        while not works(on):
            seen.append(on)
            on += ONE
        seen.append(on)
    return on, any(waits(day) for day in seen)


def starts(rule: Rule) -> Iterator[date]:
    """The edges, and days at random that are the same in every run."""
    yield from map(date.fromisoformat, EDGES)
    chance = random.Random(rule.id)
    for _ in range(ROUND // 2):
        yield date(2024, 1, 1) + ONE * chance.randrange(365 * 5)
        yield date(2000, 1, 1) + ONE * chance.randrange(365 * 100)


BY_DAY = [rule for rule in LAW.rules.values() if rule.unit != "hour"]
BY_HOUR = [rule for rule in LAW.rules.values() if rule.unit == "hour"]


@pytest.mark.parametrize("rule", BY_DAY, ids=lambda rule: rule.id)
def test_a_rule_ends_where_another_arithmetic_ends_it(rule: Rule) -> None:
    """Over forty days each: month ends, leap days, festivals, years without a notice."""
    for start in starts(rule):
        reckoned = reckon(rule, start, DAYS)
        assert (start, reckoned.due, reckoned.provisional) == (start, *by_hand(rule, start))
        assert reckoned.trace[-1].date == reckoned.due


EXTENDED = [rule for rule in BY_DAY if rule.extensions]


def longer(rule: Rule, start: date) -> date:
    """The end with every extension."""
    end = counted(start, rule.amount, rule.unit, 1)[0]
    total: tuple[int, str] = (rule.amount, rule.unit)
    for one in rule.extensions:
        end, total = extended(start, end, total, one)
    while rule.moves and not works(end):
        end += ONE
    return end


def extended(
    start: date, end: date, total: tuple[int, str], one: Extension
) -> tuple[date, tuple[int, str]]:
    """Months on months from the start, everything else from the end."""
    if one.to:
        total = (one.amount, one.unit)
    elif one.unit == total[1] == "month":
        total = (total[0] + one.amount, "month")
    else:
        return counted(end, one.amount, one.unit, 1)[0], (0, "")
    return counted(start, *total, 1)[0], total


@pytest.mark.parametrize("rule", EXTENDED, ids=lambda rule: rule.id)
def test_an_extended_rule_ends_where_another_arithmetic_ends_it(rule: Rule) -> None:
    """With all that its clause allows."""
    for start in starts(rule):
        assert (start, latest(rule, start, DAYS).due) == (start, longer(rule, start))


@pytest.mark.parametrize("rule", BY_HOUR, ids=lambda rule: rule.id)
def test_hours_end_on_the_clock_of_the_district(rule: Rule) -> None:
    """Over midnight, over the new year, in February."""
    for start in starts(rule):
        for hour, minute in ((0, 0), (19, 59), (20, 0), (23, 59)):
            begun = datetime(start.year, start.month, start.day, hour, minute, tzinfo=HERE)
            reckoned = reckon(rule, round(begun.timestamp() * 1000), DAYS)
            ends = begun + timedelta(hours=rule.amount)
            assert (reckoned.due, reckoned.due_ms) == (ends.date(), ends.timestamp() * 1000)
            assert not reckoned.provisional
