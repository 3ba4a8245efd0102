"""Readings as of a journal number: the durable part of a store, and the journal behind it.

A server shows a fresh write late; nothing but charts may rely on reading it there. Findings and
corrections are laid over both in the end, so it does not matter where a reading is found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ingest.annotations.overlay import Said, lay, track_of
from ingest.journal.log import Journal
from ingest.store import line_protocol
from ingest.store.protocol import Store, Track


class AsOf:
    """Some series up to journal number ``n``; the journal's part is read once, at the making.
    ``said`` tells what is laid over a span of a series, nothing by default.
    """

    def __init__(
        self,
        n: int,
        journal: Journal,
        store: Store,
        series: Collection[str],
        said: Callable[[str, int, int], Said] = lambda *_: Said(),
    ) -> None:
        self._store, self._said = store, said
        self._behind: dict[str, list[Track]] = {name: [] for name in series}
        after = store.firm()
        while entries := [entry for entry in journal.read(after) if entry.n <= n]:
            for entry in entries:
                for name in self._behind.keys() & set(entry.columns.names):
                    self._behind[name].append(track_of(entry.columns, name))
            after = entries[-1].n

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """Every reading of ``from_ms <= t < to_ms``; at one instant the first stands. The store
        may hold some that came later.
        """
        return self._whole(series, self._store.track(series, from_ms, to_ms), from_ms, to_ms)

    def tracks(self, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Track]:
        """The same of some, a short span of them."""
        kept = self._store.tracks(series, from_ms, to_ms)
        return {name: self._whole(name, kept[name], from_ms, to_ms) for name in series}

    def _whole(self, series: str, kept: Track, from_ms: int, to_ms: int) -> Track:
        behind = Track.joined([line_protocol.track({}), *self._behind[series]])
        inside = (behind.t >= from_ms) & (behind.t < to_ms)
        whole = Track.joined([kept, behind.where(inside)])
        return lay(whole, self._said(series, from_ms, to_ms))
