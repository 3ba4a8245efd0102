"""Corrections and reviews laid over every read: the same on every store, and the original stays.

A correction gives the readings of its span its value and its flag. A review gives its flag to
those that have a value; one that is missing stays missing, whatever is said of it. They are laid
in the order in which they were decided, so that the latest stands. Nothing is read anew where
nothing was decided.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from config.vocabulary.quality import Cause, Quality
from ingest.corrections import Correction, Corrections, Standing
from ingest.journal import Columns
from ingest.store.drawing import drawn
from ingest.store.protocol import HOUR_MS, Latest, Mean, Store, Track, bucket_ms


def lay(track: Track, corrections: Sequence[Correction]) -> Track:
    """A series as corrected; ``corrections`` are its own, in their order. Doing it again changes
    nothing.
    """
    if not corrections or not len(track):
        return track
    value, quality, cause = track.value.copy(), track.quality.copy(), track.cause.copy()
    for row in corrections:
        inside = (track.t >= row.from_ms) & (track.t < row.to_ms)
        if row.value is None:
            inside &= ~np.isnan(value)
            cause[inside] = Cause.REVIEWED
        else:
            value[inside], cause[inside] = row.value, Cause.CORRECTED
        quality[inside] = row.quality
    return replace(track, value=value, quality=quality, cause=cause)


def track_of(columns: Columns, series: str) -> Track:
    """One series of a batch, in the order of its rows."""
    rows = columns.where(columns.series == columns.names.index(series))
    return Track(rows.t, rows.value, rows.quality, rows.cause, rows.received)


def lay_columns(columns: Columns, standing: Standing) -> Columns:
    """A batch of the journal as corrected."""
    known = [name for name in columns.names if name in standing.by_series]
    if not known:
        return columns
    value, quality, cause = columns.value.copy(), columns.quality.copy(), columns.cause.copy()
    for name in known:
        rows = columns.series == columns.names.index(name)
        laid = lay(track_of(columns, name), standing.by_series[name])
        value[rows], quality[rows], cause[rows] = laid.value, laid.quality, laid.cause
    return replace(columns, value=value, quality=quality, cause=cause)


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A store as corrected. ``original`` is the store without: what writes and compares readings
    of the field must ask that one.
    """

    original: Store
    corrections: Corrections

    @property
    def forgets_ms(self) -> int:
        """See the protocol."""
        return self.original.forgets_ms

    def position(self) -> int:
        """See the protocol."""
        return self.original.position()

    def firm(self) -> int:
        """See the protocol."""
        return self.original.firm()

    def append(self, n: int, columns: Columns) -> None:
        """See the protocol; what is kept is the original."""
        self.original.append(n, columns)

    def put(self, columns: Columns) -> None:
        """See the protocol; what is kept is the original."""
        self.original.put(columns)

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        decided = self.corrections.of(series, from_ms, to_ms)
        return lay(self.original.track(series, from_ms, to_ms), decided)

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol; a corrected value is an extreme or is none."""
        decided = self.corrections.of(series, from_ms, to_ms)
        if not decided:
            return self.original.drawing(series, from_ms, to_ms, points)
        whole = lay(self.original.track(series, from_ms, to_ms), decided)
        return drawn(whole, from_ms, to_ms, points)

    def latest(self) -> list[Latest]:
        """See the protocol. A review mends no clock: which one is newest stays as it was."""
        standing = self.corrections.standing()
        return [
            _newest(row, decided)
            if (decided := standing.of(row.series, row.t_ms, row.t_ms + 1))
            else row
            for row in self.original.latest()
        ]

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        rows = self.original.means(series, from_ms, to_ms, hours)
        standing = self.corrections.standing()
        mended: dict[tuple[str, int], Mean] = {}
        for name in series:
            if decided := standing.of(name, from_ms, to_ms):
                for row in self._touched(name, from_ms, to_ms, hours, decided):
                    mended[name, row.begin_ms] = row
        return [mended.get((row.series, row.begin_ms), row) for row in rows]

    def series(self) -> list[str]:
        """See the protocol."""
        return self.original.series()

    def tidy(self, stop: threading.Event | None = None) -> None:
        """See the protocol."""
        self.original.tidy(stop)

    def drop_before(self, before_ms: int) -> None:
        """See the protocol; corrections go with the months that they speak of."""
        self.original.drop_before(before_ms)
        self.corrections.drop_before(before_ms)

    def close(self) -> None:
        """See the protocol."""
        self.original.close()

    def _touched(
        self,
        series: str,
        from_ms: int,
        to_ms: int,
        hours: int,
        decided: Sequence[Correction],
    ) -> list[Mean]:
        """The buckets that something decided touches, anew."""
        width = hours * HOUR_MS
        first = bucket_ms(min(row.from_ms for row in decided), hours)
        end = bucket_ms(max(row.to_ms for row in decided) - 1, hours) + width
        track = self.original.track(series, max(first, from_ms), min(end, to_ms))
        track = lay(track, decided)
        begins = bucket_ms(track.t, hours)
        return [
            _mean(series, begin, track.where(begins == begin))
            for begin in np.unique(begins).tolist()
            if any(row.from_ms < begin + width and begin < row.to_ms for row in decided)
        ]


def _mean(series: str, begin_ms: int, track: Track) -> Mean:
    good = track.value[track.quality == Quality.GOOD]
    mean = float(np.mean(good)) if len(good) else None
    return Mean(series, begin_ms, mean, len(good), len(track))


def _newest(row: Latest, decided: Sequence[Correction]) -> Latest:
    """The newest reading of a series as corrected."""
    one = Track(
        np.array([row.t_ms]),
        np.array([np.nan if row.value is None else row.value]),
        np.array([row.quality], np.uint8),
        np.array([row.cause], np.uint8),
        np.array([row.received_ms]),
    )
    laid = lay(one, decided)
    return replace(
        row,
        value=None if np.isnan(laid.value[0]) else float(laid.value[0]),
        quality=Quality(int(laid.quality[0])),
        cause=Cause(int(laid.cause[0])),
    )
