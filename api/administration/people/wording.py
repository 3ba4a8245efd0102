"""The list of people in words: its filters with counts, and its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from alerting.formats import instant
from api.accounts.records import Unit
from api.accounts.repositories.directory import Facets, Order, Person, Standing
from api.administration.appointed import roles_said, units_said
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("username", "name", "units", "roles", "last", "state", "second-factor")
HEADS = Heads("administration.people.column", COLUMNS, {"last": "instant"})
Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services, units: Iterable[Unit], facets: Facets) -> list[Filter]:
    """Of the list: name, label, and each value with its words and its count."""
    t = services.words
    states = [(of, t(f"administration.people.state-{of}")) for of in get_args(Standing)]
    roles = [(of.id, of.said(t)) for of in services.roles.by_id.values()]
    named = [(of.id, t.name(of.name)) for of in units]
    orders = [(of, t(f"administration.people.order-{of}")) for of in get_args(Order)]
    return [
        (name, t(f"administration.people.{name}"), _counted(t, options, counts))
        for name, options, counts in (
            ("state", states, facets.standing),
            ("role", roles, facets.role),
            ("unit", named, facets.unit),
        )
    ] + [("order", t("administration.people.order"), orders)]


def table(services: Services, units: Mapping[str, Unit], people: Iterable[Person]) -> Sheet:
    """People for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("administration.people.title"), _rows(services, units, people))


def _rows(
    services: Services, units: Mapping[str, Unit], people: Iterable[Person]
) -> Iterator[list[Value]]:
    t = services.words
    for person in people:
        yield [
            person.username,
            person.name,
            t.listed(units_said(t, units, person.memberships)),
            t.listed(roles_said(services, units, person.grants)),
            person.last_ms,
            t(f"administration.people.state-{person.standing}"),
            factor(t, person),
        ]


def last(services: Services, person: Person) -> str:
    """When somebody signed in last."""
    if person.last_ms is None:
        return services.words("administration.people.never")
    return instant(services.words, person.last_ms, services.now_ms())


def factor(t: Words, person: Person) -> str:
    """Whether somebody has a second factor."""
    return (
        t("administration.people.yes") if person.second_factor else t("administration.people.no")
    )


def _counted(
    t: Words, options: Iterable[tuple[str, str]], counts: Mapping[str, int]
) -> list[tuple[str, str]]:
    every = [("", t("administration.people.all"))]
    return every + [
        (value, t("administration.people.option", words=words, count=counts.get(value, 0)))
        for value, words in options
    ]
