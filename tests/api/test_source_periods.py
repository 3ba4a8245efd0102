"""Periods of sources: each is owed once it is over, none twice, none left out."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from api.imports.sources.periods import PERIODS, PeriodKind, ended, period_of, running
from config.working_days import load

DAYS = load()
SINCE = date(2026, 11, 15)


def labels(kind: PeriodKind, today: date, since: date = SINCE) -> list[str]:
    """Of the periods that are over."""
    until = since - timedelta(days=1)
    return [of.label for of in ended(kind, since, until, today, DAYS)]


def test_a_period_owes_from_the_day_after_its_last_one_on() -> None:
    """The first is that in which the source begins."""
    assert labels("month", date(2026, 11, 30)) == []
    assert labels("month", date(2026, 12, 1)) == ["2026-11"]
    assert labels("quarter", date(2027, 4, 1)) == ["2026-Q4", "2027-Q1"]
    assert labels("year", date(2027, 1, 1)) == ["2026"]
    assert labels("week", date(2026, 11, 30)) == ["2026-W46", "2026-W47", "2026-W48"]


def test_of_days_working_days_alone_owe() -> None:
    """No weekend and no festival."""
    assert labels("day", date(2026, 11, 24)) == [
        "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-23",
    ]  # fmt: skip
    assert labels("day", date(2027, 1, 4), date(2026, 12, 31)) == ["2026-12-31"]


def test_a_table_that_is_owed_once_is_owed_from_its_day_on() -> None:
    """And then never again."""
    assert labels("once", date(2026, 11, 14)) == []
    assert labels("once", SINCE) == ["2026-11-15"]
    assert list(ended("once", SINCE, SINCE, date(2027, 1, 1), DAYS)) == []
    assert running("once", SINCE, SINCE, DAYS) is None


days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(st.sampled_from(PERIODS), days, st.lists(st.integers(0, 60), max_size=6))
def test_whenever_the_job_runs_no_period_is_left_out_and_none_owes_twice(
    kind: PeriodKind, since: date, steps: list[int]
) -> None:
    """A core that slept for weeks finds the same as one that asked each day."""
    until, today, found = since - timedelta(days=1), since, []
    for step in (0, *steps):
        today += timedelta(days=step)
        for period in ended(kind, since, until, today, DAYS):
            found.append(period)
            until = period.last
    assert found == list(ended(kind, since, since - timedelta(days=1), today, DAYS))
    assert len(set(found)) == len(found)
    assert all(period_of(kind, of.last) == of for of in found)
