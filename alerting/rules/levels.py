"""The forms in which a level writes its limit, read and written. Pure.

A form is the keys of which a level gives one: ``SIDED`` a value of the unit of what the rule sees,
``BY`` and ``AT_LEAST`` whole numbers of which the limit is one less, ``WITHIN`` a duration that is
a limit in days, ``NONE`` where a level says only how long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from alerting.alert import Level
from alerting.rules.conditions.limit import Limit
from alerting.rules.durations import LONG_MS, duration, milliseconds, span
from alerting.rules.texts import ClearText, LevelText
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS

Form = tuple[str, ...]
SIDED: Form = ("above", "below")
ABOVE: Form = ("above",)
BY: Form = ("by",)
AT_LEAST: Form = ("at_least",)
WITHIN: Form = ("within",)
NONE: Form = ()
_KEYS = (*SIDED, *BY, *WITHIN, *AT_LEAST)
Side = Literal[1, -1]


def form_name(form: Form) -> str:
    """The key that says the limit; "limit" for above and below, "" for none."""
    return "" if not form else "limit" if "above" in form else form[0]


def side_of(levels: list[LevelText], where: str, faults: list[Fault]) -> Side:
    """The side of their limits on which all levels of a rule lie."""
    below = {level.below is not None for level in levels}
    if len(below) > 1:
        what = "lie on both sides"
        faults.append(Fault(f"{where}.level", what, "write a rule for each side"))
    return -1 if below == {True} else 1


def need(level: LevelText, of: int) -> int:
    """How many of so many a level asks for."""
    if level.at_least is None or level.at_least == "all":
        return of
    return 1 if level.at_least == "any" else level.at_least


def by(level: LevelText) -> int:
    """How many classes worse a level asks for."""
    return level.by or 1


def limit_of(
    text: LevelText, basis: str, form: Form, kind: str, most: int, where: str, faults: list[Fault]
) -> Limit:
    """A level of a rule of a ``kind`` and ``form``; it holds where there is no fault. ``most`` is
    the largest number that AT_LEAST may ask for.
    """
    level = Level[text.level.upper()]
    for_ms = milliseconds(text.lasting or "0s", f"{where}.for", faults)
    clear = text.clear or ClearText()
    clear_for = milliseconds(clear.lasting, f"{where}.clear.for", faults)
    basis = basis if text.basis is None else text.basis
    for key in _KEYS:
        if getattr(text, key) is not None and key not in form:
            what = f"does not belong to this rule of kind {kind}"
            faults.append(Fault(f"{where}.{key}", what, "see docs/rules.md"))
    if not form:
        if for_ms == 0:
            faults.append(Fault(f"{where}.for", "is missing", 'say how long, e.g. for = "10m"'))
        if text.clear is not None:
            what = f"does not belong to a rule of kind {kind}"
            faults.append(Fault(f"{where}.clear", what, "leave it out"))
        return Limit(level, 0.0, 1, for_ms, 0.0, 0, basis)
    sign, limit = _READERS[form](text, most, where, faults)
    clears, wrong = (clear.below, clear.above) if sign > 0 else (clear.above, clear.below)
    if wrong is not None or (clears is not None and sign * clears > sign * limit):
        remedy = "put it on the good side of the limit"
        faults.append(Fault(f"{where}.clear", "lies beyond the limit", remedy))
    return Limit(level, limit, sign, for_ms, limit if clears is None else clears, clear_for, basis)


def _sided(text: LevelText, _most: int, where: str, faults: list[Fault]) -> tuple[Side, float]:
    given = [value for value in (text.above, text.below) if value is not None]
    if len(given) != 1:
        faults.append(Fault(where, "needs a limit", "give exactly one of above and below"))
        return 1, 0.0
    return (1 if text.above is not None else -1), float(given[0])


def _above(text: LevelText, _most: int, where: str, faults: list[Fault]) -> tuple[Side, float]:
    if text.above is None:
        faults.append(Fault(where, "needs a limit", "give above"))
    return 1, float(text.above or 0.0)


def _by(text: LevelText, _most: int, _where: str, _faults: list[Fault]) -> tuple[Side, float]:
    return 1, by(text) - 1.0


def _at_least(text: LevelText, most: int, where: str, faults: list[Fault]) -> tuple[Side, float]:
    asked = need(text, most)
    if asked > most:
        remedy = f"ask for {most} or fewer"
        faults.append(Fault(f"{where}.at_least", "asks for more than there are", remedy))
    return 1, asked - 1.0


def _within(text: LevelText, _most: int, where: str, faults: list[Fault]) -> tuple[Side, float]:
    if text.within is None:
        faults.append(Fault(f"{where}.within", "is missing", 'say within = "30d"'))
        return -1, 0.0
    return -1, span(text.within, f"{where}.within", faults, 10 * LONG_MS) / DAY_MS


_READERS: dict[Form, Callable[[LevelText, int, str, list[Fault]], tuple[Side, float]]] = {
    SIDED: _sided,
    ABOVE: _above,
    BY: _by,
    AT_LEAST: _at_least,
    WITHIN: _within,
}


def written(limit: Limit, form: Form) -> dict[str, Any]:
    """A level as a document writes it."""
    found: dict[str, Any] = {
        "level": limit.level.name.lower(),
        "for": duration(limit.for_ms),
        "basis": limit.basis,
    }
    if not form or limit.limit is None:
        return found
    side, good = ("above", "below") if limit.sign > 0 else ("below", "above")
    if form in (BY, AT_LEAST):
        found[form[0]] = int(limit.limit) + 1
    elif form == WITHIN:
        found["within"] = duration(round(limit.limit * DAY_MS))
    else:
        found[side] = limit.limit
    return found | {"clear": {good: limit.clear_limit, "for": duration(limit.clear_for_ms)}}
