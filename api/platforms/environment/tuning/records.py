"""The subject of a trial, and a rule as an officer would have it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from msgspec import structs

from alerting.backtest.backtest import Caught, Difference, Outcome, Readings
from alerting.evaluation.rule_instance import RuleInstance
from alerting.proposals.laxity import Laxity
from alerting.proposals.repository import Proposal
from alerting.rules import documents, serialising
from alerting.rules.conditions.limit import Limit
from alerting.rules.registry import kind_of
from alerting.rules.repository import Version
from alerting.rules.rule import Rule
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, FOR_EVER_MS, MINUTE_MS
from ingest.store.downsampling import drawn
from ingest.store.protocol import Track

USUAL_MS, LONGEST_MS = 365 * DAY_MS, 400 * DAY_MS
LONGEST_FOR_MS = 30 * DAY_MS
MOST_ALERTS = 3000
"""More would be no help to anybody, and their counting takes seconds."""
HIGHEST, MOST_COUNTED = 1e12, 100
"""Beyond what any limit is."""
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
    """The rule in force and a draft, both tried on the readings of ``from_ms <= t < to_ms``, which
    lie in so many ``hours``; what each has of the alerts that people reviewed; and where the draft
    is ``laxer`` than the standard, everywhere in its scope.
    """

    from_ms: int
    to_ms: int
    readings: int
    hours: int
    now: Outcome
    draft: Outcome
    difference: Difference
    caught_now: Caught
    caught_draft: Caught
    laxer: tuple[Laxity, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The signal of an instance in a span, of how many readings of each member it is made, and the
    hours since the epoch in which there are any.
    """

    readings: Readings
    rows: Mapping[str, int]
    hours: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """The signal of a rule at a target, for a chart: ``code`` is the place's indicator, if it has
    one; ``step_ms`` the time from one instant to the next, as far as nothing is missing.
    """

    code: str
    seen: Readings
    step_ms: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version for a page: what is different in it, in words, whether it holds now, and if not,
    its ``figures`` by which it can be drafted again: levels in order, and fields of the kind by
    path. None where it has other levels or fields than the rule in force. ``confirmed`` is what a
    second person confirmed.
    """

    version: Version
    lines: tuple[str, ...]
    holds: bool
    figures: Mapping[str, Any] | None
    confirmed: Proposal | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """An open proposal for a page: what it changes and where it is laxer than the standard, in
    words; ``stale`` where the rule has changed since, ``own`` where whoever reads it made it.
    """

    proposal: Proposal
    lines: tuple[str, ...]
    laxer: tuple[str, ...]
    stale: bool
    own: bool


def drafted(
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Mapping[str, Any],
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
    form = serialising.form(rule)
    limits = tuple(
        _limit(limit, row, form, f"levels[{target}]")
        for target, (limit, row) in enumerate(zip(rule.limits, wanted, strict=True))
    )
    draft = _read(replace(rule, limits=limits), signal)
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


def _read(rule: Rule, signal: Mapping[str, Any]) -> Rule:
    """A rule with its kind's own fields as they are written: read as a document is."""
    own = serialising.own(rule)
    for name in signal:
        if name not in own:
            known = ", ".join(own) or "nothing"
            fault = Fault(f"look.{name}", "is no field of this rule", f"it has {known}")
            raise NotAccepted(fault, "field")
    faults: list[Fault] = []
    draft = documents.read(serialising.serialised(rule) | dict(signal), "draft", faults)
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
    """The bases of a rule's limits beside their own numbers."""
    kind = kind_of(rule)
    return kind.measure(kind.of(rule))


def _limit(limit: Limit, wanted: Wanted, form: str, where: str) -> Limit:
    for name in ("limit", "clear_limit"):
        _check_figure(getattr(wanted, name), form, f"{where}.{name}")
    for name in ("for_ms", "clear_for_ms"):
        if not 0 <= getattr(wanted, name) <= LONGEST_FOR_MS:
            remedy = f"give milliseconds from 0 to {LONGEST_FOR_MS} (30 days)"
            raise NotAccepted(Fault(f"{where}.{name}", "is out of range", remedy), "duration")
    if not form:
        if wanted.clear_for_ms:
            where, what = f"{where}.clear_for_ms", "is nothing of this kind"
            raise NotAccepted(Fault(where, what, "leave it at 0"), "field")
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
            raise NotAccepted(Fault(where, "is nothing of this kind", "leave it out"), "field")
        return
    if value is None or not abs(value) < HIGHEST:
        raise NotAccepted(Fault(where, "is no finite number", "give one, such as 1.2"), "number")
    if form in COUNTED and (not 0 <= value < MOST_COUNTED or value % 1):
        remedy = f"give one from 0 to {MOST_COUNTED - 1}"
        raise NotAccepted(Fault(where, "is no whole number", remedy), "count")


def check_reason(reason: str) -> None:
    """Refuse a change for which no reason is given.

    Raises:
        NotAccepted: it is empty.
    """
    if not reason.strip():
        remedy = "say why the rule is changed"
        raise NotAccepted(Fault("reason", "is missing", remedy), "reason")


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


def bound(rule: Rule, seen: Mapping[str, Sighting]) -> int:
    """No fewer alerts than a rule raises on what it sees: rows beyond a limit that last."""
    found = 0
    for row in seen.values():
        t, value = row.readings
        for limit in rule.limits:
            if limit.limit is None:
                found += int(np.count_nonzero(np.diff(t) > limit.for_ms)) + 1
                continue
            beyond = limit.sign * value > limit.sign * limit.limit
            edges = np.flatnonzero(np.diff(beyond, prepend=False, append=False))
            lasted = t[edges[1::2] - 1] - t[edges[::2]]
            found += int(np.count_nonzero(lasted >= limit.for_ms))
    return found


def shown(instance: RuleInstance, seen: Readings, from_ms: int, to_ms: int) -> Readings:
    """A span of the signal as a chart shows it."""
    return instance.kind.points(seen, from_ms, to_ms, instance.bindings[0].cadences)


def thinned(seen: Readings, from_ms: int, to_ms: int, points: int) -> Readings:
    """About so many points that keep the extremes of every stretch."""
    t, value = seen
    good = np.full(len(t), Quality.GOOD, np.uint8)
    track = drawn(Track(t, value, good, good, t), from_ms, to_ms, points)
    return track.t, track.value
