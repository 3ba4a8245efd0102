"""Who sees a deadline, and who may change it."""

from __future__ import annotations

from collections.abc import Iterable

from api import items
from api.accounts.records import Account
from api.accounts.repositories.units import below
from api.deadlines.kept.answerable import staff
from api.deadlines.permission import DeadlinePermission
from api.deadlines.records import Deadline
from api.deadlines.repository import Units
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import day_of


def sees(
    roster: Iterable[Platform], services: Services, account: Account, deadline: Deadline
) -> bool:
    """Whether somebody sees it: whoever sees its thing, and whoever must act."""
    if items.read(roster, services, account, deadline.subject) is not None:
        return True
    return account.username in responsible(services, deadline)


def responsible(services: Services, deadline: Deadline) -> tuple[str, ...]:
    """The people who must act today, by username."""
    with services.state.read() as connection:
        everybody = staff(connection, services.roles, day_of(services.now_ms()))
    return everybody.who(deadline.responsible)


def may_change(services: Services, account: Account, deadline: Deadline) -> bool:
    """Whether somebody may extend, pause and end it: with the permission for its unit."""
    units = units_of(account)
    if units is None or not account.may(DeadlinePermission.CHANGE_TERMS):
        return units is None
    with services.state.read() as connection:
        return deadline.responsible.unit in {str(row[0]) for row in connection.execute(units)}


def units_of(account: Account) -> Units | None:
    """The units whose terms somebody may change; None: all of them."""
    permission = DeadlinePermission.CHANGE_TERMS
    units = tuple(of.unit for of in account.reaches if permission in of.permissions)
    return None if "" in units else below(units)
