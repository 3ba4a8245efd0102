"""The readings that checks look at: the newest in memory, older ones from store and journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS
from ingest.annotations.as_of import AsOf
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.quality.flagging import Layer, Series, Station, is_coarse, lean_ms, leans, reach_ms
from ingest.quality.spans import Span, spans_of, wider
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Store, Track


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
            self.parts = [Track.joined(self.parts)]
        return self.parts[0]

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
    """A station as its checks see it, and how far around a reading the flags of each of its
    indicators may change with it, by code.
    """

    station: Station
    reach: Mapping[str, int]


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

    def take(self, columns: Columns) -> Iterator[tuple[str, list[Span]]]:
        """Keep readings that arrived; each station of theirs, with the spans that they fill."""
        number = np.array([self._number(name) for name in columns.names], np.intp)[columns.series]
        for station, rows in _by_station(columns):
            track = Track(*(getattr(columns, of.name)[rows] for of in fields(Track)))
            self._arrived.setdefault(station, []).append(Arrived(number[rows], track))
            yield station, spans_of(track.t)

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def view(self, station: str, span: Span, n: int) -> View:
        """A station and its neighbours on the river, so far around a span as its checks look:
        further where values are written so coarsely that it takes longer to tell.
        """
        found = self._view(station, span, n, coarse=False)
        return self._view(station, span, n, coarse=True) if is_coarse(found.station) else found

    def _view(self, station: str, span: Span, n: int, *, coarse: bool) -> View:
        asked = self.catalogue.checks[station]
        cadence_ms = cadences_of(self.catalogue, station).within(*span)
        reach = {
            code: reach_ms(of, cadence_ms, Layer.NEAR, coarse=coarse) for code, of in asked.items()
        }
        leant_ms = max(
            (reach[code] + lean_ms(of) for code, of in asked.items() if leans(of)), default=0
        )
        spans = {code: wider(span, max(2 * own_ms, leant_ms)) for code, own_ms in reach.items()}
        above, below = self.catalogue.along(station)
        beside = {code: spans[code] for code, of in asked.items() if of.neighbours}
        found = Station(
            self._readings(station, spans, n),
            asked,
            cadence_ms,
            self._readings(above, beside, n) if above else {},
            self._readings(below, beside, n) if below else {},
        )
        return View(found, reach)

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
        early = [
            name for name, code in names.items() if self._tails[name].from_ms > spans[code][0]
        ]
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
            history = self._history(names, n)
            from_ms = max(from_ms, 0)
            for name in names:
                self._tails[name] = Tail(from_ms, [history.track(name, from_ms, FOR_EVER_MS)])

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
