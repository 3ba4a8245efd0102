"""Where accounts and sessions are kept. The only SQL of accounts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.accounts.records import Account
from api.tables import ACCOUNT, SESSION
from ingest.state.database import State


class Accounts:
    """Accounts and sessions in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add(self, connection: Connection, account: Account, password_hash: str) -> None:
        """Write an account; one that is there already stands."""
        same = ACCOUNT.c.username == account.username
        if connection.execute(sa.select(ACCOUNT.c.username).where(same)).first():
            return
        values = {
            "username": account.username,
            "name": account.name,
            "role": account.role,
            "area": account.area,
            "password_hash": password_hash,
        }
        connection.execute(sa.insert(ACCOUNT).values(values))

    def put_hash(self, connection: Connection, username: str, password_hash: str) -> None:
        """Keep another hash of the same password; sessions stay."""
        same = ACCOUNT.c.username == username
        connection.execute(sa.update(ACCOUNT).where(same).values(password_hash=password_hash))

    def put_language(self, connection: Connection, username: str, language: str) -> None:
        """Keep the language that a person has chosen."""
        same = ACCOUNT.c.username == username
        connection.execute(sa.update(ACCOUNT).where(same).values(language=language))

    def by_username(self, username: str) -> tuple[Account, str] | None:
        """An account and its password hash."""
        query = sa.select(ACCOUNT).where(ACCOUNT.c.username == username)
        with self.state.read() as connection:
            row = connection.execute(query).first()
        return (_account(row), row.password_hash) if row else None

    def by_session(self, token_hash: str, now_ms: int) -> Account | None:
        """The account of a session, while it lasts."""
        query = (
            sa.select(ACCOUNT)
            .join(SESSION, SESSION.c.username == ACCOUNT.c.username)
            .where(SESSION.c.token_hash == token_hash, SESSION.c.expires_ms > now_ms)
        )
        with self.state.read() as connection:
            row = connection.execute(query).first()
        return _account(row) if row else None

    def open_session(
        self, connection: Connection, token_hash: str, username: str, expires_ms: int
    ) -> None:
        """Keep a session."""
        row = {"token_hash": token_hash, "username": username, "expires_ms": expires_ms}
        connection.execute(sa.insert(SESSION).values(row))

    def end_session(self, connection: Connection, token_hash: str) -> None:
        """Drop a session."""
        connection.execute(sa.delete(SESSION).where(SESSION.c.token_hash == token_hash))

    def drop_expired(self, connection: Connection, now_ms: int) -> None:
        """Drop sessions that have ended by themselves."""
        connection.execute(sa.delete(SESSION).where(SESSION.c.expires_ms <= now_ms))


def _account(row: Row[Any]) -> Account:
    return Account(row.username, row.name, row.role, row.area, language=row.language)
