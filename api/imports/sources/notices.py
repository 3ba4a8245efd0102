"""Officers hear of tables that did not come, on working mornings, of each once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.repository import Messages
from api.deadlines.kept.answerable import Staff, staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Responsible
from api.imports import actions
from api.imports.permission import ImportPermission
from api.imports.sources.records import Owed, Source
from api.imports.sources.repository import Sources
from api.kinds.tables import TableKind
from api.shape import CoreServices
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.time import day_of

MOST_LINES = 20
Missed = list[tuple[Source, Owed, date]]


def tell_missed(core: CoreServices) -> None:
    """The job of the morning: one message for each officer. The owners hear of the deadline."""
    now_ms, today = core.now_ms(), day_of(core.now_ms())
    deadlines, kinds = deadlines_of(core), actions.parts_of_core(core).kinds
    if not deadlines.calendar.working_days().day(date.fromisoformat(today)).working:
        return
    missed = _missed(core, kinds)
    if not missed:
        return
    with core.state.read() as connection:
        everybody = staff(connection, core.roles, today)
    of_person: dict[str, Missed] = {}
    for one in missed:
        for username in _officers(everybody, one[0], kinds[one[0].kind]):
            of_person.setdefault(username, []).append(one)
    sources, messages = Sources(core.state), Messages(core.state)
    with core.state.begin() as connection:
        for username, found in of_person.items():
            words = _words(core.words, everybody.languages[username])
            messages.post(connection, _entry(words, username, found, now_ms))
        for _, owed, _ in missed:
            sources.change_owed(connection, owed, notified_ms=now_ms)


def _missed(core: CoreServices, kinds: Mapping[str, TableKind]) -> Missed:
    """Periods that are overdue, and of which no officer has heard."""
    sources, deadlines = Sources(core.state), deadlines_of(core)
    found: Missed = []
    for source in sources.all(list(kinds)):
        for owed in sources.owed(source.id) if source.active else ():
            if owed.load is not None or owed.notified_ms is not None:
                continue
            deadline = deadlines.one(owed.deadline)
            if deadline.open and core.now_ms() > deadline.reckoned.due_ms:
                found.append((source, owed, deadline.reckoned.due))
    return found


def _officers(everybody: Staff, source: Source, kind: TableKind) -> set[str]:
    """Whoever keeps the register and sees the kind, but for the owners."""
    keeps = everybody.who(Responsible("", ImportPermission.MANAGE_SOURCES))
    sees = everybody.who(Responsible("", kind.permission))
    return set(keeps) & set(sees) - set(everybody.who(source.terms.responsible))


def _entry(words: Words, username: str, missed: Missed, now_ms: int) -> Entry:
    lines = [
        words("sources.missed-line", name=source.name, period=owed.label, due=due.isoformat())
        for source, owed, due in missed[:MOST_LINES]
    ]
    if len(missed) > MOST_LINES:
        lines.append(words("sources.missed-more", n=len(missed) - MOST_LINES))
    title = words("sources.missed-title", n=len(missed))
    note = Note(title, "\n".join(lines), "/imports/sources")
    named = hashlib.blake2b(f"{username}|{day_of(now_ms)}".encode(), digest_size=8)
    key = f"missed-{named.hexdigest()}"
    return Entry(key, "note", Level.NOTICE, now_ms, note, reader=username)


def _words(words: Words, language: str) -> Words:
    wished = next((of for of in LANGUAGES if of == language), None)
    return words.into(wished) if wished else words
