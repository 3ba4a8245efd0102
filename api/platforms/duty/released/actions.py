"""Answers to the public."""

from __future__ import annotations

from collections.abc import Sequence

from api.platforms.duty.released import repository
from api.platforms.duty.released.records import A_PAGE, FED, LONGEST_NUMBER, Released
from api.services import Services


def listed(services: Services, number: int) -> tuple[Sequence[Released], bool]:
    """A page of the list, counted from 1, and whether another follows. All who ask within a moment
    share it.
    """

    def asked() -> Sequence[Released]:
        with services.state.read() as connection:
            return repository.some(connection, (number - 1) * A_PAGE, A_PAGE + 1)

    found = services.shared.get(("duty", "released", number), services.moment, asked)
    return found[:A_PAGE], len(found) > A_PAGE


def newest(services: Services) -> Sequence[Released]:
    """Those of the feed."""

    def asked() -> Sequence[Released]:
        with services.state.read() as connection:
            return repository.some(connection, 0, FED)

    return services.shared.get(("duty", "released", "feed"), services.moment, asked)


def one(services: Services, number: str) -> Released | None:
    """The one with a public number."""
    if not (number.isascii() and number.isalnum() and len(number) <= LONGEST_NUMBER):
        return None
    with services.state.read() as connection:
        return repository.one(connection, number)
