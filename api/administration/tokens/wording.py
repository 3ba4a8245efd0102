"""Tokens of machines as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.accounts.repositories.tokens import Token
from api.accounts.repositories.units import Units
from api.administration.tokens.records import Offer, TokenState, state_of
from api.services import Services
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Line:
    """A token with everything by its name."""

    token: Token
    permissions: str
    tables: str
    unit: str
    made_by: str
    state: TokenState
    last_day: str


def lines(services: Services, tokens: Iterable[Token], offered: Offer) -> list[Line]:
    """Tokens by name."""
    found, words = list(tokens), services.words
    people = People(services.state).names(sorted({of.made_by for of in found}))
    units = {of.id: words.name(of.name) for of in Units(services.state).all()}
    known = {str(one): one for role in services.roles.by_id.values() for one in role.permissions}
    return [
        Line(
            of,
            words.listed(words(known[it].words) if it in known else it for it in of.permissions),
            words.listed(
                offered.tables[it].named(words) if it in offered.tables else it for it in of.tables
            ),
            units.get(of.unit, of.unit),
            people.get(of.made_by, of.made_by),
            state_of(of, services.now_ms()),
            day_of(of.expires_ms - 1),
        )
        for of in found
    ]


def choices(services: Services, offered: Offer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions under the names of their platforms: each with its own name."""
    words = services.words
    found: dict[str, list[tuple[str, str]]] = {}
    for name, permission in offered.permissions.items():
        found.setdefault(permission.slug, []).append((name, words(permission.words)))
    return [(words(f"{slug}.title"), rows) for slug, rows in found.items()]


def tables(services: Services, offered: Offer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kinds of tables under the names of their platforms: each with its own name."""
    words = services.words
    found: dict[str, list[tuple[str, str]]] = {}
    for name, kind in offered.tables.items():
        found.setdefault(name.partition(".")[0], []).append((name, kind.named(words)))
    return [(words(f"{slug}.title"), rows) for slug, rows in found.items()]
