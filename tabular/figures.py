"""Cells as people write them: exact numbers and dates. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tabular.sheets import Cell

NOTHING = frozenset({None, "", "-", "--", "—", "——", "–", "/", "无", "－"})
"""Cells that stand for no value."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?", re.ASCII)
_BRACKETS = re.compile(r"\((.*)\)")
_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(\d{4})(\d{2})(\d{2})",
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
        r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]",
        r"(\d{4})年(\d{1,2})月(?:份)?",
        r"(\d{4})[-/.](\d{1,2})",
    )
)
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(25_569, 73_051)
"""Of Excel, 1970 to 2099: as a date a smaller number is a slip."""


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A date of which the day may be unknown."""

    year: int
    month: int
    day: int | None = None

    def __str__(self) -> str:
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Figure:
    """An exact number; ``percent`` where a sign behind it says so."""

    value: Decimal
    percent: bool = False


def plain(text: str) -> str:
    """Full-width signs as narrow ones, and no apostrophe in front, by which people keep a
    spreadsheet from taking a text for a number.
    """
    return unicodedata.normalize("NFKC", text).strip().removeprefix("'").removeprefix("’").strip()


def figure(cell: Cell) -> Figure | None:
    """A number with thousands, currency sign, brackets for a negative one, or percent; None where
    it is none.
    """
    if isinstance(cell, Decimal):
        return Figure(cell)
    if not isinstance(cell, str):
        return None
    text = plain(cell).replace(" ", "")
    bracketed = _BRACKETS.fullmatch(text)
    text = (bracketed[1] if bracketed else text).lstrip("¥￥$").removesuffix("元")
    percent = text.endswith("%")
    text = text.removesuffix("%")
    text = text.replace("−", "-")
    if not _NUMBER.fullmatch(text) or not any(sign.isdigit() for sign in text):
        return None
    value = Decimal(text.replace(",", ""))
    if bracketed and value < 0:
        return None
    return Figure(-value if bracketed else value, percent)


def dated(cell: Cell) -> Dated | None:
    """A date of which year comes first, also as Excel's serial number; None where it is none, or
    no calendar has it.
    """
    if isinstance(cell, date):
        return Dated(cell.year, cell.month, cell.day)
    text = plain(str(cell or "")).replace(" ", " ")
    for form in _DATES:
        found = form.fullmatch(text) or form.fullmatch(text.replace(" ", ""))
        if found:
            return _valid(*(int(part) for part in found.groups() if part.isdigit()))
    if text.isascii() and text.isdigit() and int(text) in _SERIALS:
        at = _SERIAL_ZERO + timedelta(days=int(text))
        return Dated(at.year, at.month, at.day)
    return None


def _valid(year: int, month: int, day: int | None = None) -> Dated | None:
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return None if day == 0 else Dated(year, month, day)
