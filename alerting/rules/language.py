"""The means by which a kind of rule says something to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.catalogue.words import Words


def detected(_series: str, _at_ms: int) -> float | None:
    """Where no readings are at hand: none is known to lie below detection."""
    return None


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of a language, and how it says a span of so many ms. ``below`` gives the detection
    limit of a reading, by "station/indicator" and its instant, UTC epoch ms; None of one above it.
    """

    words: Words
    duration: Callable[[int], str]
    below: Callable[[str, int], float | None] = detected
