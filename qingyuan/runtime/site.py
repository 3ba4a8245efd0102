"""The resources of a site on its disks and servers, opened in order and closed in reverse."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerting import tables as alert_tables
from alerting.events import kinds as event_kinds
from alerting.events.event import Grouping
from alerting.events.kinds import Kind
from alerting.record.repository import Repository
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.wording.detection_limits import detection_limits
from alerting.wording.sentences import Wording
from api import tables as account_tables
from api.accounts.enrolment import people
from api.accounts.enrolment import units as unit_seeds
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Unit
from api.accounts.roles import Roles
from api.deadlines.kept.notices import Calendar
from api.deadlines.opening import rules_of
from api.roster import ROSTER, roles_of, words_of
from api.shape import CoreServices
from config import site_key, working_days
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from config.site_key import SiteKey
from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.time import MINUTE_MS, ZONE
from config.working_days import WorkingDays
from ingest.annotations import tables as annotation_tables
from ingest.annotations.cadences import CadenceRecord
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.annotations.overlay import Overlaid
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import MIB, DeadLetters
from ingest.journal.log import Journal
from ingest.state.database import State, open_state
from ingest.store.opening import open_store
from ingest.store.protocol import Store

RESTORING = "restoring"
"""A file that stands in a data directory while a backup is brought into it."""
PROBE_BYTES = 1 << 20
SHORT_RETENTION_DAYS = 400
"""A server that keeps less than a year and a month is warned of: nothing can be compared then."""
MIGRATIONS = (
    annotation_tables.MIGRATIONS,
    alert_tables.MIGRATIONS,
    account_tables.MIGRATIONS,
    *(migrations for platform in ROSTER for migrations in platform.migrations),
)


log = logging.getLogger(__name__)


def now_ms() -> int:
    """The centre's clock, UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


def never() -> bool:
    """Whether to wait for somebody who has what we need: no."""
    return False


@dataclass(frozen=True, slots=True)
class SharedResources:
    """The resources of every process of a site. ``kept`` is the store without corrections."""

    settings: Settings
    catalogue: Catalogue
    rule_repository: RuleRepository
    words: Words
    wording: Wording
    state: State
    corrections: Corrections
    findings: Findings
    kept: Store
    store: Overlaid
    repository: Repository
    kinds: Sequence[Kind]
    roles: Roles
    units: Sequence[Unit]
    people: Sequence[Newcomer]
    site_key: SiteKey

    @property
    def grouping(self) -> Grouping:
        """When alerts belong together on the site."""
        notify = self.settings.notify
        spans = notify.together_minutes * MINUTE_MS, notify.again_minutes * MINUTE_MS
        return Grouping.of(self.kinds, *spans)


@dataclass(frozen=True, slots=True)
class SiteResources:
    """The resources that only the core of a site may touch. ``ours`` tells whether it still is the
    core.
    """

    shared: SharedResources
    journal: Journal
    deadletters: DeadLetters
    committer: Committer
    snapshot: Path
    ours: Callable[[], bool]


def files_of(settings: Settings) -> Path:
    """The folder of the contents of files: the core's, also for pages beside it."""
    return Path(settings.core_data_dir or settings.data_dir) / "files"


def days_of(settings: Settings) -> WorkingDays:
    """The days off of the product's files and the district's."""
    return working_days.load(settings.catalogue / "calendar")


def calendar_of(shared: SharedResources) -> Calendar:
    """The days off as they are known: those of the files, and over them the office's."""
    return Calendar(shared.state, days_of(shared.settings))


def core_services(shared: SharedResources, publish: Callable[[bytes], object]) -> CoreServices:
    """The means of the platforms' jobs."""
    return CoreServices(
        shared.state,
        shared.store,
        shared.catalogue,
        now_ms,
        publish,
        shared.words,
        shared.roles,
        days_of(shared.settings),
        files_of(shared.settings),
        shared.settings.catalogue,
        shared.wording,
        shared.grouping,
        ROSTER,
        shared.settings.attachments,
        shared.settings.imports,
        shared.settings.report_periods,
    )


_NEEDED = {
    "rules.toml": "write the rules on readings there, as docs/rules.md says; it may be empty",
    "people.toml": "write [[person]] with username, name and roles there; else nobody can sign in",
}
"""Files that a district must have beside its catalogue, each with what to do where it has not."""


def missing_files(folder: Path) -> list[Fault]:
    """Of the files without which a centre does not start those that a district lacks beside its
    catalogue.
    """
    return [
        Fault(f"{folder / name}", "is missing, and `serve` needs it", remedy)
        for name, remedy in _NEEDED.items()
        if not (folder / name).exists()
    ]


def _catalogue_of(folder: Path) -> Catalogue:
    """The catalogue of a district that lacks nothing.

    Raises:
        FaultyInput: with every fault of the catalogue and every file that is missing.
    """
    missing = missing_files(folder)
    try:
        catalogue = loading.load(folder)
    except FaultyInput as error:
        raise FaultyInput([*error.faults, *missing]) from error
    if missing:
        raise FaultyInput(missing)
    return catalogue


