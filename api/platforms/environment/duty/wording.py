"""The duty calendar in words: days, spans, who is on duty, and what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerting.duty import ical
from alerting.duty.calendar import Calendar, Gap, Shift, Source
from alerting.duty.records import Entry, Rota, Substitute, Swap, Withdrawal
from api.platforms.environment.duty.repository import Able
from api.web.tables import Heads, Value
from config.catalogue.words import Words
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, ZONE, begins_ms
from config.working_days import Day, WorkingDays

COLUMNS = ("position", "day", "kind", "from", "until", "person")
HEADS = Heads("duty.column", COLUMNS, {"day": "day", "from": "instant", "until": "instant"})
BEFORE_MS, BEHIND_MS = 30 * DAY_MS, 180 * DAY_MS
"""Of a feed, around now."""


@dataclass(frozen=True, slots=True)
class Stint:
    """One on duty on a day; ``span`` where it is not the whole of it. ``gap``: nobody can be."""

    name: str
    span: str
    source: Source
    gap: bool
    own: bool
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Box:
    """A day of a month's page; ``note`` says what kind of day it is."""

    iso: str
    number: int
    weekday: int
    title: str
    off: bool
    note: str
    today: bool
    stints: tuple[Stint, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the history; ``open`` while it may be withdrawn."""

    entry: Entry
    title: str
    said: tuple[str, ...]
    withdrawn_ms: int | None
    open: bool


class Saying:
    """Words of the duty calendar for one reader; ``names`` are people's by username."""

    def __init__(self, words: Words, names: Mapping[str, str], now_ms: int) -> None:
        self.words, self.now_ms = words, now_ms
        self._names = names

    def person(self, username: str) -> str:
        """A name; nobody's too."""
        return self._names.get(username, username) or self.words("duty.nobody")

    def people(self, usernames: Iterable[str]) -> str:
        """Names side by side."""
        return self.words.listed(map(self.person, usernames))

    def day(self, on: date) -> str:
        """A day with its weekday."""
        weekday = self.words(f"duty.weekday-{on.isoweekday()}")
        month = self.words(f"month.{on.month}")
        return self.words("duty.day", month=month, day=on.day, weekday=weekday)

    def moment(self, at_ms: int) -> str:
        """An instant to the minute."""
        local = _local(at_ms)
        return f"{self.day(local.date())} {local:%H:%M}"

    def span(self, from_ms: int, until_ms: int) -> str:
        """A span, with the second day where that is another one."""
        begin, end = _local(from_ms), _local(until_ms)
        if begin.date() == end.date():
            return f"{self.moment(from_ms)} – {end:%H:%M}"
        return f"{self.moment(from_ms)} – {self.moment(until_ms)}"

    def hours(self, span_ms: int) -> str:
        """How long somebody is on duty."""
        return self.words("duration.hours", n=f"{round(span_ms / HOUR_MS, 1):g}")

    def gap(self, gap: Gap) -> str:
        """Where nobody is on duty, or somebody who cannot be."""
        key = "duty.gap-person" if gap.person else "duty.gap-nobody"
        span = self.span(gap.from_ms, gap.until_ms)
        return self.words(key, name=gap.name, span=span, who=self.person(gap.person))

    def kind(self, day: Day) -> str:
        """The kind of a day; empty of a usual one."""
        said = day.holiday or (self.words("duty.make-up") if day.reason == "make-up" else "")
        if day.provisional and (said or not day.working):
            return self.words("duty.provisional", what=said or self.words("duty.off"))
        return said or ("" if day.working else self.words("duty.off"))

    def history(self, calendar: Calendar, entry: Entry) -> Line:
        """The change that an entry made."""
        what, until_ms = entry.what, 0
        match what:
            case Substitute():
                until_ms = what.until_ms
            case Swap():
                begun = min(what.one.from_ms, what.other.from_ms) <= self.now_ms
                until_ms = 0 if begun else max(what.one.until_ms, what.other.until_ms)
        withdrawn = calendar.withdrawn_ms(entry.id)
        stands = withdrawn is None and until_ms > self.now_ms
        title, said = self._changed(what)
        return Line(entry, title, tuple(filter(None, said)), withdrawn, stands)

    def _changed(self, what: object) -> tuple[str, list[str]]:
        words = self.words
        match what:
            case Rota(ended=True):
                return words("duty.did-end"), [self._since(what.valid_from_ms)]
            case Rota():
                return words("duty.did-rota"), list(self._rota(what))
            case Substitute():
                said = f"{self.person(what.person)} · {self.span(what.from_ms, what.until_ms)}"
                return words("duty.did-substitute"), [said, what.reason]
            case Swap():
                spans = [
                    f"{self.person(held.person)} · {self.span(held.from_ms, held.until_ms)}"
                    for held in (what.one, what.other)
                ]
                return words("duty.did-swap"), [*spans, what.reason]
            case Withdrawal():
                return words("duty.did-withdraw", n=what.entry), [what.reason]
        raise AssertionError(what)

    def _rota(self, rota: Rota) -> Iterator[str]:
        words = self.words
        yield self._since(rota.valid_from_ms)
        turn = words(f"duty.turn-{rota.turn}")
        yield f"{rota.name} · {turn}"
        if rota.people:
            yield words("duty.order-of", people=self.people(rota.people))
        if rota.off_people:
            yield words("duty.off-order-of", people=self.people(rota.off_people))
        if rota.by_hand:
            days = (
                f"{self.day(date.fromisoformat(day))} {self.person(who)}"
                for day, who in rota.by_hand.items()
            )
            yield words("duty.by-hand-of", days=words.listed(days))
        if rota.backup:
            yield words("duty.backup-of", who=self.person(rota.backup))

    def _since(self, at_ms: int) -> str:
        return self.words("duty.since", at=self.moment(at_ms))


@dataclass(frozen=True, slots=True)
class Boxes:
    """Makes the days of a page: who can be on duty, and whose page it is."""

    saying: Saying
    days: WorkingDays
    who_can: Able
    own: str

    def month(self, calendar: Calendar, first: date) -> list[Box]:
        """Each day of the month that begins with ``first``."""
        found, day = [], first
        while day.month == first.month:
            found.append(self._box(calendar, day))
            day += timedelta(days=1)
        return found

    def _box(self, calendar: Calendar, on: date) -> Box:
        kind = self.days.day(on)
        return Box(
            on.isoformat(),
            on.day,
            on.isoweekday(),
            self.saying.day(on),
            not kind.working,
            self.saying.kind(kind),
            on == _local(self.saying.now_ms).date(),
            tuple(self._stints(calendar, on)),
        )

    def _stints(self, calendar: Calendar, on: date) -> Iterator[Stint]:
        found = calendar.rota(begins_ms(on) + DAY_MS - 1)
        if found is None:
            return
        begin, end = (found[1].begins_ms(on.toordinal() + ahead) for ahead in (0, 1))
        for shift in calendar.shifts(begin, end):
            if shift.until_ms - shift.from_ms < MINUTE_MS:
                continue
            whole = (shift.from_ms, shift.until_ms) == (begin, end)
            cannot = not shift.person or not self.who_can(
                shift.person, max(shift.from_ms, self.saying.now_ms)
            )
            yield Stint(
                self.saying.person(shift.person),
                "" if whole else _times(shift),
                shift.duty.source,
                cannot and shift.until_ms > self.saying.now_ms,
                shift.person == self.own,
                shift.from_ms,
                shift.until_ms,
            )


def rows(boxes: Boxes, calendars: Iterable[Calendar], first: date) -> Iterator[list[Value]]:
    """The shifts of a month, each day of each position, for a spreadsheet."""
    for calendar in calendars:
        for box in boxes.month(calendar, first):
            name = name_of(calendar, begins_ms(date.fromisoformat(box.iso)) + DAY_MS - 1)
            for of in box.stints:
                yield [name, box.iso, box.note, of.from_ms, of.until_ms, of.name]


def feed(saying: Saying, calendars: Iterable[Calendar], site: str, whose: str | None) -> bytes:
    """The shifts around now as an iCalendar: one person's, or everybody's (None)."""
    words, now = saying.words, saying.now_ms
    events = []
    for calendar in calendars:
        for shift in calendar.shifts(now - BEFORE_MS, now + BEHIND_MS):
            # One that was cut off would be another event each time.
            cut = shift.from_ms == now - BEFORE_MS or shift.until_ms == now + BEHIND_MS
            if cut or whose not in (None, shift.person):
                continue
            name = name_of(calendar, shift.from_ms)
            title = words("duty.own-event", name=name)
            if whose is None:
                title = words("duty.event", name=name, who=saying.person(shift.person))
            backup = shift.duty.backup
            note = words("duty.backup-of", who=saying.person(backup)) if backup else ""
            uid = f"{calendar.position}-{shift.from_ms}@{site}"
            events.append(ical.Event(uid, shift.from_ms, shift.until_ms, title, note))
    return ical.calendar(words("duty.rota-title"), events, now)


def name_of(calendar: Calendar, at_ms: int) -> str:
    """The name of a position at an instant."""
    found = calendar.rota(at_ms)
    latest = found[1] if found else calendar.latest()
    return latest.name if latest else calendar.position


def usernames(calendars: Iterable[Calendar]) -> Iterator[str]:
    """Everybody who is named in any entry."""
    for calendar in calendars:
        for entry in calendar.entries:
            match entry.what:
                case Rota() as rota:
                    yield from (*rota.people, *rota.off_people, rota.backup)
                    yield from rota.by_hand.values()
                case Substitute(person=person):
                    yield person
                case Swap() as swap:
                    yield from (swap.one.person, swap.other.person)


def _local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, ZONE)


def _times(shift: Shift) -> str:
    return f"{_local(shift.from_ms):%H:%M}–{_local(shift.until_ms):%H:%M}"
