"""What the kinds of rules ask of a document: which keys, what they mean, the forms of levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from alerting.alert import Level
from alerting.rules.conditions import baseline, trend
from alerting.rules.conditions.baseline import Cusum, Departure
from alerting.rules.conditions.combined import Combined, Condition
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.propagation import Arrival
from alerting.rules.conditions.standard import Standard
from alerting.rules.conditions.state import State
from alerting.rules.conditions.trend import Trend
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.rule import Kinds, Scope, Signals
from config.catalogue.shapes import Identifier, Text, WaterClass
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.time import DAY_MS

SHORT_MS, LONG_MS = 7 * DAY_MS, 400 * DAY_MS
"""The longest windows: of readings, and of means."""
UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": DAY_MS}
_DURATION = re.compile(r"(\d{1,15})(ms|s|m|h|d)")
Side = Literal[1, -1]
Count = Annotated[int, Meta(ge=1)]


class ClearText(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    """What ends an alert, as written."""

    below: float | None = None
    above: float | None = None
    lasting: str = "0s"


class LevelText(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    """A level as written."""

    level: Literal["notice", "warning", "alarm", "critical"]
    above: float | None = None
    below: float | None = None
    by: Count | None = None
    within: str | None = None
    at_least: Count | Literal["all", "any"] | None = None
    lasting: str | None = None
    clear: ClearText | None = None
    basis: str | None = None


class CusumText(Struct, frozen=True, forbid_unknown_fields=True):
    """Of a baseline, as written."""

    slack: Annotated[float, Meta(ge=0)] = 0.5
    over: str = "7d"


class ConditionText(Struct, frozen=True, forbid_unknown_fields=True):
    """A member of a combined rule, as written."""

    indicator: str
    above: float | None = None
    below: float | None = None
    window: str | None = None
    change: bool = False


class RuleText(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"levels": "level", "conditions": "condition"},
):
    """A rule as written."""

    id: Identifier
    name: Text
    kind: Kinds
    reason: Text
    levels: Annotated[list[LevelText], Meta(min_length=1)]
    indicator: str | None = None
    basis: str = ""
    stations: Scope = field(default_factory=Scope)
    version: Count = 1
    window: str | None = None
    averaging: Literal["hour", "day"] | None = None
    target: Literal["station"] | WaterClass | None = None
    significance: Annotated[float, Meta(gt=0, lt=1)] | None = None
    season: Literal["none", "week"] | None = None
    limit: float | None = None
    towards: Literal["above", "below"] | None = None
    cusum: CusumText | None = None
    travel: tuple[str, str] | None = None
    conditions: Annotated[list[ConditionText], Meta(min_length=1, max_length=8)] | None = None
    states: Annotated[list[str], Meta(min_length=1)] | None = None


KEYS: dict[Kinds, tuple[str, ...]] = {
    "threshold": ("indicator", "window"),
    "rate": ("indicator", "window"),
    "standard": ("averaging", "target"),
    "trend": ("indicator", "window", "significance", "season", "limit", "towards"),
    "baseline": ("indicator", "window", "cusum"),
    "propagation": ("indicator", "window", "travel"),
    "combined": ("conditions",),
    "state": ("indicator", "states"),
    "absence": (),
}
"""What each kind has beside its levels."""
_NEEDED: dict[Kinds, tuple[str, ...]] = {
    "threshold": ("indicator",),
    "rate": ("indicator", "window"),
    "standard": (),
    "trend": ("indicator", "window"),
    "baseline": ("indicator",),
    "propagation": ("indicator", "window", "travel"),
    "combined": ("conditions",),
    "state": (),
    "absence": (),
}
_OWN_KEYS = sorted({key for keys in KEYS.values() for key in keys})
_DEFAULT_STATES = (
    "calibration", "maintenance", "stopped", "fault", "supplies_out", "no_sample", "unknown_state",
    "purge", "power_failure",
)  # fmt: skip
"""In which an instrument measures nothing."""
_LEVEL_KEYS = ("above", "below", "by", "within", "at_least")


def misplaced(text: RuleText, where: str) -> Iterator[Fault]:
    """Keys that the kind does not have, and those that it misses."""
    for key in _OWN_KEYS:
        given = getattr(text, key) is not None
        name = key.removesuffix("s") if key == "conditions" else key
        if given and key not in KEYS[text.kind]:
            what = f"does not belong to a rule of kind {text.kind}"
            yield Fault(f"{where}.{name}", what, "leave it out; see docs/rules.md")
        if not given and key in _NEEDED[text.kind]:
            yield Fault(f"{where}.{name}", "is missing", f"a {text.kind} needs it: docs/rules.md")
    if text.indicator is not None and text.indicator not in INDICATORS:
        what = f"unknown indicator {text.indicator!r}"
        yield Fault(f"{where}.indicator", what, "use an HJ 524/525 code, e.g. w21003")
    if text.kind == "standard" and text.stations.kind is None:
        yield Fault(f"{where}.stations.kind", "is missing", 'say kind = "air" or "water"')
    if text.kind == "standard" and text.target is not None and text.stations.kind == "air":
        yield Fault(f"{where}.target", "is a class of water", "leave it out for air")


def signal_of(text: RuleText, where: str, faults: list[Fault]) -> Signals | None:
    """What a rule looks at; it holds where there is no fault. None: at the readings."""
    reader = _READERS.get(text.kind)
    return reader(text, where, faults) if reader else None


def _mean(text: RuleText, where: str, faults: list[Fault]) -> Mean | None:
    if text.window is None:
        return None
    return Mean(window_ms=_window(text, where, faults))


def _change(text: RuleText, where: str, faults: list[Fault]) -> Change:
    return Change(window_ms=_window(text, where, faults))


def _standard(text: RuleText, _where: str, _faults: list[Fault]) -> Standard:
    least = min((row.by or 1) - 1.0 if row.above is None else row.above for row in text.levels)
    return Standard(text.averaging or "hour", text.target or "station", least)


def _trend(text: RuleText, where: str, faults: list[Fault]) -> Trend:
    return Trend(
        window_ms=_days(text, where, faults, trend.LEAST),
        significance=text.significance or 0.05,
        season=text.season or "none",
        limit=text.limit,
        towards=text.towards or "above",
    )


def _baseline(text: RuleText, where: str, faults: list[Fault]) -> Departure:
    cusum = None
    if text.cusum is not None:
        over_ms = _span(text.cusum.over, f"{where}.cusum.over", LONG_MS, faults)
        if over_ms % UNITS_MS["h"]:
            faults.append(Fault(f"{where}.cusum.over", "is no whole hours", 'write e.g. "7d"'))
        cusum = Cusum(slack=text.cusum.slack, over_ms=over_ms)
    window_ms = 28 * DAY_MS
    if text.window is not None:
        window_ms = _days(text, where, faults, baseline.LEAST)
    return Departure(window_ms=window_ms, cusum=cusum, sign=_side(text, where, faults))


def _arrival(text: RuleText, where: str, faults: list[Fault]) -> Arrival:
    shortest, longest = (
        _span(each, f"{where}.travel[{at}]", SHORT_MS, faults)
        for at, each in enumerate(text.travel or (), 1)
    )
    if shortest > longest:
        faults.append(Fault(f"{where}.travel", "ends before it begins", "shortest time first"))
    window_ms, side = _window(text, where, faults), _side(text, where, faults)
    return Arrival(window_ms=window_ms, travel_ms=(shortest, longest), sign=side)


def _combined(text: RuleText, where: str, faults: list[Fault]) -> Combined:
    members = [
        _condition(row, f"{where}.condition[{at}]", faults)
        for at, row in enumerate(text.conditions or (), 1)
    ]
    needs = tuple(_need(level, len(members)) for level in text.levels)
    return Combined(conditions=tuple(members), at_least=needs)


def _state(text: RuleText, where: str, faults: list[Fault]) -> State:
    return State(states=tuple(_states(text, where, faults)))


_READERS: dict[Kinds, Callable[[RuleText, str, list[Fault]], Signals | None]] = {
    "threshold": _mean,
    "rate": _change,
    "standard": _standard,
    "trend": _trend,
    "baseline": _baseline,
    "propagation": _arrival,
    "combined": _combined,
    "state": _state,
}


def limit_of(text: LevelText, rule: RuleText, where: str, faults: list[Fault]) -> Limit:
    """A level; it holds where there is no fault."""
    level = Level[text.level.upper()]
    for_ms = milliseconds(text.lasting or "0s", f"{where}.for", faults)
    clear = text.clear or ClearText()
    clear_for = milliseconds(clear.lasting, f"{where}.clear.for", faults)
    basis = rule.basis if text.basis is None else text.basis
    form = form_of(rule)
    for key in _LEVEL_KEYS:
        if getattr(text, key) is not None and key not in form:
            what = f"does not belong to this rule of kind {rule.kind}"
            faults.append(Fault(f"{where}.{key}", what, "see docs/rules.md"))
    if rule.kind in ("absence", "state"):
        if for_ms == 0:
            faults.append(Fault(f"{where}.for", "is missing", 'say how long, e.g. for = "10m"'))
        if text.clear is not None:
            what = f"does not belong to a rule of kind {rule.kind}"
            faults.append(Fault(f"{where}.clear", what, "leave it out"))
        limit = None if rule.kind == "absence" else 0.0
        return Limit(level, limit, 1, for_ms, limit, 0, basis)
    sign, limit = _limit(text, rule, form, where, faults)
    clears, wrong = (clear.below, clear.above) if sign > 0 else (clear.above, clear.below)
    if wrong is not None or (clears is not None and sign * clears > sign * limit):
        remedy = "put it on the good side of the limit"
        faults.append(Fault(f"{where}.clear", "lies beyond the limit", remedy))
    return Limit(level, limit, sign, for_ms, limit if clears is None else clears, clear_for, basis)


def form_of(rule: RuleText) -> Sequence[str]:
    """Keys that say the limit of a level, of which one is to be given."""
    if rule.kind in ("absence", "state"):
        return ()
    if rule.kind == "standard":
        return ("above",) if rule.stations.kind == "air" else ("by",)
    if rule.kind == "trend" and rule.limit is not None:
        return ("within",)
    return ("at_least",) if rule.kind == "combined" else ("above", "below")


def _limit(
    text: LevelText, rule: RuleText, form: Sequence[str], where: str, faults: list[Fault]
) -> tuple[Side, float]:
    """Side and limit of a level."""
    if form == ("by",):
        return 1, (text.by or 1) - 1.0
    if form == ("at_least",):
        most = len(rule.conditions or ())
        need = _need(text, most)
        if need > most:
            remedy = f"ask for {most} or fewer"
            faults.append(Fault(f"{where}.at_least", "asks for more than there are", remedy))
        return 1, need - 1.0
    if form == ("within",):
        if text.within is None:
            faults.append(Fault(f"{where}.within", "is missing", 'say within = "30d"'))
            return -1, 0.0
        return -1, _span(text.within, f"{where}.within", 10 * LONG_MS, faults) / DAY_MS
    given = [value for key in form if (value := getattr(text, key)) is not None]
    if len(given) != 1:
        what = "give exactly one of above and below" if len(form) > 1 else "give above"
        faults.append(Fault(where, "needs a limit", what))
        return 1, 0.0
    return (1 if text.above is not None else -1), float(given[0])


def _need(level: LevelText, of: int) -> int:
    """How many conditions must hold."""
    if level.at_least is None or level.at_least == "all":
        return of
    return 1 if level.at_least == "any" else level.at_least


def _side(text: RuleText, where: str, faults: list[Fault]) -> Side:
    below = {level.below is not None for level in text.levels}
    if len(below) > 1:
        what = "lie on both sides"
        faults.append(Fault(f"{where}.level", what, "write a rule for each side"))
    return -1 if below == {True} else 1


def _condition(text: ConditionText, where: str, faults: list[Fault]) -> Condition:
    if text.indicator not in INDICATORS:
        what = f"unknown indicator {text.indicator!r}"
        faults.append(Fault(f"{where}.indicator", what, "use an HJ 524/525 code, e.g. w21003"))
    if (text.above is None) == (text.below is None):
        faults.append(Fault(where, "needs a limit", "give exactly one of above and below"))
    if text.change and text.window is None:
        faults.append(Fault(f"{where}.window", "is missing", "a change is over a window"))
    window_ms = 0
    if text.window is not None:
        window_ms = _span(text.window, f"{where}.window", SHORT_MS, faults)
    limit = text.above if text.above is not None else text.below
    return Condition(
        indicator=text.indicator,
        sign=1 if text.above is not None else -1,
        limit=0.0 if limit is None else limit,
        window_ms=window_ms,
        change=text.change,
    )


def _states(text: RuleText, where: str, faults: list[Fault]) -> Iterator[int]:
    known = {cause.name.lower(): cause for cause in Cause if 0 < cause < 20}
    for name in text.states or _DEFAULT_STATES:
        if name in known:
            yield int(known[name])
        else:
            remedy = f"use one of {', '.join(known)}"
            faults.append(Fault(f"{where}.states", f"unknown state {name!r}", remedy))


def _window(text: RuleText, where: str, faults: list[Fault], longest_ms: int = SHORT_MS) -> int:
    return _span(text.window or "", f"{where}.window", longest_ms, faults)


def _days(text: RuleText, where: str, faults: list[Fault], least: int) -> int:
    """A window of whole days."""
    found = _window(text, where, faults, LONG_MS)
    if found % DAY_MS or found < least * DAY_MS:
        remedy = f'write whole days, {least} or more, e.g. "60d"'
        faults.append(Fault(f"{where}.window", f"is no window of a {text.kind}", remedy))
    return found


def _span(text: str, where: str, longest_ms: int, faults: list[Fault]) -> int:
    """A duration that is a window: not nothing, and not too long."""
    before = len(faults)
    found = milliseconds(text, where, faults)
    if not 0 < found <= longest_ms and len(faults) == before:
        remedy = f'write a duration up to {longest_ms // DAY_MS} days, e.g. "1h"'
        faults.append(Fault(where, "is no window", remedy))
    return found


def duration(ms: int) -> str:
    """A duration as a rule writes it, in the largest unit in which it is whole."""
    whole = (name for name, size in reversed(UNITS_MS.items()) if ms % size == 0)
    unit = next(whole) if ms else "s"
    return f"{ms // UNITS_MS[unit]}{unit}"


def milliseconds(text: str, where: str, faults: list[Fault]) -> int:
    """A duration as a rule writes it; 0, and a fault, where it is none."""
    found = _DURATION.fullmatch(text)
    if not found:
        faults.append(Fault(where, f"{text!r} is not a duration", 'write e.g. "30s", "10m", "3h"'))
        return 0
    return int(found[1]) * UNITS_MS[found[2]]
