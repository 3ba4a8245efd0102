"""Readings as of a journal number: what a store has for certain, and the journal behind it.

A server shows a fresh write late; nothing but charts may rely on reading it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from ingest.journal import Entry, Journal
from ingest.store.protocol import Store, Track


def tracks_as_of(
    n: int, journal: Journal, store: Store, series: Sequence[str], from_ms: int, to_ms: int
) -> list[Track]:
    """Of each series every reading of ``from_ms <= t < to_ms`` that the journal has up to ``n``;
    of one instant the first stands. The store may hold some more.
    """
    after = store.firm()
    parts = {name: [store.track(name, from_ms, to_ms)] for name in series}
    while entries := [entry for entry in journal.read(after) if entry.n <= n]:
        for entry in entries:
            for name in set(entry.columns.names) & parts.keys():
                parts[name].append(_rows(entry, name, from_ms, to_ms))
        after = entries[-1].n
    return [_joined(parts[name]) for name in series]


def _rows(entry: Entry, name: str, from_ms: int, to_ms: int) -> Track:
    columns = entry.columns
    of = columns.series == columns.names.index(name)
    rows = columns.where(of & (columns.t >= from_ms) & (columns.t < to_ms))
    return Track(rows.t, rows.value, rows.quality, rows.cause, rows.received)


def _joined(parts: Sequence[Track]) -> Track:
    whole = Track(
        *(np.concatenate([getattr(part, of.name) for part in parts]) for of in fields(Track))
    )
    first = np.unique(whole.t, return_index=True)[1]
    return Track(*(getattr(whole, of.name)[first] for of in fields(Track)))
