"""Find projects, and reckon all figures of one out of the loads in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import quote

from alerting.formats import day
from api.accounts.records import Account
from api.platforms.budget.ledger import repository as columns
from api.platforms.budget.ledger.records import Narrowing, narrowed, sums, whole
from api.platforms.budget.payments.actions import together
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import repository, wording
from api.platforms.budget.projects.records import (
    CODE,
    AskedProjects,
    Compared,
    Found,
    Line,
    Project,
    Reading,
    current,
    month_before,
    months_before,
    newest,
    oldest,
    only_paid,
    paid_by_year,
    payment_years,
    span_ms,
    suits,
    until,
    worst,
    years_of,
)
from api.ports import Item, ItemKind
from api.services import Services
from api.web.declared import Declared
from budget.ledger import Ledger, equal
from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS, day_of
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import daily, hours_of
from ingest.standards.cadences import cadences_of
from ingest.standards.water import water_items, water_quality

NAMES = ("unit", "unit_name", "project", "project_name", "payee")
"""The columns of payments that figures of projects need."""
WEEK_MS = 7 * DAY_MS
LEAST_DAYS = 15
"""Days of a month with enough readings that its mean is shown: half of it (our proposal)."""


class UnknownProject(Declared):
    """No load in force has anything of it."""

    status = 404
    words = "budget.projects.unknown"


def payments(services: Services) -> Ledger:
    """The payments that stand; read anew when a load came into force or was withdrawn."""
    with services.state.read() as connection:
        numbers = columns.in_force(connection)

    def read() -> Ledger:
        with services.state.read() as connection:
            return columns.of_loads(connection, numbers, NAMES)

    return services.shared.get("budget.projects.payments", numbers, read)


def project(services: Services, code: str) -> Project:
    """A project by its code.

    Raises:
        UnknownProject
    """
    ledger = payments(services)
    mask = equal(ledger.texts["project"], code)
    with services.state.read() as connection:
        of = repository.registered(connection, code).get(code)
        of = (
            of or repository.named_in_budget(connection, code) or only_paid(ledger, mask).get(code)
        )
        if of is None:
            raise UnknownProject("no load in force has this project")
        budgets = repository.budgets(connection, code)
        unit_budgets = repository.unit_budgets(connection, of.unit)
        sources = repository.sources(connection, code)
        adjustments = repository.adjustments(connection, code)
        origins = repository.origins(connection, code, ledger.ids[mask].tolist())
    as_of = newest(ledger, day(services.now_ms()))
    last = until({*budgets, *payment_years(ledger, mask)}, as_of) if as_of else None
    unit = equal(ledger.texts["unit"], of.unit)
    return Project(
        registered=of,
        as_of=as_of,
        until=last,
        years=years_of(budgets, paid_by_year(ledger, mask, last) if last else {}),
        unit_years=years_of(unit_budgets, paid_by_year(ledger, unit, last) if last else {}),
        paid=whole(ledger, mask),
        first_paid=oldest(ledger, mask),
        payees=tuple(together(sums(ledger, mask, "payee"))),
        sources=sources,
        adjustments=adjustments,
        origins=origins,
    )


def found(services: Services, asked: AskedProjects) -> Found:
    """Projects of a year that suit, those with the greatest budget first."""
    ledger = payments(services)
    with services.state.read() as connection:
        known = repository.registered(connection)
        years = repository.years(connection)
    years = sorted({*years, *payment_years(ledger, narrowed(ledger, Narrowing()))}, reverse=True)
    year = (
        int(asked.year) if asked.year else current(years, newest(ledger, day(services.now_ms())))
    )
    if year is None:
        return Found(None, (), {}, ())
    with services.state.read() as connection:
        budgeted = repository.budgeted(connection, year)
    mask = narrowed(ledger, Narrowing(period=str(year)))
    paid = {of.value: of.amount for of in sums(ledger, mask, "project") if of.value}
    running = {code: of for code, of in known.items() if of.runs(year)}
    named = {code: of for code, (of, _) in budgeted.items()}
    # The register names a project before the budget does, and the budget before payments.
    everyone = only_paid(ledger, mask) | named | running
    everyone |= {code: known[code] for code in everyone.keys() & known.keys()}
    lines = [
        Line(of, budgeted[code][1] if code in budgeted else None, paid.get(code, 0))
        for code, of in everyone.items()
    ]
    units = {of.unit: of.unit_name for of in everyone.values()}
    chosen = [of for of in lines if suits(of.registered, asked)]
    chosen.sort(key=lambda of: (-(of.budget.adjusted if of.budget else 0), -of.paid, of.code))
    return Found(year, tuple(chosen), dict(sorted(units.items())), tuple(years))


def read(services: Services, _account: Account, code: str) -> Item | None:
    """A project with the figures of the loads that are in force; natural persons are one line."""
    if not re.search(CODE, code):
        return None
    try:
        of = project(services, code)
    except UnknownProject:
        return None
    path = f"/projects/{quote(code, safe='')}"
    return Item(of.registered.name, path, wording.content(services, of))


ITEM = ItemKind("project", BudgetPermission.SEE, read, "permitted", wording.copy_said)


def compared(services: Services, of: Project) -> list[Compared]:
    """Each station that a project should improve: its worst indicator before the first payment,
    and now.
    """
    return [compared_at(services, name, of.first_paid) for name in of.registered.stations]


def compared_at(
    services: Services, name: str, first_paid: date | None, until: date | None = None
) -> Compared:
    """A station by name or id: its worst indicator before a day and last month, or in the last
    month before ``until`` where that lies behind.
    """
    station = _station(services, name)
    if station is None:
        return Compared("", name, "unknown")
    lacks = partial(Compared, station.id, station.name)
    if station.kind != "water":
        return lacks("no-water")
    this_month = day(services.now_ms()).replace(day=1)
    after = month_before(min(this_month, until or this_month))
    if first_paid is None or after <= first_paid.replace(day=1):
        return lacks("too-early")
    values = {of: _means(services, station, of) for of in months_before(first_paid, after)}
    judged = partial(worst, target=station.target, lake=station.lake)
    before = next((of for of in values if judged(values[of], of)), None)
    if before is None:
        return lacks("before")
    code = judged(values[before], before) or ""
    now = _means(services, station, after)
    if code not in now:
        return lacks("after")
    return Compared(
        station.id,
        station.name,
        indicator=code,
        before=_reading(station, code, values[before][code], before),
        after=_reading(station, code, now[code], after),
        season=before.month == after.month,
    )


def _station(services: Services, name: str) -> Station | None:
    stations = services.catalogue.stations
    if name in stations:
        return stations[name]
    shown = services.words.name(name)
    return next((of for of in stations.values() if of.name == shown), None)


def _reading(station: Station, code: str, value: float, month: date) -> Reading:
    found = water_quality({code: value}, on=month, lake=station.lake)
    return Reading(month, value, found.class_name or "")


def _means(services: Services, station: Station, month: date) -> Mapping[str, float]:
    """Means of a month by indicator, where enough days have enough readings. Reckoned once a day,
    for late readings may come.
    """
    asked = ("budget.projects.month", station.id, month)
    today = day_of(services.now_ms())
    return services.shared.get(asked, today, partial(_reckoned, services, station, month))


def _reckoned(services: Services, station: Station, month: date) -> Mapping[str, float]:
    codes = [of for of in services.catalogue.plans[station.id] if of in water_items()]
    days: dict[str, list[float]] = {code: [] for code in codes}
    first_ms, behind_ms = span_ms(month)
    # By week: a store is asked a little at a time, as others wait for it.
    for from_ms in range(first_ms, behind_ms, WEEK_MS):
        until_ms = min(from_ms + WEEK_MS, behind_ms)
        for code, values in _day_means(services, station, codes, from_ms, until_ms):
            days[code] += values
    return {code: sum(of) / len(of) for code, of in days.items() if len(of) >= LEAST_DAYS}


def _day_means(
    services: Services, station: Station, codes: Sequence[str], from_ms: int, until_ms: int
) -> Iterator[tuple[str, list[float]]]:
    """Means of the valid days of a span by indicator."""
    series = [f"{station.id}/{code}" for code in codes]
    rows = services.store.means(series, from_ms, until_ms)
    dated = CadenceRecord(services.state).dated(services.catalogue)
    for code, name in zip(codes, series, strict=True):
        own = [row for row in rows if row.series == name]
        cadences = cadences_of(dated, station.id, code)
        hours = hours_of(own, cadences, partial(services.store.good, name))
        found = daily(hours)
        yield code, found.value[found.valid].tolist()
