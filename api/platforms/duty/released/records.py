"""A released suggestion, and how often the public may ask. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.open_forms.sending import TooMany

A_PAGE = 20
MOST_PAGES = 500
FED = 50
"""Entries of the feed."""
CACHED_S = 60
"""A page that was taken down is gone from every cache after so long."""
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Released:
    """All that the public reads of a suggestion; ``day`` is that of the reply."""

    number: str
    title: str
    body: str
    answer: str
    unit: str
    result: str
    day: date | None


class TooManyVisits(TooMany):
    """An address asks too often."""

    words = "duty.released.many"
