"""Journal -> engine -> record and outbox, one transaction an entry.

The engine's journal number, its snapshot, the transitions and the messages stand or fall
together, so a crash repeats an entry whole and misses none. Late readings are settled by
re-evaluating their series from the store and, where it lags, the journal.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Transition
from alerting.delivery import plan
from alerting.engine import Binding, Engine
from alerting.repository import SHOWN, Message, Repository
from alerting.rules import Rule
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from ingest.journal import Entry, Journal
from ingest.store.fresh import AsOf
from ingest.store.protocol import Store, StoreAway

BROWSERS = "browsers"
PATIENCE_S = 0.25
MENDING_INTERVAL_MS = 1000
AWAY_MS = 5000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """The second reader of the journal. ``told`` is set whenever the outbox has news."""

    journal: Journal
    store: Store
    repository: Repository
    rules: Sequence[Rule]
    catalogue: Catalogue
    wording: Wording
    now_ms: Callable[[], int]
    told: threading.Event = field(default_factory=threading.Event)
    failpoint: Callable[[str], None] = lambda _: None
    engine: Engine = field(init=False)
    n: int = field(init=False)
    _mended_ms: int = 0
    _away_until_ms: int = 0

    def __post_init__(self) -> None:
        self._restore()

    def run(self, stop: threading.Event) -> None:
        """Follow the journal until told to stop; a failure repeats the entry."""
        while not stop.is_set():
            try:
                if not self.step():
                    self.journal.wait(self.n, PATIENCE_S)
            except Exception:
                log.exception("the watch failed at journal entry %d and repeats it", self.n + 1)
                self._restore()
                stop.wait(1.0)

    def step(self) -> bool:
        """Evaluate what the journal holds; False when there was nothing to do."""
        entries = self.journal.read(self.n)
        for entry in entries:
            self._evaluate(entry)
        mended = self._mend(pressing=not entries)
        return bool(entries) or mended

    @property
    def settled(self) -> bool:
        """Whether the record holds everything that the journal holds."""
        return self.n >= self.journal.last and not self.engine.state.late

    def _restore(self) -> None:
        self.n, snapshot = self.repository.engine_snapshot()
        self.engine = Engine(self.rules, self.catalogue, snapshot)

    def _evaluate(self, entry: Entry) -> None:
        self.failpoint("before-engine")
        transitions = self.engine.feed(entry.columns, entry.upto_ms)
        with self.repository.database.begin() as connection:
            self._keep(connection, entry.n, transitions)
        self.n = entry.n
        if transitions:
            self.failpoint("transition-committed")
            self.told.set()

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
        members = {name for series in late for name in self.engine.members(series)}
        history = AsOf(self.n, self.journal, self.store, members)
        with self.repository.database.begin() as connection:
            transitions: list[Transition] = []
            for series, earliest_ms in late.items():
                for binding in self.engine.bindings[series]:
                    transitions += self._amend(connection, binding, earliest_ms, history)
            self.engine.state.late = {}
            self._keep(connection, self.n, transitions)
        if transitions:
            self.told.set()

    def _amend(
        self, connection: Connection, binding: Binding, earliest_ms: int, history: AsOf
    ) -> list[Transition]:
        record = self.repository.of_binding(connection, binding)
        ended = [a.resolved_ms for a in record if a.resolved_ms and a.resolved_ms < earliest_ms]
        idle_ms = max(ended, default=None)
        known = [a for a in record if idle_ms is None or a.began_ms >= idle_ms]
        t, value = self._good(history, binding.series, idle_ms)
        return self.engine.amend(binding, t, value, known, idle_ms=idle_ms)

    def _good(
        self, history: AsOf, series: str, after_ms: int | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Good readings of a series after an instant, up to the engine's position."""
        first = 0 if after_ms is None else after_ms + 1
        end = self.engine.state.positions[series] + 1
        tracks = [history.track(name, first, end) for name in self.engine.members(series)]
        t = np.concatenate([track.t[track.quality == Quality.GOOD] for track in tracks])
        value = np.concatenate([track.value[track.quality == Quality.GOOD] for track in tracks])
        t, index = np.unique(t, return_index=True)
        return t, value[index]

    def _keep(self, connection: Connection, n: int, transitions: list[Transition]) -> None:
        repository = self.repository
        repository.record(connection, n, transitions)
        for alert_id, run in self.engine.standing():
            repository.note_progress(connection, alert_id, run)
        if transitions:
            standing = self._standing(connection, transitions)
            heard = repository.heard(connection, [t.alert.id for t in transitions])
            repository.post(connection, self._messages(n, transitions, standing, heard))
        repository.save_engine(connection, n, self.engine.state)

    def _standing(self, connection: Connection, transitions: list[Transition]) -> list[Alert]:
        """Firing alerts that could hide or be hidden by what changed."""
        concerned = {(t.alert.rule_id, t.alert.station) for t in transitions}
        return [
            alert
            for rule_id, station in sorted(concerned)
            for alert in self.repository.standing_of(connection, rule_id, station)
        ]

    def _messages(
        self, n: int, transitions: list[Transition], standing: list[Alert], heard: set[str]
    ) -> list[Message]:
        now = self.now_ms()
        messages = [
            Message(
                key=telling.key,
                alert_id=telling.alert.id,
                event=telling.event,
                audience=telling.audience,
                text=self.wording.message(telling.alert, telling.event),
                muted=telling.muted,
                created_ms=now,
                next_ms=None if telling.muted else now,
            )
            for telling in plan(transitions, standing, heard)
        ]
        for place, transition in enumerate(transitions):
            messages.append(self._shown(f"{n}|{place}", transition, now))
        return messages

    def _shown(self, place: str, transition: Transition, now: int) -> Message:
        alert = transition.alert
        said = self.wording.sentences(alert)
        text = msgspec.json.encode(
            {
                "id": alert.id,
                "station": alert.station,
                "indicator": alert.indicator,
                "level": alert.level.name.lower(),
                "state": str(alert.state),
                "kind": alert.about,
                "change": str(transition.change),
                "summary": said.summary,
                "at_ms": transition.at_ms,
            }
        ).decode()
        key = hashlib.sha256(f"{alert.id}|{place}|{transition.change}".encode()).hexdigest()[:32]
        return Message(key, alert.id, SHOWN, BROWSERS, text, "", now, next_ms=now)
