"""The points of a curve: readings, or means of hours or days. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.platforms.environment.charted import Drawn, Wish
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS
from ingest.journal.columns import compared
from ingest.standards.aggregates import Means
from ingest.store.downsampling import drawn
from ingest.store.protocol import Track

OZONE = "a05024"
READINGS_UPTO_MS, HOURS_UPTO_MS = 8 * DAY_MS, 62 * DAY_MS
"""The longest spans of which a chart draws every reading, and means of hours."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Columns by time, UTC epoch ms; NaN where there is no value. ``counted`` are good readings,
    or means of which enough was measured; ``share`` of each mean's span was, 0 to 1; readings have
    none.
    """

    drawn: Drawn
    t: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    cause: NDArray[np.uint8]
    counted: NDArray[np.bool_]
    share: NDArray[np.float64]

    def judged(self) -> NDArray[np.float64]:
        """The values that count, as rules compare it."""
        return compared(self.value[self.counted], self.cause[self.counted])


def drawn_of(wish: Wish, span_ms: int) -> Drawn:
    """The kind that is drawn of a span: the longer, the coarser, unless somebody wishes it so."""
    if wish != "auto":
        return wish
    if span_ms <= READINGS_UPTO_MS:
        return "readings"
    return "hour" if span_ms <= HOURS_UPTO_MS else "day"


def of_readings(track: Track) -> Curve:
    """Readings as they were judged."""
    counted = (track.quality == Quality.GOOD) & np.isfinite(track.value)
    nothing = np.empty(0)
    return Curve("readings", track.t, track.value, track.quality, track.cause, counted, nothing)


def of_means(kind: Drawn, parts: list[Means]) -> Curve:
    """Means of spans that follow each other."""
    t = np.concatenate([part.begin_ms for part in parts])
    value = np.concatenate([part.value for part in parts])
    valid = np.concatenate([part.valid for part in parts])
    share = np.concatenate([part.share for part in parts])
    quality = np.full(len(t), Quality.GOOD, np.uint8)
    cause = np.full(len(t), Cause.NORMAL, np.uint8)
    return Curve(kind, t, value, quality, cause, valid & np.isfinite(value), share)


def thinned(curve: Curve, from_ms: int, to_ms: int, points: int) -> Curve:
    """About so many readings that show the same; means stay as they are."""
    if curve.drawn != "readings":
        return curve
    track = Track(curve.t, curve.value, curve.quality, curve.cause, curve.t)
    return of_readings(drawn(track, from_ms, to_ms, points))


def is_of_8_hours(code: str, drawn: Drawn) -> bool:
    """Whether a day is judged by its largest mean of 8 hours instead of by its mean."""
    return code == OZONE and drawn == "day"
