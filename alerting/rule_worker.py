"""Journal -> engine -> record, a transaction for each entry that changes the record.

The engine's journal number, its snapshot and the transitions stand or fall together, so a crash
repeats entries whole and misses none. Late readings are settled by re-evaluating their series from
the store and, where it lags, the journal.

Findings and corrections are laid over each entry before it is fed, and an entry is fed once the
checks have judged it. The snapshot holds the revision of both; later findings, corrections and
cadences mark their series as late. So the record does not depend on whether a reading or what is
said of it came first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Transition
from alerting.evaluation.binding import Binding
from alerting.evaluation.engine import Engine
from alerting.evaluation.rule_instance import ALL, RuleInstance
from alerting.evaluation.series import by_station
from alerting.evaluation.snapshot import Snapshot
from alerting.record.repository import Repository
from alerting.record.slices import in_slices
from alerting.rules.conditions.run import Run
from alerting.rules.conditions.signal import ANY, Readings
from alerting.rules.repository import RuleRepository
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS
from ingest.annotations.as_of import AsOf
from ingest.annotations.cadences import CadenceRecord
from ingest.annotations.corrections import Corrections, Standing
from ingest.annotations.findings import Finding, Findings
from ingest.annotations.overlay import Said, lay_columns
from ingest.journal.columns import Columns
from ingest.journal.entry import Entry
from ingest.journal.log import Journal
from ingest.journal.rounds import Rounds
from ingest.loops import Loop
from ingest.store.protocol import Store, StoreAway

PATIENCE_S = 0.25
NOTED_INTERVAL_MS = 1000
"""So often at most the record follows how far the engine has come and how alerts that stand go on,
while entries keep coming of which nothing else comes.
"""
MENDING_INTERVAL_MS = 1000
AWAY_MS = 5000
QUIET_PARTS = 8
"""After so many parts of which nothing came the next are fed as one: while alerts come and go,
feeding as one and taking it back would cost more than it saves.
"""
FED_ROWS = 200_000
"""Readings of several entries that are joined at most, by and large: they are copied for it."""

log = logging.getLogger(__name__)


class Judged(Protocol):
    """How far the journal may be read: up to ``last``, which grows."""

    @property
    def last(self) -> int:
        """The last number."""
        ...

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait for a greater one; False when none came in time."""
        ...


