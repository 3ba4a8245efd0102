"""What a trial is of, and a rule as an officer would have it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alerting.backtest import Caught, Difference, Outcome, Readings
from alerting.limit import Limit
from alerting.rulebook import Version
from alerting.rules import FOR_EVER_MS, Rule, Scope
from api.platforms.environment.reviews.records import NotAccepted
from config.vocabulary.errors import Fault

MINUTE_MS, DAY_MS = 60_000, 86_400_000
USUAL_MS, LONGEST_MS = 365 * DAY_MS, 400 * DAY_MS
LONGEST_FOR_MS = 30 * DAY_MS
MOST_ALERTS = 3000
"""More would be no help to anybody, and their counting takes seconds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A level as it shall be; limits in the indicator's unit, durations in ms."""

    level: str
    limit: float
    for_ms: int
    clear_limit: float
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
class Told:
    """A version for a page: what is different in it, in words, and whether it holds now."""

    version: Version
    lines: tuple[str, ...]
    holds: bool


def drafted(rule: Rule, wanted: Sequence[Wanted], known: Sequence[Rule] = ()) -> Rule:
    """A threshold rule with other levels, as its next version. A standard stays behind the limit
    that it names, in this version or one that is ``known``; behind another one there is none.

    Raises:
        NotAccepted: it is no threshold, or the first thing that does not hold.
    """
    if rule.kind != "threshold":
        fault = Fault("rule", f"is of kind {rule.kind}", "tune a threshold rule")
        raise NotAccepted(fault, "kind")
    names = [limit.level.name.lower() for limit in rule.limits]
    if [row.level for row in wanted] != names:
        remedy = f"give those of the rule, each once and in order: {', '.join(names)}"
        raise NotAccepted(Fault("levels", "are not those of the rule", remedy), "levels")
    bases = {
        (limit.level, limit.limit): limit.basis for each in (rule, *known) for limit in each.limits
    }
    limits = []
    for place, (limit, row) in enumerate(zip(rule.limits, wanted, strict=True)):
        basis = bases.get((limit.level, row.limit), "")
        limits.append(replace(_limit(limit, row, f"levels[{place}]"), basis=basis))
    return replace(rule, version=rule.version + 1, limits=tuple(limits))


def _limit(limit: Limit, wanted: Wanted, where: str) -> Limit:
    for name in ("limit", "clear_limit"):
        if not math.isfinite(getattr(wanted, name)):
            fault = Fault(f"{where}.{name}", "is no finite number", "give one, such as 1.2")
            raise NotAccepted(fault, "number")
    for name in ("for_ms", "clear_for_ms"):
        if not 0 <= getattr(wanted, name) <= LONGEST_FOR_MS:
            remedy = f"give milliseconds from 0 to {LONGEST_FOR_MS} (30 days)"
            raise NotAccepted(Fault(f"{where}.{name}", "is out of range", remedy), "duration")
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


def tried_at(rule: Rule, station: str | None) -> Rule:
    """The rule as if it had held at all times, at one station or in all its scope."""
    scope = rule.scope if station is None else Scope(id=station)
    return replace(rule, scope=scope, valid_from_ms=0, valid_until_ms=FOR_EVER_MS)


def bound(rule: Rule, readings: Sequence[Readings]) -> int:
    """No fewer alerts than a threshold raises: rows of readings beyond a limit that last."""
    found = 0
    for t, value in readings:
        seen = _means(t, value, rule.window_ms) if rule.window_ms else value
        for limit in rule.limits:
            assert limit.limit is not None
            beyond = limit.sign * seen > limit.sign * limit.limit
            edges = np.flatnonzero(np.diff(beyond, prepend=False, append=False))
            lasted = t[edges[1::2] - 1] - t[edges[::2]]
            found += int(np.count_nonzero(lasted >= limit.for_ms))
    return found


def _means(
    t: NDArray[np.int64], value: NDArray[np.float64], window_ms: int
) -> NDArray[np.float64]:
    """Nearly those of the engine, by a running sum: good enough to see what is too much."""
    begin = np.searchsorted(t, t - window_ms, "right")
    total = np.concatenate([[0.0], np.cumsum(value)])
    found: NDArray[np.float64] = (total[1:] - total[begin]) / (np.arange(1, len(t) + 1) - begin)
    return found
