"""The half of the centre behind the journal as a process: it keeps, judges and tells what a journal
holds, and ends by itself when nothing is left to do.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

from alerting.alert import State as AlertState
from alerting.channels.protocol import AddressKind, Limit, Outcome, Outgoing, Taken
from alerting.escalation.repository import Policies
from alerting.events import event as alert_event
from alerting.events.event import Grouping
from alerting.events.repository import Events
from alerting.notify.dispatcher import Sender
from alerting.notify.links import Links
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Messages
from alerting.record.repository import Repository
from alerting.rule_worker import RuleWorker
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.silences.repository import Silences
from alerting.wording.sentences import Wording
from config.catalogue import loading
from config.catalogue.words import Words
from config.settings import ChannelSettings, NotifySettings, Settings
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.state.database import State, open_state
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from qingyuan.runtime.site import now_ms
from tests.alerting.telling import DEPUTY, OFFICER, Known

JUDGED, HANDED, ENDED = "judged", "handed.jsonl", "ended"
"""Files: how far the journal was judged, every handing over, and that nothing was left to do."""
POINTS = (
    *("transition-committed", "alerts-joined", "event-told"),
    *("message-made", "message-taken", "delivery-settled"),
)
MOST_AT_ONCE = 8
LOOK_S = 0.02


class Handed(msgspec.Struct, frozen=True):
    """A message as a start of the process handed it over."""

    start: int
    key: str
    address: str
    title: str


class Tally:
    """A channel that remembers nothing: a line for each handing over, the same one again too."""

    reaches: AddressKind = "mail"
    limit: Limit | None = None

    def __init__(self, path: Path, start: int) -> None:
        self._path, self._start = path, start

    def send(self, outgoing: Outgoing) -> Outcome:
        """In one write, which no kill divides."""
        row = Handed(self._start, outgoing.key, outgoing.addresses[0], outgoing.title)
        with self._path.open("ab", buffering=0) as file:
            file.write(msgspec.json.encode(row) + b"\n")
        return Taken()


class Death:
    """Dies at a named point, the ``turn``-th time that it is reached."""

    def __init__(self, point: str, turn: int) -> None:
        self._point, self._turn = point, turn
        self._reached: Counter[str] = Counter()

    def __call__(self, point: str) -> None:
        self._reached[point] += 1
        if point == self._point and self._reached[point] == self._turn:
            os.kill(os.getpid(), signal.SIGKILL)


class Pace:
    """Lets the rule worker read a few entries more at each look, as many as are drawn, as if they came
    while it is at work. The file ``path`` is as long as the number of the last.
    """

    def __init__(self, journal: Journal, after: int, path: Path) -> None:
        self._journal, self._last, self._path = journal, after, path
        path.touch()

    @property
    def last(self) -> int:
        """The number that the rule worker may come to now."""
        self._last = min(self._last + random.randint(1, MOST_AT_ONCE), self._journal.last)
        os.truncate(self._path, self._last)
        return self._last

    def wait(self, after: int, timeout_s: float) -> bool:
        """All that is to come stands in the journal."""
        return self._journal.wait(after, timeout_s)


def main(
    folder: Path,
    district: Path,
    start: int,
    point: str = "",
    turn: int = 0,
    *,
    stays: bool = False,
) -> None:
    """Run until the record holds all that the journal holds and everything is told; or until it
    dies at a named point. One that ``stays`` waits then for its kill.
    """
    logging.basicConfig(filename=folder / "storm.log", force=True)
    alert_event.SETTLE_MS = 0
    death = Death(point, turn)
    settings = Settings(catalogue=district, data_dir=folder)
    with ExitStack() as stack:
        state = stack.enter_context(closing(open_state(settings)))
        journal = stack.enter_context(closing(Journal(folder / "journal")))
        store = stack.enter_context(closing(DuckDBStore(folder / "readings.duckdb")))
        rule_worker = _rule_worker(settings, state, journal, store, death)
        letters = DeadLetters(folder / "deadletters.sqlite")
        store_writer = StoreWriter(journal, store, letters, rule_worker.catalogue.site.id)
        notifier, sender = _telling(rule_worker, state, Tally(folder / HANDED, start), death)
        stop = threading.Event()
        for run in (store_writer.run, rule_worker.run, notifier.run, sender.run):
            thread = threading.Thread(target=run, args=(stop,))
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        while not rule_worker.settled or not is_settled(state):
            threading.Event().wait(LOOK_S)
        if stays:
            (folder / ENDED).touch()
            signal.pause()


def is_settled(state: State) -> bool:
    """Whether all that stands was told and handed over."""
    events, messages = Events(state), Messages(state)
    with state.read() as connection:
        fresh = events.unjoined(connection)
        members = events.open_members(connection)
        silent = [
            event
            for event in events.open(connection)
            if not event.held
            and event.known_level
            < max(
                (of.level for of in members.get(event.id, ()) if of.state is AlertState.FIRING),
                default=0,
            )
        ]
        due = messages.due(connection, now_ms())
    return not (fresh or silent or due or messages.waiting()[0])


def _telling(
    rule_worker: RuleWorker, state: State, tally: Tally, death: Death
) -> tuple[Notifier, Sender]:
    people, mail = Known([DEPUTY, OFFICER]), ChannelSettings("mail", "mail")
    messages, events = Messages(state), Events(state)
    catalogue, rules = rule_worker.catalogue, rule_worker.rule_repository.all
    wording = Wording(Words.load("zh-CN"), catalogue, rules)
    renderer = Renderer(wording, events, Links(bytes(32), ""), Grouping(), now_ms)
    sender = Sender(mail, tally, messages, people, renderer, "zh-CN", now_ms, death)
    around = Surroundings(
        catalogue=catalogue,
        grouping=Grouping(),
        directory=people,
        settings=NotifySettings(night_from="00:00", night_until="00:00", most_an_hour=1000),
        channel_settings=[mail],
        channels={"mail": "mail"},
        language="zh-CN",
        on_duty=lambda _: {},
        known_ms=now_ms,
        doubted=lambda _alert, _standing: False,
    )
    news = threading.Event()
    rule_worker.changed = news.set
    notifier = Notifier(
        rule_worker.repository, events, messages, Silences(state), Policies(state), around, now_ms,
        news, sender.wake.set, death,
    )  # fmt: skip
    return notifier, sender


def _rule_worker(
    settings: Settings, state: State, journal: Journal, store: DuckDBStore, death: Death
) -> RuleWorker:
    """It takes the journal's last mark of silence for now: nobody is told of what is long past."""
    marks = (
        entry.upto_ms for entry in journal.read(0, limit=journal.last) if entry.upto_ms is not None
    )
    behind_ms = now_ms() - max(marks)
    catalogue = loading.load(settings.catalogue)
    rule_repository = RuleRepository(
        state, documents.load(settings.catalogue / "rules.toml", catalogue)
    )
    repository = Repository(state)
    after, _ = repository.engine_snapshot()
    return RuleWorker(
        journal,
        store,
        repository,
        rule_repository,
        catalogue,
        lambda: now_ms() - behind_ms,
        Corrections(state),
        Findings(state),
        Pace(journal, after, settings.data_dir / JUDGED),
        failpoint=death,
    )
