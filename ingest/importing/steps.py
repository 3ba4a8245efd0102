"""The cadence of old records: of each series the median step, stretch by stretch. Pure.

A file that has nothing for a month or more says nothing of that time: what lies before and behind
are stretches of their own, each with the cadence that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from config.catalogue.cadences import CadenceSpan
from config.vocabulary.time import DAY_MS, HOUR_MS

Instants = NDArray[np.int64]

APART_MS = 30 * DAY_MS
"""Records further apart than this are of different stretches."""
FEW = 12
"""So many readings tell no cadence of their own: a stretch of them has that of the series."""
SLOWEST_MS = DAY_MS
"""As in a catalogue: what is measured less often stands for a day."""


def spans_of(series: Mapping[str, Instants], named_ms: int | None = None) -> list[CadenceSpan]:
    """The spans of a file, by the instants at which each indicator has something, in any order and
    UTC epoch ms. A person may name the cadence of all. Of a single reading none is known.
    """
    found: list[CadenceSpan] = []
    for code, every in series.items():
        t = np.unique(every)
        steps = np.diff(t)
        usual_ms = named_ms or _median(steps[steps <= APART_MS])
        for part in np.split(t, np.flatnonzero(steps > APART_MS) + 1) if usual_ms else ():
            own = np.diff(part) if len(part) > FEW else np.array([usual_ms])
            cadence_ms = named_ms or _median(own)
            found.append(_span(code, int(part[0]), int(part[-1]), cadence_ms))
    return found


def _median(steps: Instants) -> int:
    """0 where there is no step."""
    return min(int(np.median(steps)), SLOWEST_MS) if len(steps) else 0


def _span(code: str, first_ms: int, last_ms: int, cadence_ms: int) -> CadenceSpan:
    """In whole hours, so that no hour has two cadences."""
    begin = first_ms // HOUR_MS * HOUR_MS
    end = -(-(last_ms + cadence_ms) // HOUR_MS) * HOUR_MS
    return CadenceSpan(code, begin, end, cadence_ms, "import")


def said(spans: Sequence[CadenceSpan]) -> Iterator[tuple[int, list[str], int, int]]:
    """The cadences of a file: each with its indicators, and from when to when it holds."""
    by_cadence: dict[int, list[CadenceSpan]] = {}
    for span in spans:
        by_cadence.setdefault(span.cadence_ms, []).append(span)
    for cadence_ms, of in sorted(by_cadence.items()):
        codes = list(dict.fromkeys(span.indicator for span in of))
        ends = [span.to_ms for span in of if span.to_ms is not None]
        yield cadence_ms, codes, min(span.from_ms for span in of), max(ends)
