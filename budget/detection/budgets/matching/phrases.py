"""Words that speak for a matter, and phrases that take them back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from budget.detection.budgets.matching.coding import plain

Pattern = re.Pattern[str] | None
"""Any of some words; None of no words."""


def pattern(words: Iterable[str]) -> Pattern:
    """Any of some words, the longest first; nothing for no words."""
    ordered = sorted(map(plain, words), key=lambda of: (-len(of), of))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None


def found(text: str, words: Pattern, innocent: Pattern) -> str:
    """The first word in a text when innocent phrases are taken out of it, empty for none."""
    if words is None or words.search(text) is None:
        return ""
    left = innocent.sub("\x1f", text) if innocent else text
    hit = words.search(left)
    return hit.group() if hit else ""
