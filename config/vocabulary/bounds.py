"""How large a number, a text or a list may be that comes over the wire.

No honest agent meets one of these. Larger ones do not decode, so whatever decodes can be computed,
stored and shown: 2**53 is the last integer that a double, a browser and every store hold exactly.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

MOST = 2**53
BODY_BYTES = 64 * 1024
"""A larger body is refused before it is parsed; a batch is a quarter of it at most."""
HISTORY_SAMPLES = 100
"""Rows of a batch."""
HELD_BOOTS = 1200
"""Boots that a status names, more than a body has room for; of the others it gives the samples in
number.
"""
MISHAPS = 20
"""The newest of a spool."""
DECLARED = 50
"""Operation states that hold at one instant, the newest."""
FAULTS = 50
"""Of a configuration, the first."""
TEXT = 300
"""Characters of a sentence or a name."""
_CODES, _PARTS = 200, 250

Count = Annotated[int, Meta(ge=0, le=MOST)]
"""A number of things."""
Instant = Annotated[int, Meta(ge=0, le=MOST)]
"""UTC epoch ms. The largest lies far beyond the calendar's end."""
Duration = Annotated[int, Meta(ge=0, le=MOST)]
"""Milliseconds."""
Offset = Annotated[int, Meta(ge=-MOST, le=MOST)]
"""Milliseconds, below zero the other way."""
Seq = Annotated[int, Meta(ge=1, le=MOST)]
"""Of a sample within its boot; the first is 1."""
Code = Annotated[str, Meta(max_length=40)]
"""Of an indicator, e.g. ``w21003``."""
Unit = Annotated[str, Meta(max_length=40)]
"""Of a measurement, e.g. ``mg/L``."""
Boot = Annotated[str, Meta(max_length=32)]
"""32 hex digits."""
Amount = Annotated[float, Meta(ge=0, le=MOST)]
"""Of days or of memory."""
FileName = Annotated[str, Meta(max_length=100)]
"""Without its folder."""
Name = Annotated[str, Meta(max_length=TEXT)]
"""Of a person, an instrument, a logger, a version."""
Text = Annotated[str, Meta(max_length=TEXT)]
"""A sentence for people."""
PerCode = Meta(max_length=_CODES)
"""A mapping by indicator: a station has dozens."""
PerPart = Meta(max_length=_PARTS)
"""A mapping by instrument, logger or kind of packet: a bus has 247 addresses."""
PerRow = Meta(max_length=HISTORY_SAMPLES)
"""A column of a batch."""


def cut(text: str) -> str:
    """A sentence as long as one may be."""
    return text if len(text) <= TEXT else text[: TEXT - 1] + "…"
