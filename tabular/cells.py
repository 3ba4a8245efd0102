"""The texts of a CSV file as instants, numbers and units. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured

_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_LOOSE = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ] ?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?",
    re.ASCII,
)
_PARTS = (1, 3, 4, 5, 6, 7)
_MISSING = {"": Cause.SENTINEL, "na": Cause.SENTINEL, "nan": Cause.NOT_A_NUMBER}
_SIZES = {
    "ug/m3": ("mass in air", 1.0),
    "mg/m3": ("mass in air", 1000.0),
    "ug/l": ("mass in water", 1.0),
    "mg/l": ("mass in water", 1000.0),
}


def instant(text: str, zone: ZoneInfo) -> int | None:
    """UTC epoch ms of a time as ISO 8601 writes it, or as ``2026/3/1 8:00``; without an offset it
    is the zone's. None where it is no time.
    """
    try:
        at = _moment(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone)
        return (at - _EPOCH) // _MS
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    if found := _LOOSE.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in found.group(*_PARTS))
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows
    behind_day = text[10:11] if text[4:5] == "-" else text[8:9]
    if behind_day not in ("T", "t", " "):  # Python's own reading takes any sign there
        raise ValueError(text)
    return datetime.fromisoformat(text)


def measured(
    text: str, marks: frozenset[str], numbers: frozenset[float], factor: float
) -> Measured | None:
    """A cell times ``factor``; ``marks`` and ``numbers`` stand for a missing value. None where it
    is neither a number nor missing.
    """
    if text in marks:
        return Measured(None, Cause.SENTINEL)
    try:
        value = float(text)
    except ValueError:
        cause = _MISSING.get(text.lower())
        return Measured(None, cause) if cause is not None else None
    if value in numbers:
        return Measured(None, Cause.SENTINEL)
    if math.isnan(value):
        return Measured(None, Cause.NOT_A_NUMBER)
    if math.isinf(value) or "_" in text:  # Python reads 1_000
        return None
    return Measured(value * factor, Cause.NORMAL)


def numbers_of(marks: frozenset[str]) -> frozenset[float]:
    """Those of the marks that are numbers: -999 is meant by -999.0 too."""
    found = set()
    for mark in marks:
        try:
            found.add(float(mark))
        except ValueError:
            continue
    return frozenset(number for number in found if not math.isnan(number))


def factor(given: str, own: str) -> float | None:
    """The factor that turns a value in the given unit into the indicator's own; None where one
    does not follow from the other.
    """
    given, own = _plain(given), _plain(own)
    if given == own:
        return 1.0
    of, size = _SIZES.get(given, ("", 0.0))
    of_own, size_own = _SIZES.get(own, ("?", 1.0))
    return size / size_own if of == of_own else None


def convertible(own: str) -> tuple[str, ...]:
    """Units that ``factor`` turns into an indicator's own, its own aside."""
    return tuple(unit for unit in _SIZES if factor(unit, own) not in (None, 1.0))


def _plain(unit: str) -> str:
    """µ and μ, ³ and 3, ℃ and °C, l and L are each one."""
    known = unicodedata.normalize("NFKC", unit).replace("μ", "u")
    return known.replace(" ", "").lower()
