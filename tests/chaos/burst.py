"""The half of the centre behind the journal as a process: it keeps, judges and tells what a journal
holds, and ends by itself when nothing is left to do.
"""

from __future__ import annotations

import logging
import os
import random
import threading
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
from alerting.notify.channels.embedded import File
from alerting.notify.channels.protocol import Sent
from alerting.notify.outbox import BROWSERS

from alerting.notify.dispatcher import Dispatcher
from alerting.record.repository import Message, Repository
from alerting.rule_worker import RuleWorker
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.wording.sentences import Wording
from config.catalogue import loading
from config.catalogue.words import Words
from config.settings import Settings
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.state.database import State, open_state
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from qingyuan.runtime.site import now_ms

JUDGED, HANDED, FILED = "judged", "handed.jsonl", "messages.jsonl"
"""Files: how far the journal was judged, every handing over, and what people's channel keeps."""
MOST_AT_ONCE = 8
END_OF_TIME_MS = 1 << 62
LOOK_S = 0.02


class Handed(msgspec.Struct, frozen=True):
    """A message as a start of the process handed it over."""

    start: int
    key: str
    alert_id: str
    event: str
    audience: str
    text: str


class Tally:
    """A channel that remembers nothing: a line for each handing over, the same one again too."""

    def __init__(self, path: Path, start: int) -> None:
        self._path, self._start = path, start

    def send(self, message: Message) -> Sent:
        """In one write, which no kill divides."""
        messages_of = (
            message.key,
            message.alert_id,
            message.event,
            message.audience,
            message.text,
        )
        with self._path.open("ab", buffering=0) as file:
            file.write(msgspec.json.encode(Handed(self._start, *messages_of)) + b"\n")
        return Sent.DELIVERED


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


def main(folder: Path, district: Path, start: int) -> None:
    """Run until the record holds all that the journal holds and everything is told."""
    logging.basicConfig(filename=folder / "storm.log", force=True)
    settings = Settings(catalogue=district, data_dir=folder)
    with ExitStack() as stack:
        state = stack.enter_context(closing(open_state(settings)))
        journal = stack.enter_context(closing(Journal(folder / "journal")))
        store = stack.enter_context(closing(DuckDBStore(folder / "readings.duckdb")))
        rule_worker = _rule_worker(settings, state, journal, store)
        letters = DeadLetters(folder / "deadletters.sqlite")
        store_writer = StoreWriter(journal, store, letters, rule_worker.catalogue.site.id)
        tally = Tally(folder / HANDED, start)
        people = (File(folder / FILED), tally)
        channels = {"deputy": people, "officer": people, BROWSERS: (tally,)}
        dispatcher = Dispatcher(rule_worker.repository, channels, rule_worker.news, now_ms)
        stop = threading.Event()
        for run in (store_writer.run, rule_worker.run, dispatcher.run):
            thread = threading.Thread(target=run, args=(stop,))
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        while not rule_worker.settled or rule_worker.repository.due(END_OF_TIME_MS, most=1):
            threading.Event().wait(LOOK_S)


def _rule_worker(
    settings: Settings, state: State, journal: Journal, store: DuckDBStore
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
        Wording(Words.load("zh-CN"), catalogue, rule_repository.all),
        lambda: now_ms() - behind_ms,
        Corrections(state),
        Findings(state),
        Pace(journal, after, settings.data_dir / JUDGED),
    )
