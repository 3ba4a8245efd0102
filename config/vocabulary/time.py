"""Spans of time in ms, and the time zone of the districts."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
FOR_EVER_MS = 1 << 62
"""Later than every instant, UTC epoch ms."""

SHANGHAI = "Asia/Shanghai"
ZONE = ZoneInfo(SHANGHAI)
"""In which days begin and people read times."""
EAST_MS = 8 * HOUR_MS
"""``ZONE`` is so far ahead of UTC in all years of which anything is kept."""


def day_of(t_ms: int) -> str:
    """The district's day of an instant, ISO text."""
    return datetime.fromtimestamp(t_ms / 1000, ZONE).date().isoformat()


def begins_ms(day: date) -> int:
    """The instant at which a day of the district begins."""
    return round(datetime.combine(day, time.min, ZONE).timestamp() * 1000)


def midnight_ms(t_ms: int) -> int:
    """When the district's day of an instant began."""
    return begins_ms(date.fromisoformat(day_of(t_ms)))
