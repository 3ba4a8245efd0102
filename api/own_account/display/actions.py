"""Choose how pages are shown to oneself."""

from __future__ import annotations

from api.accounts.repositories.people import People
from api.own_account.display.records import Display
from api.own_account.owner import Owner


def choose(owner: Owner, display: Display) -> None:
    """Read so from now on."""
    people = People(owner.services.state)
    with owner.services.state.begin() as connection:
        people.put(connection, owner.username, **display.model_dump())
