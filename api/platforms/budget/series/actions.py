"""Give payments of projects, and lines of the budget, as rows of a series."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from urllib.parse import quote, urlencode

import numpy as np

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.imports.permission import ImportPermission
from api.platforms.budget.books.records import numbers, unit_of
from api.platforms.budget.ledger.records import EPOCH, item
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import actions as projects
from api.platforms.budget.projects import repository as registers
from api.platforms.budget.projects.records import Registered, only_paid
from api.platforms.budget.series import repository
from api.platforms.budget.series.records import Line
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services
from budget.ledger import Ledger, holding

MOST_LINES = 50_000
MOST_PAYMENTS = 50_000


def _payments(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Payments of the projects that have the words in their names and are the unit's; where
    neither is given, of those that the register of projects names the station for. Neither payee
    nor use is given: they may name a person.
    """
    ledger = projects.payments(services)
    unit_id = _units(services)
    codes = _projects(services, ledger, asked, unit_id)
    first, last = asked.first.toordinal() - EPOCH, asked.last.toordinal() - EPOCH
    mask = holding(ledger.texts["project"], lambda of: of in codes)
    mask &= (ledger.days >= first) & (ledger.days <= last)
    names = ledger.texts["project"]
    units, unit_names = ledger.texts["unit"], ledger.texts["unit_name"]
    return [
        Fact(
            title=codes[names.at(at)].name,
            path=f"/budget/payments/{int(ledger.ids[at])}",
            day=date.fromordinal(int(ledger.days[at]) + EPOCH),
            unit=unit_id(units.at(at), unit_names.at(at)),
            amount=int(ledger.cents[at]),
        )
        for at in np.flatnonzero(mask)[:MOST_PAYMENTS].tolist()
    ]


def _projects(
    services: Services, ledger: Ledger, asked: SeriesAsked, unit_id: Callable[[str, str], str]
) -> Mapping[str, Registered]:
    with services.state.read() as connection:
        known = registers.registered(connection)
    everything = only_paid(ledger, np.ones(len(ledger), dtype=bool)) | known
    if not (asked.words or asked.unit):
        return {code: of for code, of in known.items() if _names(services, of, asked.station)}
    words = asked.words.casefold().split()
    return {
        code: of
        for code, of in everything.items()
        if all(word in of.name.casefold() for word in words)
        and (not asked.unit or unit_id(of.unit, of.unit_name) == asked.unit)
    }


def _names(services: Services, project: Registered, station_id: str) -> bool:
    """Whether the register names a station, by id or by name."""
    station = services.catalogue.stations.get(station_id)
    written = {services.words.name(of) for of in project.stations} | {*project.stations}
    return station is not None and bool({station.id, station.name} & written)


def _lines(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Lines of the budgets of the years that are touched, by function."""
    with services.state.read() as connection:
        rows = repository.lines(connection, asked.first.year, asked.last.year, MOST_LINES)
    unit_id = _units(services)
    return [
        Fact(
            title=services.words.listed(of for of in (row.unit, row.project, row.function) if of),
            path=_path(row),
            day=date(row.year, 1, 1),
            unit=unit_id(row.unit_code, row.unit),
            topic=item(row.function),
            amount=row.amount,
            period=str(row.year),
        )
        for row in rows
    ]


def _path(row: Line) -> str:
    if row.project_code:
        return f"/budget/projects/{quote(row.project_code, safe='')}"
    asked = {"period": row.year, "columns": "budget", "unit": row.unit_code or row.unit}
    return f"/budget/comparison?{urlencode(asked)}"


def _units(services: Services) -> Callable[[str, str], str]:
    """Gives the id of a unit by its code and name in the treasury's tables, or nothing."""
    mapped, register = numbers(services.district).units, Units(services.state).all()

    @cache
    def found(code: str, name: str) -> str:
        return unit_of(mapped, register, code, name) or ""

    return found


SERIES = (
    SeriesKind(
        "payments", BudgetPermission.SEE, _payments, "/imports/", ImportPermission.SEE_LOADS
    ),
    SeriesKind("lines", BudgetPermission.SEE, _lines, "/imports/", ImportPermission.SEE_LOADS),
)
