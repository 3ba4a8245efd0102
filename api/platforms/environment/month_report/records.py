"""A month of the district, what is counted in it, and the addresses of what was counted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from alerting.alert import About, Alert, Level, State
from alerting.events.event import AlertEvent
from alerting.wording.sentences import Sentences
from config.vocabulary.time import begins_ms, day_of

LEVELS = tuple(reversed(Level))
ABOUTS: tuple[About, ...] = ("pollution", "maintenance")
Levels = Mapping[tuple[Level, About], int]


class Month(Struct, frozen=True):
    """A month of the calendar, such as 2026-11."""

    month: Annotated[str, Meta(pattern=r"^(19|2\d)\d\d-(0[1-9]|1[0-2])$")]

    @property
    def first(self) -> date:
        """Its first day."""
        return date.fromisoformat(f"{self.month}-01")

    @property
    def last(self) -> date:
        """Its last day."""
        return self.later(1).first - timedelta(days=1)

    @property
    def from_ms(self) -> int:
        """When it begins in the district."""
        return begins_ms(self.first)

    @property
    def until_ms(self) -> int:
        """When the next one begins there."""
        return begins_ms(self.last + timedelta(days=1))

    def later(self, months: int) -> Month:
        """So many months on; back where there are fewer than none."""
        years, month = divmod(self.first.year * 12 + self.first.month - 1 + months, 12)
        return Month(f"{years}-{month + 1:02}")

    def days(self) -> Sequence[str]:
        """Every day, ISO text."""
        return [f"{self.month}-{day:02}" for day in range(1, self.last.day + 1)]


def month_of(at_ms: int) -> Month:
    """The month of an instant."""
    return Month(day_of(at_ms)[:7])


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that began in the month, with all its alerts. ``answer_ms`` is when somebody
    acknowledged or took it first, ``said`` of the alert that stands for it.
    """

    event: AlertEvent
    alerts: Sequence[Alert]
    said: str
    name: str
    location: str
    answer_ms: int | None

    @property
    def withdrawn(self) -> bool:
        """Whether late readings showed that none of it ever was."""
        return bool(self.alerts) and all(of.state is State.WITHDRAWN for of in self.alerts)

    @property
    def level(self) -> Level | None:
        """The gravest of its alerts."""
        return max((of.level for of in self.alerts), default=None)

    @property
    def ended_ms(self) -> int | None:
        """When its last alert ended, None while one stands."""
        valid = [of for of in self.alerts if of.state is not State.WITHDRAWN]
        ends = [of.resolved_ms for of in valid]
        return None if None in ends else max((of for of in ends if of is not None), default=None)

    @property
    def waited_ms(self) -> int | None:
        """From its beginning until the first answer."""
        return None if self.answer_ms is None else max(self.answer_ms - self.event.began_ms, 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """The readings of a station in a month. ``silent`` are days over without any reading."""

    station: str
    readings: int
    good: int
    silent: Sequence[str]


@dataclass(frozen=True, slots=True)
class Exceeded:
    """Alerts of one limit with a standard, at one level."""

    rule: str
    name: str
    level: Level
    basis: str
    limit: str
    worst: str
    alerts: Sequence[Alert]
    alone: bool
    """Whether no other alert of the month has its rule and level, under another limit."""

    @property
    def stations(self) -> Sequence[str]:
        """Where it was."""
        return list(dict.fromkeys(of.station for of in self.alerts))


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a paper is made of. ``before`` and ``year_before`` are None where no data are kept
    of that month; ``ended`` is False of a month that goes on.
    """

    month: Month
    alerts: Sequence[Alert]
    exceeded: Sequence[Exceeded]
    events: Sequence[Happened]
    before: Levels | None
    year_before: Levels | None
    measured: Sequence[Measured]
    ended: bool


def levels_of(alerts: Iterable[Alert]) -> Levels:
    """How many there are of each level and kind."""
    return Counter((of.level, of.about) for of in alerts)


def waits(events: Iterable[Happened]) -> tuple[float | None, Happened | None]:
    """The median of the time until somebody answered, ms, and the event that waited longest."""
    answered = [of for of in events if of.waited_ms is not None and not of.withdrawn]
    if not answered:
        return None, None
    slowest = max(answered, key=lambda of: (of.waited_ms or 0, of.event.id))
    return round(median(of.waited_ms or 0 for of in answered)), slowest


def exceedances(alerts: Sequence[Alert], said: Callable[[Alert], Sentences]) -> Sequence[Exceeded]:
    """Alerts of pollution by limits of standards, each with its worst value. Words take a while,
    so few alerts are put into them.
    """
    found: dict[tuple[str, int, Level], list[Alert]] = {}
    for of in alerts:
        if of.about == "pollution":
            found.setdefault((of.rule_id, of.rule_version, of.level), []).append(of)
    every = Counter((of.rule_id, of.level) for of in alerts)
    rows = []
    for (rule, _, level), some in found.items():
        one = said(some[0])
        if not one.basis:
            continue
        extreme = said(_worst(some, above=not one.extreme or one.extreme.above)).extreme
        limit, value = (extreme.limit, extreme.value) if extreme else ("", "")
        alone = every[rule, level] == len(some)
        rows.append(Exceeded(rule, one.rule_name, level, one.basis, limit, value, some, alone))
    return sorted(rows, key=lambda row: (row.rule, -row.level, row.limit))


def _worst(some: Sequence[Alert], *, above: bool) -> Alert:
    """Of one limit: the highest value, or the lowest where less is worse."""
    sign = 1 if above else -1
    return max(some, key=lambda of: (of.peak is not None, sign * (of.peak or 0.0), of.id))


def spans(days: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Days one after the other as first and last."""
    found: list[tuple[str, str]] = []
    for day in days:
        follows = found and date.fromisoformat(found[-1][1]) + timedelta(1) == date.fromisoformat(
            day
        )
        found[-1:] = [(found[-1][0], day)] if follows else [*found[-1:], (day, day)]
    return found


def alerts_path(month: Month, **chosen: str) -> str:
    """The page of the alerts that a number counts."""
    return f"/environment/alerts?{_query(month, chosen)}"


def events_path(month: Month, **chosen: str) -> str:
    """The page of the events that a number counts."""
    return f"/environment/events?{_query(month, {'show': 'all', **chosen})}"


def _query(month: Month, chosen: Mapping[str, str]) -> str:
    return urlencode({"from_day": f"{month.first}", "until_day": f"{month.last}"} | dict(chosen))
