"""The instants of lines in a file, as programs and people write them. Pure.

No day and month are guessed: where the year comes last, a person says which of the two is first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS

Order = Literal["ymd", "dmy", "mdy"]
"""The order of year, month and day where the year comes last; ``ymd``: it never does."""

_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_DATE = (
    r"(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})"
    r"|(\d{1,2})([-/.])(\d{1,2})\9(\d{4}))"
)
_OFFSET = r"(?: ?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
_TIMED = re.compile(
    _DATE + r"(?:[Tt ] ?(?:([AaPp][Mm]) ?)?(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"(?: ?([AaPp])\.?[Mm]\.?)?" + _OFFSET + ")?",
    re.ASCII,
)
_PLAIN = re.compile(
    r"(\d{4}-\d\d?-\d\d?|\d{4}/\d\d?/\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d))?", re.ASCII
)
"""Nearly all times of long files; this is their short way."""
_COMPACT = re.compile(
    r"(\d{4})([-/.]?)(\d{2})\2(\d{2})[Tt ]?(\d{2})(?:(\d{2})(\d{2})?)?" + _OFFSET, re.ASCII
)
_YEARLESS = re.compile(r"\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2})?(?:[Tt ].*)?", re.ASCII)
_DOTTED = re.compile(r"(.*[ Tt])(\d{1,2})\.(\d{2})\.(\d{2})", re.ASCII)
_IN_CHINESE = str.maketrans(
    {"年": "-", "月": "-", "日": " ", "号": " ", "时": ":", "点": ":", "分": ":", "秒": " "}
)
_HALVES = (("上午", " AM "), ("下午", " PM "))
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?$", re.ASCII)
_A_DAY = "1 day, 0:00:00"
"""24:00 of a workbook."""
_WHOLE = re.compile(r"\.0+$", re.ASCII)


class NoInstant(StrEnum):
    """Why a text is no instant."""

    NO_TIME = "not a time"
    YEARLESS = "a time without a year of four digits"
    YEAR_LAST = "a date whose year comes last"
    PASSED_OVER = "a time that the clocks of the zone pass over"
    TWICE = "a time that the clocks of the zone have twice"


class _Clock(NamedTuple):
    """A date and a time as they are written; ``offset_ms`` None: in the zone."""

    year: int
    month: int
    day: int
    of_day_ms: int
    offset_ms: int | None


def instant(text: str, zone: ZoneInfo, order: Order = "ymd") -> int | NoInstant:
    """UTC epoch ms of a time such as ``2026-03-01T08:00``, ``2026/3/1 8:00``, ``202603010800`` or
    ``2026年3月1日 8时``; without an offset it is the zone's. 24:00 is the end of its day.
    """
    try:
        if found := _PLAIN.fullmatch(text):
            day, hour, minute, second = found.groups()
            day_ms, offset_ms = _day_of(day, zone)
            of_day_ms = _of_day_ms(hour, minute, second, None, None)
        else:
            clock = _clock(text, order)
            if isinstance(clock, NoInstant):
                return clock
            day_ms, offset_ms = _day(clock.year, clock.month, clock.day, zone)
            of_day_ms = clock.of_day_ms
            offset_ms = offset_ms if clock.offset_ms is None else clock.offset_ms
        if offset_ms is None:
            return _changing(day_ms + of_day_ms, zone)
        return day_ms + of_day_ms - offset_ms
    except (ValueError, OverflowError):
        return NoInstant.NO_TIME


def joined(cells: Sequence[str]) -> str:
    """One text of an instant whose parts stand in several columns: date and hour, or year, month,
    day and hour. Where a part is empty it is none.
    """
    if len(cells) == 1 or not all(cells):
        return ",".join(cells)
    parts = [_WHOLE.sub("", cell).replace(_A_DAY, "24:00:00") for cell in cells]
    if len(parts) > 2 and len(parts[0]) == 4:
        parts = ["-".join(parts[:3]), *parts[3:]]
    day, *rest = parts
    if not rest:
        return day
    hour, *finer = rest
    return f"{_MIDNIGHT.sub('', day)} {':'.join([hour, *(part.zfill(2) for part in finer)])}"


def _clock(text: str, order: Order) -> _Clock | NoInstant:
    found = _TIMED.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        plain = _plain(text)
        found = _TIMED.fullmatch(plain) or _COMPACT.fullmatch(plain)
        if found is None:
            return NoInstant.YEARLESS if _YEARLESS.fullmatch(plain) else NoInstant.NO_TIME
    parts = found.groups()
    if found.re is _COMPACT:
        year, _, month, day, hour, minute, second, offset = parts
        of_day_ms = _of_day_ms(hour, minute, second, None, None)
        return _Clock(int(year), int(month), int(day), of_day_ms, _offset_ms(offset))
    date = _date(parts, order)
    if isinstance(date, NoInstant):
        return date
    before, hour, minute, second, fraction, behind, offset = parts[11:]
    of_day_ms = _of_day_ms(hour, minute, second, fraction, before or behind)
    return _Clock(*date, of_day_ms, _offset_ms(offset))


def _date(parts: Sequence[str | None], order: Order) -> tuple[int, int, int] | NoInstant:
    """Year, month and day out of the groups of a date."""
    if parts[0] or parts[4]:
        year, month, day = (parts[0], parts[2], parts[3]) if parts[0] else parts[4:7]
    elif order == "ymd":
        return NoInstant.YEAR_LAST
    else:
        first, second, year = parts[7], parts[9], parts[10]
        month, day = (second, first) if order == "dmy" else (first, second)
    return int(year or 0), int(month or 0), int(day or 0)


def _plain(text: str) -> str:
    """Chinese units as signs, wide signs as narrow ones, one blank for many."""
    for word, half in _HALVES:
        text = text.replace(word, half)
    text = unicodedata.normalize("NFKC", text).translate(_IN_CHINESE)
    text = " ".join(text.split()).rstrip(":-").rstrip().replace(" :", ":")
    dotted = _DOTTED.fullmatch(text)
    return f"{dotted[1]}{dotted[2]}:{dotted[3]}:{dotted[4]}" if dotted else text


def _of_day_ms(
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    half: str | None,
) -> int:
    """Since midnight.

    Raises:
        ValueError: no clock shows it.
    """
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    milliseconds = int((fraction or "0").ljust(3, "0")[:3])
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hour)
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    of_day_ms = hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000 + milliseconds
    if minutes > 59 or seconds > 59 or of_day_ms > DAY_MS:
        raise ValueError(hour)
    return of_day_ms


def _offset_ms(text: str | None) -> int | None:
    if not text:
        return None
    if text[0] not in "+-":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    if minutes >= 24 * 60:
        raise ValueError(text)
    return (-1 if text[0] == "-" else 1) * minutes * MINUTE_MS


@lru_cache(1024)
def _day(year: int, month: int, day: int, zone: ZoneInfo) -> tuple[int, int | None]:
    """Midnight as if it were UTC's, epoch ms, and the zone's offset where that day has one only.

    Raises:
        ValueError, OverflowError: no calendar has it.
    """
    begins = datetime(year, month, day, tzinfo=zone)
    ends = begins + timedelta(days=1)
    offsets = {at.replace(fold=fold).utcoffset() for at in (begins, ends) for fold in (0, 1)}
    day_ms = (begins.replace(tzinfo=UTC) - _EPOCH) // _MS
    only = offsets.pop() if len(offsets) == 1 else None
    return day_ms, None if only is None else only // _MS


@lru_cache(1024)
def _day_of(text: str, zone: ZoneInfo) -> tuple[int, int | None]:
    year, month, day = map(int, text.replace("/", "-").split("-"))
    return _day(year, month, day, zone)


def _changing(clock_ms: int, zone: ZoneInfo) -> int | NoInstant:
    """An instant of a day on which the zone's clocks are set."""
    at = (_EPOCH + clock_ms * _MS).replace(tzinfo=zone)
    first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
    if first is None or second is None:
        raise ValueError(zone.key)
    if first < second:
        return NoInstant.PASSED_OVER
    return NoInstant.TWICE if first > second else clock_ms - first // _MS
