"""People of a district for the tests of administration, on one state database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from api.accounts.credentials import passwords
from api.accounts.records import ALWAYS, OWN, Account, Grant, Membership, Span
from api.accounts.repositories.people import People
from api.accounts.staffing.authority import Authority
from api.administration.authority import KEPT
from tests.api.conftest import PASSWORDS, RunningCentre

API = "/api/v1/administration"
TODAY = "2026-11-24"
"""The day of the centre's clock."""
PASSWORD = "right for somebody of the test"


def given(
    centre: RunningCentre,
    username: str,
    *grants: Grant,
    units: tuple[str | Membership, ...] = (),
    name: str = "",
) -> None:
    """Somebody has an account with a password of their own, roles and units."""
    state = centre.services.state
    people, password_hash = People(state), passwords.hashed(PASSWORD)
    with state.begin() as connection:
        people.add(connection, username, name or username, password_hash, OWN)
        for grant in grants:
            people.grant(connection, username, grant)
        for unit in units:
            of = unit if isinstance(unit, Membership) else Membership(unit)
            people.join(connection, username, of)


def delegated(centre: RunningCentre, deputy: str, clerk: str, span: Span = ALWAYS) -> None:
    """A clerk may act for a deputy."""
    with centre.services.state.begin() as connection:
        People(centre.services.state).delegate(connection, deputy, clerk, span)


@contextmanager
def signed_in(address: str, username: str) -> Iterator[httpx.Client]:
    """A client of somebody."""
    with httpx.Client(base_url=address, timeout=60) as client:
        password = PASSWORDS.get(username, PASSWORD)
        body = {"username": username, "password": password}
        assert client.post("/api/v1/session", json=body).status_code == 204
        yield client


def account_of(centre: RunningCentre, username: str) -> Account:
    """Somebody as their requests find them."""
    services = centre.services
    with services.state.read() as connection:
        grants = People(services.state).grants(connection, username, TODAY)
    roles = tuple(grant.role for grant in grants)
    return Account(username, username, roles, services.roles.reaches(grants))


UNIT_ADMINISTRATOR = Grant("administrator", "administration", "npc")
"""Of the congress and the units below it."""


def authority(centre: RunningCentre, username: str) -> Authority:
    """What somebody may administer."""
    services = centre.services
    account = account_of(centre, username)
    return Authority.of(
        services.state,
        account,
        services.roles,
        KEPT[0],
        keeping=KEPT,
        by_unit=["administration"],
        now_ms=centre.clock.now_ms,
    )
