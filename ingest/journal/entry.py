"""A record of the journal: its columns, and the sequence numbers that it settles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from config.vocabulary.time import FOR_EVER_MS
from ingest.journal.columns import Columns


class Span(NamedTuple):
    """Seqs from ``first`` to ``last``; their kept samples were taken within ``low_ms`` to
    ``high_ms``. Where nothing is kept, ``low_ms`` lies above ``high_ms``.
    """

    first: int
    last: int
    low_ms: int = FOR_EVER_MS
    high_ms: int = -1


@dataclass(frozen=True, slots=True)
class Settled:
    """Seqs of one boot that a record settles, kept and refused alike."""

    station: str
    boot: str
    oldest: int
    """Lowest seq that the spool still held when it sent them."""
    spans: tuple[Span, ...]
    clashing: tuple[int, ...] = ()
    """Seqs taken at an instant of which another sample of the station may have been kept."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: a batch, or a mark of the instant up to which silence is known."""

    n: int
    columns: Columns
    settled: tuple[Settled, ...]
    upto_ms: int | None