@dataclass(slots=True)
class RuleWorker:
    """The third reader of the journal, behind the checks. ``changed`` is called whenever the
    record has news; ``store`` need not be overlaid.
    """

    journal: Journal
    store: Store
    repository: Repository
    rule_repository: RuleRepository
    catalogue: Catalogue
    now_ms: Callable[[], int]
    corrections: Corrections
    findings: Findings
    judged: Judged
    changed: Callable[[], None] = lambda: None
    failpoint: Callable[[str], None] = lambda _: None
    loop: Loop = field(default_factory=lambda: Loop("rule worker"))
    engine: Engine = field(init=False)
    n: int = field(init=False)
    kept: int = field(init=False)
    """The number up to which the record has the engine: a restart begins behind it."""
    _rounds: Rounds = field(init=False)
    _decided: Standing = field(init=False)
    _dated: Catalogue = field(init=False)
    _noted: dict[str, int | None] = field(default_factory=dict)
    """Firing alert -> the reading up to which its progress is on record."""
    _noted_ms: int = 0
    _mended_ms: int = 0
    _away_until_ms: int = 0
    _quiet: int = QUIET_PARTS
    """Parts in a row that were fed one by one and of which nothing came."""

    def __post_init__(self) -> None:
        self._rounds = Rounds(self.journal)
        self._restore()

    def run(self, stop: threading.Event) -> None:
        """Follow the journal until told to stop; a failure repeats the entry."""
        self.loop.run(stop, self._turn)

    def _turn(self) -> None:
        if self.loop.failing is not None:
            self._restore()
        if not self.step() and not self.judged.wait(self.n, PATIENCE_S):
            self.keep()

    def step(self) -> bool:
        """Evaluate what was judged and what was said since; False when there was nothing."""
        judged = self.judged.last  # before looking: what was found of these entries is seen
        self._review()
        self._prime()
        entries = [entry for entry in self._rounds.read(self.n) if entry.n <= judged]
        if entries:
            self._evaluate(entries)
        self._rounds.end(judged - self.n)
        mended = self._mend(pressing=not entries)
        if not 0 <= self.now_ms() - self._noted_ms < NOTED_INTERVAL_MS:
            self.keep()
        return bool(entries) or mended

    def keep(self) -> None:
        """Write down how far the engine has come, and how alerts that stand go on."""
        if self.kept < self.n or self._behind():
            with self.repository.database.begin() as connection:
                self._note(connection)
                self.repository.save_engine(connection, self.n, self.engine.state)
            self.kept = self.n

    @property
    def settled(self) -> bool:
        """Whether the record holds everything that the journal holds and people decided."""
        state = self.engine.state
        known = state.revision == self.corrections.revision()
        known = known and state.rules == self.rule_repository.revision()
        return known and self.kept >= self.journal.last and not (state.late or self._behind())

    def _restore(self) -> None:
        self.n, snapshot = self.repository.engine_snapshot()
        self.kept = self.n
        self._make_engine(snapshot)
        self._noted = {}

    def _make_engine(self, snapshot: Snapshot) -> None:
        """By the rules, and by the cadences, that are on record now."""
        self._dated = CadenceRecord(self.corrections.state).dated(self.catalogue)
        self.engine = Engine(self.rule_repository.all(), self._dated, snapshot)

    def _review(self) -> None:
        """Mark what was decided since; the marks are kept with the next entry or mending, and are
        made again where a crash comes first.
        """
        self._take_rules()
        state = self.engine.state
        self._decided = self.corrections.standing()
        if self._decided.revision == state.revision:
            return
        self._take_cadences(state)
        for row in self.corrections.since(state.revision):
            self.engine.doubt(row.series, row.from_ms, row.to_ms)
        for change in self.findings.since(state.revision):
            self.engine.doubt_fed(change.series, change.from_ms, change.to_ms)
        state.revision = self._decided.revision

    def _take_rules(self) -> None:
        """Go on by the versions that were saved since; what they changed is judged anew."""
        state, revision = self.engine.state, self.rule_repository.revision()
        if revision == state.rules:
            return
        self._make_engine(state)
        for version in self.rule_repository.since(state.rules):
            for series in version.rule.series(self.catalogue):
                self.engine.rebind(series, version.valid_from_ms)
        state.rules = revision

    def _take_cadences(self, state: Snapshot) -> None:
        """Go on by the cadences that were recorded since; what they speak of is judged anew."""
        recorded = CadenceRecord(self.corrections.state).since(state.revision)
        if recorded:
            self._make_engine(state)
        for station, span in ((of.station, of.span) for of in recorded):
            until_ms = FOR_EVER_MS if span.to_ms is None else span.to_ms
            for code in self.catalogue.plans.get(station, ()):
                if span.indicator in ("", code):
                    self.engine.doubt_fed(f"{station}/{code}", span.from_ms, until_ms)

    def _evaluate(self, entries: Sequence[Entry]) -> None:
        """All that waits: entries that change nothing of the record are kept with the next that
        does, or in time.
        """
        self.failpoint("before-engine")
        found = self._found(entries)
        for part in _up_to_marks(entries):
            for n, transitions in self._feed(part, found):
                if transitions:
                    self._commit(n, transitions)
                    self.failpoint("transition-committed")
                    self.changed()
        self.n = entries[-1].n

    def _commit(self, n: int, transitions: Sequence[Transition]) -> None:
        with self.repository.database.begin() as connection:
            self.repository.record(connection, n, transitions)
            self.repository.save_engine(connection, n, self.engine.state)
        self.n = self.kept = n

    def _feed(
        self, entries: Sequence[Entry], found: Mapping[str, Sequence[Finding]]
    ) -> Iterator[tuple[int, list[Transition]]]:
        """The transitions of entries, by their numbers.

        Rules cost by the time they are asked more than by the reading, so in quiet times the
        entries are fed as one. Where something comes of them they are taken back and fed one by
        one, so that each has its own transitions however many waited.
        """
        if self._quiet >= QUIET_PARTS and len(entries) > 1:
            columns = Columns.joined([entry.columns for entry in entries])
            if _in_order(entries, columns):
                undo = self.engine.checkpoint()
                laid = lay_columns(columns, self._decided, found)
                if not self.engine.feed(laid, entries[-1].upto_ms):
                    yield entries[-1].n, []
                    return
                undo()
        self._quiet += 1
        for entry in entries:
            laid = lay_columns(entry.columns, self._decided, found)
            transitions = self.engine.feed(laid, entry.upto_ms)
            self._quiet = 0 if transitions else self._quiet
            yield entry.n, transitions

    def _found(self, entries: Sequence[Entry]) -> dict[str, list[Finding]]:
        t = np.concatenate([entry.columns.t for entry in entries])
        return self.findings.touching(int(t.min()), int(t.max()) + 1) if len(t) else {}

    def _said(self, series: str, from_ms: int, to_ms: int) -> Said:
        decided = self._decided.of(series, from_ms, to_ms)
        return Said(self.findings.of(series, from_ms, to_ms), decided)

    def _mend(self, *, pressing: bool) -> bool:
        """Re-evaluate late series; at most once a second while entries keep coming."""
        late = self.engine.state.late
        waited = self.now_ms() - self._mended_ms >= MENDING_INTERVAL_MS
        if not late or not (pressing or waited) or self.now_ms() < self._away_until_ms:
            return False
        self._mended_ms = self.now_ms()
        try:
            self._mend_now(late)
        except StoreAway as away:
            log.warning("late readings wait for their store: %s", away)
            self._away_until_ms = self.now_ms() + AWAY_MS
            self._restore()  # some of them may be amended in the engine, and none in the record
            return False
        return True

    def _mend_now(self, late: Mapping[str, int]) -> None:
        rule_instances = [
            instance for target in late for instance in self.engine.rule_instances.get(target, ())
        ]
        history = self._history(rule_instances)
        amended = []
        for instance in rule_instances:
            records = self._records(instance, late[instance.series])
            members = self._members(history, instance, _since(instance, records))
            amended.append(self.engine.amend(instance, members, records))
        self.engine.state.late, self.engine.state.reach = {}, {}
        self._noted = {}
        # The snapshot goes with the last: until then they are late, and what is amended already
        # is found to be right.
        *first, last = in_slices(amended)
        for transitions in first:
            with self.repository.database.begin() as connection:
                self.repository.record(connection, self.n, transitions)
            self.failpoint("slice-amended")
        self._commit(self.n, last)
        if last:
            self.changed()

    def _records(
        self, instance: RuleInstance, earliest_ms: int
    ) -> list[tuple[list[Alert], int | None]]:
        with self.repository.database.read() as connection:
            return [
                self._record(connection, binding, earliest_ms) for binding in instance.bindings
            ]

    def _record(
        self, connection: Connection, binding: Binding, earliest_ms: int
    ) -> tuple[list[Alert], int | None]:
        """Alerts of a level that late readings may change, and the reading that ended the one
        before them.
        """
        record = self.repository.of_binding(connection, binding)
        ended = [a.resolved_ms for a in record if a.resolved_ms and a.resolved_ms < earliest_ms]
        idle_ms = max(ended, default=None)
        return [a for a in record if idle_ms is None or a.began_ms >= idle_ms], idle_ms

    def _prime(self) -> None:
        """Give rules that look back what they must remember; while the store is away they wait,
        and the others go on.
        """
        rule_instances = self.engine.unprimed()
        if not rule_instances or self.now_ms() < self._away_until_ms:
            return
        try:
            history = self._history(rule_instances)
            for instance in rule_instances:
                members = self._members(history, instance, self.engine.since(instance))
                self.engine.prime(instance, members)
        except StoreAway as away:
            log.warning("rules that look back wait for the store: %s", away)
            self._away_until_ms = self.now_ms() + AWAY_MS

    def _history(self, rule_instances: Sequence[RuleInstance]) -> AsOf:
        series = {
            name.removesuffix(ANY) for instance in rule_instances for name in instance.members
        }
        return AsOf(self.n, self.journal, self.store, series, self._said)

    def _members(self, history: AsOf, instance: RuleInstance, from_ms: int) -> list[Readings]:
        """The readings of an instance's members from an instant up to where the engine ends."""
        found: list[Readings] = []
        for name in instance.members:
            series, end = name.removesuffix(ANY), self.engine.end(name)
            track = history.track(series, max(from_ms, 0), end)
            every = (track.t, track.cause.astype(np.float64))
            found.append(every if series != name else track.good())
        return found

    def _behind(self) -> list[tuple[str, Run]]:
        """Firing alerts of which the record shows an older progress."""
        standing = self.engine.standing()
        return [(of, run) for of, run in standing if run.last != self._noted.get(of)]

    def _note(self, connection: Connection) -> None:
        self.repository.note_progress(connection, self._behind())
        self._noted = {of: run.last for of, run in self.engine.standing()}
        self._noted_ms = self.now_ms()


