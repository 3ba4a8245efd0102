"""People of the demonstration whose hands the product's own acts are done with."""

from __future__ import annotations

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.services import Services
from config.vocabulary.time import day_of

DEPUTY, COLLEAGUE, NEIGHBOUR = "daibiao", "xuhui", "gujun"
CLERK, HEAD = "lianluo", "daigongwei"
HOUSING, WATER = "zhujian", "shuili"


def account(services: Services, username: str) -> Account:
    """Somebody with what they may do today."""
    people = People(services.state)
    with services.state.read() as connection:
        grants = people.grants(connection, username, day_of(services.now_ms()))
    return Account(
        username,
        people.names([username])[username],
        tuple(of.role for of in grants),
        services.roles.reaches(grants),
    )
