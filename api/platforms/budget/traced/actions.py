"""Traces of projects, of questions about money and of rectifications; and the names of projects
and of organisations that were paid.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from api.accounts.repositories.units import Units
from api.platforms.budget.books.records import numbers, unit_of
from api.platforms.budget.ledger import repository as columns
from api.platforms.budget.projects import repository as registers
from api.platforms.budget.projects.actions import payments
from api.platforms.budget.projects.records import Registered, only_paid
from api.platforms.budget.traced import repository
from api.platforms.budget.traced.records import (
    SHORTEST_PROJECT,
    Paid,
    is_organisation,
    paid,
    purposes,
)
from api.ports import Reference
from api.services import Services
from api.traces.names import brand, plain
from api.traces.opening import tracer_of
from api.traces.records import Name, Trace, Traced
from api.traces.topics import known
from api.traces.tracing import Tracer
from budget.ledger import Mask
from config.vocabulary.time import day_of

SLUG = "budget"
_REGION = re.compile(r"(.+?)[省市区县]")
LONGEST_CODE = 50
"""Of a project that other platforms point at."""


def traced(services: Services, since_ms: int) -> Iterator[Traced]:
    """Projects that paid since an instant or run, questions about money, and rectifications."""
    tracer = tracer_of(services)
    yield from _projects(services, tracer, since_ms)
    with services.state.read() as connection:
        findings = repository.findings(connection, since_ms)
        rectifications = repository.rectifications(connection, since_ms)
    names = {of.code: of.name for of in _known(services).values()}
    for row in findings:
        yield Traced(
            Reference(SLUG, "finding", str(row.id)),
            row.title,
            tracer.thing(
                chain(tracer.unit("finding-unit", row.unit), _facts(tracer, row.facts, names)),
                ("finding-title", row.title),
            ),
            row.found_ms,
        )
    for row in rectifications:
        yield Traced(
            Reference(SLUG, "rectification", str(row.id)),
            row.title,
            tracer.thing(
                tracer.unit("unit-in-charge", row.unit),
                ("rectification-title", row.title),
                ("rectification-text", row.text),
            ),
            row.opened_ms,
        )


def named(services: Services) -> tuple[Name, ...]:
    """Organisations that were paid, and projects whose name no other one has."""
    with services.state.read() as connection:
        made = columns.in_force(connection)
    return services.shared.get("budget.traced.named", made, lambda: tuple(_names(services)))


def _names(services: Services) -> Iterator[Name]:
    ledger = payments(services)
    payees = [of for of in ledger.texts["payee"].values if is_organisation(of)]
    regions = (*known().regions, *_REGION.findall(services.catalogue.site.name))
    brands = {payee: brand(payee, regions) for payee in payees}
    alike = Counter(brands.values())
    for payee, said in brands.items():
        yield Name(payee, (("payee", plain(payee)),))
        if alike[said] == 1:
            yield Name(said, (("payee", plain(payee)),))
    projects = _known(services).values()
    often = Counter(plain(of.name) for of in projects)
    for of in projects:
        key = plain(of.name)
        if len(key) >= SHORTEST_PROJECT and often[key] == 1:
            yield Name(of.name, (("project", key),))
            yield Name(key, (("project", key),))


def _projects(services: Services, tracer: Tracer, since_ms: int) -> Iterator[Traced]:
    sums, uses, units = _paid(services), _purposes(services), Units(services.state).all()
    mapped, year = numbers(services.district).units, int(day_of(since_ms)[:4])
    stations = {of.name: of for of in services.catalogue.stations.values()}
    stations |= services.catalogue.stations
    for code, of in _known(services).items():
        money = sums.get(code)
        recent = money is not None and money.last_ms >= since_ms
        if len(code) > LONGEST_CODE or not (recent or of.runs(year) or (of.ends or 0) >= year):
            continue
        unit = unit_of(mapped, units, of.unit, of.unit_name)
        known = [stations[name] for name in of.stations if name in stations]
        fields = chain(
            tracer.project("project", of.name, code),
            chain.from_iterable(tracer.station("project-station", one) for one in known),
            tracer.unit("project-unit", unit),
            tracer.topic("environment" if of.environmental else "", "project-topic"),
            *(tracer.payee(payee) for payee in (money.payees if money else ())),
        )
        yield Traced(
            Reference(SLUG, "project", code),
            of.name,
            tracer.thing(fields, ("project-title", of.name), ("project-purpose", uses.get(code))),
            money.first_ms if money else None,
            money.last_ms if money else None,
        )


def _known(services: Services) -> Mapping[str, Registered]:
    """Projects by code: as the register names them, or the budget, or payments."""
    ledger = payments(services)
    every: Mask = ledger.days == ledger.days
    with services.state.read() as connection:
        known = dict(only_paid(ledger, every))
        for year in sorted(registers.years(connection)):
            known |= {code: of for code, (of, _) in registers.budgeted(connection, year).items()}
        return known | registers.registered(connection)


def _paid(services: Services) -> Mapping[str, Paid]:
    with services.state.read() as connection:
        made = columns.in_force(connection)
    return services.shared.get("budget.traced.paid", made, lambda: paid(payments(services)))


def _purposes(services: Services) -> Mapping[str, str]:
    with services.state.read() as connection:
        made = columns.in_force(connection)

    def read() -> Mapping[str, str]:
        with services.state.read() as connection:
            return purposes(columns.of_loads(connection, made, ("project", "use")))

    return services.shared.get("budget.traced.purposes", made, read)


def _facts(tracer: Tracer, facts: str, names: Mapping[str, str]) -> Iterator[Trace]:
    """Payee and project of a finding; a natural person is none of either."""
    said = json.loads(facts)
    payee, project = str(said.get("payee", "")), str(said.get("project", ""))
    if is_organisation(payee):
        yield from tracer.payee(payee)
    if project:
        yield from tracer.project("finding-project", names.get(project, project))
