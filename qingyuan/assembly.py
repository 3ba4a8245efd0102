"""The centre: its core, which receives, evaluates and notifies; its pages; or both together."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from alerting.broadcast import Broadcast
from alerting.notify.routing import Night
from alerting.record.repository import Repository
from alerting.rule_worker import RuleWorker
from alerting.self_monitoring import SelfMonitoring
from api.accounts.enrolment.enrolling import enrol, enrol_units, mark_first
from api.accounts.oidc.relying_party import RelyingParty
from api.accounts.records import OWN
from api.accounts.repositories.people import People
from api.audit_chain.sequencer import Sequencer
from api.centre import Centre
from api.live import LiveFeed
from api.roster import ROSTER
from api.services import DeadLetterAccess, Services
from api.web.public_address import PublicAddress
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary import topics
from config.vocabulary.errors import Refused
from config.vocabulary.time import day_of
from ingest.arrival.bus import Bus
from ingest.arrival.receiver import Receiver
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.loops import Loop, failing
from ingest.quality.worker import QualityWorker
from ingest.store.protocol import Store
from ingest.store.writer import StoreWriter
from qingyuan.maintenance.replay import RemoteDeadLetters, local
from qingyuan.maintenance.retention import keep_in_order
from qingyuan.maintenance.tasks import TASKS
from qingyuan.runtime import admin, notification, site
from qingyuan.runtime.observation import Observation
from qingyuan.runtime.passwords import FILE, drawn, forget, read
from qingyuan.runtime.pulses import Attempts, with_readers
from qingyuan.runtime.scheduler import Job, platform_jobs, running
from qingyuan.runtime.site import (
    SharedResources,
    SiteResources,
    calendar_of,
    files_of,
    never,
    now_ms,
    open_shared,
)

LIBRARIES = Path(__file__).parents[1] / "node_modules"
LEASE_LOOK_S = 2.0
LOST = 3
"""Exit status of a core that lost its site: whatever runs it may start it again, to wait."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunningCentre:
    """The parts of a centre that runs in one process."""

    services: Services
    bus: Bus
    journal: Journal
    ledger: SequenceLedger
    deadletters: DeadLetters
    store: Store
    rule_worker: RuleWorker
    repository: Repository
    catalogue: Catalogue


class _Part(Protocol):
    """A part of the core with a thread of its own."""

    @property
    def loop(self) -> Loop: ...

    def run(self, stop: threading.Event) -> None: ...


@contextmanager
def opened(
    settings: Settings,
    passwords: Mapping[str, str] | None = None,
    *,
    second_factor: bool = True,
    failpoint: Callable[[str], None] = lambda _: None,
    attempts: Attempts = tuple,
    wait: Callable[[], bool] = never,
    own_address: str = "",
) -> Iterator[RunningCentre]:
    """A running centre in one process; inside this context it receives, evaluates and notifies.

    People of the district who have no account get the ``passwords`` given, to keep; or first ones
    are drawn. Without ``second_factor`` no role demands one.

    ``attempts`` are what the broker refused, where it tells; ``wait`` is asked while another core
    has the site. One that has lost it ends the process with status ``LOST``. ``own_address`` is
    where messages lead where the settings name no ``public_url``.

    Raises:
        QingyuanError: something a person can put right, in one line.
    """
    with ExitStack() as stack:
        own = stack.enter_context(site.opened(settings, wait))
        _enrol(own.shared, passwords)
        bus = Bus(settings.broker, own.shared.catalogue.site.id, _name(own, "centre"), intake=True)
        services = _services(own.shared, bus, local(own), own_address)
        if not second_factor:
            services = replace(services, roles=services.roles.without_second_factor())
        working = _working(own, bus, failpoint, attempts, own_address, (services.live.hear,))
        rule_worker = stack.enter_context(working)
        shared = own.shared
        yield RunningCentre(
            services, bus, own.journal, own.committer.ledger, own.deadletters, shared.store,
            rule_worker, shared.repository, shared.catalogue,
        )  # fmt: skip


@contextmanager
def core(settings: Settings, wait: Callable[[], bool]) -> Iterator[None]:
    """The half that receives, evaluates and notifies."""
    with site.opened(settings, wait) as own:
        bus = Bus(settings.broker, own.shared.catalogue.site.id, _name(own, "core"), intake=True)
        with _working(own, bus, lambda _: None, tuple):
            yield


