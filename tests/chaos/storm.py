"""The half of the centre behind the journal as a process: it keeps, watches and tells what a folder
holds, and ends by itself when all of it is.
"""

from __future__ import annotations

import logging
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import msgspec

from alerting import documents
from alerting.channels.embedded import File
from alerting.channels.protocol import Sent
from alerting.courier import Courier
from alerting.repository import Message, Repository
from alerting.rulebook import Rulebook
from alerting.telling import BROWSERS
from alerting.watch import Watch
from alerting.wording import Wording
from config.catalogue import loading
from config.catalogue.words import Words
from config.settings import Settings
from ingest.corrections import Corrections
from ingest.deadletters import DeadLetters
from ingest.findings import Findings
from ingest.journal import Journal
from ingest.keeper import Keeper
from ingest.state import State, open_state
from ingest.store.duckdb import DuckDBStore
from qingyuan.desk import now_ms

JUDGED, HANDED, FILED = "judged", "handed.jsonl", "messages.jsonl"
"""A file as long as the number that the watch has come to, what was handed over, and what the
channel of people holds.
"""
MOST_AT_ONCE = 6
END_OF_TIME_MS = 1 << 62
LOOK_S = 0.02


class Handed(msgspec.Struct):
    """A message as it was handed over, and by which start of the process."""

    start: int
    key: str
    alert_id: str
    event: str
    audience: str
    text: str


class Tally:
    """A channel without a memory: a line for each handing, synced, again and again if it must."""

    def __init__(self, path: Path, start: int) -> None:
        self._path, self._start = path, start

    def send(self, message: Message) -> Sent:
        """Append and sync."""
        told = (message.key, message.alert_id, message.event, message.audience, message.text)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(Handed(self._start, *told)) + b"\n")
        return Sent.DELIVERED


class Pace:
    """Lets the watch have a few entries at a time, as if they came while it is at work."""

    def __init__(self, journal: Journal, path: Path) -> None:
        self._journal, self._path = journal, path
        self.last = 0
        path.touch()

    def wait(self, after: int, timeout_s: float) -> bool:
        """The next ones, as many as are drawn; False when there are none."""
        few = random.randint(1, MOST_AT_ONCE)
        self.last = min(after + few, self._journal.last)
        os.truncate(self._path, after)
        return self.last > after or self._journal.wait(after, timeout_s)


def main(folder: Path, district: Path, start: int) -> None:
    """Run until the record holds all that the journal holds and nothing is left to be told."""
    logging.basicConfig(filename=folder / "storm.log", force=True)
    settings = Settings(catalogue=district, data_dir=folder)
    with ExitStack() as stack:
        state = stack.enter_context(closing(open_state(settings)))
        journal = stack.enter_context(closing(Journal(folder / "journal")))
        store = stack.enter_context(closing(DuckDBStore(folder / "readings.duckdb")))
        watch = _watch(settings, state, journal, store)
        letters = DeadLetters(folder / "deadletters.sqlite")
        keeper = Keeper(journal, store, letters, watch.catalogue.site.id)
        tally = Tally(folder / HANDED, start)
        people = (File(folder / FILED), tally)
        channels = {"deputy": people, "officer": people, BROWSERS: (tally,)}
        courier = Courier(watch.repository, channels, watch.told, now_ms)
        for run in (keeper.run, watch.run, courier.run):
            stack.enter_context(_running(run))
        while not watch.settled or watch.repository.due(END_OF_TIME_MS, most=1):
            threading.Event().wait(LOOK_S)


def _watch(settings: Settings, state: State, journal: Journal, store: DuckDBStore) -> Watch:
    catalogue = loading.load(settings.catalogue)
    rulebook = Rulebook(state, documents.load(settings.catalogue / "rules.toml", catalogue))
    return Watch(
        journal,
        store,
        Repository(state),
        rulebook,
        catalogue,
        Wording(Words.load("zh-CN"), catalogue, rulebook.all),
        now_ms,
        Corrections(state),
        Findings(state),
        Pace(journal, settings.data_dir / JUDGED),
    )


@contextmanager
def _running(run: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
