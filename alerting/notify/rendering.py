"""Makes the text of a message when it is sent, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from alerting.alert import Alert, State
from alerting.channels.protocol import Outgoing
from alerting.events.event import Grouping
from alerting.events.repository import Events, Marks
from alerting.formats import day, instant, spaced
from alerting.notify.entries import Code, Entry, Note, OfEvent
from alerting.notify.links import GOOD_MS, Links, Opening
from alerting.notify.readers import CHAT, Confirmation, Role
from alerting.notify.repository import Message
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import LanguageTag

SHORT = 60
MOST_LINES = 10
"""Of a digest; the rest is counted."""
_SAID_AS = {"over": "resolved", "withdrawn": "withdrawn", "data-lost": "data-lost"}
"""The event of :meth:`Wording.message` of a kind of entry; of all others it is ``fired``."""


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who reads a message and where it goes."""

    id: str
    role: Role
    language: LanguageTag
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a text: one line, and whole sentences."""

    title: str
    text: str
    path: str
    summary: str
    lines: tuple[tuple[str, str], ...] = ()
    """Of a digest: each with the path of its page."""


@dataclass(frozen=True, slots=True)
class _Current:
    """How an event stands now: the alert that shows it, and where it is."""

    alert: Alert
    stations: tuple[str, ...]

    @property
    def stands(self) -> bool:
        return self.alert.state is State.FIRING


class Renderer:
    """Turns messages into what goes out. ``picture`` draws the readings around an alert."""

    def __init__(
        self,
        wording: Wording,
        events: Events,
        links: Links,
        grouping: Grouping,
        now_ms: Callable[[], int],
        picture: Callable[[Alert], bytes | None] = lambda _alert: None,
    ) -> None:
        self._wording, self._events, self._links = wording, events, links
        self._grouping = grouping
        self._now_ms, self._picture = now_ms, picture

    def outgoing(self, message: Message, reader: ReadBy) -> Outgoing:
        """A message as one channel is to send it."""
        now, wording = self._now_ms(), self._wording.into(reader.language)
        entries, t = latest(message.entries), wording.words
        said = self.message(message, wording, reader.role, now)
        lines = [said.text]
        if day(message.created_ms) != day(now):
            lines.insert(0, t("message.written", at=instant(t, message.created_ms, now)))
        link = self._link(entries, said, reader, now)
        if link:
            lines.append(t("message.link", link=link))
        first = entries[0].body
        picture = self._picture_of(first.alert) if isinstance(first, OfEvent) else _no_picture
        return Outgoing(
            key=message.id,
            addresses=reader.addresses,
            kind=message.kind,
            title=said.title,
            text="\n".join(lines),
            short=cut(said.summary, SHORT),
            link=link,
            at_ms=message.created_ms,
            language=reader.language,
            data=_data(message, entries),
            picture=picture,
        )

    def message(self, message: Message, wording: Wording, role: Role, now_ms: int) -> Said:
        """A whole message in words: its one entry, or a digest of several."""
        entries = latest(message.entries)
        if len(entries) == 1:
            return self.said(entries[0], wording, role, now_ms, self._marks(entries))
        current, t = self._current(entries), wording.words
        stands = sum(of.stands for of in current.values())
        title = t("message.title-digest", n=len(entries))
        if stands:
            title += t("message.title-stands", n=stands)
        over = {name for name, of in current.items() if not of.stands}
        shown = sorted(entries, key=lambda of: (of.event in over, -of.level))[:MOST_LINES]
        lines = [(self._line(of, current, wording, now_ms), _path(of)) for of in shown]
        if len(entries) > MOST_LINES:
            lines.append((t("message.and-more", n=len(entries) - MOST_LINES), ""))
        text = "\n".join(f"· {line}" for line, _ in lines)
        return Said(title, text, "/notifications/", title, tuple(lines))

    def with_code(self, message: Message, language: LanguageTag, asked: Confirmation) -> Outgoing:
        """A message that brings somebody the code which confirms an address."""
        t = self._wording.into(language).words
        return Outgoing(
            key=message.id,
            addresses=(asked.address,),
            kind=message.kind,
            title=t("message.code-title"),
            text=t("message.code", code=asked.code),
            short=t("message.code-short", code=asked.code),
            link="",
            at_ms=message.created_ms,
            language=language,
            data={"id": message.id},
        )

    def said(
        self,
        entry: Entry,
        wording: Wording,
        role: Role,
        now_ms: int,
        marks: Mapping[str, Marks],
    ) -> Said:
        """One entry in words."""
        t, body = wording.words, entry.body
        if isinstance(body, Note):
            return Said(body.title, body.text, body.link, body.title)
        if isinstance(body, Code):
            title = t("message.code-title")
            return Said(title, "", "", title)
        sentences = wording.sentences(body.alert, now_ms)
        others = [of for of in body.stations if of != body.alert.station]
        event = _SAID_AS.get(entry.kind, "fired")
        text = wording.message(body.alert, event, role, now_ms, others)
        if f"message.because-{entry.kind}" in t.texts:
            text = t(f"message.because-{entry.kind}", times=body.times) + text
        who = marks.get(entry.event or "", Marks())
        if who.taken_by and entry.kind not in ("over", "withdrawn"):
            text += t("message.taken", who=who.taken_by)
        what = t(f"message.what-{entry.kind}", level=sentences.level, times=body.times)
        place = location_in_words(wording.catalogue, body.stations)
        name = self._name(body.alert, wording)
        title = t("message.title", what=what, place=place, rule=name)
        summary = t("message.summary", what=what, place=place, clause=sentences.clause)
        return Said(title, text, _path(entry), summary)

    def _line(
        self, entry: Entry, current: Mapping[str, _Current], wording: Wording, now_ms: int
    ) -> str:
        """One line of a digest: what it is, and how it stands now."""
        t, body = wording.words, entry.body
        if not isinstance(body, OfEvent):
            other = self.said(entry, wording, "deputy", now_ms, {})
            return "\n".join(part for part in (other.title, other.text) if part)
        now = current.get(entry.event or "", _Current(body.alert, body.stations))
        alert, said = now.alert, wording.sentences(now.alert, now_ms)
        return spaced(
            t(
                "message.line-stands" if now.stands else f"message.line-{alert.state}",
                level=said.level,
                place=location_in_words(wording.catalogue, now.stations),
                rule=self._name(alert, wording),
                clause=said.clause,
                began=instant(t, alert.began_ms, now_ms),
                ended=instant(t, alert.resolved_ms or alert.fired_ms, now_ms),
            )
        )

    def _name(self, alert: Alert, wording: Wording) -> str:
        """Of its kind of events: of a named kind of pollution, or the rule."""
        return kind_in_words(self._grouping, self._grouping.kind_of(alert), wording)

    def _current(self, entries: Sequence[Entry]) -> dict[str, _Current]:
        names = {entry.event for entry in entries if entry.event}
        with self._events.database.read() as connection:
            members = self._events.members(connection, names)
        return {name: _current(alerts) for name, alerts in members.items()}

    def _marks(self, entries: Sequence[Entry]) -> dict[str, Marks]:
        names = {entry.event for entry in entries if entry.event}
        with self._events.database.read() as connection:
            return {name: self._events.marks(connection, name) for name in names}

    def _link(self, entries: Sequence[Entry], said: Said, reader: ReadBy, now_ms: int) -> str:
        event = entries[0].event
        if len(entries) == 1 and event and not reader.id.startswith(CHAT):
            return self._links.event(Opening(event, reader.id, now_ms + GOOD_MS))
        return self._links.page(said.path) if said.path else ""

    def _picture_of(self, alert: Alert) -> Callable[[], bytes | None]:
        return lambda: self._picture(alert)


def _current(alerts: Sequence[Alert]) -> _Current:
    """The gravest alert of those that stand, or else of those that did."""
    of_state = {state: [of for of in alerts if of.state is state] for state in State}
    those = of_state[State.FIRING] or of_state[State.RESOLVED] or alerts
    shown = max(those, key=lambda of: (of.level, of.fired_ms, of.id))
    return _Current(shown, tuple(sorted({of.station for of in those})))


def latest(entries: Sequence[Entry]) -> list[Entry]:
    """Of each event the last entry, which says how it stands; of the rest all, in their order."""
    last = {entry.event or entry.key: entry for entry in entries}
    return list(last.values())


def _path(entry: Entry) -> str:
    """The page that an entry leads to."""
    if isinstance(entry.body, Note):
        return entry.body.link
    return f"/environment/events/{entry.event}" if entry.event else ""


def kind_in_words(grouping: Grouping, kind: str, wording: Wording) -> str:
    """The name of a kind of events."""
    name = grouping.names.get(kind)
    return wording.words.name(name) if name else wording.kind(kind)


def location_in_words(catalogue: Catalogue, stations: Sequence[str]) -> str:
    """Where it is: the station, or the river or area where there are several."""
    station = catalogue.subjects[stations[0]]
    if len(stations) < 2:
        return station.name
    return catalogue.rivers[station.river].name if station.river else station.area


def cut(text: str, most: int) -> str:
    """A text of so many characters at most."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _no_picture() -> bytes | None:
    return None


def _data(message: Message, entries: Sequence[Entry]) -> dict[str, object]:
    return {
        "id": message.id,
        "level": message.level.name.lower(),
        "entries": [
            {"kind": entry.kind, "event": entry.event, "level": entry.level.name.lower()}
            | (
                {
                    "alert": entry.body.alert.id,
                    "rule": entry.body.alert.rule_id,
                    "station": entry.body.alert.station,
                    "indicator": entry.body.alert.indicator,
                    "state": str(entry.body.alert.state),
                    "began_ms": entry.body.alert.began_ms,
                    "value": entry.body.alert.last_value,
                    "stations": list(entry.body.stations),
                }
                if isinstance(entry.body, OfEvent)
                else {}
                if isinstance(entry.body, Code)
                else {"title": entry.body.title, "text": entry.body.text}
            )
            for entry in entries
        ],
    }
