"""The centre: its core, which receives, judges and tells, its pages, or both in one process."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from alerting.channels.dated import Dated
from alerting.channels.embedded import Broker, Console, File
from alerting.channels.protocol import Channel
from alerting.clockwork import Job, running
from alerting.courier import Courier
from alerting.notices import Notices
from alerting.repository import Repository
from alerting.telling import BROWSERS
from alerting.watch import Watch
from alerting.wording import CLOCK_OFF, TWO_AGENTS
from api.accounts import actions as accounts
from api.accounts import people
from api.accounts.repository import Accounts
from api.centre import Centre
from api.live import LiveFeed
from api.parts import Parts
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary import wire
from config.vocabulary.errors import Refused
from ingest.bus import Bus
from ingest.core import Core
from ingest.deadletters import DeadLetters
from ingest.field import Field
from ingest.flagger import Flagger
from ingest.journal import Journal
from ingest.keeper import Keeper
from ingest.ledger import Ledger
from ingest.store.protocol import Store
from qingyuan import control, desk
from qingyuan.desk import Desk, Ground, grounded, never, now_ms
from qingyuan.passwords import known
from qingyuan.retention import keep_in_order

LIBRARIES = Path(__file__).parents[1] / "node_modules"
LEASE_LOOK_S = 2.0
LOST = 3
"""Exit status of a core that lost its site: whatever runs it may start it again, to wait."""
Attempts = Callable[[], Sequence[wire.Attempt]]

log = logging.getLogger(__name__)


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


@contextmanager
def opened(
    settings: Settings,
    passwords: Mapping[str, str] | None = None,
    *,
    failpoint: Callable[[str], None] = lambda _: None,
    attempts: Attempts = tuple,
    wait: Callable[[], bool] = never,
) -> Iterator[House]:
    """A running centre in one process; inside this context it ingests, watches and tells.

    ``attempts`` are what the broker refused, where it tells; ``wait`` is asked while another core
    has the site. One that has lost it ends the process with status ``LOST``.

    Raises:
        QingyuanError: something a person can put right, in one line.
    """
    with ExitStack() as stack:
        own = stack.enter_context(desk.opened(settings, wait))
        _enrol(own.ground, passwords)
        bus = Bus(settings.broker, own.ground.catalogue.site.id, _name(own, "centre"), intake=True)
        parts = _parts(own.ground, bus)
        watch = stack.enter_context(_working(own, bus, failpoint, attempts))
        yield House(
            parts,
            bus,
            own.journal,
            own.settling.ledger,
            own.deadletters,
            own.ground.store,
            watch,
            own.ground.repository,
            own.ground.catalogue,
        )


@contextmanager
def core(settings: Settings, wait: Callable[[], bool]) -> Iterator[None]:
    """The half that receives, judges and tells."""
    with desk.opened(settings, wait) as own:
        bus = Bus(settings.broker, own.ground.catalogue.site.id, _name(own, "core"), intake=True)
        with _working(own, bus, lambda _: None, tuple):
            yield


@contextmanager
def pages(settings: Settings) -> Iterator[Parts]:
    """The half that people see; what the core tells is heard over the broker.

    Raises:
        Refused: the store or the state belongs to one process.
    """
    remedy = "use `qingyuan serve`, or set store, store_url and state_url to servers"
    for name, embedded in (
        ("store", settings.store == "duckdb"),
        ("state_url", not settings.state_url),
    ):
        if embedded:
            raise Refused(name, "is an embedded part, which belongs to one process", remedy)
    with grounded(settings) as ground:
        _enrol(ground, None)
        site = ground.catalogue.site.id
        bus = Bus(settings.broker, site, f"{site}.pages", intake=False)
        parts = _parts(ground, bus)
        with bus:
            yield parts


def _name(own: Desk, part: str) -> str:
    return f"{own.ground.catalogue.site.id}.{part}"


def _enrol(ground: Ground, given: Mapping[str, str] | None) -> None:
    """Everybody of the district gets an account; without passwords ``given``, first ones are drawn
    for those who have none.
    """
    file, enrolled = ground.settings.catalogue / "people.toml", Accounts(ground.state)

    def has_account(username: str) -> bool:
        return enrolled.by_username(username) is not None

    if given is None:
        given = known(file, ground.settings.data_dir, has_account)
    accounts.enrol(enrolled, people.load(file), given)


def _parts(ground: Ground, bus: Bus) -> Parts:
    """What the pages use; everything they hear comes over the broker."""
    live, centre, site = LiveFeed(), Centre(now_ms), ground.catalogue.site.id
    bus.listen(wire.station_topic(site, "+", "live"), live.hear)
    bus.listen(wire.alerts_topic(site), live.hear)
    bus.listen(wire.pulse_topic(site), centre.hear)
    bus.listen(wire.health_topic(site, "+"), centre.hear_health)
    return Parts(
        catalogue=ground.catalogue,
        rulebook=ground.rulebook,
        store=ground.store,
        state=ground.state,
        alerts=ground.repository,
        wording=ground.wording,
        words=ground.words,
        live=live,
        libraries=LIBRARIES,
        now_ms=now_ms,
        centre=centre,
        metrics_token=ground.settings.metrics_token,
        corrections=ground.corrections,
    )


@contextmanager
def _working(
    own: Desk,
    bus: Bus,
    failpoint: Callable[[str], None],
    attempts: Attempts,
) -> Iterator[Watch]:
    """The core's threads: receive, keep, judge, tell, and what runs by the clock."""
    ground, site = own.ground, own.ground.catalogue.site.id
    flagger = Flagger(own.journal, ground.kept, ground.findings, ground.catalogue, now_ms)
    watch = _watch(own, flagger, failpoint)
    keeper = Keeper(own.journal, ground.kept, own.deadletters, site, failpoint)
    core = Core(
        bus,
        own.settling,
        site,
        ground.settings.upto_grace_ms,
        ground.settings.reconnect_grace_ms,
        now_ms,
        failpoint,
        own.snapshot,
        passed=lambda: min(keeper.firm, watch.n, flagger.kept),
        readers=lambda pulse: _with_readers(pulse, own, watch, keeper, attempts),
    )
    notices = Notices(
        ground.repository,
        ground.wording,
        lambda: _seen(core.field, ground.catalogue.stations, now_ms()),
        watch.told,
        now_ms,
    )
    courier = Courier(ground.repository, _channels(own, bus), watch.told, now_ms)
    ending = threading.Event()
    nightly = Job("keep in order", lambda: keep_in_order(ground, now_ms(), ending), hour=3)
    threads = {
        "courier": courier.run,
        "watch": watch.run,
        "keeper": keeper.run,
        "flagger": flagger.run,
        "notices": notices.run,
        "core": core.run,
    }
    with ExitStack() as stack:
        stack.enter_context(bus)
        for part, run in threads.items():
            stack.enter_context(_running(part, run))
        stack.enter_context(_running("lease", lambda stop: _guard(own, stop)))
        stack.enter_context(running([nightly]))
        stack.callback(ending.set)
        stack.enter_context(control.listening(own))
        stack.enter_context(_settled())
        yield watch


