"""Spans of time in which readings arrived. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import Instants

APART_MS = 12 * HOUR_MS
"""Readings that arrived together and lie further apart are judged apart."""
Span = tuple[int, int]
"""First and last instant, UTC epoch ms."""


def spans_of(t: Instants) -> list[Span]:
    """Instants in any order as spans that lie further apart than APART_MS."""
    low, high = int(t.min()), int(t.max())
    if high - low <= APART_MS:
        return [(low, high)]
    t = np.unique(t)
    edges = np.flatnonzero(np.diff(t) > APART_MS)
    first, last = np.concatenate([[0], edges + 1]), np.concatenate([edges, [len(t) - 1]])
    return list(zip(t[first].tolist(), t[last].tolist(), strict=True))


def wider(span: Span, by_ms: int) -> Span:
    """So much longer at either end."""
    return span[0] - by_ms, span[1] + by_ms


def merged(spans: Sequence[Span]) -> list[Span]:
    """In order, those together that lie no further apart than APART_MS."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span[0] - found[-1][1] <= APART_MS:
            found[-1] = (found[-1][0], max(found[-1][1], span[1]))
        else:
            found.append(span)
    return found
