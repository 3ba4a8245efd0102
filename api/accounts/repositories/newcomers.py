"""Many accounts at once, each with its first roles and units."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import FIRST, Grant, Membership, Span
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody with a first password."""

    username: str
    name: str
    password_hash: str
    grants: tuple[Grant, ...] = ()
    memberships: tuple[Membership, ...] = ()


def taken(connection: Connection, usernames: Collection[str]) -> frozenset[str]:
    """Those of these usernames that are somebody's."""
    query = sa.select(ACCOUNT.c.username).where(ACCOUNT.c.username.in_(usernames))
    return frozenset(connection.scalars(query))


def add(connection: Connection, entries: Sequence[Entry], until_ms: int) -> None:
    """Write accounts of which there is none yet; their passwords are good until then."""
    accounts = [
        {
            "username": of.username,
            "name": of.name,
            "password_hash": of.password_hash,
            "password_kind": FIRST,
            "password_until_ms": until_ms,
        }
        for of in entries
    ]
    grants = [
        {
            "username": of.username,
            "role": grant.role,
            "platform": grant.platform,
            "unit": grant.unit or None,
            **_days(grant.span),
        }
        for of in entries
        for grant in of.grants
    ]
    memberships = [
        {"username": of.username, "unit": one.unit, "post": one.post, **_days(one.span)}
        for of in entries
        for one in of.memberships
    ]
    for table, rows in ((ACCOUNT, accounts), (ROLE_GRANT, grants), (MEMBERSHIP, memberships)):
        if rows:
            connection.execute(sa.insert(table), rows)


def _days(span: Span) -> dict[str, str | None]:
    return {"from_day": span.from_day, "until_day": span.until_day}
