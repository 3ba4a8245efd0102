"""Copies at a suggestion for one reader: never more than the reader may see of the item itself."""

from __future__ import annotations

from collections.abc import Sequence

from api import items
from api.accounts.records import Account
from api.copies.records import Shown
from api.platforms.duty.frozen_items import repository
from api.procedures.procedure import Row
from api.services import Services
from api.shape import Platform


def shown(
    roster: Sequence[Platform], services: Services, account: Account, row: Row
) -> list[Shown]:
    """Of a suggestion that the reader sees; ``services`` are those of the site. Whoever may not
    see an item hears nothing of its copy, not even that there is one.
    """
    with services.state.read() as connection:
        kept = repository.of_suggestion(connection, row["id"])
    found = []
    for of in kept:
        own = of.who == account.username
        copy = items.readable(roster, services, account, of.frozen, own=own)
        if copy is not None:
            found.append(Shown(of, copy))
    return found
