"""The texts of a file's cells as numbers and units. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from config.vocabulary.detection import half, undetected
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured

_NO_VALUE = re.compile(r"[-_*/—–－]*|n/?a|#n/a|null|none|nil|无|缺测", re.IGNORECASE)
"""Marks of no value in any file."""
_NO_NUMBERS = frozenset({-9999.0})
"""Numbers that do, however they are written: -9999.00 too."""
_COMMA = re.compile(r"[<＜]?\s*[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+L?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
_POINT = re.compile(r"[+-]?(?:0?|\d+)\.(?:\d{1,2}|\d{4,})|[+-]?0\.\d+", re.ASCII)
"""Decimals behind a point, and none that could be thousands."""
_PER = re.compile(r"(ug|mg|ng|g)(m|l)-([13])")
_SIZES = {
    "ug/m3": ("mass in air", 1.0),
    "mg/m3": ("mass in air", 1000.0),
    "ug/l": ("mass in water", 1.0),
    "mg/l": ("mass in water", 1000.0),
}
_OTHER_UNITS = frozenset(
    {"ng/m3", "g/m3", "ppb", "ppm", "ng/l", "g/l", "ms/cm", "ms/m", "s/m", "k", "°f", "ftu", "fnu"}
)
"""Units in which indicators are measured too, of which none follows from another here."""


class NoNumber(StrEnum):
    """Why a cell is no reading."""

    NUMBER = "not a number"
    LIMIT = "below a detection limit that is not known"


@dataclass(frozen=True, slots=True)
class Marks:
    """How the values of a file are written: what stands for none in it besides what does
    everywhere, and the sign before decimals, ``.`` or ``,``.
    """

    words: frozenset[str] = frozenset()
    numbers: frozenset[float] = _NO_NUMBERS
    decimal: str = "."


def marks_of(words: Iterable[str], decimal: str = ".") -> Marks:
    """Marks as a person names them; -999 is meant by -999.0 too."""
    bare = frozenset(word.strip() for word in words)
    return Marks(bare, _NO_NUMBERS | _numbers_of(bare), decimal)


def measured(
    text: str, marks: Marks, factor: float, limit: float | None = None
) -> Measured | NoNumber:
    """A cell times ``factor``. One below detection is half of the limit that it names, else of
    ``limit`` (in the unit of the result).
    """
    if text in marks.words:
        return Measured(None, Cause.SENTINEL)
    if marks.decimal == ",":
        text = text.replace(".", "_").replace(",", ".")  # no thousands are taken
    try:
        value = float(text)
    except ValueError:
        return _without_number(text, factor, limit)
    if math.isinf(value) or "_" in text:  # Python reads 1_000
        return NoNumber.NUMBER
    if value in marks.numbers:
        return Measured(None, Cause.SENTINEL)
    if math.isnan(value):
        return Measured(None, Cause.NOT_A_NUMBER)
    return Measured(value * factor, Cause.NORMAL)


def _without_number(text: str, factor: float, limit: float | None) -> Measured | NoNumber:
    if _NO_VALUE.fullmatch(text):
        return Measured(None, Cause.SENTINEL)
    below = undetected(text)
    if below is None:
        return NoNumber.NUMBER
    known = limit if below.limit is None else below.limit * factor
    if not known or half(known) <= 0:
        return NoNumber.LIMIT
    return Measured(half(known), Cause.UNDETECTED)


def _numbers_of(marks: Iterable[str]) -> frozenset[float]:
    """Those of the marks that are numbers."""
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


def is_unit(text: str) -> bool:
    """Whether a text is a unit in which something is measured."""
    return _plain(text) in _UNITS


def _plain(unit: str) -> str:
    """µ and μ, ³ and 3, ℃ and °C, l and L, ugm-3 and ug/m3 are each one."""
    known = unicodedata.normalize("NFKC", unit).replace("μ", "u").lower()
    known = re.sub(r"[\s^·.*]", "", known).replace("−", "-")
    per = _PER.fullmatch(known)
    return f"{per[1]}/{per[2]}{per[3].replace('1', '')}" if per else known


_UNITS = (
    frozenset(_plain(of.unit) for of in INDICATORS.values() if of.unit)
    | frozenset(_SIZES)
    | _OTHER_UNITS
)


class Decimals:
    """Looks for decimal commas in a file of points: 7,25 would be refused, 12 be taken, and
    1.234 be a thousandth of itself. Thousands such as 1,234 may be either, until a point is seen.
    """

    def __init__(self, delimiter: str) -> None:
        self._thousands = delimiter == ","
        self._sure: tuple[int, str, str] | None = None
        self._maybe: tuple[int, str, str] | None = None

    def sees(self, cells: Iterable[str]) -> bool:
        """Whether any of these cells has to be seen."""
        return not self._thousands or any("," in text for text in cells)

    def see(self, line: int, column: str, text: str) -> None:
        """A cell."""
        if "," not in text:
            self._thousands = self._thousands or bool(_POINT.fullmatch(text))
        elif _THOUSANDS.fullmatch(text):
            self._maybe = self._maybe or (line, column, text)
        elif not self._sure and _COMMA.fullmatch(text):
            self._sure = line, column, text

    def fault(self, file: str) -> Fault | None:
        """The fault of the file as a whole, None where there is none."""
        found = self._sure or (None if self._thousands else self._maybe)
        if found is None:
            return None
        line, column, text = found
        what = f"line {line}, column {column!r}: {text!r} has a decimal comma"
        return Fault(
            file, what, "say --decimal , for the whole file, or --decimal . if it has none"
        )
