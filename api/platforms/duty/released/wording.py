"""Released suggestions in words, and the instants of a feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.platforms.duty.released.records import Released
from config.catalogue.words import Words

_NO_DAY = date(2020, 1, 1)


def result(words: Words, of: Released) -> str:
    """The class that the unit claims, in words."""
    return words(f"duty.publication.result-{of.result}")


def instant(day: date | None) -> str:
    """The beginning of a day in the district, as a feed writes it."""
    return f"{(day or _NO_DAY).isoformat()}T00:00:00+08:00"


def updated(found: Sequence[Released]) -> str:
    """When a feed changed last: it says no more than the days of its entries."""
    return instant(found[0].day if found else None)
