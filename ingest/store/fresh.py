"""Readings as of a journal number: what a store has for certain, and the journal behind it.

A server shows a fresh write late; nothing but charts may rely on reading it there. What people
decided is laid over both in the end, so it does not matter where a reading is found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields

import numpy as np

from ingest.corrections import Standing
from ingest.journal import Journal
from ingest.store import lines
from ingest.store.overlay import lay, track_of
from ingest.store.protocol import Store, Track


class AsOf:
    """Some series up to journal number ``n``, as corrected; the journal's part is read once, at
    the making.
    """

    def __init__(
        self, n: int, journal: Journal, store: Store, standing: Standing, series: Collection[str]
    ) -> None:
        self._store, self._standing = store, standing
        self._behind: dict[str, list[Track]] = {name: [] for name in series}
        after = store.firm()
        while entries := [entry for entry in journal.read(after) if entry.n <= n]:
            for entry in entries:
                for name in self._behind.keys() & set(entry.columns.names):
                    self._behind[name].append(track_of(entry.columns, name))
            after = entries[-1].n

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """Every reading of ``from_ms <= t < to_ms``; of one instant the first stands. The store
        may hold some that came later.
        """
        behind = _joined(self._behind[series])
        inside = (behind.t >= from_ms) & (behind.t < to_ms)
        whole = _joined([self._store.track(series, from_ms, to_ms), behind.where(inside)])
        return lay(whole, self._standing.of(series, from_ms, to_ms))


def _joined(parts: Sequence[Track]) -> Track:
    if not parts:
        return lines.track({})
    whole = Track(
        *(np.concatenate([getattr(part, of.name) for part in parts]) for of in fields(Track))
    )
    first = np.unique(whole.t, return_index=True)[1]
    return Track(*(getattr(whole, of.name)[first] for of in fields(Track)))
