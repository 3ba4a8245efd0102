"""Cells as people write them: exact numbers, money, dates, shares and codes. Pure.

``money``, ``number``, ``integer``, ``share``, ``day`` and ``code`` read one cell: the value, None
where the cell stands for no value, or ``Wrong`` where it holds something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from tabular.sheets import Cell

NOTHING = frozenset({None, "", "-", "--", "—", "——", "–", "/", "无", "－"})
"""Cells that stand for no value, in their usual forms; ``nothing`` knows them all."""
UNITS: Mapping[str, Decimal] = {
    "元": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "十万元": Decimal(100_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
"""Yuan in each unit of money."""
MEASURE = re.compile(
    r"[十百千万亿]*元|[%‰]|[人户个件次份吨亩天岁套台辆只头株米条项]|公顷|公里|平方米|立方米|平方公里"
    r"|人次|件次|小时|无量纲|°?C|NTU|pp[mb]|dB|[kMG]?Wh?|(?:[nuμcmkM]?(?:g|L|m|S|t|mol)[23]?)"
    r"(?:/(?:[cmkd]?(?:L|m|g|h|s|a|d)[23]?))?"
)
"""A unit as it stands in a header, in narrow signs."""
_NO_VALUE = re.compile(r"[-—–―─−_/\\*\s]*|无|空|null|none|n/?a|nan|\(?空白\)?", re.IGNORECASE)
_SHORT_ENOUGH = 20
_NUMBER = re.compile(
    r"[+-]?(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d{1,2})?",
    re.ASCII | re.IGNORECASE,
)
_APOSTROPHE = re.compile(r"^['’‘`]\s*")
_DIGIT = re.compile(r"\d")
_SIMPLE = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_POWER = re.compile(r"[\d.]+e[+-]?\d+", re.ASCII | re.IGNORECASE)
_BRACKETS = re.compile(r"([¥￥$]?)\((.*)\)([^()]{0,3})")
_CURRENCY = re.compile(r"^([+-]?)(?:人民币|RMB|CNY|[¥￥$£€])([+-]?)", re.IGNORECASE)
_UNIT = re.compile(rf"({'|'.join(sorted(UNITS, key=len, reverse=True))}|万|亿|圆)整?$")
_SHORT = {"万": "万元", "亿": "亿元", "圆": "元"}
_TIME = r"(?:[ T]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(\d{{4}})(\d{{2}})(\d{{2}})(?: ?(\d{{2}}):(\d{{2}})(?::(\d{{2}}))?)?{_WEEKDAY}",
        rf"(\d{{4}})([-/.,、_\\])(\d{{1,2}})\2(\d{{1,2}}){_TIME}{_WEEKDAY}",
        rf"(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}{_WEEKDAY}",
        r"(\d{4})年(\d{1,2})月(?:份)?",
        r"(\d{4})[-/.](\d{1,2})",
    )
)
_IN_CHARACTERS = re.compile(r"[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月")
_TENS = re.compile(r"[二三]?十[一二三四五六七八九]?")
_DIGITS = {ord(sign): str(n % 10) for n, sign in enumerate("〇一二三四五六七八九零")} | {
    ord("○"): "0"
}
_DASHES = re.compile(r"[—–‐‑−―]")
_TENTH = re.compile(r"(?:19|20)\d\d\.1")
_MONTH = re.compile(r"(\d{4})(\d{2})", re.ASCII)
_DAY_OR_MONTH = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OF_YEAR = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_IN_ENGLISH = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?P<day>\d{{1,2}})[-/. ]*{_OF_YEAR}[-/. ,]*(?P<year>\d{{4}})",
        rf"{_OF_YEAR}[-/. ]*(?P<day>\d{{1,2}})[, ]+(?P<year>\d{{4}})",
        rf"{_OF_YEAR}[-/. ,]*(?P<year>\d{{4}})",
    )
)
_WITHOUT_YEAR = re.compile(r"\d{1,2}(?:[-/.]\d{1,2}|月(?:\d{1,2}[日号])?)", re.ASCII)
_SHORT_YEAR = re.compile(
    r"\d{1,2}([-/.])\d{1,2}\1\d{1,2}|\d{2}年\d{1,2}月(?:\d{1,2}[日号])?"
    rf"|(?:\d{{1,2}}[-/. ]?)?{_OF_YEAR}[-/. ]?(?:\d{{2}})?",
    re.ASCII | re.IGNORECASE,
)
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(25_569, 73_051)
"""Of Excel, 1970 to 2099: as a date a smaller number is a slip."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_FROM_1904 = 1462
_YEARS = range(1900, 2100)
_KEPT_DIGITS = 15
"""Of a number in a spreadsheet."""


