"""What a trial is of, and a rule as an officer would have it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from msgspec import structs

from alerting import documents, spelling
from alerting.backtest import Caught, Difference, Outcome, Readings
from alerting.conditions.combined import Combined
from alerting.conditions.looking import Instants
from alerting.conditions.standard import Standard
from alerting.conditions.trend import Trend
from alerting.limit import Limit
from alerting.rulebook import Version
from alerting.rules import FOR_EVER_MS, Rule
from api.platforms.environment.reviews.records import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Quality
from ingest.store.drawing import drawn
from ingest.store.protocol import Track

MINUTE_MS, DAY_MS = 60_000, 86_400_000
USUAL_MS, LONGEST_MS = 365 * DAY_MS, 400 * DAY_MS
LONGEST_FOR_MS = 30 * DAY_MS
MOST_ALERTS = 3000
"""More would be no help to anybody, and their counting takes seconds."""
COUNTED = ("by", "at_least")
"""Forms of a limit that are whole numbers: what is seen is beyond from one more on."""
_OF_A_LEVEL = re.compile(r"draft\.level\[(\d+)\]\.?(.*)")
_WIRE = {"for": "for_ms", "clear": "clear_limit", "clear.for": "clear_for_ms"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A level as it shall be; limits in the unit of what the rule sees (None where its kind has
    none), durations in ms.
    """

    level: str
    limit: float | None
    for_ms: int
    clear_limit: float | None
    clear_for_ms: int


@dataclass(frozen=True, slots=True)
class Trial:
    """The rule in force and a draft, both tried on the readings of ``from_ms <= t < to_ms``, and
    what each has of the alerts that people reviewed.
    """

    from_ms: int
    to_ms: int
    readings: int
    now: Outcome
    draft: Outcome
    difference: Difference
    caught_now: Caught
    caught_draft: Caught


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a rule sees at a place, for a chart: ``code`` is the place's indicator, if it has one;
    ``step_ms`` the time from one instant to the next, as far as nothing is missing.
    """

    code: str
    seen: Readings
    step_ms: int


@dataclass(frozen=True, slots=True)
class Told:
    """A version for a page: what is different in it, in words, and whether it holds now."""

    version: Version
    lines: tuple[str, ...]
    holds: bool


def drafted(
    rule: Rule,
    wanted: Sequence[Wanted],
    look: Mapping[str, Any] | None = None,
    known: Sequence[Rule] = (),
) -> Rule:
    """A rule with other levels, and with other values of its kind's own fields as a document
    writes them, as its next version. A standard stays behind the limit that it names, in this
    version or one that is ``known``; behind another one there is none.

    Raises:
        NotAccepted: the first thing that does not hold.
    """
    names = [limit.level.name.lower() for limit in rule.limits]
    if [row.level for row in wanted] != names:
        remedy = f"give those of the rule, each once and in order: {', '.join(names)}"
        raise NotAccepted(Fault("levels", "are not those of the rule", remedy), "levels")
    form = spelling.form(rule)
    limits = tuple(
        _limit(limit, row, form, f"levels[{place}]")
        for place, (limit, row) in enumerate(zip(rule.limits, wanted, strict=True))
    )
    draft = _read(replace(rule, limits=limits), look or {})
    bases = {
        (_measure(each), limit.level, limit.limit): limit.basis
        for each in (rule, *known)
        for limit in each.limits
    }
    measure = _measure(draft)
    limits = tuple(
        replace(limit, basis=bases.get((measure, limit.level, limit.limit), ""))
        for limit in draft.limits
    )
    return replace(draft, version=rule.version + 1, limits=limits)


def _read(rule: Rule, look: Mapping[str, Any]) -> Rule:
    """A rule with its kind's own fields as they are written: read as a document is."""
    own = spelling.own(rule)
    for name in look:
        if name not in own:
            known = ", ".join(own) or "nothing"
            fault = Fault(f"look.{name}", "is no field of this rule", f"it has {known}")
            raise NotAccepted(fault, "field")
    faults: list[Fault] = []
    draft = documents.read(spelling.spelled(rule) | dict(look), "draft", faults)
    if draft is None:
        raise _unfit(faults[0])
    return draft


def _unfit(fault: Fault) -> NotAccepted:
    """A fault of a document, at its place in the request."""
    found = _OF_A_LEVEL.match(fault.where)
    if found:
        where = f"levels[{int(found[1]) - 1}].{_WIRE.get(found[2], 'limit')}"
        return NotAccepted(replace(fault, where=where), "level")
    where = fault.where.replace("draft", "look", 1)
    return NotAccepted(replace(fault, where=where), "look", path=where.removeprefix("look."))


def _measure(rule: Rule) -> object:
    """What the limits of a rule rest on beside their own numbers."""
    look = rule.look
    if isinstance(look, Standard):
        return look.target
    if isinstance(look, Trend):
        return look.limit
    if isinstance(look, Combined):
        return tuple((row.indicator, row.sign, row.limit) for row in look.conditions)
    return None


