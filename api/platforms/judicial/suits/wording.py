"""Suits against one unit as a table to download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.platforms.judicial.suits.records import COUNTS, Month
from api.web.workbooks import Column, Sheet, Value
from config.catalogue.words import Words


def table(words: Words, name: str, months: Sequence[Month]) -> Sheet:
    """The months of one unit, the newest first."""
    heads = [Column(words("judicial.suits.month"))]
    heads += [Column(words(f"judicial.suits.column-{of}"), "count") for of in COUNTS]
    return Sheet(name, heads, _lines(months))


def _lines(months: Sequence[Month]) -> Iterator[Sequence[Value]]:
    for of in months:
        yield [of.month, of.concluded, of.lost, of.attended]