class Wrong(Enum):
    """Ways in which a cell does not hold."""

    NUMBER = "number"
    WHOLE = "whole"
    ROUNDED = "rounded"
    """A power of ten, as a spreadsheet shows a number that is too long for its column."""
    DATE = "date"
    CALENDAR = "calendar"
    """A day that no calendar has."""
    YEAR = "year"
    """A day without a year, or with half of one."""
    ORDER = "order"
    """Day and month in an order that is not clear."""
    DIGITS = "digits"
    """A code that was kept as a number, and lost digits."""


class Order(Enum):
    """Whether day or month comes first where the year comes last."""

    UNKNOWN = "unknown"
    DAY = "day"
    MONTH = "month"


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
    """An exact number; ``percent`` where a sign behind it says so, and the unit of money if the
    cell itself names one.
    """

    value: Decimal
    percent: bool = False
    unit: str = ""


def plain(text: str) -> str:
    """Full-width signs as narrow ones, and no apostrophe in front, by which people keep a
    spreadsheet from taking a text for a number.
    """
    if text.startswith('="') and text.endswith('"'):  # as exports keep a text from being a number
        text = text[2:-1]
    narrow = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _APOSTROPHE.sub("", narrow.strip())


def nothing(cell: Cell) -> bool:
    """Whether a cell stands for no value."""
    if not isinstance(cell, str):
        return cell is None
    return len(cell) < _SHORT_ENOUGH and bool(_NO_VALUE.fullmatch(plain(cell)))


def figure(cell: Cell) -> Figure | None:
    """A number with thousands, currency sign, unit of money, brackets or a sign for a negative
    one, or percent; None where it is none.
    """
    if isinstance(cell, Decimal):
        return Figure(cell)
    if not isinstance(cell, str) or len(cell) > 60 or not _DIGIT.search(cell):
        return None
    if _SIMPLE.fullmatch(cell):
        return Figure(Decimal(cell))
    return _figure(_DASHES.sub("-", plain(cell).replace(" ", "")))


def _figure(text: str) -> Figure | None:
    bracketed = _BRACKETS.fullmatch(text)
    text = "".join(bracketed.groups()) if bracketed else text
    text, unit = _without_unit(_CURRENCY.sub(r"\1\2", text))
    percent = text.endswith("%")
    text = text.removesuffix("%")
    if text.endswith("-") and text[:1].isdigit():
        text = "-" + text[:-1]
    if not _NUMBER.fullmatch(text) or not any(sign.isdigit() for sign in text):
        return None
    value = Decimal(text.replace(",", ""))
    if bracketed and value < 0:
        return None
    return Figure(-value if bracketed else value, percent, unit)


def _without_unit(text: str) -> tuple[str, str]:
    found = _UNIT.search(text)
    if found is None:
        return text, ""
    return text[: found.start()], _SHORT.get(found[1], found[1])


def is_whole(value: Decimal) -> bool:
    """Whether a number has no fraction, however large it is."""
    return value == value.to_integral_value()


def number(cell: Cell) -> Decimal | Wrong | None:
    """An exact number without a unit of money or percent."""
    if nothing(cell):
        return None
    found = figure(cell)
    if found is None or found.percent or found.unit:
        return Wrong.NUMBER
    return Wrong.ROUNDED if _is_rounded(cell) else found.value


def integer(cell: Cell) -> int | Wrong | None:
    """A whole number."""
    found = number(cell)
    if not isinstance(found, Decimal):
        return found
    return int(found) if is_whole(found) else Wrong.WHOLE


def money(cell: Cell, unit: str = "元") -> Decimal | Wrong | None:
    """A sum in yuan out of a cell in a unit of ``UNITS``; a unit in the cell itself wins."""
    if nothing(cell):
        return None
    found = figure(cell)
    if found is None or found.percent:
        return Wrong.NUMBER
    if _is_rounded(cell):
        return Wrong.ROUNDED
    return found.value * UNITS[found.unit or unit]


def share(cell: Cell, scale: Decimal = Decimal(1)) -> Decimal | Wrong | None:
    """Percent: 86.7 out of ``86.7%``, and out of 0.867 where the ``scale`` of numbers without the
    sign is 100.
    """
    if nothing(cell):
        return None
    found = figure(cell)
    if found is None or found.unit:
        return Wrong.NUMBER
    return found.value if found.percent else found.value * scale


def code(cell: Cell) -> str | Wrong | None:
    """A code as it is written, with its leading zeros. A number of more than 15 digits lost the
    last of them when a spreadsheet kept it.
    """
    if nothing(cell):
        return None
    if isinstance(cell, Decimal):
        if is_whole(cell) and abs(cell) >= 10**_KEPT_DIGITS:
            return Wrong.DIGITS
        return f"{cell:f}"
    text = plain(str(cell))
    return Wrong.DIGITS if _is_rounded(text) else text


def day(cell: Cell, order: Order = Order.UNKNOWN) -> Dated | Wrong | None:
    """A date, or a month where no day is written."""
    if nothing(cell):
        return None
    return dated(cell, order) or _undated(cell, order)


