"""The rule document: scope, levels and their limits; strict loading of a rules file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from alerting.alert import About, Level
from config.catalogue.shapes import Catalogue, Identifier, Station, Text
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS, Kind

Kinds = Literal["threshold", "rate", "absence"]
WHOLE_STATION = "*"
"""Stands for the indicator in the series of a rule about a whole station."""

FOR_EVER_MS = 1 << 62
LONGEST_WINDOW_MS = 7 * 86_400_000

_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d+)(ms|s|m|h|d)")


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """Which stations a rule names; what is left out does not restrict."""

    kind: Kind | None = None
    river: str | None = None
    area: str | None = None
    id: str | None = None

    def names(self, station: Station) -> bool:
        """Whether the station lies in scope."""
        pairs = (
            (self.kind, station.kind),
            (self.river, station.river),
            (self.area, station.area),
            (self.id, station.id),
        )
        return all(want is None or want == have for want, have in pairs)


class _Clear(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    below: float | None = None
    above: float | None = None
    lasting: str = "0s"


class _Level(Struct, frozen=True, forbid_unknown_fields=True, rename={"lasting": "for"}):
    level: Literal["notice", "warning", "alarm", "critical"]
    above: float | None = None
    below: float | None = None
    lasting: str = "0s"
    clear: _Clear | None = None
    basis: str | None = None


class _Rule(Struct, frozen=True, forbid_unknown_fields=True, rename={"levels": "level"}):
    id: Identifier
    name: Text
    kind: Kinds
    reason: Text
    levels: Annotated[list[_Level], Meta(min_length=1)]
    indicator: str | None = None
    basis: str = ""
    window: str | None = None
    stations: Scope = field(default_factory=Scope)
    version: Annotated[int, Meta(ge=1)] = 1


@dataclass(frozen=True, slots=True)
class Limit:
    """One level of a rule. Limits are in the indicator's unit; NaN-free; times in ms.

    ``sign`` is +1 where the level lies above its limit and -1 where it lies below, so that
    ``sign * value > sign * limit`` means beyond. An absence has no limit (None).
    """

    level: Level
    limit: float | None
    sign: int
    for_ms: int
    clear_limit: float | None
    clear_for_ms: int
    basis: str = ""
    """The standard and class behind the limit, in words for people."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force, as the engine reads it."""

    id: str
    version: int
    name: str
    kind: Kinds
    about: About
    indicator: str
    """Empty for an absence of the whole station."""
    scope: Scope
    reason: str
    limits: tuple[Limit, ...]
    window_ms: int = 0
    """A threshold looks at the mean over it (0: at the value), a rate at the change over it."""
    valid_from_ms: int = 0
    """Readings from then on are judged by it, UTC epoch ms."""
    valid_until_ms: int = FOR_EVER_MS
    """And before then."""

    def series(self, catalogue: Catalogue) -> list[str]:
        """Series that the rule is bound to."""
        found = []
        for station in catalogue.stations.values():
            if not self.scope.names(station):
                continue
            if not self.indicator:
                found.append(f"{station.id}/{WHOLE_STATION}")
            elif self.indicator in catalogue.plans[station.id]:
                found.append(f"{station.id}/{self.indicator}")
        return found


