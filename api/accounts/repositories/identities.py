"""Where it is kept whose account an identity at a government's own sign-in opens."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import IDENTITY
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a provider, and the account here."""

    issuer: str
    subject: str
    username: str


class Identities:
    """Bound identities in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def username_of(self, issuer: str, subject: str) -> str | None:
        """The account that an identity opens."""
        query = sa.select(IDENTITY.c.username).where(_same(issuer, subject))
        with self.state.read() as connection:
            return connection.scalar(query)

    def identities_of(self, username: str) -> tuple[Identity, ...]:
        """Every identity that opens an account."""
        query = sa.select(IDENTITY).where(IDENTITY.c.username == username)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(IDENTITY.c.issuer, IDENTITY.c.subject))
            return tuple(Identity(row.issuer, row.subject, row.username) for row in rows)

    def bind(self, connection: Connection, identity: Identity) -> str:
        """Keep an identity that is nobody's; the account that it opens now."""
        same = _same(identity.issuer, identity.subject)
        owner = connection.scalar(sa.select(IDENTITY.c.username).where(same))
        if owner is None:
            row = {
                "issuer": identity.issuer,
                "subject": identity.subject,
                "username": identity.username,
            }
            connection.execute(sa.insert(IDENTITY).values(row))
        return owner or identity.username

    def unbind(self, connection: Connection, identity: Identity) -> bool:
        """Let an identity open this account no longer; whether it did."""
        same = sa.and_(
            _same(identity.issuer, identity.subject), IDENTITY.c.username == identity.username
        )
        return bool(connection.execute(sa.delete(IDENTITY).where(same)).rowcount)


def _same(issuer: str, subject: str) -> sa.ColumnElement[bool]:
    return sa.and_(IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject)
