"""Follows the record of alerts: keeps alert events, decides who hears what of them, and hands
messages to the channels.

It compares the record with what is on record of events, so a crash at any point is made up for by
the next turn: an event and all that is told of its change stand or fall together. Nobody else
writes events but people who act on them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from alerting.alert import Alert, State
from alerting.channels.protocol import AddressKind
from alerting.escalation import policy as escalation
from alerting.escalation.policy import Policy, Step
from alerting.escalation.repository import Policies
from alerting.events.event import (
    AlertEvent,
    Grouping,
    Notice,
    NoticeKind,
    advanced,
    area_of,
)
from alerting.events.following import Following
from alerting.events.repository import Act, ActKind, Events
from alerting.notify.digests import WeeklyDigests
from alerting.notify.entries import Entry, Note, of_notice
from alerting.notify.readers import Directory, Reader, chats, readers_of
from alerting.notify.repository import Messages
from alerting.notify.routing import TOLD, Decision, Known, Night, Why, decided, routed
from alerting.record.repository import Repository
from alerting.silences.repository import Silences
from alerting.silences.silence import Silence, is_silenced
from config.catalogue.shapes import Catalogue
from config.catalogue.words import LanguageTag
from config.settings import ChannelSettings, NotifySettings
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, midnight_ms
from ingest.loops import Loop

PATIENCE_S = 0.5
FALL_BACK_MS = 8_000
"""A message that no channel took within this goes over the next one as well."""
_UNSAID = (Why.ROLE, Why.NOT_HEARD)
"""Reasons that are not kept: they hold for most readers of most notices."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the notifier looks at beside the record.

    ``channels`` are those that tell persons, by name in the settings' order. ``on_duty`` gives by
    position who is on duty at an instant; ``known_ms`` how far the silence of stations is known.
    """

    catalogue: Catalogue
    grouping: Grouping
    directory: Directory
    settings: NotifySettings
    channel_settings: Sequence[ChannelSettings]
    channels: Mapping[str, AddressKind]
    language: LanguageTag
    on_duty: Callable[[int], Mapping[str, str]]
    known_ms: Callable[[], int]
    doubted: Callable[[Alert, Sequence[Alert]], bool]
    """Whether the data of an alert are in doubt while these alerts of maintenance stand."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """All that does not change within a turn."""

    now_ms: int
    silences: Sequence[Silence]
    policies: Mapping[str, Policy]
    readers: Mapping[str, Reader]
    positions: Mapping[str, str]
    doubting: Sequence[Alert]
    others: Callable[[str], Reader | None]

    def reader(self, name: str) -> Reader | None:
        """A reader, also one who hears of no alert events; None where there is no such person."""
        return self.readers.get(name) or self.others(name)


@dataclass(slots=True)
class Notifier:
    """The only one that writes events and messages. ``news`` wakes it, ``handed`` is called when
    there is something to send.
    """

    record: Repository
    events: Events
    messages: Messages
    silences: Silences
    policies: Policies
    around: Surroundings
    now_ms: Callable[[], int]
    news: threading.Event
    handed: Callable[[], None]
    failpoint: Callable[[str], None] = lambda _: None
    digests: WeeklyDigests | None = None
    loop: Loop = field(default_factory=lambda: Loop("notifier"))
    _purge_ms: int = 0
    _following: Following = field(init=False)

    def __post_init__(self) -> None:
        self._following = Following(self.events)

    def run(self, stop: threading.Event) -> None:
        """Follow the record until told to stop."""
        self.loop.run(stop, self._turn)

    def _turn(self) -> None:
        self.news.wait(PATIENCE_S)
        self.news.clear()
        with self._following.turn() as whole:
            self.step(whole=whole)

    def step(self, *, whole: bool = True) -> None:
        """All that is to be done now; of events that do not move only where it is ``whole``."""
        turn = self._begin()
        self._join(turn)
        for event, members in self._following.open(turn.now_ms, whole=whole):
            self._follow(turn, event, members)
        if self.digests is not None:
            self.digests.post(turn.readers.values(), turn.now_ms)
        self._route_others(turn)
        self._bundle(turn)
        self._fall_back(turn)
        self._purge(turn)

    def _purge(self, turn: _Turn) -> None:
        """Remove what is old, a slice an hour and more while there is."""
        if turn.now_ms < self._purge_ms:
            return
        before_ms = turn.now_ms - self.around.settings.keep_days * DAY_MS
        with self.messages.database.begin() as connection:
            gone = self.messages.purge(connection, before_ms)
        self._purge_ms = turn.now_ms + (MINUTE_MS if gone else HOUR_MS)

    def _begin(self) -> _Turn:
        now = self.now_ms()
        positions = self.around.on_duty(now)
        with self.messages.database.read() as connection:
            silences = self.silences.standing(connection, now)
            policies = self.policies.in_force(connection)
            wishes = self.messages.wishes(connection)
            doubting = self.record.standing_maintenance(connection)
        people, duty = self.around.directory.people(now), set(positions.values())
        readers = readers_of(people, wishes, self.around.channels, duty)
        readers += chats(self.around.channel_settings, self.around.language)
        by_id = {of.id: of for of in readers}

        def other(name: str) -> Reader | None:
            found = self.around.directory.person(name, now)
            alone = readers_of([found] if found else [], wishes, self.around.channels, duty)
            return alone[0] if alone else None

        return _Turn(now, silences, policies, by_id, positions, doubting, other)

    def _join(self, turn: _Turn) -> None:
        """Put alerts that stand into their events, unless their data are doubted, or nobody knows
        yet whether they still stand.
        """
        with self.events.database.read() as connection:
            fresh = self.events.unjoined(connection)
        ready = {
            alert.id: area_of(alert, self.around.catalogue.subjects[alert.station])
            for alert in fresh
            if not self._is_long_ago(alert, turn.now_ms)
            and not self.around.doubted(alert, turn.doubting)
        }
        if not ready:
            return
        with self.events.database.begin() as connection:
            self.events.join_fresh(connection, ready, turn.now_ms, self.around.grouping)
        self.failpoint("alerts-joined")

    def _is_long_ago(self, alert: Alert, now_ms: int) -> bool:
        read_ms = alert.fired_ms if alert.last_ms is None else alert.last_ms
        return now_ms - max(read_ms, self.around.known_ms()) > DAY_MS

    def _follow(self, turn: _Turn, event: AlertEvent, members: Sequence[Alert]) -> None:
        """Bring an event forward, and write what is told of it."""
        if self._advanced(turn, event, members) == (event, None) and not escalation.is_due(
            event, turn.now_ms
        ):
            return
        with self.events.database.begin() as connection:
            current = self.events.one(connection, event.id)
            if current is None:
                return
            members = self.events.members(connection, [event.id]).get(event.id, [])
            advanced_to, notice = self._advanced(turn, current, members)
            if notice is not None:
                self._tell(connection, turn, notice, advanced_to.kind)
                advanced_to = self._escalated(connection, turn, advanced_to, notice)
            elif escalation.is_due(advanced_to, turn.now_ms):
                advanced_to = self._stepped(connection, turn, advanced_to, members)
            self.events.save(connection, advanced_to)
        self.failpoint("event-told")

    def _advanced(
        self, turn: _Turn, event: AlertEvent, members: Sequence[Alert]
    ) -> tuple[AlertEvent, Notice | None]:
        """Brought forward; a doubt that arises before it is told keeps it back as well."""

        def waits(alert: Alert) -> bool:
            doubted = not event.known_level and self.around.doubted(alert, turn.doubting)
            return doubted or self._is_silenced(turn, alert)

        return advanced(event, members, waits, turn.now_ms, self.around.grouping)

    def _is_silenced(self, turn: _Turn, alert: Alert) -> bool:
        station = self.around.catalogue.subjects[alert.station]
        return is_silenced(turn.silences, alert, station, turn.now_ms)

    def _tell(self, connection: Connection, turn: _Turn, notice: Notice, kind: str) -> None:
        known = self.messages.known(
            connection, notice.event, turn.now_ms, midnight_ms(turn.now_ms)
        )
        stations = [self.around.catalogue.subjects[name] for name in notice.stations]
        decisions = {
            reader.id: routed(
                reader,
                notice,
                kind,
                stations,
                known.get(reader.id, Known()),
                turn.now_ms,
                Night.of_site(self.around.settings),
                self.around.settings.most_an_hour,
            )
            for reader in turn.readers.values()
        }
        self._write(connection, turn, of_notice(notice), decisions)

    def _write(
        self, connection: Connection, turn: _Turn, entry: Entry, decisions: Mapping[str, Decision]
    ) -> None:
        if self.messages.post(connection, entry):
            said = {reader: of for reader, of in decisions.items() if of.why not in _UNSAID}
            self.messages.route(connection, entry, said, turn.now_ms)

    def _escalated(
        self, connection: Connection, turn: _Turn, event: AlertEvent, notice: Notice
    ) -> AlertEvent:
        """An event of which a beginning or a rise was told: a round begins, in which everybody is
        asked anew. Who took the event stays with it as long as it does not come again, and nobody
        is asked in steps meanwhile.
        """
        if notice.kind not in (NoticeKind.BEGUN, NoticeKind.AGAIN, NoticeKind.RISEN):
            return event
        taken = self.events.marks(connection, event.id).taken_ms is not None
        taken = taken and notice.kind is not NoticeKind.AGAIN
        if notice.kind is not NoticeKind.BEGUN:
            self.events.begin_round(connection, event.id, taken=taken)
            event = replace(event, round=max(event.round, 1))
        found = escalation.begun(event, turn.policies.values(), turn.now_ms)
        return replace(found, step_ms=None) if taken else found

    def _stepped(
        self, connection: Connection, turn: _Turn, event: AlertEvent, members: Sequence[Alert]
    ) -> AlertEvent:
        """Take the step that is due; while all is silenced it waits."""
        audible = [
            alert
            for alert in members
            if alert.state is State.FIRING and not self._is_silenced(turn, alert)
        ]
        policy = turn.policies.get(event.policy)
        if policy is None:
            return replace(event, step_ms=None)
        if not audible:
            return event
        step = escalation.step_of(event, policy)
        if step is None:
            if not self._answered(connection, event):
                self._note(connection, turn, event, "nobody-answered")
            return replace(event, step_ms=None)
        self._ask(connection, turn, event, step, audible)
        return escalation.stepped(event, policy, turn.now_ms)

    def _answered(self, connection: Connection, event: AlertEvent) -> set[str]:
        """Roles that have acknowledged the event since its round began."""
        acts = self.events.acts(connection, [event.id]).get(event.id, ())
        return {act.role for act in acts if act.answers(event)}

    def _ask(
        self,
        connection: Connection,
        turn: _Turn,
        event: AlertEvent,
        step: Step,
        audible: Sequence[Alert],
    ) -> None:
        stopped = self._answered(connection, event)
        roles = {of.id: of.role for of in turn.readers.values()}
        names = escalation.asked(step, turn.positions, roles)
        asked = {name: TOLD for name in sorted(names) if roles[name] not in stopped}
        if not asked:
            return
        notice = escalation.notice_of(event, audible, turn.now_ms)
        self._write(connection, turn, of_notice(notice), asked)
        self._note(connection, turn, event, "step")

    def _note(self, connection: Connection, turn: _Turn, event: AlertEvent, kind: ActKind) -> None:
        act = Act(event.id, kind, turn.now_ms, round=event.round, step=event.step)
        self.events.note(connection, act)

    def _route_others(self, turn: _Turn) -> None:
        """Route entries that platforms have posted for one reader each."""
        with self.messages.database.read() as connection:
            waiting = self.messages.unrouted(connection)
        if not waiting:
            return
        night = Night.of_site(self.around.settings)
        with self.messages.database.begin() as connection:
            for entry in waiting:
                reader = turn.reader(entry.reader or "")
                urgent = not isinstance(entry.body, Note) or entry.body.urgent
                of = decided(reader, night, turn.now_ms, urgent=urgent) if reader else None
                decisions = {reader.id: of} if reader and of else {}
                self.messages.route(connection, entry, decisions, turn.now_ms)

    def _bundle(self, turn: _Turn) -> None:
        """Make messages of what readers are to be told now."""
        with self.messages.database.read() as connection:
            waiting = self.messages.due(connection, turn.now_ms)
        for name in waiting:
            with self.messages.database.begin() as connection:
                due = self.messages.due(connection, turn.now_ms).get(name, [])
                self._bundle_for(connection, turn, name, due)
            self.failpoint("message-made")
        if waiting:
            self.handed()

    def _bundle_for(
        self, connection: Connection, turn: _Turn, name: str, due: Sequence[tuple[Entry, str]]
    ) -> None:
        reader = turn.reader(name)
        channels = reader.channels if reader else ()
        now = [entry for entry, why in due if not why]
        later = [entry for entry, why in due if why]
        if len(now) > self.around.settings.most_an_hour:
            now, later = [], [*now, *later]
        for entry in now:
            beside = self.messages.held(connection, name, entry.event) if entry.event else [entry]
            later = [of for of in later if of not in beside]
            beside = [of for of in beside if of == entry or of not in now]
            self.messages.bundle(connection, name, entry.kind, beside, channels, turn.now_ms)
        if later:
            kind = later[0].kind if len(later) == 1 else "digest"
            if all(entry.kind == "further" for entry in later):
                kind = "further"
            self.messages.bundle(connection, name, kind, later, channels, turn.now_ms)

    def _fall_back(self, turn: _Turn) -> None:
        """Send over a reader's next channel what nobody has taken yet."""
        with self.messages.database.read() as connection:
            stuck = self.messages.stuck(connection, turn.now_ms, FALL_BACK_MS)
            if not stuck:
                return
            found = self.messages.messages(connection, [of.message_id for of in stuck])
            tried = self.messages.deliveries(connection, found)
        begun = []
        for delivery in stuck:
            if found[delivery.message_id].kind == "test":
                continue  # of this channel alone
            reader = turn.reader(found[delivery.message_id].reader)
            used = {of.channel for of in tried[delivery.message_id]}
            following = [of for of in (reader.channels if reader else ()) if of not in used]
            if following:
                begun.append((delivery, following[0]))
        if begun:
            with self.messages.database.begin() as connection:
                for delivery, channel in begun:
                    self.messages.begin_delivery(
                        connection, delivery.message_id, channel, delivery.rank + 1, turn.now_ms
                    )
            self.handed()
