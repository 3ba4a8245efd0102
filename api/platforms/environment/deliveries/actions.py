"""Find deliveries, and the names of those who were told."""

from __future__ import annotations

from alerting.notify.readers import CHAT
from alerting.notify.search import Found, readers, search
from api.accounts.repositories.people import People
from api.platforms.environment.deliveries.records import Asked
from api.services import Services


def names(services: Services) -> dict[str, str]:
    """Of all readers, by id: a person's name, or a group chat's channel."""
    known = readers(services.messages)
    people = People(services.state).names([of for of in known if not of.startswith(CHAT)])
    return {of: people.get(of, of.removeprefix(CHAT)) for of in known}


def searched(services: Services, asked: Asked, *, first: int, most: int) -> Found:
    """Deliveries that are asked for, from number ``first`` on."""
    criteria = asked.criteria(names(services))
    return search(services.messages, criteria, first=first, most=most)
