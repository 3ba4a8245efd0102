"""The means by which a kind of rule says something to people."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from config.catalogue.words import Words

ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ", "劣V": "劣Ⅴ"}
"""Classes of water as people write them."""
_NO_GAP = re.compile("(?<=[，。；：、（）“”]) | (?=[，。；：、（）“”])|(?<=[一-鿿]) (?=[一-鿿])")


@dataclass(frozen=True, slots=True)
class Language:
    """The texts of a language, and how it says a span of so many ms."""

    words: Words
    duration: Callable[[int], str]


def spaced(text: str) -> str:
    """A text without spaces beside Chinese punctuation and between Chinese characters."""
    return _NO_GAP.sub("", text)