@contextmanager
def pages(settings: Settings) -> Iterator[Services]:
    """The half that people see; the core speaks to it over the broker.

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
    with open_shared(settings) as shared:
        _enrol(shared, None)
        site = shared.catalogue.site.id
        bus = Bus(settings.broker, site, f"{site}.pages", intake=False)
        services = _services(
            shared, bus, RemoteDeadLetters(Path(settings.core_data_dir or settings.data_dir))
        )
        bus.listen(topics.station_topic(site, "+", "live"), services.live.hear)
        bus.listen(topics.alerts_topic(site), services.live.hear)
        watch = notification.core_watch(shared, lambda: services.centre.heard_ms)
        with bus, _running(watch.loop.name, watch.run):
            yield services


def _name(own: SiteResources, part: str) -> str:
    return f"{own.shared.catalogue.site.id}.{part}"


def _enrol(shared: SharedResources, given: Mapping[str, str] | None) -> None:
    """Everybody of the district who has no account gets one; without passwords ``given``, first
    ones are drawn.
    """
    people = People(shared.state)
    mark_first(shared.state, read(shared.settings.data_dir / FILE), now_ms())
    forget(shared.settings.data_dir, people.waits)
    enrol_units(shared.state, shared.units)
    fresh = [one for one in shared.people if not people.exists(one.username)]
    if given is None:
        drawn_now = drawn([one.username for one in fresh], shared.settings.data_dir)
        enrol(shared.state, fresh, drawn_now, now_ms())
    else:
        enrol(shared.state, fresh, given, now_ms(), OWN)
    if not people.holders("administrator", day_of(now_ms())):
        log.warning("nobody may manage people: qingyuan people grant USERNAME administrator")


def _services(
    shared: SharedResources, bus: Bus, refusals: DeadLetterAccess, own_address: str = ""
) -> Services:
    """The services of the pages; what other processes tell them comes over the broker."""
    settings = shared.settings
    live, centre, site = LiveFeed(), Centre(now_ms), shared.catalogue.site.id
    bus.listen(topics.platforms_topic(site), live.hear)
    bus.listen(topics.pulse_topic(site), centre.hear)
    bus.listen(topics.health_topic(site, "+"), centre.hear_health)
    return Services(
        catalogue=shared.catalogue,
        rule_repository=shared.rule_repository,
        store=shared.store,
        state=shared.state,
        alerts=shared.repository,
        wording=shared.wording,
        words=shared.words,
        live=live,
        libraries=LIBRARIES,
        files=files_of(settings),
        district=settings.catalogue,
        now_ms=now_ms,
        centre=centre,
        metrics_token=settings.metrics_token,
        public=PublicAddress(settings.public_url),
        corrections=shared.corrections,
        deadletters=refusals,
        roles=shared.roles,
        forget_first_passwords=partial(forget, settings.data_dir, People(shared.state).waits),
        site_key=shared.site_key,
        grouping=shared.grouping,
        links=notification.links_of(settings, shared.site_key, own_address),
        channels=settings.channel or notification.CONSOLE,
        night=Night.of_site(settings.notify),
        relying_party=RelyingParty.of(settings, shared.site_key),
        publish=partial(bus.publish, topics.platforms_topic(site)),
        calendar=calendar_of(shared).working_days,
        attachments=settings.attachments,
        imports=settings.imports,
        map=settings.map,
        roster=ROSTER,
    )


@contextmanager
def _working(
    own: SiteResources,
    bus: Bus,
    failpoint: Callable[[str], None],
    attempts: Attempts,
    own_address: str = "",
    beside: Sequence[Callable[[str, bytes], bool]] = (),
) -> Iterator[RuleWorker]:
    """The core's threads: receive, store, evaluate, notify, and the nightly work. Pages of this
    process hear ``beside`` the broker, at once and whether or not it is there.
    """
    shared, site = own.shared, own.shared.catalogue.site.id
    quality_worker = QualityWorker(
        own.journal, shared.kept, shared.findings, shared.catalogue, now_ms
    )
    news = (threading.Event(), threading.Event())
    tell = partial(_set, news)
    rule_worker = _rule_worker(own, quality_worker, failpoint, tell)
    store_writer = StoreWriter(own.journal, shared.kept, own.deadletters, site, failpoint)
    receiver = Receiver(
        bus,
        own.committer,
        site,
        shared.settings.upto_grace_ms,
        shared.settings.reconnect_grace_ms,
        now_ms,
        failpoint,
        own.snapshot,
        passed=lambda: min(store_writer.firm, rule_worker.kept, quality_worker.kept),
        readers=lambda pulse: msgspec.structs.replace(
            with_readers(pulse, own, rule_worker, store_writer, attempts),
            failing=failing(loops),
            channels=notification.pulses(notifying.dispatcher),
            audit=sequencer.checked,
        ),
        waiting=lambda: own.journal.last - rule_worker.n,
        beside=beside,
    )
    sequencer = _sequencer(shared)
    publish = partial(bus.publish, topics.platforms_topic(site))
    notifying = notification.made(
        shared, lambda: rule_worker.engine.state.upto_ms, news[0], failpoint, publish, own_address
    )
    observation = Observation(
        shared.catalogue.stations,
        receiver.station_monitor,
        lambda: loops,
        sequencer,
        notifying.watchman,
    )
    self_monitoring = SelfMonitoring(shared.repository, observation, tell, now_ms)
    ways = [partial(way, topics.alerts_topic(site)) for way in (bus.publish, *beside)]
    broadcast = Broadcast(shared.repository, shared.wording, ways, now_ms, news[1])
    nightly = Loop("keep in order")
    parts: list[_Part] = [rule_worker, store_writer, quality_worker, self_monitoring, broadcast]
    parts += [notifying.notifier, *notifying.dispatcher.senders.values(), notifying.watchman]
    parts += [sequencer, receiver]
    loops = [nightly, *(of.loop for of in parts)]
    with _threads(own, bus, parts, nightly):
        yield rule_worker


@contextmanager
def _threads(
    own: SiteResources, bus: Bus, parts: Iterable[_Part], nightly: Loop
) -> Iterator[None]:
    """Every part in a thread of its name, on the broker; then jobs and admin tasks."""
    publish = partial(bus.publish, topics.platforms_topic(own.shared.catalogue.site.id))
    jobs = platform_jobs(ROSTER, site.core_services(own.shared, publish))
    with ExitStack() as stack:
        stack.enter_context(bus)
        for part in parts:
            stack.enter_context(_running(part.loop.name, part.run))
        stack.enter_context(_running("lease", lambda stop: _guard(own, stop)))
        stack.enter_context(_running_jobs(own.shared, nightly, jobs))
        stack.enter_context(admin.listening(own, TASKS))
        stack.enter_context(_settled())
        yield


def _set(news: Iterable[threading.Event]) -> None:
    for of in news:
        of.set()


def _sequencer(shared: SharedResources) -> Sequencer:
    key = shared.site_key.of("audit")
    publish = partial(notification.post_head, shared)
    return Sequencer(shared.state, shared.settings.data_dir, key, now_ms, publish)


@contextmanager
def _running_jobs(shared: SharedResources, nightly: Loop, jobs: Iterable[Job]) -> Iterator[None]:
    """Jobs by the clock; the nightly one ends early when the core does."""
    ending = threading.Event()

    def keep() -> None:
        nightly.tried(lambda: keep_in_order(shared, now_ms(), ending))

    with running([Job(nightly.name, keep, hour=3), *jobs]):
        try:
            yield
        finally:
            ending.set()


@contextmanager
def _settled() -> Iterator[None]:
    """Freeze objects made at the start out of the garbage collector: its full collections would
    pause the process for a tenth of a second every few seconds.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _rule_worker(
    own: SiteResources,
    judged: QualityWorker,
    failpoint: Callable[[str], None],
    changed: Callable[[], None],
) -> RuleWorker:
    shared = own.shared
    return RuleWorker(
        own.journal,
        shared.kept,
        shared.repository,
        shared.rule_repository,
        shared.catalogue,
        now_ms,
        shared.corrections,
        shared.findings,
        judged,
        changed,
        failpoint,
    )


def _guard(own: SiteResources, stop: threading.Event) -> None:
    """A core that lost its site must not write on."""
    while not stop.wait(LEASE_LOOK_S):
        if not own.ours():
            log.critical("the state database is out of reach and with it the site; ending")
            os._exit(LOST)  # at once: another core may be writing, and a crash is safe by design


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
