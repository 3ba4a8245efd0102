"""Findings, corrections and reviews laid over every read: the same on every store, and the
original stays.

A finding gives its flag to readings that came with no worse one. A correction gives the readings
of its span its value and its flag. A review gives its flag to those that have a value; one that is
missing stays missing, whatever is said of it. Corrections are laid over findings, in the order of
their decision, so that the latest stands. Nothing is read anew where nothing was said.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS
from ingest.annotations.corrections import Correction, Corrections, Standing
from ingest.annotations.findings import Finding, Findings
from ingest.annotations.precedence import outranks
from ingest.journal.columns import Columns
from ingest.store.downsampling import drawn
from ingest.store.protocol import Good, Latest, Mean, Retention, Store, Track, bucket_ms

RECENT_MS = 2 * 24 * HOUR_MS
"""Findings of the last two days are read at once, those of a series that fell silent by itself."""
APART = 24
"""Buckets that lie no further apart are read in one go."""


@dataclass(frozen=True, slots=True)
class Said:
    """The annotations of a series, or of a span of it: by the checks, by layer and time, and by
    people, in their order.
    """

    findings: Sequence[Finding] = ()
    corrections: Sequence[Correction] = ()

    def __bool__(self) -> bool:
        return bool(self.findings or self.corrections)

    def spans(self) -> list[tuple[int, int]]:
        """All that it touches, half open, ms."""
        found = [(row.from_ms, row.to_ms) for row in self.findings]
        return found + [(row.from_ms, row.to_ms) for row in self.corrections]


def lay(track: Track, said: Said) -> Track:
    """A series as judged and corrected. Doing it again changes nothing."""
    if not said or not len(track):
        return track
    value, quality, cause = track.value.copy(), track.quality.copy(), track.cause.copy()
    _lay_findings(track, said.findings, quality, cause)
    _lay_corrections(track, said.corrections, value, quality, cause)
    return replace(track, value=value, quality=quality, cause=cause)


def _lay_findings(
    track: Track,
    findings: Sequence[Finding],
    quality: NDArray[np.uint8],
    cause: NDArray[np.uint8],
) -> None:
    order = None if bool(np.all(track.t[1:] >= track.t[:-1])) else np.argsort(track.t)
    t = track.t if order is None else track.t[order]
    first = np.searchsorted(t, [row.from_ms for row in findings])
    last = np.searchsorted(t, [row.to_ms for row in findings])
    present = ~np.isnan(track.value)
    for row, begin, end in zip(findings, first.tolist(), last.tolist(), strict=True):
        rows = np.arange(begin, end) if order is None else order[begin:end]
        rows = rows[present[rows] & outranks(quality[rows], cause[rows], row.quality)]
        quality[rows], cause[rows] = row.quality, row.cause


def _lay_corrections(
    track: Track,
    corrections: Sequence[Correction],
    value: NDArray[np.float64],
    quality: NDArray[np.uint8],
    cause: NDArray[np.uint8],
) -> None:
    for row in corrections:
        inside = (track.t >= row.from_ms) & (track.t < row.to_ms)
        if row.value is None:
            inside &= ~np.isnan(value)
            # One below detection that is good stays below it: its value is half of a limit.
            below = (cause == Cause.UNDETECTED) & (row.quality == Quality.GOOD)
            cause[inside & ~below] = Cause.REVIEWED
        else:
            value[inside], cause[inside] = row.value, Cause.CORRECTED
        quality[inside] = row.quality


def track_of(columns: Columns, series: str) -> Track:
    """One series of a batch, in the order of its rows."""
    rows = columns.where(columns.series == columns.names.index(series))
    return Track(rows.t, rows.value, rows.quality, rows.cause, rows.received)


def lay_columns(
    columns: Columns, standing: Standing, findings: Mapping[str, Sequence[Finding]]
) -> Columns:
    """A batch of the journal as judged and corrected."""
    said = {
        name: Said(findings.get(name, ()), standing.by_series.get(name, ()))
        for name in columns.names
    }
    known = [name for name in columns.names if said[name]]
    if not known:
        return columns
    value, quality, cause = columns.value.copy(), columns.quality.copy(), columns.cause.copy()
    for name in known:
        rows = columns.series == columns.names.index(name)
        laid = lay(track_of(columns, name), said[name])
        value[rows], quality[rows], cause[rows] = laid.value, laid.quality, laid.cause
    return replace(columns, value=value, quality=quality, cause=cause)


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A store as judged and corrected. ``original`` is the store without: what writes and
    compares readings of the field must ask that one.
    """

    original: Store
    corrections: Corrections
    findings: Findings

    @property
    def forgets_ms(self) -> int:
        """See the protocol."""
        return self.original.forgets_ms

    def retention(self) -> Retention | None:
        """See the protocol."""
        return self.original.retention()

    def position(self) -> int:
        """See the protocol."""
        return self.original.position()

    def firm(self) -> int:
        """See the protocol."""
        return self.original.firm()

    def append(self, n: int, columns: Columns) -> None:
        """See the protocol; the original is kept."""
        self.original.append(n, columns)

    def put(self, columns: Columns) -> None:
        """See the protocol; the original is kept."""
        self.original.put(columns)

    def tracks(self, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Track]:
        """See the protocol."""
        return {name: self.track(name, from_ms, to_ms) for name in series}

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        return lay(self.original.track(series, from_ms, to_ms), self._said(series, from_ms, to_ms))

    def good(self, series: str, from_ms: int, to_ms: int) -> Good:
        """See the protocol."""
        if self._said(series, from_ms, to_ms):
            return self.track(series, from_ms, to_ms).good()
        return self.original.good(series, from_ms, to_ms)

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol; a corrected value is an extreme or is none."""
        return drawn(self.track(series, from_ms, to_ms), from_ms, to_ms, points)

    def latest(self) -> list[Latest]:
        """See the protocol. A review mends no clock: which one is newest stays as it was."""
        rows, standing = self.original.latest(), self.corrections.standing()
        recent_ms = max((row.t_ms for row in rows), default=0) - RECENT_MS
        recent = self.findings.touching(recent_ms, FOR_EVER_MS)
        found = []
        for row in rows:
            span = (row.t_ms, row.t_ms + 1)
            old = row.t_ms < recent_ms
            known = self.findings.of(row.series, *span) if old else recent.get(row.series, [])
            said = Said(
                [f for f in known if f.from_ms <= row.t_ms < f.to_ms],
                standing.of(row.series, *span),
            )
            found.append(_newest(row, said) if said else row)
        return found

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        rows = self.original.means(series, from_ms, to_ms, hours)
        standing = self.corrections.standing()
        findings = self.findings.touching(from_ms, to_ms, series)
        mended: dict[tuple[str, int], Mean] = {}
        for name in series:
            if said := Said(findings.get(name, ()), standing.of(name, from_ms, to_ms)):
                for row in self._touched(name, from_ms, to_ms, hours, said):
                    mended[name, row.begin_ms] = row
        return [mended.get((row.series, row.begin_ms), row) for row in rows]

    def series(self) -> list[str]:
        """See the protocol."""
        return self.original.series()

    def tidy(self, stop: threading.Event | None = None) -> None:
        """See the protocol."""
        self.original.tidy(stop)

    def drop_before(self, before_ms: int) -> None:
        """See the protocol; annotations go with their months."""
        self.original.drop_before(before_ms)
        self.corrections.drop_before(before_ms)
        self.findings.drop_before(before_ms)

    def close(self) -> None:
        """See the protocol."""
        self.original.close()

    def _said(self, series: str, from_ms: int, to_ms: int) -> Said:
        findings = self.findings.of(series, from_ms, to_ms)
        return Said(findings, self.corrections.of(series, from_ms, to_ms))

    def _touched(
        self, series: str, from_ms: int, to_ms: int, hours: int, said: Said
    ) -> Iterator[Mean]:
        """The buckets that something said touches, anew."""
        width = hours * HOUR_MS
        begins = set[int]()
        for begin, end in said.spans():
            first, last = bucket_ms(max(begin, from_ms), hours), min(end, to_ms)
            begins.update(range(first, last, width))
        for first, end in _stretches(sorted(begins), width):
            track = lay(self.original.track(series, first, end), said)
            of = bucket_ms(track.t, hours)
            for begin in sorted(begins.intersection(np.unique(of).tolist())):
                yield _mean(series, begin, track.where(of == begin))


def _stretches(begins: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """Spans to be read at once for some buckets: those a little apart are read together."""
    first: int | None = None
    for place, begin in enumerate(begins):
        first = begin if first is None else first
        if place + 1 == len(begins) or begins[place + 1] - begin > APART * width:
            yield first, begin + width
            first = None


def _mean(series: str, begin_ms: int, track: Track) -> Mean:
    good = track.value[track.quality == Quality.GOOD]
    mean = float(np.mean(good)) if len(good) else None
    return Mean(series, begin_ms, mean, len(good), len(track))


def _newest(row: Latest, said: Said) -> Latest:
    """The newest reading of a series as judged and corrected."""
    one = Track(
        np.array([row.t_ms]),
        np.array([np.nan if row.value is None else row.value]),
        np.array([row.quality], np.uint8),
        np.array([row.cause], np.uint8),
        np.array([row.received_ms]),
    )
    laid = lay(one, said)
    return replace(
        row,
        value=None if np.isnan(laid.value[0]) else float(laid.value[0]),
        quality=Quality(int(laid.quality[0])),
        cause=Cause(int(laid.cause[0])),
    )
