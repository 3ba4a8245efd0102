"""The second reader of the journal: judges each reading among its neighbours.

Its findings lie in the state database. Its position there is only a place to begin again: judging
twice finds the same. Readings around the newest ones are kept in memory; older ones are read from
the store and, where that lags, the journal.

Most checks look a day or three around a reading and are asked at each. Excursions last for weeks;
they are asked behind the others, when a step arrives, when one may have settled, and when its time
is over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np

from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS
from ingest.annotations.cadences import CadenceRecord
from ingest.annotations.findings import Findings, Judgement
from ingest.journal.log import Journal
from ingest.journal.rounds import Rounds
from ingest.loops import Loop
from ingest.quality.excursions import steps
from ingest.quality.flagging import Layer, Station, gap_ms, is_sound, partners, reach_ms
from ingest.quality.judgement import judgement_of
from ingest.quality.spans import Span, merged, wider
from ingest.quality.summaries import STEP_ROWS
from ingest.quality.tails import Tails
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Store, StoreAway

PATIENCE_S, AWAY_S = 0.25, 2.0
KEPT_EVERY = 500
"""Journal numbers between two remembered positions."""
PAUSE_MS = 30_000
"""A station that samples faster is judged once in so long, by its own readings' time; each at a
phase of its own, so that stations that began together are not due together.
"""
COMING_MS, RESTS = 1000, 4
"""For so long after a reading came more are expected: then what nobody waits for takes a fifth of
the time at most.
"""
BUSY_MS = 20
"""So long stations are judged at a stretch, before what has arrived since is taken in."""

log = logging.getLogger(__name__)


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
    _tails: Tails = field(init=False)
    _rounds: Rounds = field(init=False)
    _changes: int = -1
    """Of the cadences on record when they were read."""
    _came_ms: int = -FOR_EVER_MS
    _spare_ms: int = 0
    """When there is time again for what nobody waits for."""
    _waiting: dict[str, list[Span]] = field(default_factory=dict)
    """Station -> what arrived and is not judged yet."""
    _since: dict[str, int] = field(default_factory=dict)
    """Station -> the number before the first entry of what waits."""
    _judged_ms: dict[str, int] = field(default_factory=dict)
    _far: dict[str, list[Span]] = field(default_factory=dict)
    """Series -> where excursions are to be asked."""
    _due: dict[str, set[int]] = field(default_factory=dict)
    """Series -> when they are to be asked again, in the time of its readings."""

    def __post_init__(self) -> None:
        self._tails = Tails(self.journal, self.store, self.catalogue)
        self._rounds = Rounds(self.journal)
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
        self._take_cadences()
        entries = self._rounds.read(self.last)
        n = entries[-1].n if entries else self.last
        begun_ms = self.now_ms()
        spare = begun_ms >= self._spare_ms
        for entry in entries:
            if len(entry.columns):
                self._came_ms = begun_ms
                for station, spans in self._tails.take(entry.columns):
                    self._since.setdefault(station, entry.n - 1)
                    waiting = self._waiting.get(station, ())
                    self._waiting[station] = merged([*waiting, *spans])
        judged = self._judge_near(n, pressing=spare and not entries)
        with self._grown:
            self.last = n
            self._grown.notify_all()
        self._rounds.end(self.journal.last - n)
        asked = spare and self._judge_far(n)
        if spare and begun_ms - self._came_ms < COMING_MS:
            self._spare_ms = self.now_ms() + RESTS * (self.now_ms() - begun_ms)
        done = self.kept if self._far else min(self._since.values(), default=n)
        idle = not entries and not self._waiting
        if done >= self.kept + KEPT_EVERY or (idle and done > self.kept):
            self.findings.keep_position(done)
            self.kept = done
        return bool(entries) or judged or asked

    def _take_cadences(self) -> None:
        """Go on by the cadences that are on record; what was judged stays so."""
        record = CadenceRecord(self.findings.state)
        if (changes := record.changes) != self._changes:
            self._tails.renew(record.dated(self.catalogue))
            self._changes = changes

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait until ``last`` is greater; False when it did not in time."""
        with self._grown:
            return self._grown.wait_for(lambda: self.last > after, timeout_s)

    @property
    def settled(self) -> bool:
        """Whether all that the journal holds is judged, excursions too."""
        return self.last >= self.journal.last and not self._far and not self._waiting

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
            if pressing or self._is_due(station, spans):
                done.append(station)
                for span in spans:
                    judgements += self._near(station, span, n)
        said = self.findings.say(judgements)
        for station in done:
            newest = self._waiting.pop(station)[-1][1]
            del self._since[station]
            self._judged_ms[station] = max(newest, self._judged_ms.get(station, newest))
        return said

    def _is_due(self, station: str, spans: Sequence[Span]) -> bool:
        """Whether something came late, or a pause ended: between the reading that was judged last,
        or the first one, and the newest.
        """
        first, newest = spans[0][0], spans[-1][1]
        last = self._judged_ms.get(station)
        if last is None and cadences_of(self._tails.catalogue, station).one(newest) >= PAUSE_MS:
            return True
        begun = first if last is None else last
        phase = crc32(station.encode()) % PAUSE_MS
        is_late = last is not None and first <= last
        return is_late or (newest - phase) // PAUSE_MS > (begun - phase) // PAUSE_MS

    def _near(self, station: str, span: Span, n: int) -> Iterator[Judgement]:
        """A station's series around what arrived, and of its neighbours what leans on them."""
        for view, codes in self._tails.views(station, span, n):
            for code in codes:
                yield from self._judged(
                    f"{station}/{code}", Layer.NEAR, view.station, view.near[code]
                )
                self._find_steps(station, code, view.station, span)
        for other in self.catalogue.beside(station):
            for view, codes in self._tails.leaning(other, span, n):
                for code in codes:
                    name = f"{other}/{code}"
                    yield from self._judged(name, Layer.NEAR, view.station, view.near[code])

    def _judged(self, name: str, layer: Layer, view: Station, span: Span) -> Iterator[Judgement]:
        """A span of a series, each part of it by the cadence of its time."""
        station, _, code = name.partition("/")
        for first, last, cadence_ms in cadences_of(self._tails.catalogue, station, code).pieces(
            *span
        ):
            part = replace(view, cadence_ms=cadence_ms)
            yield judgement_of(name, layer, part, (first, last), self.now_ms())

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
            self._far[name] = merged([*self._far.get(name, []), span])
            self._due[name] = self._due.get(name, set()) - due

    def _judge_far(self, n: int) -> bool:
        """Ask for the excursions of one series: others wait, so that nobody waits for them."""
        if not self._far:
            return False
        name, spans = next(iter(self._far.items()))
        station, _, code = name.partition("/")
        for span in spans:
            self.findings.say(list(self._excursions(station, code, span, n)))
        del self._far[name]
        return True

    def _excursions(self, station: str, code: str, span: Span, n: int) -> Iterator[Judgement]:
        """The excursions that readings which arrived may change: before them as far as an
        excursion lasts, behind them as far as any check looks.
        """
        asked = self.catalogue.checks[station]
        cadence_ms = cadences_of(self._tails.catalogue, station, code).within(*span)
        reach = reach_ms(asked[code], cadence_ms, Layer.FAR)
        name, rule = f"{station}/{code}", asked[code].excursion
        assert rule
        span = (span[0] - reach + 2 * int(rule.hours * HOUR_MS), span[1] + reach)
        codes = [code, *(of for of in partners(asked[code]) if of in asked)]
        around = wider(span, reach)
        of = {code: self._tails.history(f"{station}/{code}", around, n) for code in codes}
        view, series = Station(of, asked, cadence_ms, {}, {}), of[code]
        if len(series.t):
            newest, t = int(series.t[-1]), series.t[is_sound(series)]
            at = t[steps(t, series.value[is_sound(series)], rule, gap_ms(view))].tolist()
            waits = (int(rule.settle_hours * HOUR_MS), int(rule.hours * HOUR_MS))
            due = {-(-(begun + wait) // HOUR_MS) * HOUR_MS for begun in at for wait in waits}
            self._due[name] = {when for when in due if when > newest}
        yield from self._judged(name, Layer.FAR, view, span)
