"""The congresses to which cases may go, as the office enters them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.cases.changing import audited
from api.cases.sharing import repository
from api.cases.sharing.records import (
    LEVELS,
    LONGEST_NAME,
    LONGEST_WAY,
    Listed,
    Refused,
    text,
)
from api.procedures.refusals import UnknownThing
from api.services import Services

ENTERED = "case.receiver"
ENDED = "case.receiver-end"


def listed(services: Services) -> Sequence[Listed]:
    """Those to whom cases may go, the city's first."""
    with services.state.read() as connection:
        return repository.receivers(connection)


def add(services: Services, account: Account, name: str, level: str, way: str) -> int:
    """Enter a receiver; its id.

    Raises:
        Refused: a field does not hold.
    """
    name, way = text("name", name, LONGEST_NAME), text("way", way, LONGEST_WAY)
    if level not in LEVELS:
        raise Refused("level", "is neither city nor town; choose one", "level")
    with services.state.begin() as connection:
        if any((of.name, of.level) == (name, level) for of in repository.receivers(connection)):
            raise Refused("name", "is on the list; choose it there", "known")
        at_ms = services.now_ms()
        made = repository.add_receiver(
            connection, name, level, way, who=account.username, at_ms=at_ms
        )
        _audited(connection, account, ENTERED, Listed(made, name, level, way), at_ms)
    return made


def end(services: Services, account: Account, receiver: int) -> None:
    """Take a receiver off the list; what it got stays on record.

    Raises:
        UnknownThing
    """
    with services.state.begin() as connection:
        found = repository.receiver(connection, receiver)
        if found is None:
            raise UnknownThing(f"no receiver {receiver}")
        at_ms = services.now_ms()
        repository.end_receiver(connection, receiver, who=account.username, at_ms=at_ms)
        _audited(connection, account, ENDED, found, at_ms)


def _audited(
    connection: Connection, account: Account, action: str, of: Listed, at_ms: int
) -> None:
    detail = {"name": of.name, "level": of.level}
    audited(connection, account, action, f"receiver/{of.id}", detail, at_ms)
