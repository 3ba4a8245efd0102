"""The means by which a kind of rule says something to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of a language, and how it says a span of so many ms."""

    words: Words
    duration: Callable[[int], str]
