"""People, channels and the notifier over a state database, which a test drives by hand.

People and channels are doubles: people as the test names them, channels that note what they are
given and fail as they are told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from alerting.alert import Alert, Change, Level, State, Transition
from alerting.channels.protocol import AddressKind, Limit, Outcome, Outgoing, Taken
from alerting.escalation.repository import Policies
from alerting.events.event import AlertEvent, Grouping
from alerting.events.repository import Act, Events
from alerting.notify.dispatcher import Sender
from alerting.notify.links import Links
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.readers import Person
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Messages
from alerting.record.repository import Repository
from alerting.rules.rule import Rule
from alerting.silences.repository import Silences
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import ChannelSettings, NotifySettings
from config.vocabulary.time import MINUTE_MS
from ingest.state.database import State as Database
from qingyuan.runtime.notification import doubted

NOON_MS = 1_795_492_800_000
"""2026-11-24 12:00 in Asia/Shanghai."""
ABOVE, BELOW, ELSEWHERE = "tonglv-pingchao", "tonglv-jinsha", "xinjianghai-shigang"
AMMONIA = Alert(
    "0", "ammonia-over-class", 1, Level.ALARM, "pollution", ABOVE, "w21003", State.FIRING,
    NOON_MS, NOON_MS, last_value=2.4, last_ms=NOON_MS,
)  # fmt: skip
KINDS: frozenset[AddressKind] = frozenset({"mail", "mobile"})
DEPUTY = Person("daibiao", "陈明", "zh-CN", frozenset({"deputy"}), KINDS)
OFFICER = Person("huanbao", "李岚", "zh-CN", frozenset({"officer"}), KINDS)


@dataclass(slots=True)
class Known:
    """A directory of the people given."""

    persons: list[Person]
    forgotten: list[str] = field(default_factory=list)

    def people(self, now_ms: int) -> Sequence[Person]:
        return [of for of in self.persons if of.roles]

    def person(self, username: str, now_ms: int) -> Person | None:
        return next((of for of in self.persons if of.username == username), None)

    def addresses(self, username: str, kind: AddressKind) -> tuple[str, ...]:
        person = self.person(username, 0)
        return (f"{username}@{kind}",) if person and kind in person.reachable else ()

    def forget(self, addresses: Collection[str]) -> None:
        self.forgotten += addresses


@dataclass(slots=True)
class Noted:
    """A channel that notes what it is given, and answers as it is told."""

    reaches: AddressKind = "mail"
    limit: Limit | None = None
    answer: Outcome | Exception = field(default_factory=Taken)
    given: list[Outgoing] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Outcome:
        self.given.append(outgoing)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@cache
def _words() -> Words:
    return Words.load("zh-CN")


class Telling:
    """The notifier and the senders of two channels, mail before mobile; the test sets the clock."""

    def __init__(
        self,
        state: Database,
        catalogue: Catalogue,
        persons: Iterable[Person] = (DEPUTY, OFFICER),
        *,
        channels: Mapping[str, Noted] | None = None,
        settings: Sequence[ChannelSettings] = (),
        notify: NotifySettings | None = None,
        rules: Callable[[], Sequence[Rule]] = tuple,
    ) -> None:
        self.now_ms = NOON_MS
        self.known_ms = NOON_MS
        self.duty: dict[str, str] = {}
        self.state, self.catalogue = state, catalogue
        self.record = Repository(state)
        self.events, self.messages, self.silences = Events(state), Messages(state), Silences(state)
        self.policies, self.rules = Policies(state), rules
        self.people = Known(list(persons))
        self.channels = dict(channels or {"mail": Noted(), "mobile": Noted("mobile")})
        self.settings = settings or [ChannelSettings(name, "mail") for name in self.channels]
        self.notify = notify or NotifySettings()
        self.alerts: dict[str, Alert] = {}
        self.restart()

    def restart(self) -> None:
        """A notifier and senders that know only what is on record."""
        personal = {
            of.name: self.channels[of.name].reaches for of in self.settings if not of.reads
        }
        around = Surroundings(
            catalogue=self.catalogue,
            grouping=Grouping(),
            directory=self.people,
            settings=self.notify,
            channel_settings=self.settings,
            channels=personal,
            language="zh-CN",
            on_duty=lambda _: self.duty,
            known_ms=lambda: self.known_ms,
            doubted=doubted,
        )
        self.notifier = Notifier(
            self.record,
            self.events,
            self.messages,
            self.silences,
            self.policies,
            around,
            lambda: self.now_ms,
            threading.Event(),
            lambda: None,
        )
        wording = Wording(_words(), self.catalogue, self.rules)
        links = Links(bytes(32), "http://q.example")
        renderer = Renderer(wording, self.events, links, Grouping(), lambda: self.now_ms)
        self.senders = {
            of.name: Sender(
                of,
                self.channels[of.name],
                self.messages,
                self.people,
                renderer,
                "zh-CN",
                lambda: self.now_ms,
                jitter=lambda: 0.5,
            )
            for of in self.settings
        }

    def fires(
        self, name: str, station: str = ABOVE, level: Level = Level.ALARM, **other: object
    ) -> Alert:
        """An alert fires now."""
        at = {"began_ms": self.now_ms, "fired_ms": self.now_ms, "last_ms": self.now_ms}
        alert = replace(AMMONIA, id=name, station=station, level=level, **{**at, **other})
        self._write(Change.FIRED, alert)
        return alert

    def ends(self, name: str) -> None:
        """And ends now."""
        self._write(Change.RESOLVED, self.alerts[name].resolve(self.now_ms))

    def never_was(self, name: str) -> None:
        """Late readings take it back."""
        self._write(Change.WITHDRAWN, self.alerts[name].withdraw())

    def loses_data(self, name: str) -> None:
        """Its station falls silent."""
        self._write(Change.DATA_LOST, replace(self.alerts[name], data_lost=True))

    def _write(self, change: Change, alert: Alert) -> None:
        self.alerts[alert.id] = alert
        with self.state.begin() as connection:
            self.record.record(connection, 0, [Transition(change, alert, self.now_ms, "")])

    def after(
        self, minutes: float, *, every_s: int = 0, whole: bool = True
    ) -> list[tuple[str, str]]:
        """The messages made within minutes: reader and kind, in their order. The notifier looks
        at the beginning and twice at the end, or besides all the time; at every event, or at
        those that move.
        """
        before = {of.id for of in self.made()}
        self.notifier.step(whole=whole)
        end_ms = self.now_ms + round(minutes * MINUTE_MS)
        while every_s and self.now_ms + every_s * 1000 < end_ms:
            self.now_ms += every_s * 1000
            self.notifier.step(whole=whole)
        self.now_ms = end_ms
        self.notifier.step(whole=whole)
        self.notifier.step(whole=whole)
        return [(of.reader, of.kind) for of in self.made() if of.id not in before]

    def made(self) -> list[object]:
        """Every message there is, by time, then reader."""
        readers = [of.username for of in self.people.persons]
        readers += [f"@{of.name}" for of in self.settings if of.reads]
        found = [of for name in readers for of in self.messages.of_reader(name, most=1000)]
        return sorted(found, key=lambda of: (of.created_ms, of.reader, of.id))  # type: ignore[attr-defined]

    def send(self) -> None:
        """Each channel tries what is due."""
        for sender in self.senders.values():
            sender.step()

    def open(self) -> list[AlertEvent]:
        """Events that are not over."""
        with self.state.read() as connection:
            return self.events.open(connection)

    def acknowledges(self, person: Person, event: str, *, taken: bool = False) -> None:
        """Somebody acknowledges an event, or takes it."""
        role = "officer" if "officer" in person.roles else "deputy"
        kind = "taken" if taken else "acknowledged"
        act = Act(event, kind, self.now_ms, person.username, person.name, role)
        with self.state.begin() as connection:
            self.events.acknowledge(connection, act)
