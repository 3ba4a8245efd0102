"""Plans block reads: few requests, over holes, never into what a device forbids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from config.catalogue.shapes import Instrument

MOST_HOLE = 16
"""Unwanted registers worth reading to save a request; a request costs about as much as these."""


class Block(NamedTuple):
    """One request; ``first`` is numbered as the manual numbers registers."""

    first: int
    words: int


def wanted(instrument: Instrument) -> list[Block]:
    """The spans of registers that an instrument's values take, by address."""
    spans = [Block(row.address, row.words) for row in instrument.registers]
    if instrument.state:
        spans.append(Block(instrument.state.address, 1))
    return sorted(spans)


def plan(spans: Sequence[Block], most: int, forbidden: Sequence[tuple[int, int]]) -> list[Block]:
    """Group spans, ascending by address, into requests.

    A request has at most ``most`` registers, crosses holes of at most ``MOST_HOLE`` and touches no
    ``forbidden`` range (first and last address, both included).
    """
    blocks: list[Block] = []
    for span in spans:
        end = span.first + span.words
        if blocks:
            last = blocks[-1]
            reach = last.first + last.words
            joined = max(end, reach) - last.first
            hole = span.first - reach
            if joined <= most and hole <= MOST_HOLE and not _touches(reach, end, forbidden):
                blocks[-1] = Block(last.first, joined)
                continue
        blocks.append(span)
    return blocks


def _touches(first: int, end: int, forbidden: Sequence[tuple[int, int]]) -> bool:
    return any(low < end and high >= first for low, high in forbidden)
