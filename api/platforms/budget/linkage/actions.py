"""The chain of each year: made by a job, part by part, and answered from what is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from sqlalchemy.engine import Connection

from api.imports.loading.slices import Slices
from api.platforms.budget.books.repository import years as years_paid
from api.platforms.budget.ledger.actions import Ledgers, up_to_date
from api.platforms.budget.ledger.records import Narrowing, named, names, narrowed, whole
from api.platforms.budget.linkage import repository
from api.platforms.budget.linkage.records import (
    NOWHERE,
    OF_SOURCES,
    Asked,
    AskedRows,
    Chain,
    Ints,
    Linkage,
    PaymentChain,
    ProjectChain,
    Row,
    behind,
    linked,
    of_project,
    way_of,
)
from api.platforms.budget.payments import actions as payments
from api.services import Services
from api.shape import CoreServices
from budget.chain import WAYS
from ingest.state.database import State

A_SLICE = 500
"""Rows of a table that are read at once."""


def follow(core: CoreServices) -> None:
    """The job that makes the chain of each year of which the loads changed."""
    make(core.state)


def make(state: State) -> None:
    """Make what is not there yet; twice changes nothing. Waits for the columns of payments."""
    if not up_to_date(state):
        return
    with state.read() as connection:
        before = repository.kept(connection)
        if _current(connection, before):
            return
    known = {int(of) for of in years_paid(state)}
    with state.read() as connection:
        known |= set(repository.years(connection))
        wanted = {year: repository.loads(connection, year) for year in sorted(known)}
    for year, loads in wanted.items():
        if before.get(year, (0, None))[1] != loads:
            _make(state, year, loads)
    with state.begin() as connection:
        for year in before.keys() - known:
            repository.drop(connection, year)
    _tidy(state)


def _current(connection: Connection, kept: Mapping[int, tuple[int, list[int]]]) -> bool:
    """Whether every year is of its loads, and no load is of a year that is not there."""
    counted = {load for _, loads in kept.values() for load in loads}
    return counted == set(repository.loads(connection)) and all(
        loads == repository.loads(connection, year) for year, (_, loads) in kept.items()
    )


def _make(state: State, year: int, loads: Sequence[int]) -> None:
    entries, ids = repository.stages(state, year)
    found = linked(entries, ids, repository.adjusted(state, year))
    with state.begin() as connection:
        making = repository.draw(connection, year)
    slices = Slices()
    for parts in repository.parts(found):
        with state.begin() as connection:
            begun_s = time.monotonic()
            repository.put(connection, making, parts)
        slices.held(begun_s)
    with state.begin() as connection:
        if repository.loads(connection, year) == loads:
            repository.bring_into_force(connection, year, making, loads)


def _tidy(state: State) -> None:
    with state.read() as connection:
        numbers = repository.leftovers(connection)
    for number in numbers:
        more = True
        while more:
            with state.begin() as connection:
                more = repository.remove_one(connection, number)


def chain(services: Services, ledgers: Ledgers, year: str) -> Chain:
    """The chain of a year, the newest one where none is given."""
    ledger = ledgers.now(services.state)
    years_paid = ledger.days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    first = int(years_paid.min()) if len(years_paid) else 0
    paid = [int(of) + first + 1970 for of in np.flatnonzero(np.bincount(years_paid - first))]
    with services.state.read() as connection:
        kept = repository.kept(connection)
        years = sorted({*paid, *kept}, reverse=True)
        chosen = int(year) if year else (paid[-1] if paid else next(iter(years), None))
        units = dict(sorted(names(ledger, "unit").items()))
        if chosen is None:
            return Chain(None, years, None, units)
        making, loads = kept.get(chosen, (0, None))
        current = loads == repository.loads(connection, chosen)
    if not current or not up_to_date(services.state):
        return Chain(chosen, years, None, units)
    # One year at hand: a year of a large district is tens of megabytes.
    found = services.shared.get("budget.linkage", making, partial(_read, services.state, making))
    return Chain(chosen, years, found, units)


def _read(state: State, making: int) -> Linkage:
    with state.read() as connection:
        return repository.linkage(connection, making)


def numbers(of: Chain, asked: AskedRows) -> Ints:
    """The numbers of the rows behind a figure, those with the most money first."""
    found = behind(of.linkage, asked) if of.linkage else None
    return np.zeros(0, dtype=np.int64) if found is None else found


def rows(services: Services, of: Chain, asked: AskedRows, chosen: Ints) -> Iterator[Row]:
    """Some rows behind a figure, by their numbers."""
    at = of.linkage.hop(asked.hop) if of.linkage else None
    if of.linkage is None or at is None:
        return
    if asked.grade in OF_SOURCES:
        yield from _sources(of, of.linkage, at, chosen)
        return
    hop, below = of.linkage.hops[at], of.linkage.rows[asked.hop]
    for begin in range(0, len(chosen), A_SLICE):
        some = chosen[begin : begin + A_SLICE].tolist()
        with services.state.read() as connection:
            ids = [int(below.ids[number]) for number in some]
            texts = repository.shown(connection, asked.hop, ids)
        for number in some:
            row, source = int(below.ids[number]), int(hop.found[number])
            unit = below.units.at(number)
            written, names = texts.get(row, ("", ""))
            yield Row(
                row,
                written,
                names,
                "" if source == NOWHERE else hop.names[source],
                WAYS[int(hop.ways[number])],
                of.units.get(unit, unit),
                int(below.cents[number]),
            )


def _sources(of: Chain, linkage: Linkage, at: int, chosen: Ints) -> Iterator[Row]:
    hop = linkage.hops[at]
    onward = hop.used(linkage.rows[linkage.stages[at + 1]].cents)
    for number in chosen.tolist():
        unit = of.units.get(hop.units.at(number), hop.units.at(number))
        cents = int(hop.cents[number])
        yield Row(0, hop.names[number], "", "", None, unit, cents, int(onward[number]))


def project(services: Services, ledgers: Ledgers, of: Chain, code: str) -> ProjectChain:
    """The hops of a project in the year of a chain."""
    ledger = ledgers.now(services.state)
    mask = narrowed(ledger, Narrowing(project=code, period=str(of.year or "")))
    found = of_project(of.linkage, code) if of.linkage else []
    return ProjectChain(named(ledger, "project")(code), found, whole(ledger, mask))


def payment(services: Services, ledgers: Ledgers, number: int) -> tuple[Chain, PaymentChain]:
    """The way of a payment, in the chain of its year.

    Raises:
        UnknownPayment
    """
    paid = payments.one(services, number)
    of = chain(services, ledgers, paid.paid[:4])
    steps = way_of(of.linkage, number) if of.linkage else []
    return of, PaymentChain(paid, steps)


def newest(asked: Asked, of: Chain) -> Asked:
    """The question with the year that is shown."""
    return asked.model_copy(update={"year": str(of.year or "")})
