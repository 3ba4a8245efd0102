"""Officers hear of tables that did not come, on working mornings, of each once; owners hear
of what came and was refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.repository import Messages
from api.accounts.roles import Roles
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
MOST_FAULTS = 5
"""Of a file that are written in a message; the rest stands on the page of its load."""
Missed = list[tuple[Source, Owed, date]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A content of a source as it was found: the name under which it came, its SHA-256 or whatever
    else tells it from others, its load if there is one, and why not all of it was taken in, a line
    each, in a language.
    """

    name: str
    content: str
    load: int | None
    why: Callable[[Words], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Owners:
    """Finds and tells the owners of sources; ``words`` are those of the site."""

    messages: Messages
    roles: Roles
    words: Words

    def tell(self, connection: Connection, source: Source, checked: Checked, now_ms: int) -> None:
        """Post a message to whoever must send the table of a source, of a content once."""
        everybody = staff(connection, self.roles, day_of(now_ms))
        for username in everybody.who(source.terms.responsible):
            words = _words(self.words, everybody.languages[username])
            self.messages.post(connection, _of_checked(words, username, source, checked, now_ms))


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


def _of_checked(
    words: Words, username: str, source: Source, checked: Checked, now_ms: int
) -> Entry:
    every = [line for line in checked.why(words) if line]
    lines = every[:MOST_FAULTS]
    if len(every) > MOST_FAULTS:
        lines.append(words("sources.refused-more", n=len(every) - MOST_FAULTS))
    title = words("sources.refused-title", name=source.name, file=checked.name)
    path = source.path if checked.load is None else f"/imports/{checked.load}"
    of = f"{username}|{source.id}|{checked.content}"
    key = f"refused-{hashlib.blake2b(of.encode(), digest_size=8).hexdigest()}"
    note = Note(title, "\n".join(lines), path)
    return Entry(key, "note", Level.NOTICE, now_ms, note, reader=username)


def _words(words: Words, language: str) -> Words:
    wished = next((of for of in LANGUAGES if of == language), None)
    return words.into(wished) if wished else words