def _up_to_marks(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries that may be fed as one: silence counts where it is marked, behind the last."""
    part: list[Entry] = []
    rows = 0
    for entry in entries:
        part.append(entry)
        rows += len(entry.columns)
        if entry is entries[-1] or entry.upto_ms is not None or rows >= FED_ROWS:
            yield part
            part, rows = [], 0


def _in_order(entries: Sequence[Entry], columns: Columns) -> bool:
    """Whether no entry has a reading of a station from before one in an earlier entry."""
    stations = by_station(columns)
    of_row = np.repeat(np.arange(len(entries)), [len(entry.columns) for entry in entries])
    shape = len(entries), len(stations.names)
    first, last = np.full(shape, np.iinfo(np.int64).max), np.full(shape, ALL)
    np.minimum.at(first, (of_row, stations.series), stations.t)
    np.maximum.at(last, (of_row, stations.series), stations.t)
    return bool((np.maximum.accumulate(last)[:-1] <= first[1:]).all())


def _since(instance: RuleInstance, records: Sequence[tuple[Sequence[Alert], int | None]]) -> int:
    """The instant from which on readings are needed: what its version does not judge is only
    looked back to.
    """
    idle = [0 if idle_ms is None else idle_ms for _, idle_ms in records]
    begin = min(idle) if instance.kind.by_silence else max(min(idle), instance.rule.valid_from_ms)
    return begin - instance.reach_ms(begin)
