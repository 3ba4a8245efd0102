"""Where people are kept: who they are, the units they belong to, the roles they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.accounts.records import FIRST, Grant, Membership, PasswordKind, Span
from api.tables import ACCOUNT, CONTACT, DELEGATION, MEMBERSHIP, ROLE_GRANT
from ingest.state.database import State

USED_MS = 0
"""The end of a first password that was used."""


@dataclass(frozen=True, slots=True)
class Login:
    """Values that signing in compares with. ``until_ms`` is the end of a first password; the
    second factor is sealed.
    """

    username: str
    password_hash: str
    is_first: bool
    until_ms: int | None
    disabled: bool
    totp_sealed: str | None
    totp_step: int | None


def holds_on(table: sa.Table, day: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Whether a row with ``from_day`` and ``until_day`` holds on a day."""
    begun = sa.or_(table.c.from_day.is_(None), table.c.from_day <= day)
    return sa.and_(begun, sa.or_(table.c.until_day.is_(None), table.c.until_day >= day))


class People:
    """Accounts with memberships, roles and delegations."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add(
        self,
        connection: Connection,
        username: str,
        name: str,
        password_hash: str,
        kind: PasswordKind,
        until_ms: int | None = None,
    ) -> bool:
        """Write an account; one that is there already stands, and False is given."""
        same = ACCOUNT.c.username == username
        if connection.execute(sa.select(ACCOUNT.c.username).where(same)).first():
            return False
        values = {
            "username": username,
            "name": name,
            "password_hash": password_hash,
            "password_kind": kind,
            "password_until_ms": until_ms,
        }
        connection.execute(sa.insert(ACCOUNT).values(values))
        return True

    def put(self, connection: Connection, username: str, **values: object) -> None:
        """Change columns of an account."""
        same = ACCOUNT.c.username == username
        connection.execute(sa.update(ACCOUNT).where(same).values(values))

    def join(self, connection: Connection, username: str, membership: Membership) -> None:
        """Write that somebody belongs to a unit."""
        row = {"username": username, "unit": membership.unit, "post": membership.post}
        connection.execute(sa.insert(MEMBERSHIP).values(row | _days(membership.span)))

    def grant(self, connection: Connection, username: str, grant: Grant) -> None:
        """Write that somebody holds a role."""
        row = {
            "username": username,
            "role": grant.role,
            "platform": grant.platform,
            "unit": grant.unit or None,
        }
        connection.execute(sa.insert(ROLE_GRANT).values(row | _days(grant.span)))

    def delegate(self, connection: Connection, deputy: str, clerk: str, span: Span) -> None:
        """Write that a clerk may act for a deputy."""
        row = {"deputy": deputy, "clerk": clerk} | _days(span)
        connection.execute(sa.insert(DELEGATION).values(row))

    def reach(
        self, connection: Connection, username: str, kind: str, value: str, now_ms: int
    ) -> None:
        """Give somebody an address for messages that counts as confirmed."""
        row = {"username": username, "kind": kind, "value": value, "confirmed_ms": now_ms}
        connection.execute(sa.insert(CONTACT).values(row))

    def exists(self, username: str) -> bool:
        """Whether a username is given."""
        return bool(self.names([username]))

    def names(self, usernames: Sequence[str]) -> Mapping[str, str]:
        """The names of people, by username."""
        query = sa.select(ACCOUNT.c.username, ACCOUNT.c.name)
        query = query.where(ACCOUNT.c.username.in_(usernames))
        with self.state.read() as connection:
            return {row.username: row.name for row in connection.execute(query)}

    def usernames(self) -> list[str]:
        """Everybody who has an account."""
        with self.state.read() as connection:
            return list(connection.scalars(sa.select(ACCOUNT.c.username)))

    def login(self, username: str) -> Login | None:
        """Values that signing in compares with."""
        query = sa.select(ACCOUNT).where(ACCOUNT.c.username == username)
        with self.state.read() as connection:
            row = connection.execute(query).first()
        return _login(row) if row else None

    def may_enter(self, connection: Connection, login: Login) -> bool:
        """Whether somebody still has the password that was compared, and the second factor that
        is asked for next, and may sign in.
        """
        same = sa.and_(
            ACCOUNT.c.username == login.username,
            ACCOUNT.c.password_hash == login.password_hash,
            ACCOUNT.c.password_until_ms.is_not_distinct_from(login.until_ms),
            ACCOUNT.c.totp_sealed.is_not_distinct_from(login.totp_sealed),
            ACCOUNT.c.disabled_ms.is_(None),
        )
        query = sa.select(ACCOUNT.c.username).where(same).with_for_update()
        return connection.execute(query).first() is not None

    def waits(self, username: str) -> bool:
        """Whether somebody has a first password that was not used yet."""
        login = self.login(username)
        return login is not None and login.is_first and login.until_ms != USED_MS

    def grants(self, connection: Connection, username: str, day: str) -> tuple[Grant, ...]:
        """The roles that somebody holds on a day."""
        return tuple(
            Grant(row.role, row.platform, row.unit or "", Span(row.from_day, row.until_day))
            for row in connection.execute(_GRANTS, {"of": username, "today": day})
        )

    def next_role_day(self, connection: Connection, username: str, day: str) -> str | None:
        """The first day after a day on which a role of somebody begins; None: none will."""
        query = sa.select(sa.func.min(ROLE_GRANT.c.from_day))
        later = sa.and_(ROLE_GRANT.c.username == username, ROLE_GRANT.c.from_day > day)
        found: str | None = connection.scalar(query.where(later))
        return found

    def deputies_of(self, clerk: str, day: str) -> Mapping[str, str]:
        """For whom somebody may act on a day: names by username."""
        query = sa.select(ACCOUNT.c.username, ACCOUNT.c.name).order_by(ACCOUNT.c.username)
        query = query.join(DELEGATION, DELEGATION.c.deputy == ACCOUNT.c.username)
        query = query.where(DELEGATION.c.clerk == clerk, holds_on(DELEGATION, day))
        with self.state.read() as connection:
            found = connection.execute(query.where(ACCOUNT.c.disabled_ms.is_(None)))
            return {row.username: row.name for row in found}

    def holders(self, role: str, day: str) -> tuple[str, ...]:
        """Who holds a role on a day and may sign in."""
        query = sa.select(ROLE_GRANT.c.username).distinct().order_by(ROLE_GRANT.c.username)
        query = query.join(ACCOUNT, ACCOUNT.c.username == ROLE_GRANT.c.username)
        query = query.where(ROLE_GRANT.c.role == role, holds_on(ROLE_GRANT, day))
        with self.state.read() as connection:
            return tuple(connection.scalars(query.where(ACCOUNT.c.disabled_ms.is_(None))))


_GRANTS = (
    sa.select(ROLE_GRANT)
    .where(
        ROLE_GRANT.c.username == sa.bindparam("of"),
        holds_on(ROLE_GRANT, sa.bindparam("today", type_=sa.String)),
    )
    .order_by(ROLE_GRANT.c.id)
)
"""Made once: each request asks it."""


def _days(span: Span) -> dict[str, str | None]:
    return {"from_day": span.from_day, "until_day": span.until_day}


def _login(row: Row[Any]) -> Login:
    return Login(
        row.username,
        row.password_hash,
        row.password_kind == FIRST,
        row.password_until_ms,
        row.disabled_ms is not None,
        row.totp_sealed,
        row.totp_step,
    )
