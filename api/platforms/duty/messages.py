"""Messages of what happens at a suggestion beside its steps, in the language of each reader."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.accounts.records import Account
from api.deadlines.kept.answerable import staff
from api.deadlines.records import Responsible
from api.procedures.procedure import Row
from api.services import Services, into
from api.web.language import language_for
from config.vocabulary.time import day_of


def tell(
    services: Services,
    connection: Connection,
    account: Account,
    row: Row,
    occasion: str,
    readers: Collection[str],
    responsible: Responsible | None = None,
    **values: object,
) -> None:
    """Post a message of something that an account did now.

    Args:
        services: for the words and the outbox.
        connection: the caller's transaction.
        account: who did it, and hears nothing of it.
        row: of the suggestion.
        occasion: the end of a key below ``duty.message``, and what makes the message one.
        readers: usernames of those who hear of it.
        responsible: and whoever stands behind this.
        values: of the words, beside ``who``.
    """
    at_ms = services.now_ms()
    everybody = staff(connection, services.roles, day_of(at_ms))
    found = set(readers) | set(everybody.who(responsible) if responsible else ())
    for reader in sorted(found - {account.username, account.actor.who}):
        language = language_for(everybody.languages.get(reader, ""), "", services.words.language)
        words = into(services, language).words
        text = words(f"duty.message.{occasion}", who=account.signed, **values)
        note = Note(row["title"], text, f"/duty/suggestions/{row['id']}")
        named = f"{occasion}|{row['id']}|{at_ms}|{account.username}|{reader}"
        key = f"duty-{hashlib.blake2b(named.encode(), digest_size=10).hexdigest()}"
        entry = Entry(key, "note", Level.NOTICE, at_ms, note, reader=reader)
        services.messages.post(connection, entry)
