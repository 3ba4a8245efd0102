"""The centre in one process: opens every part in order, runs it, and closes it in reverse."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alerting import repository as alerts
from alerting import rules
from alerting.channels.embedded import Broker, Console, File
from alerting.courier import Courier
from alerting.repository import Repository
from alerting.watch import BROWSERS, Watch
from alerting.wording import Wording
from api.accounts import actions as accounts
from api.accounts import people
from api.accounts import repository as account_tables
from api.accounts.repository import Accounts
from api.live import LiveFeed
from api.parts import Parts
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from config.vocabulary import wire
from config.vocabulary.errors import Refused
from ingest.bus import Bus
from ingest.core import Core
from ingest.deadletters import DeadLetters
from ingest.intake import Intake
from ingest.journal import Journal
from ingest.keeper import Keeper
from ingest.ledger import Ledger
from ingest.state import open_state
from ingest.store.opening import open_store
from ingest.store.protocol import Store

LIBRARIES = Path(__file__).parents[1] / "node_modules"


@dataclass(frozen=True, slots=True)
class House:
    """What the front door needs of a running centre."""

    parts: Parts
    bus: Bus
    journal: Journal
    ledger: Ledger
    deadletters: DeadLetters
    store: Store
    watch: Watch
    repository: Repository
    catalogue: Catalogue


def now_ms() -> int:
    """The centre's clock, UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


@contextmanager
def opened(
    settings: Settings,
    passwords: Mapping[str, str],
    *,
    failpoint: Callable[[str], None] = lambda _: None,
) -> Iterator[House]:
    """A running centre; inside this context it ingests, watches and tells.

    Raises:
        QingyuanError: something a person can put right, in one line.
    """
    catalogue = loading.load(settings.catalogue)
    in_force = rules.load(settings.catalogue / "rules.toml", catalogue)
    persons = people.load(settings.catalogue / "people.toml")
    words = Words.load("zh-CN")
    with ExitStack() as stack:
        stack.enter_context(only_one(settings.data_dir))
        state = open_state(settings)
        stack.callback(state.close)
        state.migrate([alerts.MIGRATIONS, account_tables.MIGRATIONS])
        accounts.enrol(Accounts(state), persons, passwords)
        store = open_store(settings, catalogue.site.id, now_ms)
        stack.callback(store.close)
        journal = Journal(settings.data_dir / "journal")
        stack.callback(journal.close)
        deadletters = DeadLetters(settings.data_dir / "deadletters.sqlite")
        stack.callback(deadletters.close)
        snapshot = settings.data_dir / "ledger.snapshot"
        ledger = Ledger.rebuilt(journal, snapshot)
        repository = Repository(state)
        wording = Wording(words, catalogue, in_force)
        watch = Watch(
            journal, store, repository, in_force, catalogue, wording, now_ms, failpoint=failpoint
        )
        live = LiveFeed()
        bus = _bus(settings, catalogue.site.id, live)
        intake = Intake(catalogue, ledger, deadletters)
        core = Core(
            bus,
            journal,
            ledger,
            intake,
            catalogue.site.id,
            settings.upto_grace_ms,
            settings.reconnect_grace_ms,
            now_ms,
            failpoint,
            snapshot,
            passed=lambda: min(store.firm(), watch.n),
        )
        courier = Courier(repository, _channels(settings, bus, catalogue), watch.told, now_ms)
        stack.enter_context(bus)
        keeper = Keeper(journal, store, deadletters, catalogue.site.id, failpoint)
        for name, run in (("courier", courier.run), ("watch", watch.run), ("keeper", keeper.run)):
            stack.enter_context(_running(name, run))
        stack.enter_context(_running("core", core.run))
        parts = Parts(
            catalogue, in_force, store, state, repository, wording, words, live, LIBRARIES, now_ms
        )
        yield House(parts, bus, journal, ledger, deadletters, store, watch, repository, catalogue)


def _bus(settings: Settings, site: str, live: LiveFeed) -> Bus:
    """The centre's session; what is told to browsers is heard on it too."""
    bus = Bus(settings.broker, site, f"{site}.centre", intake=True)
    bus.listen(wire.station_topic(site, "+", "live"), live.hear)
    bus.listen(wire.alerts_topic(site), live.hear)
    return bus


def _channels(
    settings: Settings, bus: Bus, catalogue: Catalogue
) -> dict[str, tuple[Console | File | Broker, ...]]:
    people_hear = (File(settings.data_dir / "messages.jsonl"), Console(sys.stdout))
    browsers = Broker(wire.alerts_topic(catalogue.site.id), bus.publish)
    return {"deputy": people_hear, "officer": people_hear, BROWSERS: (browsers,)}


@contextmanager
def _running(name: str, run: Callable[[threading.Event], None]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """A data directory belongs to one process."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        remedy = "stop that one, or give this one another data_dir"
        raise Refused(f"data_dir {folder}", "is used by another process", remedy) from error
    try:
        yield
    finally:
        os.close(lock)
