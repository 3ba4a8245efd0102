"""The centre's state as an officer reads it."""

from __future__ import annotations

from dataclasses import dataclass

from config.catalogue.shapes import Station
from config.vocabulary.reports import Attempt, StationPulse


@dataclass(frozen=True, slots=True)
class Running:
    """Counts are journal entries (``unstored``, ``unjudged``) and letters."""

    present: bool
    at_ms: int | None
    unstored: int
    unjudged: int
    store_away: bool
    turned_away: int
    deadletters: int
    reasons: tuple[tuple[str, int], ...]
    """Key of the words and number, the most frequent first."""
    stations: tuple[tuple[Station, StationPulse], ...]
    attempts: tuple[Attempt, ...]
    """The newest first."""
