"""A reckoned due date, and each day on the way to it with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from config.law import Unit
from config.working_days import Day


class Code(StrEnum):
    """The part that a day has in a reckoning."""

    START = "start"
    ON_THE_DAY = "on-the-day"
    ASKED = "asked"
    DAY = "day"
    WORKING = "working"
    SKIPPED = "skipped"
    MONTH = "month"
    YEAR = "year"
    HALF_MONTH = "half-month"
    CLAMPED = "clamped"
    MOVED = "moved"
    MOVED_HERE = "moved-here"
    EXTENDED = "extended"
    EXTENDED_TO = "extended-to"
    PAUSED = "paused"
    OPENS = "opens"
    CLOSES = "closes"
    HOUR_START = "hour-start"
    HOUR_RUNS = "hour-runs"
    HOUR_END = "hour-end"
    BACK_DAY = "back-day"
    BACK_WORKING = "back-working"
    BACK_MONTH = "back-month"
    BETTER_BEFORE = "better-before"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Why:
    """One thing about a day of the trace."""

    code: Code
    n: int = 0
    """Its number in the count, the amount of an extension, or the day that a month lacks."""
    day: Day | None = None
    """Its kind, where the reckoning depends on it."""
    unit: Unit | None = None
    by: str = ""
    reason: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class TraceDay:
    """A date on the way, and everything about it."""

    date: date
    whys: tuple[Why, ...]

    @property
    def day(self) -> Day | None:
        """Its kind, where the reckoning depends on it."""
        return next((why.day for why in self.whys if why.day), None)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A due date; the last day of the trace is the due day."""

    started_ms: int
    due: date
    due_ms: int
    """The last ms in time: late is what comes behind it."""
    provisional: bool
    """Whether the due date depends on days whose notice is not there yet."""
    trace: tuple[TraceDay, ...]
    opens: date | None = None
    """The day on which the window of a calendar term opens."""
    better_before: date | None = None
    """The working day to be ready on, where a due day that is not moved is a day off."""


Marked = list[tuple[date, Why]]


def traced(marked: Iterable[tuple[date, Why]]) -> tuple[TraceDay, ...]:
    """Everything about a date in one entry."""
    grouped = groupby(marked, key=lambda pair: pair[0])
    return tuple(TraceDay(on, tuple(why for _, why in group)) for on, group in grouped)
