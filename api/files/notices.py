"""Messages about files: a virus was found, to whoever sent it and to the office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.repository import Messages
from api.accounts.repositories.people import People
from api.accounts.repositories.readers import Readers
from api.accounts.roles import Roles
from api.files.permission import FilePermission
from api.files.repository import Attachment
from config.catalogue.words import Words
from config.vocabulary.time import day_of
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class Notices:
    """The means of telling people."""

    state: State
    roles: Roles
    words: Words
    now_ms: Callable[[], int]

    def readers(self, attachment: Attachment) -> dict[str, Words]:
        """Whoever hears of an attachment's virus, each with the words of the own language. Ask it
        before a transaction begins.
        """
        now_ms = self.now_ms()
        office = self.roles.having(FilePermission.SEE_HIDDEN)
        held = (People(self.state).holders(role.id, day_of(now_ms)) for role in office)
        usernames = {
            attachment.added_by,
            attachment.added_for,
            *(one for some in held for one in some),
        }
        directory = Readers(self.state, self.words.language)
        people = (directory.person(one, now_ms) for one in sorted(usernames - {""}))
        return {of.username: self.words.into(of.language) for of in people if of}

    def infected(
        self, connection: Connection, attachment: Attachment, readers: dict[str, Words]
    ) -> None:
        """Post it, once to each."""
        messages, now_ms = Messages(self.state), self.now_ms()
        for username, words in readers.items():
            values = {"name": attachment.name, "virus": attachment.virus}
            note = Note(words("files.virus-title"), words("files.virus-text", **values))
            key = f"file-virus:{attachment.id}:{username}"
            entry = Entry(key, "note", Level.WARNING, now_ms, note, reader=username)
            messages.post(connection, entry)
