"""Where appointments are kept, each with its number: roles, memberships, delegations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Grant, Membership, Span
from api.accounts.repositories.people import holds_on
from api.accounts.repositories.units import below
from api.tables import ACCOUNT, DELEGATION, MEMBERSHIP, ROLE_GRANT
from ingest.state.database import State

T = TypeVar("T")
Kind = Literal["role", "membership", "delegation"]
_TABLES: dict[Kind, sa.Table] = {
    "role": ROLE_GRANT,
    "membership": MEMBERSHIP,
    "delegation": DELEGATION,
}


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """An appointment with its number."""

    id: int
    of: T


@dataclass(frozen=True, slots=True)
class Delegation:
    """A clerk may act for a deputy."""

    deputy: str
    clerk: str
    span: Span


def lasts(table: sa.Table, day: str) -> sa.ColumnElement[bool]:
    """Whether a row has not ended before a day; it may begin later."""
    return sa.or_(table.c.until_day.is_(None), table.c.until_day >= day)


class Appointments:
    """Roles, memberships and delegations in the state database, also those that have ended."""

    def __init__(self, state: State) -> None:
        self.state = state

    def grants(self, connection: Connection, username: str) -> tuple[Kept[Grant], ...]:
        """Every role that somebody held, holds or will hold."""
        return tuple(
            Kept(row.id, Grant(row.role, row.platform, row.unit or "", _span(row)))
            for row in _rows(connection, ROLE_GRANT, ROLE_GRANT.c.username == username)
        )

    def memberships(self, connection: Connection, username: str) -> tuple[Kept[Membership], ...]:
        """Every unit that somebody belonged, belongs or will belong to."""
        return tuple(
            Kept(row.id, Membership(row.unit, row.post, _span(row)))
            for row in _rows(connection, MEMBERSHIP, MEMBERSHIP.c.username == username)
        )

    def delegations(self, connection: Connection, username: str) -> tuple[Kept[Delegation], ...]:
        """Every delegation of somebody, as deputy or as clerk."""
        either = sa.or_(DELEGATION.c.deputy == username, DELEGATION.c.clerk == username)
        return tuple(
            Kept(row.id, Delegation(row.deputy, row.clerk, _span(row)))
            for row in _rows(connection, DELEGATION, either)
        )

    def end(self, connection: Connection, kind: Kind, ids: Collection[int], day: str) -> None:
        """Let appointments hold up to a day at most."""
        table = _TABLES[kind]
        ended = sa.update(table).where(table.c.id.in_(ids), _goes_on(table, day))
        connection.execute(ended.values(until_day=day))

    def holders(self, role: str, unit: str, day: str) -> tuple[str, ...]:
        """Who holds a role after a day, of a unit and those below it or of all (empty)."""
        query = sa.select(ROLE_GRANT.c.username).distinct().order_by(ROLE_GRANT.c.username)
        query = query.where(ROLE_GRANT.c.role == role, _goes_on(ROLE_GRANT, day))
        if unit:
            query = query.where(ROLE_GRANT.c.username.in_(_members(unit, day)))
        with self.state.read() as connection:
            return tuple(connection.scalars(query))

    def end_role(
        self, connection: Connection, role: str, usernames: Sequence[str], day: str
    ) -> None:
        """Let these people hold a role up to a day at most."""
        ended = sa.update(ROLE_GRANT).where(
            ROLE_GRANT.c.role == role,
            ROLE_GRANT.c.username.in_(usernames),
            _goes_on(ROLE_GRANT, day),
        )
        connection.execute(ended.values(until_day=day))

    def end_memberships(
        self, connection: Connection, unit: str, usernames: Sequence[str], day: str
    ) -> None:
        """Let these people belong to a unit, and to those below it, up to a day at most."""
        ended = sa.update(MEMBERSHIP).where(
            MEMBERSHIP.c.username.in_(usernames),
            MEMBERSHIP.c.unit.in_(below((unit,))),
            _goes_on(MEMBERSHIP, day),
        )
        connection.execute(ended.values(until_day=day))

    def end_delegations(self, connection: Connection, deputies: Sequence[str], day: str) -> None:
        """Let nobody act for these deputies after a day."""
        ended = sa.update(DELEGATION).where(
            DELEGATION.c.deputy.in_(deputies), _goes_on(DELEGATION, day)
        )
        connection.execute(ended.values(until_day=day))

    def administrators(
        self, connection: Connection, roles: Collection[str], slug: str, day: str
    ) -> frozenset[str]:
        """Who holds one of these roles on a day, for all units and on a platform, and may sign
        in.
        """
        query = sa.select(ROLE_GRANT.c.username).join(
            ACCOUNT, ACCOUNT.c.username == ROLE_GRANT.c.username
        )
        query = query.where(
            ROLE_GRANT.c.role.in_(roles),
            ROLE_GRANT.c.platform.in_(("", slug)),
            ROLE_GRANT.c.unit.is_(None),
            holds_on(ROLE_GRANT, day),
            ACCOUNT.c.disabled_ms.is_(None),
        )
        return frozenset(connection.scalars(query))


def _members(unit: str, day: str) -> sa.Select[tuple[str]]:
    query = sa.select(MEMBERSHIP.c.username)
    return query.where(MEMBERSHIP.c.unit.in_(below((unit,))), lasts(MEMBERSHIP, day))


def _goes_on(table: sa.Table, day: str) -> sa.ColumnElement[bool]:
    return sa.or_(table.c.until_day.is_(None), table.c.until_day > day)


def _rows(
    connection: Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> Sequence[sa.Row[tuple[object, ...]]]:
    return connection.execute(sa.select(table).where(condition).order_by(table.c.id)).all()


def _span(row: sa.Row[tuple[object, ...]]) -> Span:
    return Span(row.from_day, row.until_day)
