"""Instants, spans and classes as people in the district read them, in their language."""

from __future__ import annotations

import re
from datetime import date, datetime

from config.catalogue.words import Words
from config.vocabulary.time import ZONE
from ingest.standards.water import water_class_names

_CLASSES = ("i", "ii", "iii", "iv", "v", "beyond")
"""Ends of the keys, in the order of the standard."""
_PUNCTUATION = r"[\u3001\u3002\u201c\u201d\uff08\uff09\uff0c\uff1a\uff1b]"
_CHARACTER = r"[\u2160-\u2169\u4e00-\u9fff]"
_NO_GAP = re.compile(
    rf"(?<={_PUNCTUATION}) | (?={_PUNCTUATION})|(?<={_CHARACTER}) (?={_CHARACTER})| (?=[ ,.;)]|$)"
)
"""Full-width punctuation; Chinese characters and the numerals of classes."""
_SECOND_MS, _MINUTE_MS, _HOUR_MS, _DAY_MS = 1000, 60_000, 3_600_000, 86_400_000


def day(at_ms: int) -> date:
    """The day of an instant in the district."""
    return datetime.fromtimestamp(at_ms / 1000, ZONE).date()


def instant(words: Words, at_ms: int, now_ms: int) -> str:
    """The time of an instant, with the day where that is not today, and its year where that is
    another one.
    """
    local = datetime.fromtimestamp(at_ms / 1000, ZONE)
    time, today = f"{local:%H:%M:%S}", day(now_ms)
    if local.date() == today:
        return time
    key = "date.this-year" if local.year == today.year else "date.other-year"
    month = words(f"month.{local.month}")
    return words(key, year=local.year, month=month, day=local.day, time=time)


def written(at_ms: int | None) -> str:
    """An instant as spreadsheets read it, in the district's time; empty where there is none."""
    if at_ms is None:
        return ""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZONE):%Y-%m-%d %H:%M:%S}"


def duration(words: Words, span_ms: int) -> str:
    """A span to the second, from an hour on to the minute, from a day on to the hour."""
    step_ms = _SECOND_MS
    for at_least_ms, coarser_ms in ((_HOUR_MS, _MINUTE_MS), (_DAY_MS, _HOUR_MS)):
        if span_ms >= at_least_ms:
            step_ms = coarser_ms
    return exact_duration(words, round(span_ms / step_ms) * step_ms)


def exact_duration(words: Words, span_ms: int) -> str:
    """A span with nothing rounded away."""
    days, rest_ms = divmod(span_ms, _DAY_MS)
    hours, rest_ms = divmod(rest_ms, _HOUR_MS)
    minutes, rest_ms = divmod(rest_ms, _MINUTE_MS)
    parts = [words("duration.days", n=days)] if days else []
    if hours:
        parts.append(words("duration.hours", n=hours))
    if minutes:
        whole = not rest_ms and not parts
        parts.append(words("duration.minutes" if whole else "duration.minutes-of", n=minutes))
    if rest_ms or not parts:
        parts.append(words("duration.seconds", n=f"{rest_ms / 1000:g}"))
    return " ".join(parts)


def water_class(words: Words, name: str) -> str:
    """A class of GB 3838, such as "III", as it stands in a sentence."""
    return words(f"class.{_CLASSES[water_class_names().index(name)]}")


def spaced(text: str) -> str:
    """A text without the spaces that an empty value or two languages of writing leave in it."""
    return _NO_GAP.sub("", text)
