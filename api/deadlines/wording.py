"""How a deadline stands, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from api.deadlines import explaining
from api.deadlines.reckoning import Lamp
from api.deadlines.records import Deadline, Standing
from api.deadlines.trace import Code, Reckoned, Why
from config.catalogue.words import Words
from config.law import Rule
from config.vocabulary.time import HOUR_MS, ZONE

SHOWN_DAYS = 4
"""At both ends of a long trace."""
_NOBODY: Mapping[str, str] = {}
TONES = {
    Lamp.GREEN: "green",
    Lamp.YELLOW: "yellow",
    Lamp.RED: "red",
    Lamp.UNCONFIRMED: "gray",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A deadline as lists show it."""

    deadline: Deadline
    rule: str
    due: str
    left: str
    lamp: Lamp
    lamp_name: str
    tone: str


def line(words: Words, deadline: Deadline, now_ms: int) -> Line:
    """A deadline as it stands at an instant."""
    lamp = deadline.lamp(now_ms)
    return Line(
        deadline,
        explaining.title(words, deadline.rule),
        explaining.due(words, deadline.rule, deadline.reckoned),
        left(words, deadline, now_ms),
        lamp,
        words(f"deadlines.lamp-{lamp}"),
        TONES[lamp],
    )


def left(words: Words, deadline: Deadline, now_ms: int) -> str:
    """How much time is left, or how it ended."""
    if deadline.standing is Standing.PAUSED:
        return words("deadlines.paused")
    if deadline.standing is Standing.CANCELLED:
        return words("deadlines.cancelled")
    if deadline.met_ms is not None:
        return _met(words, deadline, deadline.met_ms)
    return (_hours if deadline.rule.unit == "hour" else _days)(words, deadline, now_ms)


def _days(words: Words, deadline: Deadline, now_ms: int) -> str:
    days = deadline.left_days(now_ms)
    if days > 0:
        return words("deadlines.left-days", n=days)
    if days == 0:
        return words("deadlines.today")
    return _over(words, words("deadlines.days", n=-days), deadline)


def moment(at_ms: int | None, deadline: Deadline) -> str:
    """A due instant of a deadline: a day, or of hours the minute."""
    if at_ms is None:
        return ""
    at = datetime.fromtimestamp(at_ms / 1000, ZONE)
    return f"{at:%Y-%m-%d %H:%M}" if deadline.rule.unit == "hour" else f"{at:%Y-%m-%d}"


def _met(words: Words, deadline: Deadline, met_ms: int) -> str:
    on = _day(met_ms)
    if not deadline.verified or not deadline.late:
        return words("deadlines.met" if deadline.verified else "deadlines.done", on=on)
    if deadline.rule.unit == "hour":
        late = words("deadlines.hours", n=-(-(met_ms - deadline.reckoned.due_ms) // HOUR_MS))
    else:
        late = words("deadlines.days", n=(on - deadline.reckoned.due).days)
    return words("deadlines.met-late", on=on, late=late)


def _hours(words: Words, deadline: Deadline, now_ms: int) -> str:
    ahead_ms = deadline.reckoned.due_ms - now_ms
    hours = abs(ahead_ms) // HOUR_MS
    said = words("deadlines.hours", n=hours) if hours else words("deadlines.within-an-hour")
    return words("deadlines.left", span=said) if ahead_ms >= 0 else _over(words, said, deadline)


def _over(words: Words, span: str, deadline: Deadline) -> str:
    key = "deadlines.overdue" if deadline.verified else "deadlines.over-unconfirmed"
    return words(key, span=span)


def _day(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).date()


@dataclass(frozen=True, slots=True)
class Step:
    """A day of a trace; ``folded`` in a long one, where nothing but counting happens."""

    day: str
    said: str
    folded: bool


def steps(words: Words, reckoned: Reckoned, names: Mapping[str, str] = _NOBODY) -> Sequence[Step]:
    """A trace day by day; people in it by the ``names`` of usernames. That a notice is not there
    yet stands at the last day alone.
    """
    trace, counted = reckoned.trace, (Code.DAY, Code.WORKING, Code.BACK_DAY, Code.HOUR_RUNS)
    found = []
    for n, step in enumerate(trace):
        whys = tuple(_plain(why, names, last=n == len(trace) - 1) for why in step.whys)
        middle = SHOWN_DAYS <= n < len(trace) - SHOWN_DAYS
        plain = all(why.code in counted for why in step.whys)
        said = explaining.sentence(words, replace(step, whys=whys))
        found.append(Step(step.date.isoformat(), said, middle and plain))
    return found


def _plain(why: Why, names: Mapping[str, str], *, last: bool) -> Why:
    day = why.day if last or not why.day else replace(why.day, awaits=0)
    return replace(why, by=names.get(why.by, why.by), day=day)


def local(at_ms: int) -> str:
    """An instant as a form takes it, in the district's time."""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZONE):%Y-%m-%dT%H:%M}"


def mark(words: Words, rule: Rule) -> str:
    """How sure a rule is, and who stands for it."""
    said = words(f"deadlines.mark-{rule.mark}")
    if rule.region:
        said = words("deadlines.of-region", region=rule.region, mark=said)
    return said
