"""The second reader of the journal: judges each reading among its neighbours.

What it finds lies in the state database. Its position there is only a place to begin again:
judging twice finds the same. Readings around the newest ones are kept in memory; what lies further
back is read from the store and, where that lags, the journal.

Most checks look a day or three around a reading and are asked at each. Excursions last for weeks;
they are asked behind the others, when a step arrives, when one may have settled, and when its time
is over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS
from ingest.annotations.as_of import AsOf
from ingest.annotations.findings import Finding, Findings, Judgement
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.loops import Loop
from ingest.quality.checks import Flags, Instants
from ingest.quality.excursions import steps
from ingest.quality.flagging import (
    Layer,
    Series,
    Station,
    flag,
    gap_ms,
    is_sound,
    leans_ms,
    reach_ms,
)
from ingest.store.protocol import Store, StoreAway, Track

PATIENCE_S, AWAY_S = 0.25, 2.0
KEPT_EVERY = 500
"""Journal numbers between two remembered positions."""
PAUSE_MS = 30_000
"""A station that samples faster is judged once in so long, by its own readings' time."""
COMING_MS, RESTS = 1000, 4
"""For so long after a reading came more are expected: then what nobody waits for takes a fifth of
the time at most.
"""
BUSY_MS = 20
"""So long stations are judged at a stretch, before what has arrived since is taken in."""
APART_MS = 12 * HOUR_MS
"""Readings that arrived together and lie further apart are judged apart."""
STEP_ROWS = 8
"""A step is understood when so many rows follow it."""
Span = tuple[int, int]
"""First and last instant, UTC epoch ms."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tail:
    """The newest readings of a series: all from ``from_ms`` on."""

    from_ms: int
    parts: list[Track]

    def add(self, rows: Track) -> None:
        """Take readings in; of one instant the first stands."""
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


@dataclass(slots=True)
class QualityWorker:
    """Reads the journal at its own pace; ``store`` is the original, without what was said of it.

    ``last`` is the journal number up to which each reading has been judged, but for excursions.
    """

    journal: Journal
    store: Store
    findings: Findings
    catalogue: Catalogue
    now_ms: Callable[[], int]
    loop: Loop = field(default_factory=lambda: Loop("quality worker"))
    last: int = field(init=False)
    kept: int = field(init=False)
    """The number from which it would begin again."""
    _grown: threading.Condition = field(default_factory=threading.Condition)
    _tails: dict[str, Tail] = field(default_factory=dict)
    _came_ms: int = -FOR_EVER_MS
    _spare_ms: int = 0
    """When there is time again for what nobody waits for."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _arrived: dict[str, list[Arrived]] = field(default_factory=dict)
    """Station -> what its tails have yet to take in: many samples at once cost what one does."""
    _waiting: dict[str, list[Span]] = field(default_factory=dict)
    """Station -> what arrived and is not judged yet."""
    _judged_ms: dict[str, int] = field(default_factory=dict)
    _far: dict[str, list[Span]] = field(default_factory=dict)
    """Series -> where excursions are to be asked."""
    _due: dict[str, set[int]] = field(default_factory=dict)
    """Series -> when they are to be asked again, in the time of its readings."""

    def __post_init__(self) -> None:
        self.last = self.kept = self.findings.position()

    def run(self, stop: threading.Event) -> None:
        """Judge until told to stop; a failure repeats the work."""
        self.loop.run(stop, lambda: self._turn(stop))

    def _turn(self, stop: threading.Event) -> None:
        try:
            if not self.step():
                self.journal.wait(self.last, PATIENCE_S)
        except StoreAway as away:
            log.warning("readings wait for their store to be judged: %s", away)
            stop.wait(AWAY_S)

    def step(self) -> bool:
        """Judge what the journal holds; False when there was nothing to do."""
        entries = self.journal.read(self.last)
        n = entries[-1].n if entries else self.last
        begun_ms = self.now_ms()
        spare = begun_ms >= self._spare_ms
        for entry in entries:
            if len(entry.columns):
                self._take(entry.columns)
                self._came_ms = begun_ms
        judged = self._judge_near(n, pressing=spare and not entries)
        with self._grown:
            self.last = n
            self._grown.notify_all()
        asked = spare and self._judge_far(n)
        if spare and begun_ms - self._came_ms < COMING_MS:
            self._spare_ms = self.now_ms() + RESTS * (self.now_ms() - begun_ms)
        idle = not self._far and not self._waiting
        if idle and (n >= self.kept + KEPT_EVERY or (not entries and n > self.kept)):
            self.findings.keep_position(n)
            self.kept = n
        return bool(entries) or judged or asked

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait until ``last`` is greater; False when it did not in time."""
        with self._grown:
            return self._grown.wait_for(lambda: self.last > after, timeout_s)

    @property
    def settled(self) -> bool:
        """Whether all that the journal holds is judged, excursions too."""
        return self.last >= self.journal.last and not self._far and not self._waiting

    def _take(self, columns: Columns) -> None:
        """Note what arrived, and keep it for its neighbours."""
        number = np.array([self._number(name) for name in columns.names], np.intp)[columns.series]
        for station, rows in _by_station(columns):
            track = Track(*(getattr(columns, of.name)[rows] for of in fields(Track)))
            self._arrived.setdefault(station, []).append(Arrived(number[rows], track))
            spans = _spans(track.t)
            self._waiting[station] = _merged([*self._waiting.get(station, ()), *spans])

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def _judge_near(self, n: int, *, pressing: bool) -> bool:
        """Judge the stations that wait; those that sample fast are left to wait for a pause, and
        where there is more than can be done some for the next time, so that rules need not wait.
        """
        judgements: list[Judgement] = []
        done: list[str] = []
        begun_ms = self.now_ms()
        for station, spans in self._waiting.items():
            if self.now_ms() - begun_ms > BUSY_MS:
                break
            last = self._judged_ms.get(station, -FOR_EVER_MS)
            if pressing or spans[0][0] <= last or spans[-1][1] - last >= PAUSE_MS:
                done.append(station)
                for span in spans:
                    judgements += self._near(station, span, n)
        said = self.findings.say(judgements)
        for station in done:
            newest = self._waiting.pop(station)[-1][1]
            self._judged_ms[station] = max(newest, self._judged_ms.get(station, newest))
        return said

    def _near(self, station: str, span: Span, n: int) -> Iterator[Judgement]:
        """A station's series around what arrived, and of its neighbours what leans on them."""
        asked = self.catalogue.checks[station]
        cadence_ms = self.catalogue.stations[station].cadence_ms
        view = self._view(station, span, n)
        for code in view.series:
            reach = reach_ms(asked[code], cadence_ms, Layer.NEAR)
            yield self._judgement(station, code, Layer.NEAR, view, _wider(span, reach))
            self._find_steps(station, code, view, span)
        for other in self.catalogue.beside(station):
            leaning = [code for code, of in self.catalogue.checks[other].items() if of.neighbours]
            view = self._view(other, span, n) if leaning else view
            for code in leaning:
                yield self._judgement(other, code, Layer.NEAR, view, _wider(span, leans_ms(view)))

    def _find_steps(self, station: str, code: str, view: Station, span: Span) -> None:
        """Have excursions asked where something arrived that they may rest on."""
        name, rule = f"{station}/{code}", self.catalogue.checks[station][code].excursion
        if rule is None:
            return
        series = view.series[code]
        sound = is_sound(series)
        t, value = series.t[sound], series.value[sound]
        first = max(int(np.searchsorted(t, span[0])) - STEP_ROWS, 0)
        late = span[0] <= self._judged_ms.get(station, -1)
        due = {at for at in self._due.get(name, ()) if at <= span[1]}
        new = station not in self._judged_ms
        if new or late or due or len(steps(t[first:], value[first:], rule, gap_ms(view))):
            self._far[name] = _merged([*self._far.get(name, []), span])
            self._due[name] = self._due.get(name, set()) - due

    def _judge_far(self, n: int) -> bool:
        """Ask for the excursions of one series: others wait, so that nobody waits for them."""
        if not self._far:
            return False
        name, spans = next(iter(self._far.items()))
        station, _, code = name.partition("/")
        for span in spans:
            self.findings.say([self._excursions(station, code, span, n)])
        del self._far[name]
        return True

    def _excursions(self, station: str, code: str, span: Span, n: int) -> Judgement:
        """What is found where readings that arrived may change it: of what lies before them as
        far as an excursion lasts, of what lies behind them as far as any check looks.
        """
        placed, asked = self.catalogue.stations[station], self.catalogue.checks[station]
        reach = reach_ms(asked[code], placed.cadence_ms, Layer.FAR)
        name, rule = f"{station}/{code}", asked[code].excursion
        assert rule
        span = (span[0] - reach + 2 * int(rule.hours * HOUR_MS), span[1] + reach)
        from_ms, to_ms = _wider(span, reach)
        series = _series(self._history([name], n).track(name, max(from_ms, 0), to_ms))
        view = Station({code: series}, asked, placed.cadence_ms, {}, {})
        if len(series.t):
            newest, t = int(series.t[-1]), series.t[is_sound(series)]
            at = t[steps(t, series.value[is_sound(series)], rule, gap_ms(view))].tolist()
            waits = (int(rule.settle_hours * HOUR_MS), int(rule.hours * HOUR_MS))
            due = {-(-(begun + wait) // HOUR_MS) * HOUR_MS for begun in at for wait in waits}
            self._due[name] = {when for when in due if when > newest}
        return self._judgement(station, code, Layer.FAR, view, span)

    def _judgement(
        self, station: str, code: str, layer: Layer, view: Station, span: Span
    ) -> Judgement:
        """What a layer of checks finds in a span of a series."""
        name, at_ms = f"{station}/{code}", self.now_ms()
        low, high = max(span[0], 0), span[1] + 1
        came, flagged = view.series[code], flag(view, code, [layer])
        inside = (came.t >= low) & (came.t < high)
        found = _findings(name, layer, came, flagged, inside, at_ms)
        return Judgement(name, layer, low, high, tuple(found), at_ms)

    def _view(self, station: str, span: Span, n: int) -> Station:
        """A station and its neighbours on the river, so far around a span as its checks look."""
        placed = self.catalogue.stations[station]
        asked = self.catalogue.checks[station]
        reach = max(reach_ms(of, placed.cadence_ms, Layer.NEAR) for of in asked.values())
        wide = _wider(span, 2 * reach)
        above, below = self.catalogue.along(station)
        leaning = [code for code, of in asked.items() if of.neighbours]
        return Station(
            self._readings(station, list(asked), wide, n),
            asked,
            placed.cadence_ms,
            self._readings(above, leaning, wide, n) if above else {},
            self._readings(below, leaning, wide, n) if below else {},
        )

    def _readings(
        self, station: str, codes: Sequence[str], span: Span, n: int
    ) -> Mapping[str, Series]:
        names = {
            f"{station}/{code}": code for code in codes if code in self.catalogue.plans[station]
        }
        self._bring_forward(station)
        self._load([name for name in names if name not in self._tails], span, n)
        early = [name for name in names if self._tails[name].from_ms > span[0]]
        history = self._history(early, n) if early else None
        found = {}
        for name, code in names.items():
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

    def _load(self, names: Sequence[str], span: Span, n: int) -> None:
        """Begin to remember series, from the beginning of a span on."""
        if names:
            history = self._history(names, n)
            for name in names:
                from_ms = max(span[0], 0)
                self._tails[name] = Tail(from_ms, [history.track(name, from_ms, FOR_EVER_MS)])

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


def _spans(t: Instants) -> list[Span]:
    """Instants in any order as spans that lie further apart than APART_MS."""
    low, high = int(t.min()), int(t.max())
    if high - low <= APART_MS:
        return [(low, high)]
    t = np.unique(t)
    edges = np.flatnonzero(np.diff(t) > APART_MS)
    first, last = np.concatenate([[0], edges + 1]), np.concatenate([edges, [len(t) - 1]])
    return list(zip(t[first].tolist(), t[last].tolist(), strict=True))


def _series(track: Track) -> Series:
    return Series(track.t, track.value, track.quality, track.cause)


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


def _wider(span: Span, by_ms: int) -> Span:
    return span[0] - by_ms, span[1] + by_ms


def _merged(spans: Sequence[Span]) -> list[Span]:
    """In order, those together that lie no further apart than APART_MS."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span[0] - found[-1][1] <= APART_MS:
            found[-1] = (found[-1][0], max(found[-1][1], span[1]))
        else:
            found.append(span)
    return found
