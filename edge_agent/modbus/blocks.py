"""Plans block reads: few requests, over holes, never into what a device forbids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from config.catalogue.oddities import Oddities
from config.catalogue.shapes import SINGLE_BITS, Function, Instrument

MOST_HOLE = 16
"""Unwanted registers worth reading to save a request; a request costs about as much as these."""
MOST_COILS = 2000
"""Coils or discrete inputs in one request (MODBUS Application Protocol V1.1b3, 6.1)."""


class Block(NamedTuple):
    """One request for ``words`` registers, or coils; ``first`` is numbered as in the manual."""

    function: Function
    first: int
    words: int


def wanted(instrument: Instrument) -> list[Block]:
    """The spans that an instrument's values take, by function and address."""
    return sorted(Block(span.function, span.first, span.words) for span in instrument.spans)


def plan(spans: Sequence[Block], oddities: Oddities) -> list[Block]:
    """Group spans, ascending by function and address, into requests.

    A request has at most what the device answers, crosses holes of at most ``MOST_HOLE`` words and
    touches nothing that is forbidden.
    """
    blocks: list[Block] = []
    for span in spans:
        joined = _joined(blocks[-1], span, oddities) if blocks else None
        if joined:
            blocks[-1] = joined
        else:
            blocks.append(span)
    return blocks


def _joined(last: Block, span: Block, oddities: Oddities) -> Block | None:
    """Both as one request, where the device answers it and the hole is worth it."""
    if span.function != last.function:
        return None
    coils = span.function in SINGLE_BITS
    most, hole = (MOST_COILS, 16 * MOST_HOLE) if coils else (oddities.most_registers, MOST_HOLE)
    reach, end = last.first + last.words, span.first + span.words
    words = max(end, reach) - last.first
    if words > most or span.first - reach > hole or _touches(reach, end, oddities.forbidden):
        return None
    return last._replace(words=words)


def _touches(first: int, end: int, forbidden: Sequence[tuple[int, int]]) -> bool:
    return any(low < end and high >= first for low, high in forbidden)
