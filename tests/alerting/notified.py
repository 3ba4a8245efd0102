"""A notifier and senders on a real state database, with channels and a clock of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from alerting import tables
from alerting.alert import Alert, Change, Level, State, Transition
from alerting.channels.protocol import AddressKind, Later, Limit, Outcome, Outgoing, Taken
from alerting.escalation.repository import Policies
from alerting.events.event import Grouping
from alerting.events.repository import Events
from alerting.notify.dispatcher import Dispatcher, Sender
from alerting.notify.links import Links
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.readers import Person
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Messages
from alerting.record.repository import Repository
from alerting.rules import documents
from alerting.silences.repository import Silences
from alerting.silences.silence import Scope, Silence
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import ChannelSettings, NotifySettings
from config.vocabulary.time import HOUR_MS
from tests.conftest import Postgres
from tests.databases import fresh_state

NOON_MS = 1_795_492_800_000  # 2026-11-24 12:00 in the district
OFFICER, DEPUTY = "huanbao", "daibiao"
STATION = "tonglv-pingchao"


@dataclass
class Way:
    """A channel: keeps what it takes, or is away."""

    sent: list[Outgoing] = field(default_factory=list)
    away: str = ""
    """Why, where it is."""
    reaches: AddressKind = "screen"
    limit: Limit | None = None

    def send(self, outgoing: Outgoing) -> Outcome:
        """Take it, unless away."""
        if self.away:
            return Later(self.away)
        self.sent.append(outgoing)
        return Taken("1")


class People:
    """An officer and a deputy."""

    def people(self, _now_ms: int) -> Sequence[Person]:
        """Both."""
        return [
            Person(name, name, "zh-CN", frozenset({role}), frozenset())
            for name, role in ((DEPUTY, "deputy"), (OFFICER, "officer"))
        ]

    def person(self, username: str, now_ms: int) -> Person | None:
        """One of them."""
        return next((of for of in self.people(now_ms) if of.username == username), None)

    def addresses(self, username: str, _kind: AddressKind) -> tuple[str, ...]:
        """A made-up one."""
        return (username,)

    def forget(self, addresses: Collection[str]) -> None:
        """Nobody's address goes."""


@dataclass
class Centre:
    """All parts that tell people, moved on by the test."""

    now_ms: int
    record: Repository
    notifier: Notifier
    dispatcher: Dispatcher
    ways: dict[str, Way]

    @property
    def messages(self) -> Messages:
        """The outbox."""
        return self.notifier.messages

    @property
    def silences(self) -> Silences:
        """Those on record."""
        return self.notifier.silences

    def passes(self, ms: int = 10_000) -> None:
        """Everybody does what there is to do, now and when time has gone by."""
        self.works()
        self.now_ms += ms
        self.works()

    def works(self) -> None:
        """All stages, until nothing is left to do."""
        for _ in range(4):
            self.notifier.step()
            for sender in self.dispatcher.senders.values():
                while sender.step():
                    pass

    def has(self, alert: Alert, change: Change = Change.FIRED) -> Alert:
        """An alert comes on record, or changes there."""
        with self.record.database.begin() as connection:
            self.record.record(connection, 1, [Transition(change, alert, self.now_ms, "")])
        return alert

    def silenced(self, silence: Silence) -> int:
        """A silence comes on record."""
        with self.record.database.begin() as connection:
            return self.silences.add(connection, silence)

    def kinds(self, reader: str, way: str = "screen") -> list[str]:
        """Of all that a reader was sent."""
        return [of.kind for of in self.ways[way].sent if of.addresses == (reader,)]


def silence(**changes: object) -> Silence:
    """Of the first station, up to 警告, for an hour from noon on."""
    values: dict[str, object] = {
        "id": 0,
        "kind": "silence",
        "scope": Scope(stations=(STATION,)),
        "level": Level.ALARM,
        "reason": "校准",
        "author": "李岚",
        "author_account": OFFICER,
        "saved_ms": NOON_MS,
        "from_ms": NOON_MS,
        "until_ms": NOON_MS + HOUR_MS,
    }
    return Silence(**(values | changes))  # type: ignore[arg-type]


def spill(**changes: object) -> Alert:
    """Ammonia over class III at the first station, just now."""
    values: dict[str, object] = {
        "id": "a" * 20,
        "rule_id": "ammonia-over-class",
        "rule_version": 1,
        "level": Level.ALARM,
        "about": "pollution",
        "station": STATION,
        "indicator": "w21003",
        "state": State.FIRING,
        "began_ms": NOON_MS,
        "fired_ms": NOON_MS,
        "fired_value": 2.5,
        "peak": 2.5,
        "peak_ms": NOON_MS,
        "last_value": 2.5,
        "last_ms": NOON_MS,
    }
    return Alert(**(values | changes))  # type: ignore[arg-type]


@cache
def in_chinese(district: Path) -> Words:
    """The words of the product and of a district."""
    return Words.load("zh-CN", district=district)


@contextmanager
def centre(
    folder: Path,
    district: Path,
    catalogue: Catalogue,
    names: Sequence[str] = ("screen",),
    postgres: Postgres | None = None,
) -> Iterator[Centre]:
    """At noon, with channels of these names, in a folder or on a server."""
    state = fresh_state(folder, [tables.MIGRATIONS], postgres)
    record, events, messages = Repository(state), Events(state), Messages(state)
    in_force = documents.load(district / "rules.toml", catalogue)
    wording = Wording(in_chinese(district), catalogue, lambda: in_force)
    channels = [ChannelSettings(name, "console") for name in names]
    ways, people = {name: Way() for name in names}, People()
    renderer = Renderer(wording, events, Links(b"k", ""), Grouping(), lambda: made.now_ms)
    dispatcher = Dispatcher(
        {
            each.name: Sender(
                each,
                ways[each.name],
                messages,
                people,
                renderer,
                "zh-CN",
                lambda: made.now_ms,
                jitter=lambda: 0.5,
            )
            for each in channels
        }
    )
    around = Surroundings(
        catalogue=catalogue,
        grouping=Grouping(),
        directory=people,
        settings=NotifySettings(),
        channel_settings=channels,
        channels=dict.fromkeys(names, "screen"),
        language="zh-CN",
        on_duty=lambda _now_ms: {},
        known_ms=lambda: made.now_ms,
        doubted=lambda _alert, _standing: False,
    )
    notifier = Notifier(
        record,
        events,
        messages,
        Silences(state),
        Policies(state),
        around,
        lambda: made.now_ms,
        threading.Event(),
        lambda: None,
    )
    made = Centre(NOON_MS, record, notifier, dispatcher, ways)
    yield made
    state.close()
