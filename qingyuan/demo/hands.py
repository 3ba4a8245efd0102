"""People of the demonstration whose hands the product's own acts are done with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.procedures import taking
from api.procedures.procedure import Procedure
from api.services import Services
from config.vocabulary.time import HOUR_MS, begins_ms, day_of

DEPUTY, COLLEAGUE, NEIGHBOUR = "daibiao", "xuhui", "gujun"
CLERK, HEAD, DIRECTOR = "lianluo", "daigongwei", "zhuren"
HOUSING, WATER = "zhujian", "shuili"
OFFICER = "huanbao"
COURT, PROCURATORATE, TOWN = "fayuan", "jianchayuan", "pingchaozhen"
_MORNING_MS = 9 * HOUR_MS


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


def today(services: Services) -> date:
    """The district's day."""
    return date.fromisoformat(day_of(services.now_ms()))


def on_day(services: Services, day: date, hours: float = 0) -> Services:
    """The services on the morning of a day, some hours later: what people did before the first
    start stands on the day on which they did it, and is counted from there.
    """
    at_ms = min(begins_ms(day) + _MORNING_MS + round(hours * HOUR_MS), services.now_ms())
    return replace(services, now_ms=lambda: at_ms)


def take(
    services: Services, procedure: Procedure, username: str, item_id: str, step: str, **given: str
) -> None:
    """Take a step as a page does."""
    with taking.acts(services, procedure, account(services, username)) as acting:
        taking.take(acting, item_id, step, given)