def _seen(
    field: Field, stations: Iterable[str], now_ms: int
) -> dict[tuple[str, str], bool | None]:
    """By cause and station what operators must know."""
    found: dict[tuple[str, str], bool | None] = {}
    for name in stations:
        found[TWO_AGENTS, name] = field.two_agents(name, now_ms)
        found[CLOCK_OFF, name] = field.clock_off(name)
    return found


@contextmanager
def _settled() -> Iterator[None]:
    """What is there by now stays: searched for garbage again and again, it would hold everything
    up for a tenth of a second every few seconds.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _watch(own: Desk, judged: Flagger, failpoint: Callable[[str], None]) -> Watch:
    ground = own.ground
    return Watch(
        own.journal,
        ground.kept,
        ground.repository,
        ground.rulebook,
        ground.catalogue,
        ground.wording,
        now_ms,
        ground.corrections,
        ground.findings,
        judged,
        failpoint=failpoint,
    )


def _with_readers(
    pulse: wire.Pulse, own: Desk, watch: Watch, keeper: Keeper, attempts: Attempts
) -> wire.Pulse:
    """A pulse with what the journal's readers and the broker know."""
    return msgspec.structs.replace(
        pulse,
        stored=keeper.stored,
        store_away=keeper.away,
        judged=watch.n,
        deadletters=own.deadletters.count() + own.deadletters.dropped(),
        reasons=own.deadletters.kinds(),
        attempts=list(attempts()),
    )


def _guard(own: Desk, stop: threading.Event) -> None:
    """A core that lost its site must not write on."""
    while not stop.wait(LEASE_LOOK_S):
        if not own.ours():
            log.critical("the state database is out of reach and with it the site; ending")
            os._exit(LOST)  # at once: another core may be writing, and a crash is safe by design


def _channels(own: Desk, bus: Bus) -> dict[str, tuple[Channel, ...]]:
    words = own.ground.words
    file = File(own.ground.settings.data_dir / "messages.jsonl")
    people_hear = tuple(
        Dated(channel, words, now_ms) for channel in (file, Console(sys.stdout, words))
    )
    browsers = Broker(wire.alerts_topic(own.ground.catalogue.site.id), bus.publish)
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
