"""Where addresses of people for messages are kept."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import CONTACT
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class Contact:
    """An address; None: nobody has confirmed that it is the person's."""

    id: int
    kind: str
    value: str
    confirmed_ms: int | None


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
        """Drop an address of somebody; whether there was one."""
        same = sa.and_(CONTACT.c.id == contact_id, CONTACT.c.username == username)
        return bool(connection.execute(sa.delete(CONTACT).where(same)).rowcount)
