"""Where tokens of machines are kept: what each may ask, and when it asked last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import TOKEN
from ingest.state.database import State

_EACH = sa.true()


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's token. ``permissions`` are names; ``unit`` empty: things of every unit.
    ``tables`` are the kinds of tables that it is bound to; none: it is bound to no table.
    """

    id: int
    name: str
    permissions: tuple[str, ...]
    unit: str
    made_by: str
    made_ms: int
    expires_ms: int
    used_ms: int | None = None
    ended_ms: int | None = None
    tables: tuple[str, ...] = ()


class Tokens:
    """Tokens in the state database, of which only the hash of the secret is kept."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add(
        self,
        connection: Connection,
        secret_hash: str,
        name: str,
        permissions: Sequence[str],
        unit: str,
        made_by: str,
        made_ms: int,
        expires_ms: int,
        tables: Sequence[str] = (),
    ) -> int:
        """Keep a token; its id."""
        row = {
            "name": name,
            "secret_hash": secret_hash,
            "permissions": json.dumps(sorted(permissions)),
            "unit": unit or None,
            "made_by": made_by,
            "made_ms": made_ms,
            "expires_ms": expires_ms,
            "tables": json.dumps(sorted(tables)),
        }
        (token_id,) = connection.execute(sa.insert(TOKEN).values(row)).inserted_primary_key or (0,)
        return int(token_id)

    def all(self, seen: sa.ColumnElement[bool]) -> tuple[Token, ...]:
        """Every token of those that are ``seen``, the newest first."""
        query = sa.select(TOKEN).where(seen).order_by(TOKEN.c.id.desc())
        with self.state.read() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def by_secret(self, secret_hash: str, now_ms: int) -> Token | None:
        """The token with a secret, while it stands."""
        query = sa.select(TOKEN).where(TOKEN.c.secret_hash == secret_hash)
        query = query.where(TOKEN.c.expires_ms > now_ms, TOKEN.c.ended_ms.is_(None))
        with self.state.read() as connection:
            row = connection.execute(query).first()
        return _token(row) if row else None

    def used(self, connection: Connection, token_id: int, now_ms: int) -> None:
        """It asked for something."""
        same = TOKEN.c.id == token_id
        connection.execute(sa.update(TOKEN).where(same).values(used_ms=now_ms))

    def end(
        self,
        connection: Connection,
        token_id: int,
        now_ms: int,
        seen: sa.ColumnElement[bool] = _EACH,
    ) -> bool:
        """Let one of those that are ``seen`` stand no longer; whether it did."""
        stands = sa.select(TOKEN.c.id).where(TOKEN.c.id == token_id, TOKEN.c.ended_ms.is_(None))
        # Units of ``seen`` come by WITH: SQLite does not count what an update by it has changed.
        if connection.execute(stands.where(seen)).first() is None:
            return False
        ended = sa.update(TOKEN).where(TOKEN.c.id == token_id).values(ended_ms=now_ms)
        connection.execute(ended)
        return True


def _token(row: sa.Row[tuple[object, ...]]) -> Token:
    return Token(
        row.id,
        row.name,
        tuple(json.loads(row.permissions)),
        row.unit or "",
        row.made_by,
        row.made_ms,
        row.expires_ms,
        row.used_ms,
        row.ended_ms,
        tuple(json.loads(row.tables)),
    )