def load(path: Path, catalogue: Catalogue, *, elsewhere: bool = False) -> tuple[Rule, ...]:
    """Every rule of a file. ``elsewhere``: the catalogue stands for some place, which lies at
    whatever river and area a rule names; rules that do not fit it are left out, and no faults.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    rows = _rows(path)
    faults: list[Fault] = []
    rules: dict[str, Rule] = {}
    for index, row in enumerate(rows, start=1):
        where = f"{path.name}: rule[{index}]"
        rule = _read(row, where, faults)
        if rule is None:
            continue
        if elsewhere:
            rule = replace(rule, scope=Scope(kind=rule.scope.kind, id=rule.scope.id))
        if rule.id in rules:
            faults.append(Fault(f"{where}.id", f"{rule.id!r} stands twice", "give it its own id"))
        if not rule.series(catalogue) and not elsewhere:
            what = "names no station that measures it"
            faults.append(Fault(f"{where}.stations", what, "widen the scope or drop the rule"))
        rules[rule.id] = rule
    if faults:
        raise FaultyInput(faults)
    return tuple(rule for rule in rules.values() if rule.series(catalogue))


def document(path: Path) -> dict[str, Any]:
    """A rules file as it is written.

    Raises:
        FaultyInput: it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        fault = Fault(str(path), "cannot be read", "name an existing rules file")
        raise FaultyInput([fault]) from error
    except UnicodeDecodeError as error:
        raise FaultyInput([Fault(path.name, "is not UTF-8", "save it as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise FaultyInput([Fault(path.name, str(error), "mend the TOML")]) from error


def _rows(path: Path) -> list[Any]:
    rows = document(path).get("rule", [])
    if not isinstance(rows, list):
        raise FaultyInput([Fault(f"{path.name}: rule", "is not a list", "write [[rule]]")])
    return rows


def _read(row: Any, where: str, faults: list[Fault]) -> Rule | None:
    try:
        text = msgspec.convert(row, _Rule)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        at = where + place.strip("`").removeprefix("$")
        faults.append(Fault(at, what, "see the rule kinds in docs/rules.md"))
        return None
    before = len(faults)
    _check_indicator(text, where, faults)
    window_ms = _window(text, f"{where}.window", faults)
    limits = []
    for index, level in enumerate(text.levels, start=1):
        limits.append(_limit(level, text, f"{where}.level[{index}]", faults))
    if len(faults) > before:
        return None
    return Rule(
        id=text.id,
        version=text.version,
        name=text.name,
        kind=text.kind,
        about="maintenance" if text.kind == "absence" else "pollution",
        indicator=text.indicator or "",
        scope=text.stations,
        reason=text.reason,
        limits=tuple(limits),
        window_ms=window_ms,
    )


def _window(text: _Rule, where: str, faults: list[Fault]) -> int:
    if text.window is not None and text.kind == "absence":
        faults.append(Fault(where, "does not belong to an absence", "leave it out"))
    elif text.window is not None:
        window_ms = milliseconds(text.window, where, faults)
        if not 0 < window_ms <= LONGEST_WINDOW_MS:
            faults.append(Fault(where, "is no window", 'write a duration up to 7 days, e.g. "1h"'))
        return window_ms
    elif text.kind == "rate":
        faults.append(Fault(where, "is missing", 'say over how long, e.g. window = "1h"'))
    return 0


def _check_indicator(text: _Rule, where: str, faults: list[Fault]) -> None:
    if text.kind == "absence":
        if text.indicator is not None:
            remedy = "leave it out: an absence speaks of the whole station"
            faults.append(Fault(f"{where}.indicator", "does not belong to an absence", remedy))
    elif text.indicator not in INDICATORS:
        what = f"unknown indicator {text.indicator!r}"
        faults.append(Fault(f"{where}.indicator", what, "use an HJ 524/525 code, e.g. w21003"))


def _limit(text: _Level, rule: _Rule, where: str, faults: list[Fault]) -> Limit:
    for_ms = milliseconds(text.lasting, f"{where}.for", faults)
    clear = text.clear or _Clear()
    clear_for = milliseconds(clear.lasting, f"{where}.clear.for", faults)
    level = Level[text.level.upper()]
    if rule.kind == "absence":
        if for_ms == 0:
            faults.append(Fault(f"{where}.for", "is missing", 'say how long, e.g. for = "10m"'))
        if text.above is not None or text.below is not None or text.clear is not None:
            faults.append(Fault(where, "an absence has no limits", "keep level and for only"))
        return Limit(level, None, 1, for_ms, None, 0)
    if (text.above is None) == (text.below is None):
        faults.append(Fault(where, "needs a limit", "give exactly one of above and below"))
        return Limit(level, 0.0, 1, for_ms, 0.0, clear_for)
    sign = 1 if text.above is not None else -1
    limit = text.above if text.above is not None else text.below
    assert limit is not None
    clear_limit, wrong = (clear.below, clear.above) if sign > 0 else (clear.above, clear.below)
    if wrong is not None or (clear_limit is not None and sign * clear_limit > sign * limit):
        remedy = "put it on the good side of the limit"
        faults.append(Fault(f"{where}.clear", "lies beyond the limit", remedy))
    clears = limit if clear_limit is None else clear_limit
    basis = rule.basis if text.basis is None else text.basis
    return Limit(level, limit, sign, for_ms, clears, clear_for, basis)


def duration(ms: int) -> str:
    """A duration as a rule writes it, in the largest unit in which it is whole."""
    whole = (name for name, size in reversed(_UNITS_MS.items()) if ms % size == 0)
    unit = next(whole) if ms else "s"
    return f"{ms // _UNITS_MS[unit]}{unit}"


def milliseconds(text: str, where: str, faults: list[Fault]) -> int:
    """A duration as a rule writes it; 0, and a fault, where it is none."""
    found = _DURATION.fullmatch(text)
    if not found:
        faults.append(Fault(where, f"{text!r} is not a duration", 'write e.g. "30s", "10m", "3h"'))
        return 0
    return int(found[1]) * _UNITS_MS[found[2]]