@contextmanager
def open_shared(settings: Settings) -> Iterator[SharedResources]:
    """State, store and the district's files.

    Raises:
        QingyuanError: something a person can put right, in one line.
    """
    catalogue = _catalogue_of(settings.catalogue)
    in_force = documents.load(settings.catalogue / "rules.toml", catalogue)
    words = Words.load(settings.language, words_of(ROSTER), settings.catalogue)
    kinds = event_kinds.load(settings.catalogue / "events.toml", {rule.id for rule in in_force})
    roles = roles_of(ROSTER, settings.catalogue)
    rules_of(settings.catalogue)  # a fault of theirs ends the start, not a page
    units = unit_seeds.load(settings.catalogue / "units.toml")
    seeds = people.load(
        settings.catalogue / "people.toml", roles.by_id, [unit.id for unit in units]
    )
    with ExitStack() as stack:
        state = open_state(settings)
        stack.callback(state.close)
        state.migrate(MIGRATIONS)
        rule_repository = RuleRepository(state, in_force)
        corrections, findings = Corrections(state), Findings(state)
        kept = open_store(settings, catalogue.site.id, now_ms)
        stack.callback(kept.close)
        _warn_of_retention(kept)
        store = Overlaid(kept, corrections, findings)
        yield SharedResources(
            settings,
            catalogue,
            rule_repository,
            words,
            Wording(words, catalogue, rule_repository.all, detection_limits(store)),
            state,
            corrections,
            findings,
            kept,
            store,
            Repository(state),
            kinds,
            roles,
            units,
            seeds,
            site_key.load(settings),
        )


@contextmanager
def opened(settings: Settings, wait: Callable[[], bool] = never) -> Iterator[SiteResources]:
    """The resources of a site; ``wait`` is asked again and again while another core has it.

    Raises:
        QingyuanError: something a person can put right, in one line.
    """
    with ExitStack() as stack:
        if not settings.state_url:  # otherwise the state database says whose the site is
            stack.enter_context(only_one(settings.data_dir))
        shared = stack.enter_context(open_shared(settings))
        ours = stack.enter_context(shared.state.serving(shared.catalogue.site.id, wait))
        if settings.state_url:
            stack.enter_context(only_one(settings.data_dir))
        CadenceRecord(shared.state).keep_up(shared.catalogue, now_ms())
        journal = _journal(shared)
        stack.callback(journal.close)
        deadletters = DeadLetters(
            settings.data_dir / "deadletters.sqlite",
            settings.keep_deadletters,
            settings.keep_deadletters_mib * MIB,
        )
        stack.callback(deadletters.close)
        snapshot = settings.data_dir / "ledger.snapshot"
        ledger = SequenceLedger.rebuilt(journal, snapshot)
        intake = Intake(
            shared.catalogue,
            ledger,
            deadletters,
            keeps_from_ms=lambda now: keeps_from_ms(shared.kept, now),
        )
        committer = Committer(intake, journal, ledger, now_ms)
        yield SiteResources(shared, journal, deadletters, committer, snapshot, ours)


def keeps_from_ms(store: Store, now_ms: int) -> int:
    """The earliest instant of which a store takes readings, UTC epoch ms; 0 where any."""
    retention = store.retention()
    return retention.from_ms(now_ms) if retention else 0


def beyond(store: Store, where: str, instants: Sequence[str], now_ms: int) -> Refused:
    """The refusal of readings that a store would take and drop."""
    retention = store.retention()
    assert retention is not None
    keeps = datetime.fromtimestamp(retention.from_ms(now_ms) / 1000, ZONE)
    first = ", ".join(instants[:3]) + (", ..." if len(instants) > 3 else "")
    what = f"has readings of {first}; {retention.said} keeps none before {keeps:%Y-%m-%d %H:%M}"
    return Refused(where, what, f"{retention.remedy}; nothing was taken")


def _warn_of_retention(store: Store) -> None:
    retention = store.retention()
    if retention and retention.days < SHORT_RETENTION_DAYS:
        log.warning(
            "%s keeps readings for %d days only; to compare years, %s",
            retention.said,
            retention.days,
            retention.remedy,
        )


def _journal(shared: SharedResources) -> Journal:
    """The data directory's journal. On a new disk it goes on where the record has come to; one of
    another site or time would be passed over until it has caught up.
    """
    folder = shared.settings.data_dir
    if (folder / RESTORING).exists():
        what, remedy = "was filled by a restore that did not end", "empty it and restore again"
        raise Refused(f"data_dir {folder}", what, remedy)
    judged, _ = shared.repository.engine_snapshot()
    journal = Journal(folder / "journal", after=judged)
    if judged > journal.last:
        journal.close()
        what = f"its journal ends at {journal.last}, the state database has come to {judged}"
        remedy = "name the data_dir that belongs to it, or an empty one"
        raise Refused(f"data_dir {folder}", what, remedy)
    return journal


def _check_room(folder: Path) -> None:
    """There must be room to begin; when it runs out later, nothing is acknowledged."""
    probe = folder / "probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(bytes(PROBE_BYTES))
    except OSError as error:
        what, remedy = f"cannot be written ({error.strerror})", "free space there or mend it"
        raise Refused(f"data_dir {folder}", what, remedy) from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """A data directory belongs to one process.

    Raises:
        Refused: another one has it, or it cannot be written.
    """
    _check_room(folder)
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
