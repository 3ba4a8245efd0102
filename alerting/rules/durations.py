"""Durations as a rule writes them: "30s", "10m", "3h", "60d"."""

from __future__ import annotations

import re

from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS

SHORT_MS, LONG_MS = 7 * DAY_MS, 400 * DAY_MS
"""The longest windows: of readings, and of means."""
_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": DAY_MS}
_DURATION = re.compile(r"(\d{1,15})(ms|s|m|h|d)")


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


def span(text: str, where: str, faults: list[Fault], longest_ms: int = SHORT_MS) -> int:
    """A duration that is a window: not nothing, and not too long; ms."""
    before = len(faults)
    found = milliseconds(text, where, faults)
    if not 0 < found <= longest_ms and len(faults) == before:
        remedy = f'write a duration up to {longest_ms // DAY_MS} days, e.g. "1h"'
        faults.append(Fault(where, "is no window", remedy))
    return found


def whole_days(text: str, where: str, faults: list[Fault], *, least: int, kind: str) -> int:
    """A window of whole days, ``least`` or more; ms."""
    found = span(text, where, faults, LONG_MS)
    if found % DAY_MS or found < least * DAY_MS:
        remedy = f'write whole days, {least} or more, e.g. "60d"'
        faults.append(Fault(where, f"is no window of a {kind}", remedy))
    return found
