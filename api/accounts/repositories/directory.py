"""The directory of people: one predicate says whom somebody sees, alone, in a list, its count,
its facets and an export.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.records import FIRST, Account, Grant, Membership, Span
from api.accounts.repositories.appointments import lasts
from api.accounts.repositories.people import holds_on
from api.accounts.repositories.units import below
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT, SIGN_IN, UNIT
from ingest.state.database import State

Standing = Literal["active", "disabled", "left"]
Order = Literal["username", "name", "recent"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """People who are asked for; empty: all. ``text_roles`` are roles whose names have ``text``."""

    text: str = ""
    text_roles: Collection[str] = ()
    standing: Standing | None = None
    role: str = ""
    unit: str = ""
    order: Order = "username"
    username: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the directory shows them; memberships and grants are those of the day."""

    username: str
    name: str
    standing: Standing
    second_factor: bool
    first_password: bool
    last_ms: int | None
    memberships: tuple[Membership, ...]
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many there would be with each value, all else chosen as it is."""

    standing: Mapping[str, int] = field(default_factory=dict)
    role: Mapping[str, int] = field(default_factory=dict)
    unit: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directory:
    """People as somebody with a permission sees them on a day: whoever belongs to a unit of theirs
    or one below it, and whoever has left everything and belonged there.
    """

    state: State
    account: Account
    permission: Permission
    day: str

    def search(self, chosen: Chosen, *, first: int, most: int) -> tuple[Person, ...]:
        """People from number ``first`` on, 0 is the first."""
        query = sa.select(*_columns(self.day)).where(*self._conditions(chosen))
        query = query.order_by(*_order(chosen.order)).offset(first).limit(most)
        with self.state.read() as connection:
            rows = connection.execute(query).all()
            return self._people(connection, rows)

    def count(self, chosen: Chosen) -> int:
        """How many there are."""
        query = sa.select(sa.func.count()).select_from(ACCOUNT)
        with self.state.read() as connection:
            return connection.execute(query.where(*self._conditions(chosen))).scalar_one()

    def one(self, username: str) -> Person | None:
        """Somebody; None where there is none or whoever asks does not see them."""
        return next(iter(self.search(Chosen(username=username), first=0, most=1)), None)

    def facets(self, chosen: Chosen) -> Facets:
        """Counts beside the filters."""
        with self.state.read() as connection:
            return Facets(
                self._of_standing(connection, chosen),
                self._of_role(connection, chosen),
                self._of_unit(connection, chosen),
            )

    def _of_standing(self, connection: Connection, chosen: Chosen) -> Mapping[str, int]:
        standing = _standing(self.day)
        query = sa.select(standing, sa.func.count()).select_from(ACCOUNT)
        query = query.where(*self._conditions(chosen, but="standing"))
        return _counts(connection, query.group_by(standing))

    def _of_role(self, connection: Connection, chosen: Chosen) -> Mapping[str, int]:
        holders = sa.func.count(ROLE_GRANT.c.username.distinct())
        query = sa.select(ROLE_GRANT.c.role, holders).where(
            holds_on(ROLE_GRANT, self.day),
            ROLE_GRANT.c.username.in_(self._usernames(chosen, but="role")),
        )
        return _counts(connection, query.group_by(ROLE_GRANT.c.role))

    def _of_unit(self, connection: Connection, chosen: Chosen) -> Mapping[str, int]:
        tops = _tops()
        query = sa.select(tops.c.top, sa.func.count(MEMBERSHIP.c.username.distinct()))
        query = query.join(MEMBERSHIP, MEMBERSHIP.c.unit == tops.c.unit).where(
            lasts(MEMBERSHIP, self.day),
            MEMBERSHIP.c.username.in_(self._usernames(chosen, but="unit")),
        )
        return _counts(connection, query.group_by(tops.c.top))

    def _usernames(self, chosen: Chosen, but: str) -> sa.Select[tuple[str]]:
        return sa.select(ACCOUNT.c.username).where(*self._conditions(chosen, but=but))

    def _conditions(self, chosen: Chosen, but: str = "") -> list[sa.ColumnElement[bool]]:
        found = [self._seen()]
        if chosen.username:
            found.append(ACCOUNT.c.username == chosen.username)
        if chosen.text:
            found.append(_matches(chosen, self.day))
        if chosen.standing and but != "standing":
            found.append(_standing(self.day) == chosen.standing)
        if chosen.role and but != "role":
            held = sa.and_(ROLE_GRANT.c.role == chosen.role, holds_on(ROLE_GRANT, self.day))
            found.append(_has(ROLE_GRANT, held))
        if chosen.unit and but != "unit":
            found.append(_belongs((chosen.unit,), self.day))
        return found

    def _seen(self) -> sa.ColumnElement[bool]:
        reaches = [of for of in self.account.reaches if self.permission in of.permissions]
        if any(not of.unit for of in reaches):
            return sa.true()
        units = tuple(sorted({of.unit for of in reaches}))
        if not units:
            return sa.false()
        once = _has(MEMBERSHIP, MEMBERSHIP.c.unit.in_(below(units)))
        nowhere = sa.not_(_has(MEMBERSHIP, lasts(MEMBERSHIP, self.day)))
        return sa.or_(_belongs(units, self.day), sa.and_(once, nowhere))

    def _people(self, connection: Connection, rows: Sequence[sa.Row[Any]]) -> tuple[Person, ...]:
        usernames = [row.username for row in rows]
        memberships = _of_day(connection, MEMBERSHIP, usernames, self.day)
        grants = _of_day(connection, ROLE_GRANT, usernames, self.day)
        return tuple(
            Person(
                row.username,
                row.name,
                row.standing,
                row.totp_sealed is not None,
                row.password_kind == FIRST,
                row.last_ms,
                tuple(
                    Membership(of.unit, of.post, Span(of.from_day, of.until_day))
                    for of in memberships.get(row.username, ())
                ),
                tuple(
                    Grant(of.role, of.platform, of.unit or "", Span(of.from_day, of.until_day))
                    for of in grants.get(row.username, ())
                ),
            )
            for row in rows
        )


def _standing(day: str) -> sa.ColumnElement[str]:
    lasting = sa.or_(
        _has(MEMBERSHIP, lasts(MEMBERSHIP, day)), _has(ROLE_GRANT, lasts(ROLE_GRANT, day))
    )
    ever = sa.or_(_has(MEMBERSHIP, sa.true()), _has(ROLE_GRANT, sa.true()))
    # As literals: PostgreSQL groups by an expression only where it is the same to the letter.
    words = {name: sa.literal_column(f"'{name}'", sa.String) for name in ("disabled", "left")}
    return sa.case(
        (ACCOUNT.c.disabled_ms.is_not(None), words["disabled"]),
        (sa.and_(ever, sa.not_(lasting)), words["left"]),
        else_=sa.literal_column("'active'", sa.String),
    )


def _columns(day: str) -> list[sa.ColumnElement[Any]]:
    return [
        *(ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.totp_sealed, ACCOUNT.c.password_kind),
        _standing(day).label("standing"),
        _last().label("last_ms"),
    ]


def _order(order: Order) -> list[sa.ColumnElement[Any]]:
    username: sa.ColumnElement[Any] = ACCOUNT.c.username.asc()
    if order == "name":
        return [ACCOUNT.c.name.asc(), username]
    if order == "recent":
        return [sa.func.coalesce(_last(), 0).desc(), username]
    return [username]


def _last() -> sa.ScalarSelect[Any]:
    last = sa.select(sa.func.max(SIGN_IN.c.at_ms))
    return last.where(
        SIGN_IN.c.username == ACCOUNT.c.username, SIGN_IN.c.outcome == "signed-in"
    ).scalar_subquery()


def _has(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    query = sa.select(table.c.id).where(table.c.username == ACCOUNT.c.username, condition)
    return query.correlate(ACCOUNT).exists()


def _belongs(units: tuple[str, ...], day: str) -> sa.ColumnElement[bool]:
    return _has(MEMBERSHIP, sa.and_(MEMBERSHIP.c.unit.in_(below(units)), lasts(MEMBERSHIP, day)))


def _matches(chosen: Chosen, day: str) -> sa.ColumnElement[bool]:
    named = sa.select(UNIT.c.id).where(UNIT.c.name.icontains(chosen.text, autoescape=True))
    return sa.or_(
        ACCOUNT.c.username.icontains(chosen.text, autoescape=True),
        ACCOUNT.c.name.icontains(chosen.text, autoescape=True),
        _has(MEMBERSHIP, sa.and_(MEMBERSHIP.c.unit.in_(named), lasts(MEMBERSHIP, day))),
        _has(
            ROLE_GRANT,
            sa.and_(ROLE_GRANT.c.role.in_(chosen.text_roles), holds_on(ROLE_GRANT, day)),
        ),
    )


def _tops() -> sa.CTE:
    """Each unit with each unit above it and itself; a circle ends."""
    pairs = sa.select(UNIT.c.id.label("top"), UNIT.c.id.label("unit")).cte("tops", recursive=True)
    lower = sa.select(pairs.c.top, UNIT.c.id).join(pairs, UNIT.c.parent == pairs.c.unit)
    return pairs.union(lower)


def _of_day(
    connection: Connection, table: sa.Table, usernames: Collection[str], day: str
) -> Mapping[str, list[sa.Row[Any]]]:
    query = sa.select(table).where(table.c.username.in_(usernames), holds_on(table, day))
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in connection.execute(query.order_by(table.c.id)):
        found.setdefault(row.username, []).append(row)
    return found


def _counts(connection: Connection, query: sa.Select[str, int]) -> Mapping[str, int]:
    return {value: number for value, number in connection.execute(query)}  # noqa: C416 - Rows
