"""A district with made-up readings and alerts on real parts, and people who ask for its pages."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from argon2 import PasswordHasher
from msgspec.structs import replace
from numpy.typing import NDArray

from alerting import tables as alert_tables
from alerting.alert import Alert, Change, Level, State, Transition
from alerting.events.event import Grouping
from alerting.notify.links import Links
from alerting.record.repository import Repository
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.wording.detection_limits import detection_limits
from alerting.wording.sentences import Wording
from api import tables as account_tables
from api.accounts import roles
from api.accounts.credentials import passwords
from api.accounts.enrolment import units
from api.accounts.enrolment.enrolling import enrol, enrol_units
from api.accounts.enrolment.people import Newcomer, load
from api.accounts.permission import Permission
from api.accounts.records import OWN
from api.accounts.roles import Roles
from api.centre import Centre
from api.deadlines.kept.notices import Calendar
from api.live import LiveFeed
from api.platforms.environment.permission import EnvironmentPermission
from api.roster import ROSTER, words_of
from api.services import Services
from api.shape import Platform
from api.web import asking
from api.web.assets import FILES
from config import site_key, working_days
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import DISTRICTS, ChannelSettings, Settings
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, MINUTE_MS
from config.vocabulary.topics import platforms_topic
from ingest.annotations import tables as annotation_tables
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.annotations.overlay import Overlaid
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake
from ingest.arrival.replay import LocalDeadLetters
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.state.database import Migrations, open_state
from ingest.store.opening import open_store
from ingest.store.protocol import bucket_ms
from qingyuan.runtime.page_server import served
from tests.api import lightly
from tests.api.lightly import Copies, StoreOnceAsked
from tests.conftest import Postgres

NOW_MS = 1_795_492_800_000  # 2026-11-24 12:00 in the district
PASSWORDS = {
    "daibiao": "right for the deputy",
    "huanbao": "right for the officer",
    "xuhui": "right for the second deputy",
    "gujun": "right for the third deputy",
    "zhujian": "right for the handler",
    "shuili": "right for the handler of water",
    "lianluo": "right for the clerk",
    "daigongwei": "right for the supervisor",
    "shenji": "right for the auditor",
    "guanli": "right for the administrator",
}
USERNAMES = {
    "deputy": "daibiao",
    "officer": "huanbao",
    "handler": "zhujian",
    "clerk": "lianluo",
    "supervisor": "daigongwei",
    "auditor": "shenji",
    "administrator": "guanli",
}
"""Somebody of each role."""
AUDITOR = Newcomer("shenji", "钱进", ("auditor",))
FOLDER = DISTRICTS / "tongzhou"
Rooms = tuple[Migrations, ...]


@dataclass
class Clock:
    """The house's clock, which a test sets."""

    now_ms: int

    def __call__(self) -> int:
        return self.now_ms


@dataclass
class RunningCentre:
    """The parts of a centre, its clock, and what a test does to them."""

    services: Services
    clock: Clock
    kept: int = 0

    def measured_days(self, series: str, count: int, value: float) -> None:
        """A value in each minute of the last whole days."""
        today = bucket_ms(self.clock.now_ms, 24)
        t = np.arange(today - count * DAY_MS, today, MINUTE_MS, dtype=np.int64)
        self.measured_at(series, t, np.full(len(t), value))

    def measured_at(self, series: str, t: NDArray[np.int64], value: NDArray[np.float64]) -> None:
        """Good readings at instants, UTC epoch ms."""
        zeros = np.zeros(len(t), np.int64)
        columns = Columns(
            names=(series,),
            series=zeros.astype(np.uint32),
            t=t,
            value=value,
            quality=zeros.astype(np.uint8) + quality_of(Cause.NORMAL),
            cause=zeros.astype(np.uint8) + Cause.NORMAL,
            received=t,
            boots=("0" * 32,),
            boot=zeros.astype(np.uint16),
            seq=np.arange(len(t), dtype=np.int64),
        )
        self.kept += 1
        self.services.store.append(self.kept, columns)

    def measured(
        self, series: str, values: list[float | None], *, cause: Cause = Cause.NORMAL
    ) -> None:
        """One reading every ten minutes, the last of them just now."""
        rows = len(values)
        first = self.clock.now_ms - (rows - 1) * 600_000
        self.kept += 1
        self.services.store.append(
            self.kept,
            Columns(
                names=(series,),
                series=np.zeros(rows, np.uint32),
                t=np.arange(rows, dtype=np.int64) * 600_000 + first,
                value=np.array([np.nan if v is None else v for v in values], np.float64),
                quality=np.full(rows, quality_of(cause), np.uint8),
                cause=np.full(rows, cause, np.uint8),
                received=np.full(rows, self.clock.now_ms, np.int64),
                boots=("0" * 32,),
                boot=np.zeros(rows, np.uint16),
                seq=np.arange(rows, dtype=np.int64),
            ),
        )

    def put(self, alert: Alert, change: Change = Change.FIRED) -> Alert:
        """An alert on record, of which nobody has been told."""
        with self.services.state.begin() as connection:
            at_ms = alert.resolved_ms if change is Change.RESOLVED else alert.fired_ms
            found = Transition(change, alert, at_ms or alert.fired_ms, "")
            self.services.alerts.record(connection, 1, [found])
        return alert


