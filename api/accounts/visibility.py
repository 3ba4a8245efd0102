"""May this person see this thing, and may the person act on it? One predicate in SQL each, the
same for one thing, a list, its count, a search, an export and facets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.accounts.permission import Permission
from api.accounts.records import Account, Reach
from api.accounts.repositories.people import holds_on
from api.accounts.repositories.units import below
from api.tables import MEMBERSHIP

Units = sa.Select[tuple[str]]
Usernames = sa.Select[tuple[str]]


@dataclass(frozen=True, slots=True)
class Marks:
    """The columns of a kind of thing that decide who sees it: the unit it belongs to, its
    :class:`Secrecy`, and whether it was published. ``concerns`` tells of further units, as a
    condition on a query of units, ``people`` of those by username whom it concerns whatever its
    unit and secrecy. While it is ``private`` nobody else sees it. ``stage`` tells when a thing is
    there at all for whoever reaches it so, such as a unit only after it was asked; ``acts``
    whether whoever reaches it so may act on it by a permission.
    """

    unit: sa.ColumnElement[Any]
    secrecy: sa.ColumnElement[Any]
    public: sa.ColumnElement[bool]
    concerns: Callable[[Units], sa.ColumnElement[bool]] | None = None
    people: Callable[[str], sa.ColumnElement[bool]] | None = None
    private: sa.ColumnElement[bool] | None = None
    stage: Callable[[Reach], sa.ColumnElement[bool]] | None = None
    acts: Callable[[Reach, Permission], sa.ColumnElement[bool]] | None = None


def visible(account: Account, permission: Permission, marks: Marks) -> sa.ColumnElement[bool]:
    """Whether an account sees a thing: one of its reaches has the permission, goes as far as the
    thing's secrecy, and covers its unit or one that it concerns. A published thing is seen by all
    who have the permission.
    """
    covers = [_covers(of, marks, marks.concerns) for of in _reaches(account, permission)]
    return _for(account, marks, [marks.public, *covers]) if covers else sa.false()


def in_charge(account: Account, permission: Permission, marks: Marks) -> sa.ColumnElement[bool]:
    """Whether an account may act on a thing: as for seeing, but neither that it was published nor
    that it concerns a unit puts it into anybody's hands.
    """
    acts = marks.acts or (lambda _reach, _permission: sa.true())
    covers = [
        sa.and_(_covers(of, marks, None), acts(of, permission))
        for of in _reaches(account, permission)
    ]
    return _for(account, marks, covers) if covers else sa.false()


def of_people(account: Account, permission: Permission, day: str) -> Usernames | None:
    """The people of the units in which an account has a permission, by username: rows about them
    alone are for whoever has it for some units. None: everybody's.
    """
    units = [of.unit for of in account.reaches if permission in of.permissions]
    if "" in units:
        return None
    query = sa.select(MEMBERSHIP.c.username).where(holds_on(MEMBERSHIP, day))
    return query.where(MEMBERSHIP.c.unit.in_(below(tuple(units))))


def _reaches(account: Account, permission: Permission) -> list[Reach]:
    return [of for of in account.reaches if permission in of.permissions]


def _for(
    account: Account, marks: Marks, others: list[sa.ColumnElement[bool]]
) -> sa.ColumnElement[bool]:
    """The conditions of all others, beside those whom a thing concerns by name."""
    condition = sa.or_(*others)
    if marks.private is not None:
        condition = sa.and_(sa.not_(marks.private), condition)
    return sa.or_(marks.people(account.username), condition) if marks.people else condition


def _covers(
    reach: Reach, marks: Marks, concerns: Callable[[Units], sa.ColumnElement[bool]] | None
) -> sa.ColumnElement[bool]:
    known: sa.ColumnElement[bool] = marks.secrecy <= int(reach.secrecy)
    if marks.stage:
        known = sa.and_(known, marks.stage(reach))
    if not reach.unit:
        return known
    units = below((reach.unit,))
    belongs: sa.ColumnElement[bool] = marks.unit.in_(units)
    if concerns:
        belongs = sa.or_(belongs, concerns(units))
    return sa.and_(known, belongs)
