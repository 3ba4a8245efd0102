"""Histories of events: who was told what, how far it got, and what people did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerting.events.repository import Act
from alerting.formats import instant
from alerting.notify.entries import Entry, OfEvent, Telling
from alerting.notify.readers import CHAT, Role
from alerting.notify.repository import Delivery
from api.accounts.repositories.people import People
from api.accounts.repositories.readers import Readers
from api.services import Services

MOST_NAMED = 30
"""Readers who are named in one line."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a history; ``tone`` is a colour of the pages."""

    at_ms: int
    title: str
    note: str = ""
    tone: str = "gray"


@dataclass(frozen=True, slots=True)
class Readership:
    """Names and roles of readers, by id: of those who read now, and of whoever did."""

    names: Mapping[str, str]
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Notices:
    """All notices of an event, to whom they went, and by message how far each delivery is."""

    entries: Sequence[tuple[Entry, Sequence[Telling]]]
    deliveries: Mapping[str, Sequence[Delivery]]


def notices_of(services: Services, event: str | None) -> Notices:
    """Everything told of an event, the oldest first; nothing where there is none."""
    if event is None:
        return Notices((), {})
    with services.state.read() as connection:
        entries = services.messages.of_event(connection, event)
        messages = {of.message_id for _, tellings in entries for of in tellings if of.message_id}
        return Notices(entries, services.messages.deliveries(connection, messages))


def readership(services: Services, notices: Notices) -> Readership:
    """Those of whom the record speaks."""
    people = Readers(services.state, services.words.language).people(services.now_ms())
    roles: dict[str, Role] = {
        of.username: "officer" if "officer" in of.roles else "deputy" for of in people
    }
    names = {of.username: of.name for of in people}
    for channel in services.channels:
        if channel.reads:
            roles[CHAT + channel.name] = channel.reads
            names[CHAT + channel.name] = channel.name
    readers = {of.reader for _, tellings in notices.entries for of in tellings}
    gone = [name for name in readers if name not in names and not name.startswith(CHAT)]
    return Readership(names | dict(People(services.state).names(gone)), roles)


def of_notices(services: Services, notices: Notices, *, named: bool) -> Iterator[Moment]:
    """A line for everything told. ``named``: with people by name, and how far each message is;
    else how many people of which role.
    """
    readers = readership(services, notices)
    for entry, tellings in notices.entries:
        title = services.words("history.message", event=services.words(f"notice.{entry.kind}"))
        tone = "orange" if any(of.state == "told" for of in tellings) else "gray"
        if named:
            note = _by_name(services, notices, readers, tellings)
        else:
            note = _by_role(services, readers, tellings)
        yield Moment(entry.at_ms, title, note, tone)


def of_acts(services: Services, acts: Iterable[Act], notices: Notices) -> Iterator[Moment]:
    """A line for everything done; a step of the escalation whose notice is there has its line."""
    t = services.words
    steps = {
        (entry.body.round, entry.body.step)
        for entry, _ in notices.entries
        if entry.kind == "step" and isinstance(entry.body, OfEvent)
    }
    for act in acts:
        if act.kind == "step" and (act.round, act.step) in steps:
            continue
        title = t(f"events.act-{act.kind}", who=act.name, step=act.step + 1)
        by_link = t("events.by-link") if act.by_link else ""
        note = act.note + by_link
        yield Moment(act.at_ms, title, note, "blue" if act.username else "red")


def _by_role(services: Services, readers: Readership, tellings: Sequence[Telling]) -> str:
    t = services.words
    said = []
    for state in ("told", "held"):
        counts = Counter(readers.roles.get(of.reader) for of in tellings if of.state == state)
        parts = [
            t("events.people-of", role=t(f"role.{role}") if role else t("events.former"), n=n)
            for role, n in counts.items()
        ]
        if parts:
            said.append(t(f"events.{state}", who=t.listed(parts)))
    return t.clauses(said) if said else t("events.told-nobody")


def _by_name(
    services: Services, notices: Notices, readers: Readership, tellings: Sequence[Telling]
) -> str:
    t = services.words
    said = []
    for state in ("told", "held", "muted"):
        of_state = [of for of in tellings if of.state == state]
        parts = [_reader(services, notices, readers, of) for of in of_state[:MOST_NAMED]]
        if len(of_state) > MOST_NAMED:
            parts.append(t("events.more", n=len(of_state) - MOST_NAMED))
        if parts:
            said.append(t(f"events.{state}", who=t.listed(parts)))
    return t.clauses(said) if said else t("events.told-nobody")


def _reader(services: Services, notices: Notices, readers: Readership, telling: Telling) -> str:
    """A reader by name, with how far the message is, or why there is none yet."""
    t = services.words
    name = readers.names.get(telling.reader, telling.reader)
    if telling.state == "told":
        deliveries = notices.deliveries.get(telling.message_id or "", ())
        shown = [of for of in deliveries if of.state != "superseded"]
        how = t.listed(
            t("events.delivery", channel=of.channel, state=t(f"events.delivery-{of.state}"))
            for of in shown
        )
        return t("events.reader", name=name, how=how or t("events.delivery-none"))
    why = t(f"events.why-{telling.why}") if telling.why else t("events.soon")
    if telling.due_ms is not None and telling.why:
        at = instant(t, telling.due_ms, services.now_ms())
        why = t("events.why-until", why=why, at=at)
    return t("events.reader", name=name, how=why)
