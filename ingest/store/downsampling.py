"""Fewer points that show the same: pure, on a track."""

from __future__ import annotations

import numpy as np

from config.vocabulary.quality import Quality
from ingest.store.protocol import Track


def drawn(track: Track, from_ms: int, to_ms: int, points: int) -> Track:
    """The lowest and the highest value of each of ``points / 2`` spans, and the first reading of
    each flag but the good one: a chart that left it out would hide it.
    """
    if len(track) <= points:
        return track
    width = max((to_ms - from_ms) // max(points // 2, 1), 1)
    span = (track.t - from_ms) // width
    keep = np.zeros(len(track), bool)
    for extreme in (track.value, -track.value):
        order = np.lexsort((np.nan_to_num(extreme, nan=np.inf), span))
        keep[order[np.unique(span[order], return_index=True)[1]]] = True
    doubted = np.flatnonzero(track.quality != Quality.GOOD)
    kinds = span[doubted] * 16 + track.quality[doubted]
    keep[doubted[np.unique(kinds, return_index=True)[1]]] = True
    return track.where(keep)