def of_1900(cell: Cell) -> Cell:
    """The serial number of a day as workbooks count that begin in 1900, out of one of 1904."""
    if not isinstance(cell, Decimal | str) or not _SERIAL.fullmatch(text := plain(str(cell))):
        return cell
    return Decimal(text) + _FROM_1904


def dated(cell: Cell, order: Order = Order.UNKNOWN) -> Dated | None:
    """A date of which year comes first, also as Excel's serial number; with the order of day and
    month known, also one of which the year comes last. None where it is none, or no calendar has
    it.
    """
    if isinstance(cell, date):
        return Dated(cell.year, cell.month, cell.day)
    if isinstance(cell, Decimal) and _TENTH.fullmatch(str(cell)):
        return None  # 2025.10 as a spreadsheet keeps it
    text = _day_text(cell)
    if text.isascii() and any(sign.isalpha() for sign in text[:5]):
        return _of_english(text)
    if not text or not text[0].isdigit():
        return None
    for form in _DATES:
        found = form.fullmatch(text) or form.fullmatch(text.replace(" ", ""))
        if found:
            parts = [part for part in found.groups()[:4] if part is not None and part.isdigit()]
            return _valid(*(int(part) for part in parts[:3]))
    return _of_digits(text) or _of_order(text, order)


def _of_english(text: str) -> Dated | None:
    """A day or month by its English name, with its whole year."""
    found = next((match for form in _IN_ENGLISH if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    parts = found.groupdict()
    name = next(part for part in found.groups() if part and part.isalpha())
    of_month = int(parts["day"]) if "day" in parts else None
    return _valid(int(parts["year"]), _MONTHS.index(name[:3].lower()) + 1, of_month)


def _of_digits(text: str) -> Dated | None:
    """A month of six digits, or a serial number."""
    if found := _MONTH.fullmatch(text):
        return _valid(int(found[1]), int(found[2])) if int(found[1]) in _YEARS else None
    whole, _, fraction = text.partition(".")
    if len(whole) != 5 or not whole.isascii() or not whole.isdigit() or int(whole) not in _SERIALS:
        return None
    if fraction and not fraction.isdigit():
        return None
    at = _SERIAL_ZERO + timedelta(days=int(whole))
    return Dated(at.year, at.month, at.day)


def _of_order(text: str, order: Order) -> Dated | None:
    """A day of which the year comes last."""
    found = _DAY_OR_MONTH.fullmatch(text) if order is not Order.UNKNOWN else None
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    month, of_month = (second, first) if order is Order.DAY else (first, second)
    return _valid(int(found[4]), month, of_month)


def _day_text(cell: Cell) -> str:
    """A day in narrow signs and digits: 二〇二五年三月二日 is 2025年3月2日."""
    text = plain(str(cell or "")).rstrip(".")
    if text.isascii():
        return text
    if _IN_CHARACTERS.match(text):
        text = _TENS.sub(lambda found: str(_ten(found[0])), text).translate(_DIGITS)
    return _DASHES.sub("-", text)


def _ten(text: str) -> int:
    """Eleven to thirty-one: 十一, 二十, 三十一."""
    tens, _, ones = text.partition("十")
    return 10 * int((tens or "一").translate(_DIGITS)) + int((ones or "〇").translate(_DIGITS))


def order_of(cells: frozenset[str]) -> Order:
    """The order of day and month in a column, where a day over 12 shows it."""
    found = [match for cell in cells if (match := _DAY_OR_MONTH.fullmatch(plain(cell)))]
    first = any(int(match[1]) > 12 for match in found)
    second = any(int(match[3]) > 12 for match in found)
    if first == second:
        return Order.UNKNOWN
    return Order.DAY if first else Order.MONTH


def has_time(cell: Cell) -> bool:
    """Whether a date names a time of the day that is not midnight."""
    found = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", str(cell)) if cell else None
    return found is not None and any(int(part or 0) for part in found.groups())


def _undated(cell: Cell, order: Order) -> Wrong:
    text = _day_text(cell).replace(" ", "")
    spaced = _day_text(cell)
    if any(form.fullmatch(text) or form.fullmatch(spaced) for form in (*_DATES, *_IN_ENGLISH)):
        return Wrong.CALENDAR
    if _DAY_OR_MONTH.fullmatch(plain(str(cell))):
        return Wrong.ORDER if order is Order.UNKNOWN else Wrong.CALENDAR
    if _WITHOUT_YEAR.fullmatch(text) or _SHORT_YEAR.fullmatch(text):
        return Wrong.YEAR
    return Wrong.DATE


def _is_rounded(cell: Cell) -> bool:
    """Of texts alone: a workbook keeps a number's digits however it is shown."""
    return isinstance(cell, str) and bool(_POWER.fullmatch(plain(cell).replace("-", "")))


def _valid(year: int, month: int, day: int | None = None) -> Dated | None:
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return None if day == 0 else Dated(year, month, day)
