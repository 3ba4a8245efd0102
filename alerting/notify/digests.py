"""The digest of a week: on Monday each person who wishes it is told of the week before.

It speaks of events at the places, and of the kinds and levels, of which the person is told anyway;
where there was nothing, nothing is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from alerting.alert import Level
from alerting.events.event import AlertEvent, EventState, Grouping
from alerting.events.repository import Events
from alerting.formats import instant, spaced
from alerting.notify.entries import Entry, Note
from alerting.notify.readers import CHAT, Reader
from alerting.notify.rendering import MOST_LINES, kind_in_words, location_in_words
from alerting.notify.repository import Messages
from alerting.notify.routing import unwished
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.time import ZONE, begins_ms

HOUR = time(8)
"""Of Monday, from which on it is sent; until the end of the day, if the centre was away then."""
LINK = "/environment/alerts"


@dataclass(frozen=True, slots=True)
class WeekEvent:
    """An event of a week: its stations, those of withdrawn alerts left out, and whether anybody
    acknowledged or took it.
    """

    event: AlertEvent
    stations: tuple[str, ...]
    answered: bool


def monday(now_ms: int) -> date | None:
    """The Monday on which digests are due at an instant; None on every other day, and early."""
    now = datetime.fromtimestamp(now_ms / 1000, ZONE)
    return now.date() if now.weekday() == 0 and now.time() >= HOUR else None


def key_of(username: str, due: date) -> str:
    """Idempotency key, 32 hex digits: one digest a person and ISO week."""
    year, week, _ = due.isocalendar()
    return hashlib.sha256(f"weekly|{username}|{year}-{week:02d}".encode()).hexdigest()[:32]


def of_reader(
    reader: Reader, events: Iterable[WeekEvent], catalogue: Catalogue
) -> list[WeekEvent]:
    """Those of which a reader is told, as the wishes are now, the gravest first; of stations that
    are no more nothing is told.
    """
    found = []
    for of in events:
        stations = tuple(name for name in of.stations if name in catalogue.subjects)
        event, places = of.event, [catalogue.subjects[name] for name in stations]
        if places and not unwished(reader, event.about, event.gravest, event.kind, places):
            found.append(replace(of, stations=stations))
    return sorted(found, key=lambda of: (-of.event.gravest, of.event.began_ms, of.event.id))


def weekly(
    week: Sequence[WeekEvent],
    before: int,
    grouping: Grouping,
    wording: Wording,
    due: date,
    now_ms: int,
) -> Note | None:
    """The digest of the week before ``due``, whose events are given; ``before`` is how many there
    were in the one before that. None where nothing happened.
    """
    if not week:
        return None
    t, first, last = wording.words, due - timedelta(days=7), due - timedelta(days=1)
    title = t("weekly.title", first=_day(t, first), last=_day(t, last), n=len(week))
    text = [
        t("weekly.levels", levels=t.listed(_levels(t, week))),
        t("weekly.compared", n=before),
        *_open(t, week),
    ]
    lines = [f"· {_line(of, grouping, wording, now_ms)}" for of in week[:MOST_LINES]]
    if len(week) > MOST_LINES:
        lines.append(t("message.and-more", n=len(week) - MOST_LINES))
    return Note(title, "\n".join([spaced(t("list.sentence").join(text)), *lines]), LINK)


def _levels(t: Words, week: Sequence[WeekEvent]) -> Iterable[str]:
    for level in reversed(Level):
        if n := sum(of.event.gravest == level for of in week):
            yield t("weekly.of-level", level=t(f"level.{level.name.lower()}"), n=n)


def _open(t: Words, week: Sequence[WeekEvent]) -> Iterable[str]:
    """How many of them still stand, and how many nobody acknowledged."""
    if standing := sum(of.event.state is EventState.STANDING for of in week):
        yield t("weekly.standing", n=standing)
    if unanswered := sum(not of.answered for of in week):
        yield t("weekly.unanswered", n=unanswered)


def _line(of: WeekEvent, grouping: Grouping, wording: Wording, now_ms: int) -> str:
    t, event, catalogue = wording.words, of.event, wording.catalogue
    standing = event.state is EventState.STANDING
    return spaced(
        t(
            "weekly.line-stands" if standing else "weekly.line-over",
            level=t(f"level.{Level(event.gravest).name.lower()}"),
            place=location_in_words(catalogue, of.stations),
            what=kind_in_words(grouping, event.kind, wording),
            began=instant(t, event.began_ms, now_ms),
        )
    )


def _day(t: Words, of: date) -> str:
    return t("weekly.day", month=t(f"month.{of.month}"), day=of.day)


@dataclass(slots=True)
class WeeklyDigests:
    """Writes the digests of a site, once a week."""

    events: Events
    messages: Messages
    grouping: Grouping
    wording: Wording
    _made: date | None = None

    def post(self, readers: Iterable[Reader], now_ms: int) -> None:
        """Put those that are due into the outbox."""
        due = monday(now_ms)
        if due is None or due == self._made:
            return
        for entry in self._entries(readers, due, now_ms):
            with self.messages.database.begin() as connection:
                self.messages.post(connection, entry)
        self._made = due

    def _entries(self, readers: Iterable[Reader], due: date, now_ms: int) -> Iterator[Entry]:
        begin_ms, middle_ms = (begins_ms(due - timedelta(weeks=n)) for n in (2, 1))
        with self.events.database.read() as connection:
            events = [
                WeekEvent(*row) for row in self.events.begun(connection, begin_ms, begins_ms(due))
            ]
        for reader in readers:
            if reader.id.startswith(CHAT) or not reader.wishes.weekly:
                continue
            wording = self.wording.into(reader.language)
            own = of_reader(reader, events, wording.catalogue)
            week = [of for of in own if of.event.began_ms >= middle_ms]
            note = weekly(week, len(own) - len(week), self.grouping, wording, due, now_ms)
            if note is not None:
                level, key = Level(week[0].event.gravest), key_of(reader.id, due)
                yield Entry(key, "weekly", level, now_ms, note, None, reader.id)