def spill(**changes: object) -> Alert:
    """Ammonia over class III at the first station of the canal, still rising."""
    values: dict[str, object] = {
        "id": "a" * 20,
        "rule_id": "ammonia-over-class",
        "rule_version": 1,
        "level": Level.ALARM,
        "about": "pollution",
        "station": "tonglv-pingchao",
        "indicator": "w21003",
        "state": State.FIRING,
        "began_ms": NOW_MS - 90_000,
        "fired_ms": NOW_MS - 87_000,
        "fired_value": 1.2,
        "peak": 2.5,
        "peak_ms": NOW_MS - 1000,
        "last_value": 2.5,
        "last_ms": NOW_MS - 1000,
    }
    return Alert(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty files where the pages' npm packages would lie: these tests run no browser."""
    folder = tmp_path_factory.mktemp("libraries")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@pytest.fixture(scope="session", autouse=True)
def patient_workbench() -> Iterator[None]:
    """On a machine with much to do a platform may answer late that is not slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "WITHIN_S", 60)
        yield


@pytest.fixture(scope="session", autouse=True)
def light_hashes() -> Iterator[None]:
    """argon2 is slow by design; here it need not be."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", light)
        patch.setattr(passwords, "_NOBODY", light.hash("nobody"))
        yield


@pytest.fixture(scope="session", autouse=True)
def light_servers() -> Iterator[None]:
    """Whatever a server can have as the one before had it."""
    with lightly.light_servers():
        yield


BOTH = ["sqlite", "postgresql"]
"""For modules that ask for both: ``pytestmark = pytest.mark.parametrize("kind", BOTH)``."""


@pytest.fixture
def kind() -> str:
    """The state database."""
    return "sqlite"


@pytest.fixture(scope="session")
def enrolled(
    tmp_path_factory: pytest.TempPathFactory, light_hashes: None
) -> Callable[[Rooms], bytes]:
    """Files of a state database with the tables of some rooms and accounts: migrations are run
    once.
    """

    @cache
    def with_tables(rooms: Rooms) -> bytes:
        folder = tmp_path_factory.mktemp("enrolled")
        _enrol(Settings(data_dir=folder), rooms)
        return (folder / "state.sqlite").read_bytes()

    return with_tables


@pytest.fixture(scope="session")
def enrolled_there(postgres: Postgres, light_hashes: None) -> Callable[[Rooms], Copies]:
    """The same on PostgreSQL."""

    @cache
    def with_tables(rooms: Rooms) -> Copies:
        url = postgres.database()
        _enrol(Settings(state_url=url), rooms)
        return Copies(postgres, url.rpartition("/")[2])

    return with_tables


def _enrol(settings: Settings, rooms: Rooms) -> None:
    state = open_state(settings)
    state.migrate(
        [annotation_tables.MIGRATIONS, alert_tables.MIGRATIONS, account_tables.MIGRATIONS]
    )
    places = units.load(FOLDER / "units.toml")
    enrol_units(state, places)
    seeds = load(FOLDER / "people.toml", USERNAMES, [unit.id for unit in places])
    # A test of courts, the procuratorate or a town enrols the people that it needs itself.
    known = [person for person in seeds if person.username in PASSWORDS]
    enrol(state, [*known, AUDITOR], PASSWORDS, NOW_MS, OWN)
    state.migrate(rooms)
    state.close()


@pytest.fixture
def settings(
    tmp_path: Path, kind: str, roster: tuple[Platform, ...], request: pytest.FixtureRequest
) -> Settings:
    """With a state database that has the tables of every room and its accounts."""
    rooms = tuple(one for platform in roster for one in platform.migrations)
    if kind == "sqlite":
        enrolled: Callable[[Rooms], bytes] = request.getfixturevalue("enrolled")
        (tmp_path / "state.sqlite").write_bytes(enrolled(rooms))
        return Settings(data_dir=tmp_path)
    copies: Callable[[Rooms], Copies] = request.getfixturevalue("enrolled_there")
    return Settings(data_dir=tmp_path, state_url=copies(rooms).fresh())


def dead_letters(catalogue: Catalogue, folder: Path, clock: Clock) -> LocalDeadLetters:
    """Of a core in the same process."""
    letters, ledger = DeadLetters(folder / "deadletters.sqlite"), SequenceLedger()
    intake = Intake(catalogue, ledger, letters)
    committer = Committer(intake, Journal(folder / "journal"), ledger, clock)
    return LocalDeadLetters(letters, committer, catalogue.site.id)


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """The platforms whose pages answer."""
    return ROSTER


