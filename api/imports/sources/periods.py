"""The periods of a source, each of which owes a table once it is over. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from config.working_days import WorkingDays

PeriodKind = Literal["day", "week", "month", "quarter", "year", "once"]
PERIODS: tuple[PeriodKind, ...] = get_args(PeriodKind)
BY_MONTHS: tuple[PeriodKind, ...] = ("month", "quarter", "year")
"""Periods that a table with dates names itself."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Its name, and its last day."""

    label: str
    last: date


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period in which a day lies; once: that day."""
    match kind:
        case "week":
            year, week, weekday = day.isocalendar()
            return Period(f"{year}-W{week:02}", day + (7 - weekday) * _DAY)
        case "month":
            return Period(f"{day:%Y-%m}", _end_of_month(day.year, day.month))
        case "quarter":
            quarter = (day.month + 2) // 3
            return Period(f"{day.year}-Q{quarter}", _end_of_month(day.year, quarter * 3))
        case "year":
            return Period(f"{day.year}", date(day.year, 12, 31))
        case "day" | "once":
            return Period(day.isoformat(), day)


def ended(
    kind: PeriodKind, since: date, until: date, today: date, days: WorkingDays
) -> Iterator[Period]:
    """Periods that are over today and not at ``until``, the first one that in which ``since``
    lies. Of days working days alone; what is owed once is owed from its day on.
    """
    if kind == "once":
        if until < since <= today:
            yield period_of(kind, since)
        return
    found = period_of(kind, max(since, until + _DAY))
    while found.last < today:
        if found.last > until and (kind != "day" or days.day(found.last).working):
            yield found
        found = period_of(kind, found.last + _DAY)


def running(kind: PeriodKind, since: date, today: date, days: WorkingDays) -> Period | None:
    """The period that today lies in, or the first one; None where nothing more will be owed."""
    on = max(since, today)
    if kind == "once":
        return period_of(kind, since) if since > today else None
    while kind == "day" and not days.day(on).working:
        on += _DAY
    return period_of(kind, on)


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
