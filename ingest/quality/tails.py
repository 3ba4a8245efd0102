"""The readings that checks look at: the newest in memory, older ones from store and journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS
from ingest.annotations.as_of import AsOf
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.quality.flagging import (
    Layer,
    Series,
    Station,
    follow_ms,
    is_coarse,
    lean_ms,
    leans,
    leans_ms,
    part_of,
    reach_ms,
)
from ingest.quality.spans import Span, spans_of, wider
from ingest.quality.summaries import BLOCK_MS, STEP_ROWS, Summaries, row_checks
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Store, Track

MOST_ROWS, KEPT_MS = 8_000, 3 * HOUR_MS
"""Of a series with more rows than that only so long is kept, as long as no more is asked of it."""


@dataclass(slots=True)
class Tail:
    """The newest readings of a series: all from ``from_ms`` on."""

    from_ms: int
    parts: list[Track]

    def add(self, rows: Track) -> None:
        """Take readings in; the first at an instant stands."""
        self.parts.append(rows.where(rows.t >= self.from_ms))

    def whole(self) -> Track:
        """Everything by time; joined when it is asked for, not at every reading."""
        if len(self.parts) > 1:
            whole = Track.chained(self.parts)
            in_order = bool((np.diff(whole.t) > 0).all())
            self.parts = [whole if in_order else Track.joined(self.parts)]
        return self.parts[0]

    @property
    def ends_ms(self) -> int:
        """The instant of the newest."""
        t = self.whole().t
        return int(t[-1]) if len(t) else -FOR_EVER_MS

    def forget_before(self, before_ms: int) -> None:
        """Let go of the oldest, half of them at once."""
        track = self.whole()
        if 2 * int(np.searchsorted(track.t, before_ms)) > len(track):
            self.parts = [track.where(track.t >= before_ms)]
            self.from_ms = before_ms


class Arrived(NamedTuple):
    """Readings of a station as they came, with the number of the series of each."""

    number: NDArray[np.intp]
    rows: Track


class View(NamedTuple):
    """A station as its checks see it, and by code the span in which flags may change."""

    station: Station
    near: Mapping[str, Span]


@dataclass(slots=True)
class Tails:
    """The newest readings of every series that was asked for; of the others those to come."""

    journal: Journal
    store: Store
    catalogue: Catalogue
    _tails: dict[str, Tail] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _arrived: dict[str, list[Arrived]] = field(default_factory=dict)
    """Station -> what its tails have yet to take in: many samples at once cost what one does."""
    _summaries: dict[str, Summaries] = field(default_factory=dict)
    _without_until_ms: dict[str, int] = field(default_factory=dict)
    """Station -> when a summary of it is made again after one that a late reading ended."""

    def take(self, columns: Columns) -> Iterator[tuple[str, list[Span]]]:
        """Keep readings that arrived; each station of theirs, with the spans that they fill."""
        number = np.array([self._number(name) for name in columns.names], np.intp)[columns.series]
        for station, rows in _by_station(columns):
            track = Track(*(getattr(columns, of.name)[rows] for of in fields(Track)))
            self._arrived.setdefault(station, []).append(Arrived(number[rows], track))
            yield station, spans_of(track.t)

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def views(self, station: str, span: Span, n: int) -> Iterator[tuple[View, list[str]]]:
        """Views of a station around readings that arrived, each with the codes to be judged by it:
        the rows beside them alone where a summary proves that nothing else changes.
        """
        near, seen = self._changed(station, span, n)
        codes = list(self.catalogue.checks[station])
        few = [code for code in codes if self._is_proven(station, code, near)]
        if few:
            yield self._around(station, near, seen, n), few
        if others := [code for code in codes if code not in few]:
            yield self._whole(station, others, span, n), others

    def leaning(self, station: str, span: Span, n: int) -> Iterator[tuple[View, list[str]]]:
        """The same of a station whose neighbour's readings arrived, for the codes that lean."""
        asked, cadence_ms = self.catalogue.checks[station], self._cadence_ms(station, span)
        near = {
            code: wider(span, leans_ms(cadence_ms)) for code, of in asked.items() if of.neighbours
        }
        own = self._parts(station, near, n) if near else {}
        codes = [code for code, of in own.items() if len(of.t)]
        few = [code for code in codes if self._is_proven(station, code, near)]
        if few:
            far = wider(span, leans_ms(cadence_ms) + int(follow_ms(cadence_ms)))
            seen = dict.fromkeys(asked, far)
            yield self._around(station, near, seen, n), few
        if others := [code for code in codes if code not in few]:
            yield View(self._whole(station, others, span, n).station, near), others

    def renew(self, catalogue: Catalogue) -> None:
        """Go on by other cadences."""
        self.catalogue = catalogue
        self._summaries.clear()

    def _cadence_ms(self, station: str, span: Span) -> int:
        return cadences_of(self.catalogue, station).within(*span)

    def _is_proven(self, station: str, code: str, near: Mapping[str, Span]) -> bool:
        known = self._summaries.get(station)
        return known is not None and code in near and known.proven(code, near[code][0])

    def _changed(
        self, station: str, span: Span, n: int
    ) -> tuple[dict[str, Span], dict[str, Span]]:
        """Take what arrived into the summary of a station; by code the span in which checks that
        look at rows beside each other may now say something else, and how far they look. Nothing
        where there is no summary.
        """
        known = self._summary(station, span, n)
        if known is None:
            return {}, {}
        tails = {code: self._tails[f"{station}/{code}"] for code in known.checks}
        series = {code: _series(tail.whole()) for code, tail in tails.items()}
        known.take({code: _within(of, span) for code, of in series.items()})
        near, seen = known.changed(series, span)
        needed_ms = min(span[0] - KEPT_MS, *(of[0] for of in seen.values()))
        for code, tail in tails.items():
            if len(series[code].t) > MOST_ROWS:
                tail.forget_before(needed_ms)
        return near, seen

    def _summary(self, station: str, span: Span, n: int) -> Summaries | None:
        """Of a station before a span; none where something came late, or the cadence changes."""
        known, cadences = self._summaries.get(station), cadences_of(self.catalogue, station)
        self._bring_forward(station)
        if known and known.newest_ms < span[0] and known.cadence_ms == cadences.within(*span):
            return known
        if known:
            self._without_until_ms[station] = max(known.newest_ms, span[1]) + BLOCK_MS
            del self._summaries[station]
        if span[0] < self._without_until_ms.get(station, -FOR_EVER_MS):
            return None
        checks, cadence_ms = self.catalogue.checks[station], cadences.within(*span)
        made = Summaries(checks, cadence_ms, follow_ms(cadence_ms))
        far_ms = max(made.reach_ms(code) for code in checks)
        far = wider(span, far_ms + 2 * STEP_ROWS * cadence_ms)
        if any(each != cadence_ms for _, _, each in cadences.pieces(*far)):
            return None
        series = self._readings(station, dict.fromkeys(checks, (far[0], span[1])), n)
        made.take({code: part_of(of, of.t < span[0]) for code, of in series.items()})
        newest_ms = max(self._tails[f"{station}/{code}"].ends_ms for code in checks)
        if newest_ms > span[1]:
            self._without_until_ms[station] = newest_ms + BLOCK_MS
            return None
        self._summaries[station] = made
        return made

    def _around(
        self, station: str, near: Mapping[str, Span], seen: Mapping[str, Span], n: int
    ) -> View:
        """A station with the checks that look at rows beside each other alone."""
        asked = self.catalogue.checks[station]
        cadence_ms = self._cadence_ms(station, next(iter(near.values())))
        leant = {
            code: wider(of, leans_ms(cadence_ms))
            for code, of in near.items()
            if asked[code].neighbours
        }
        above, below = self.catalogue.along(station)
        found = Station(
            self._parts(station, seen, n),
            {code: row_checks(of) for code, of in asked.items()},
            cadence_ms,
            self._parts(above, leant, n) if above else {},
            self._parts(below, leant, n) if below else {},
        )
        return View(found, near)

    def _whole(self, station: str, codes: Sequence[str], span: Span, n: int) -> View:
        """A station and its neighbours on the river, so far around a span as the checks of some
        codes look: further where values are written so coarsely that it takes longer to tell.
        """
        found = self._view(station, codes, span, n, coarse=False)
        if is_coarse(found.station, codes):
            return self._view(station, codes, span, n, coarse=True)
        return found

    def _view(
        self, station: str, codes: Sequence[str], span: Span, n: int, *, coarse: bool
    ) -> View:
        asked, cadence_ms = self.catalogue.checks[station], self._cadence_ms(station, span)
        reach = {
            code: reach_ms(asked[code], cadence_ms, Layer.NEAR, coarse=coarse) for code in codes
        }
        leant = [reach[code] + lean_ms(asked[code]) for code in codes if leans(asked[code])]
        spans = dict.fromkeys(asked if leant else (), wider(span, max(leant, default=0)))
        for code, own_ms in reach.items():
            spans[code] = wider(span, max(2 * own_ms, *leant, 0))
        above, below = self.catalogue.along(station)
        beside = {code: spans[code] for code in codes if asked[code].neighbours}
        found = Station(
            self._readings(station, spans, n),
            asked,
            cadence_ms,
            self._readings(above, beside, n) if above else {},
            self._readings(below, beside, n) if below else {},
        )
        return View(found, {code: wider(span, own_ms) for code, own_ms in reach.items()})

    def _readings(self, station: str, spans: Mapping[str, Span], n: int) -> Mapping[str, Series]:
        names = {
            f"{station}/{code}": code for code in spans if code in self.catalogue.plans[station]
        }
        self._bring_forward(station)
        self._load(
            [name for name in names if name not in self._tails],
            min((span[0] for span in spans.values()), default=0),
            n,
        )
        early = self._early(names, spans)
        live = [name for name in early if self._tails[name].ends_ms <= spans[names[name]][1]]
        if live:
            self._load(live, min(spans[names[name]][0] for name in live), n)
            early = self._early(names, spans)
        history = self._history(early, n) if early else None
        found = {}
        for name, code in names.items():
            span = spans[code]
            if history and name in early:
                track = history.track(name, max(span[0], 0), span[1] + 1)
            else:
                self._tails[name].forget_before(span[0] - (span[1] - span[0]))
                track = self._tails[name].whole()
                track = track.where((track.t >= span[0]) & (track.t <= span[1]))
            found[code] = _series(track)
        return found

    def _early(self, names: Mapping[str, str], spans: Mapping[str, Span]) -> list[str]:
        """Those of which more is asked than is remembered."""
        return [name for name, code in names.items() if self._tails[name].from_ms > spans[code][0]]

    def _parts(self, station: str, spans: Mapping[str, Span], n: int) -> Mapping[str, Series]:
        """Of some series what lies in a span; nothing is let go of."""
        names = {
            f"{station}/{code}": span
            for code, span in spans.items()
            if code in self.catalogue.plans[station]
        }
        self._bring_forward(station)
        fresh = {name: span[0] for name, span in names.items() if name not in self._tails}
        self._load(list(fresh), min(fresh.values(), default=0), n)
        early = [name for name, span in names.items() if self._tails[name].from_ms > span[0]]
        history = self._history(early, n) if early else None
        found = {}
        for name, span in names.items():
            if history and name in early:
                track = history.track(name, max(span[0], 0), span[1] + 1)
            else:
                track = self._tails[name].whole()
            found[name.partition("/")[2]] = _within(_series(track), span)
        return found

    def _bring_forward(self, station: str) -> None:
        """Give a station's tails what has arrived of it."""
        arrived = self._arrived.pop(station, ())
        if not arrived:
            return
        number = np.concatenate([part.number for part in arrived])
        rows = Track.chained([part.rows for part in arrived])
        for name in self.catalogue.plans[station]:
            tail = self._tails.get(f"{station}/{name}")
            if tail is not None:
                tail.add(rows.where(number == self._number(f"{station}/{name}")))

    def _load(self, names: Sequence[str], from_ms: int, n: int) -> None:
        """Begin to remember series, from an instant on."""
        if names:
            from_ms = max(from_ms, 0)
            found = self._history(names, n).tracks(names, from_ms, FOR_EVER_MS)
            self._tails.update({name: Tail(from_ms, [of]) for name, of in found.items()})

    def history(self, name: str, span: Span, n: int) -> Series:
        """All readings of a series within a span, as of a journal number."""
        return _series(self._history([name], n).track(name, max(span[0], 0), span[1]))

    def _history(self, names: Sequence[str], n: int) -> AsOf:
        return AsOf(n, self.journal, self.store, names)


def _by_station(columns: Columns) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """The rows of each station of a batch, in their order."""
    stations = [name.partition("/")[0] for name in columns.names]
    known = list(dict.fromkeys(stations))
    of = np.array([known.index(station) for station in stations], np.intp)[columns.series]
    edges = np.cumsum(np.bincount(of, minlength=len(known)))
    every = np.split(np.argsort(of, kind="stable"), edges)
    return ((station, rows) for station, rows in zip(known, every, strict=False) if len(rows))


def _series(track: Track) -> Series:
    return Series(track.t, track.value, track.quality, track.cause)


def _within(series: Series, span: Span) -> Series:
    first = np.searchsorted(series.t, span[0])
    return part_of(series, slice(first, np.searchsorted(series.t, span[1], "right")))
