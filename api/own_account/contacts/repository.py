"""Where addresses of people for messages are kept, and the codes that confirm them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import CONTACT, CONTACT_CODE
from ingest.state.database import State

_NO_ADDRESS = 0
"""Numbers begin with 1."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An address; None: nobody has confirmed that it is the person's."""

    id: int
    kind: str
    value: str
    confirmed_ms: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for an address, and the message that brings it."""

    nonce: str
    contact: int
    made_ms: int
    tries: int
    message_id: str


class Contacts:
    """Addresses in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def of_person(self, username: str) -> tuple[Contact, ...]:
        """Those of somebody, the oldest first."""
        with self.state.read() as connection:
            return self.read(connection, username)

    def read(self, connection: Connection, username: str) -> tuple[Contact, ...]:
        """The same inside a transaction."""
        query = sa.select(CONTACT).where(CONTACT.c.username == username).order_by(CONTACT.c.id)
        return tuple(
            Contact(row.id, row.kind, row.value, row.confirmed_ms)
            for row in connection.execute(query)
        )

    def add(self, connection: Connection, username: str, kind: str, value: str) -> int:
        """Keep an address; its id."""
        row = {"username": username, "kind": kind, "value": value}
        (found,) = connection.execute(sa.insert(CONTACT).values(row)).inserted_primary_key or (0,)
        return int(found)

    def remove(self, connection: Connection, username: str, contact_id: int) -> bool:
        """Drop an address of somebody; whether there was one. Codes for it still count, and are
        for no address: another one may get the same number.
        """
        codes = sa.and_(CONTACT_CODE.c.contact == contact_id, CONTACT_CODE.c.username == username)
        connection.execute(sa.update(CONTACT_CODE).where(codes).values(contact=_NO_ADDRESS))
        same = sa.and_(CONTACT.c.id == contact_id, CONTACT.c.username == username)
        return bool(connection.execute(sa.delete(CONTACT).where(same)).rowcount)

    def confirm(self, connection: Connection, contact_id: int, now_ms: int) -> None:
        """Note that an address is the person's; codes for it are good no more."""
        own = CONTACT.c.id == contact_id
        connection.execute(sa.update(CONTACT).where(own).values(confirmed_ms=now_ms))
        codes = CONTACT_CODE.c.contact == contact_id
        connection.execute(sa.delete(CONTACT_CODE).where(codes))

    def asked(self, connection: Connection, username: str, after_ms: int) -> list[Asked]:
        """Codes that somebody asked for after an instant, the oldest first."""
        query = sa.select(CONTACT_CODE).where(
            CONTACT_CODE.c.username == username, CONTACT_CODE.c.made_ms > after_ms
        )
        return [
            Asked(row.nonce, row.contact, row.made_ms, row.tries, row.message_id)
            for row in connection.execute(query.order_by(CONTACT_CODE.c.made_ms))
        ]

    def keep_code(
        self, connection: Connection, username: str, code: Asked, before_ms: int
    ) -> None:
        """Note a code; of the person's older ones those of before an instant go."""
        old = sa.and_(CONTACT_CODE.c.username == username, CONTACT_CODE.c.made_ms <= before_ms)
        connection.execute(sa.delete(CONTACT_CODE).where(old))
        connection.execute(sa.insert(CONTACT_CODE).values(username=username, **asdict(code)))

    def count_try(self, connection: Connection, nonce: str, most: int) -> bool:
        """Count a try of a code; False where there were as many as it has."""
        own = sa.and_(CONTACT_CODE.c.nonce == nonce, CONTACT_CODE.c.tries < most)
        tried = sa.update(CONTACT_CODE).where(own).values(tries=CONTACT_CODE.c.tries + 1)
        return bool(connection.execute(tried).rowcount)
