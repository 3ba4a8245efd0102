"""Makes the text of a message when it is sent, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from alerting.alert import Alert
from alerting.channels.protocol import Outgoing
from alerting.events.event import Grouping
from alerting.events.repository import Events, Marks
from alerting.formats import day, instant
from alerting.notify.entries import Entry, Note, OfEvent
from alerting.notify.links import GOOD_MS, Links, Opening
from alerting.notify.readers import CHAT, Role
from alerting.notify.repository import Message
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import LanguageTag

SHORT = 60
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
        entries = latest(message.entries)
        marks = self._marks(entries)
        said = [self.said(entry, wording, reader.role, now, marks) for entry in entries]
        t = wording.words
        title = said[0].title if len(said) == 1 else t("message.title-digest", n=len(said))
        lines = [said[0].text] if len(said) == 1 else [f"· {of.summary}" for of in said]
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
            title=title,
            text="\n".join(lines),
            short=cut(said[0].summary if len(said) == 1 else title, SHORT),
            link=link,
            at_ms=message.created_ms,
            language=reader.language,
            data=_data(message, entries),
            picture=picture,
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
        place = place_in_words(wording.catalogue, body.alert, body.stations)
        kind = self._grouping.names.get(self._grouping.kind_of(body.alert))
        name = t.name(kind) if kind else sentences.rule_name
        title = t("message.title", what=what, place=place, rule=name)
        summary = t("message.summary", what=what, place=place, clause=sentences.clause)
        return Said(title, text, f"/environment/events/{entry.event}", summary)

    def _marks(self, entries: Sequence[Entry]) -> dict[str, Marks]:
        names = {entry.event for entry in entries if entry.event}
        with self._events.database.read() as connection:
            return {name: self._events.marks(connection, name) for name in names}

    def _link(
        self, entries: Sequence[Entry], said: Sequence[Said], reader: ReadBy, now_ms: int
    ) -> str:
        event = entries[0].event
        if len(entries) == 1 and event and not reader.id.startswith(CHAT):
            return self._links.event(Opening(event, reader.id, now_ms + GOOD_MS))
        path = said[0].path if len(said) == 1 else "/notifications/"
        return self._links.page(path) if path else ""

    def _picture_of(self, alert: Alert) -> Callable[[], bytes | None]:
        return lambda: self._picture(alert)


def latest(entries: Sequence[Entry]) -> list[Entry]:
    """Of each event the last entry, which says how it stands; of the rest all, in their order."""
    last = {entry.event or entry.key: entry for entry in entries}
    return list(last.values())


def place_in_words(catalogue: Catalogue, alert: Alert, stations: Sequence[str]) -> str:
    """Where it is: the station, or the river or area where there are several."""
    station = catalogue.subjects[alert.station]
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
                else {"title": entry.body.title, "text": entry.body.text}
            )
            for entry in entries
        ],
    }