calendar_of_product = cache(working_days.load)


@cache
def rules_of_district() -> tuple[Rule, ...]:
    """As its file has them."""
    return documents.load(FOLDER / "rules.toml", loading.load(FOLDER))


@cache
def known_roles(platforms: tuple[tuple[str, tuple[Path, type[Permission]]], ...]) -> Roles:
    """The roles of a roster and of the district."""
    return roles.load(dict(platforms), FOLDER).without_second_factor()


@cache
def in_chinese(platforms: tuple[tuple[str, Path], ...]) -> Words:
    """The words of a roster and of the district."""
    return Words.load("zh-CN", dict(platforms), FOLDER)


@pytest.fixture
def centre(
    settings: Settings, libraries: Path, roster: tuple[Platform, ...], catalogue: Catalogue
) -> Iterator[RunningCentre]:
    """A centre without any reading, whose stations a test may change."""
    catalogue = replace(catalogue, stations=dict(catalogue.stations))
    clock = Clock(NOW_MS)
    state = open_state(settings)
    store: Any = StoreOnceAsked(partial(open_store, settings, catalogue.site.id, clock))
    corrections = Corrections(state)
    live = LiveFeed()
    words = in_chinese(tuple(words_of(roster).items()))
    rule_repository = RuleRepository(state, rules_of_district())
    overlaid = Overlaid(store, corrections, Findings(state))
    below = detection_limits(overlaid)
    wording = Wording(words, catalogue, rule_repository.all, below)
    permissions = tuple((each.slug, (each.folder, each.permissions)) for each in roster)
    letters = dead_letters(catalogue, settings.data_dir, clock)
    key = site_key.load(settings)
    services = Services(
        catalogue,
        rule_repository,
        overlaid,
        state,
        Repository(state),
        wording,
        words,
        live,
        libraries,
        settings.data_dir / "files",
        FOLDER,
        clock,
        Centre(clock),
        corrections,
        publish=partial(live.hear, platforms_topic(catalogue.site.id)),
        deadletters=letters,
        roles=known_roles(permissions),
        site_key=key,
        grouping=Grouping(),
        links=Links(key.of("event-link"), "http://127.0.0.1"),
        channels=(ChannelSettings("console", "console"),),
        calendar=Calendar(state, calendar_of_product()).working_days,
        roster=roster,
    )
    yield RunningCentre(services, clock)
    letters.deadletters.close()
    letters.committer.journal.close()
    store.close()
    state.close()


@pytest.fixture
def no_alerts_for_clerks(centre: RunningCentre) -> None:
    """A district lets its clerks see no alerts."""
    roles = centre.services.roles
    clerk = roles.by_id["clerk"]
    left = clerk.permissions - {EnvironmentPermission.SEE_ALERTS}
    by_id = {**roles.by_id, "clerk": replaced(clerk, permissions=left)}
    centre.services = replaced(centre.services, roles=replaced(roles, by_id=by_id))


@pytest.fixture
def address(centre: RunningCentre, roster: tuple[Platform, ...]) -> Iterator[str]:
    """Where the pages answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(centre.services, "127.0.0.1", port, roster):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def stranger(address: str) -> Iterator[httpx.Client]:
    """Somebody who has not signed in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def deputy(address: str) -> Iterator[httpx.Client]:
    """陈明, signed in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "daibiao")


@pytest.fixture
def officer(address: str) -> Iterator[httpx.Client]:
    """李岚, signed in elsewhere."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "huanbao")


@pytest.fixture
def colleague(centre: RunningCentre, address: str) -> Iterator[httpx.Client]:
    """Another officer."""
    enrolled_now(centre, Newcomer("zhaolei", "赵磊", ("officer",)), PASSWORDS["huanbao"])
    with httpx.Client(base_url=address, timeout=60) as client:
        body = {"username": "zhaolei", "password": PASSWORDS["huanbao"]}
        assert client.post("/api/v1/session", json=body).status_code == 204
        yield client


@pytest.fixture
def administrator(address: str) -> Iterator[httpx.Client]:
    """周平, signed in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "guanli")


def enrolled_now(centre: RunningCentre, newcomer: Newcomer, password: str) -> None:
    """Somebody more has an account with a password of their own."""
    state = centre.services.state
    enrol(state, [newcomer], {newcomer.username: password}, centre.clock.now_ms, OWN)


def entered(client: httpx.Client, username: str) -> httpx.Client:
    """The client after signing in."""
    body = {"username": username, "password": PASSWORDS[username]}
    assert client.post("/api/v1/session", json=body).status_code == 204
    return client
