"""Instants and spans as people in the district read them."""

from __future__ import annotations

from datetime import date, datetime

from config.catalogue.words import Words
from config.vocabulary.time import ZONE

_SECOND_MS, _MINUTE_MS, _HOUR_MS, _DAY_MS = 1000, 60_000, 3_600_000, 86_400_000


def day(at_ms: int) -> date:
    """The day of an instant in the district."""
    return datetime.fromtimestamp(at_ms / 1000, ZONE).date()


def instant(at_ms: int, now_ms: int) -> str:
    """The time of an instant, with the day where that is not today, and its year where that is
    another one.
    """
    local = datetime.fromtimestamp(at_ms / 1000, ZONE)
    time, today = f"{local:%H:%M:%S}", day(now_ms)
    if local.date() == today:
        return time
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {time}"


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
