"""Messages about meetings, in each reader's language; the outbox takes each of them once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.repository import Messages
from api.meetings import unsent, wording
from api.meetings.records import Meeting
from api.web.language import language_for
from config.catalogue.words import LanguageTag, Words


@dataclass(frozen=True, slots=True)
class Notices:
    """Posts messages of a platform, whose pages of meetings lie at ``path``."""

    messages: Messages
    words: Words
    path: str
    _spoken: dict[LanguageTag, Words] = field(default_factory=dict)

    def invite(
        self,
        connection: Connection,
        meeting: Meeting,
        readers: Iterable[tuple[int, str]],
        at_ms: int,
    ) -> None:
        """People are invited; ``readers`` are invitations with usernames."""
        self._post(connection, meeting, readers, "invited", "", at_ms)

    def remind(
        self,
        connection: Connection,
        meeting: Meeting,
        readers: Iterable[tuple[int, str]],
        occasion: str,
        at_ms: int,
    ) -> None:
        """People have not answered; of each occasion they hear once."""
        self._post(connection, meeting, readers, f"remind-{occasion}", "", at_ms)

    def change(
        self,
        connection: Connection,
        meeting: Meeting,
        readers: Iterable[tuple[int, str]],
        version: int,
        why: str,
        at_ms: int,
    ) -> None:
        """Something changed, or there will be no meeting."""
        kind = "cancelled" if meeting.state == "cancelled" else "changed"
        self._post(connection, meeting, readers, f"{kind}-{version}", why, at_ms)

    def _post(
        self,
        connection: Connection,
        meeting: Meeting,
        readers: Iterable[tuple[int, str]],
        occasion: str,
        why: str,
        at_ms: int,
    ) -> None:
        listed = list(readers)
        wished = unsent.languages(connection, [username for _, username in listed])
        for invitation_id, username in listed:
            words = self._into(wished.get(username, ""))
            text = _text(words, meeting, occasion.partition("-")[0], why)
            note = Note(meeting.title, text, f"{self.path}/invitations/{invitation_id}")
            key = _key(meeting, occasion, username)
            entry = Entry(key, "note", Level.NOTICE, at_ms, note, reader=username)
            self.messages.post(connection, entry)

    def _into(self, wished: str) -> Words:
        language = language_for(wished, "", self.words.language)
        if language not in self._spoken:
            other = language != self.words.language
            self._spoken[language] = self.words.into(language) if other else self.words
        return self._spoken[language]


def _text(words: Words, meeting: Meeting, occasion: str, why: str) -> str:
    about = [of for of in (wording.when(words, meeting), wording.where(words, meeting)) if of]
    said = words(f"meetings.note-{occasion}", why=why)
    asks = words(f"meetings.asks-{meeting.wants}")
    open_ = occasion in ("invited", "remind")
    return words("list.semicolon").join([said, *about, *([asks] if open_ else [])])


def _key(meeting: Meeting, occasion: str, reader: str) -> str:
    named = f"{meeting.id}|{occasion}|{reader}".encode()
    return f"meeting-{hashlib.blake2b(named, digest_size=10).hexdigest()}"
