"""The flags that checks give, as findings to be written. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from config.vocabulary.quality import Cause, Quality
from ingest.annotations.findings import Finding, Judgement
from ingest.quality.checks import Flags
from ingest.quality.flagging import Layer, Series, Station, flag
from ingest.quality.spans import Span


def judgement_of(name: str, layer: Layer, view: Station, span: Span, at_ms: int) -> Judgement:
    """The findings of a layer of checks in a span of a series; ``view`` is of its station."""
    code = name.partition("/")[2]
    low, high = max(span[0], 0), span[1] + 1
    came, flagged = view.series[code], flag(view, code, [layer])
    inside = (came.t >= low) & (came.t < high)
    found = _findings(name, layer, came, flagged, inside, at_ms)
    return Judgement(name, layer, low, high, tuple(found), at_ms)


def _findings(
    name: str, layer: Layer, came: Series, flagged: Series, inside: Flags, at_ms: int
) -> Iterator[Finding]:
    """Runs of readings of which the checks say one thing that they did not come with."""
    said = flagged.quality.astype(np.int64) << 8 | flagged.cause
    said[~inside | (flagged.quality == came.quality) & (flagged.cause == came.cause)] = 0
    edges = np.flatnonzero(np.diff(said, prepend=0, append=0))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if word := int(said[first]):
            span = (int(came.t[first]), int(came.t[end - 1]) + 1)
            yield Finding(name, layer, *span, Quality(word >> 8), Cause(word & 255), at_ms)
