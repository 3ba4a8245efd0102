"""Looks events up."""

from __future__ import annotations

from alerting.alert import Level
from alerting.events.repository import Wanted
from api.accounts.records import Account
from api.platforms.environment import event_story
from api.platforms.environment.acts import role_of
from api.platforms.environment.event_story import Row
from api.platforms.environment.events.records import Asked
from api.services import Services


def searched(
    services: Services, account: Account, asked: Asked, *, first: int, most: int
) -> tuple[list[Row], int]:
    """Events that a person asks for, from number ``first`` on, and how many there are."""
    return event_story.listed(services, _wanted(services, account, asked), first=first, most=most)


def _wanted(services: Services, account: Account, asked: Asked) -> Wanted:
    kinds = stations = None
    if part := asked.q.strip().casefold():
        rules = {rule.id: services.words.name(rule.name) for rule in services.rules}
        found = {of for of, name in rules.items() if part in name.casefold()}
        named = {
            of
            for of, name in services.grouping.names.items()
            if part in services.words.name(name).casefold()
        }
        kinds = found | named | {services.grouping.kinds.get(of, of) for of in found}
        stations = [
            of.id for of in services.catalogue.subjects.values() if part in of.name.casefold()
        ]
    level = int(Level[asked.level.upper()]) if asked.level else None
    return Wanted(
        role_of(account), asked.show, asked.about or None, level, kinds, stations,
        asked.kind or None, asked.from_ms, asked.until_ms,
    )  # fmt: skip
