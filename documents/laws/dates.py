"""Days that a text names: 2026年8月15日, 二〇二六年八月十五日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from documents.text.numerals import number_of

_N = "〇零○Ｏ一二三四五六七八九十\\d"
_DAY = re.compile(
    rf"([{_N}]{{4}})\s*年\s*([{_N}]{{1,3}})\s*月\s*([{_N}]{{1,3}})\s*日"
    rf"|(?<!\d)(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}})(?!\d)"
)

_YEARLESS = re.compile(rf"(?<![{_N}])([{_N}]{{1,2}})\s*月\s*([{_N}]{{1,3}})\s*日")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is written; ``day`` is None where the calendar has no such day."""

    day: date | None
    words: str
    begin: int


def days(text: str) -> Iterator[Day]:
    """The days that a text names, in the order of its words."""
    for match in _DAY.finditer(text):
        year, month, of = (number_of(part) for part in match.groups() if part)
        try:
            day = date(year or 0, month or 0, of or 0)
        except ValueError:
            day = None
        yield Day(day, match[0], match.start())


def yearless(text: str) -> Iterator[str]:
    """Days without a year that no year has: 6月31日."""
    dated = [(of.start(), of.end()) for of in _DAY.finditer(text)]
    for match in _YEARLESS.finditer(text):
        if any(begin < match.end() and end > match.start() for begin, end in dated):
            continue
        try:
            date(2024, number_of(match[1]) or 0, number_of(match[2]) or 0)
        except ValueError:
            yield match[0]