def _limit(limit: Limit, wanted: Wanted, form: str, where: str) -> Limit:
    for name in ("limit", "clear_limit"):
        _check_figure(getattr(wanted, name), form, f"{where}.{name}")
    for name in ("for_ms", "clear_for_ms"):
        if not 0 <= getattr(wanted, name) <= LONGEST_FOR_MS:
            remedy = f"give milliseconds from 0 to {LONGEST_FOR_MS} (30 days)"
            raise NotAccepted(Fault(f"{where}.{name}", "is out of range", remedy), "duration")
    if not form:
        return replace(limit, for_ms=wanted.for_ms)
    assert wanted.limit is not None
    assert wanted.clear_limit is not None
    if limit.sign * wanted.clear_limit > limit.sign * wanted.limit:
        side = "at or below" if limit.sign > 0 else "at or above"
        fault = Fault(f"{where}.clear_limit", "lies beyond the limit", f"put it {side} the limit")
        raise NotAccepted(fault, "above" if limit.sign > 0 else "below")
    return replace(
        limit,
        limit=wanted.limit,
        for_ms=wanted.for_ms,
        clear_limit=wanted.clear_limit,
        clear_for_ms=wanted.clear_for_ms,
    )


def _check_figure(value: float | None, form: str, where: str) -> None:
    if not form:
        if value is not None:
            raise NotAccepted(Fault(where, "is no limit of this kind", "leave it out"), "number")
        return
    if value is None or not math.isfinite(value):
        raise NotAccepted(Fault(where, "is no finite number", "give one, such as 1.2"), "number")
    if form in COUNTED and (value < 0 or value % 1):
        raise NotAccepted(Fault(where, "is no whole number", "give one from 0 on"), "count")


def spanned(from_ms: int | None, to_ms: int | None, now_ms: int) -> tuple[int, int]:
    """The span of a trial, half open and of whole minutes; by default the year up to now.

    Raises:
        NotAccepted: it is empty or too long.
    """
    end = min(now_ms if to_ms is None else to_ms, now_ms) // MINUTE_MS * MINUTE_MS
    begin = max(end - USUAL_MS, 0) if from_ms is None else from_ms // MINUTE_MS * MINUTE_MS
    if not 0 < end - begin <= LONGEST_MS:
        remedy = "let it lie at least a minute and at most 400 days before to_ms and now"
        raise NotAccepted(Fault("from_ms", "makes no span", remedy), "span")
    return begin, end


def tried_at(rule: Rule, station: str | None, from_ms: int) -> Rule:
    """The rule as if it had held from an instant on, at one station or in all its scope: what it
    needs to know of the time before it knows, and what began before does not count.
    """
    scope = rule.scope if station is None else structs.replace(rule.scope, id=station)
    return replace(rule, scope=scope, valid_from_ms=from_ms, valid_until_ms=FOR_EVER_MS)


def bound(rule: Rule, seen: Sequence[Readings]) -> int:
    """No fewer alerts than a rule raises on what it sees: rows beyond a limit that last."""
    found = 0
    for t, value in seen:
        for limit in rule.limits:
            if rule.kind == "absence":
                found += int(np.count_nonzero(np.diff(t) > limit.for_ms)) + 1
                continue
            assert limit.limit is not None
            beyond = limit.sign * value > limit.sign * limit.limit
            edges = np.flatnonzero(np.diff(beyond, prepend=False, append=False))
            lasted = t[edges[1::2] - 1] - t[edges[::2]]
            found += int(np.count_nonzero(lasted >= limit.for_ms))
    return found


def silences(t: Instants, end_ms: int, least_ms: float) -> Readings:
    """Silence in minutes as steps: as high as it will be long, from the reading before it on, and
    0 at the one after it; nothing of ``least_ms`` or less.
    """
    ends = np.append(t[1:], end_ms)
    long = ends - t > least_ms
    at = np.column_stack([t[long], ends[long]]).ravel()
    minutes = np.round((ends - t)[long] / MINUTE_MS, 1)
    return at, np.column_stack([minutes, np.zeros(len(minutes))]).ravel()


def turns(seen: Readings) -> Readings:
    """Of what keeps its value for long only where it takes another one."""
    t, value = seen
    new = np.diff(value, prepend=np.nan) != 0
    return t[new], value[new]


def thinned(seen: Readings, from_ms: int, to_ms: int, points: int) -> Readings:
    """About so many points that keep the extremes of every stretch."""
    t, value = seen
    nothing = np.zeros(len(t), np.uint8)
    good = np.full(len(t), Quality.GOOD, np.uint8)
    track = drawn(Track(t, value, good, nothing, t), from_ms, to_ms, points)
    return track.t, track.value
