"""Find rows that departments sent, join them to units and projects, and say which tables lack."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from api import audit
from api.accounts.records import Account
from api.imports.records import Load
from api.imports.sources.periods import Period
from api.imports.standing import loads_in_force
from api.platforms.budget.departments import repository
from api.platforms.budget.departments.actions.describing import versions
from api.platforms.budget.departments.records.descriptions import (
    DEPARTMENTS,
    Description,
    kind_name,
)
from api.platforms.budget.departments.records.questions import (
    A_PAGE,
    AskedRows,
    AskedTables,
    Joined,
    Known,
    Row,
    Summed,
    owed,
)
from api.platforms.budget.departments.repository import Chosen, Version
from api.platforms.budget.ledger import repository as columns
from api.platforms.budget.ledger.records import names
from api.services import Services
from api.web.declared import Declared
from config.vocabulary.time import day_of

NAMES = ("unit", "unit_name", "project", "project_name")
"""The columns of payments that names are taken from."""
NAMED_IN = ("budget.lines", "budget.projects")
"""Kinds of tables that name units and projects besides."""
MOST_OF_PROJECT = 500
A_SLICE = 500


class UnknownRow(Declared):
    """There is none, or it stands no more."""

    status = 404
    words = "budget.departments.unknown-row"


@dataclass(frozen=True, slots=True)
class Line:
    """A department's table: its description, its rows, the load that came last, and the periods of
    which nothing came.
    """

    version: Version
    rows: Summed
    last: Load | None
    missed: Sequence[Period]

    @property
    def description(self) -> Description:
        """As it is in force."""
        return self.version.description


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what it is joined by; a natural person is masked."""

    row: Row
    unit: Joined
    project: Joined


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows of a table, and the sum of all of them."""

    version: Version
    rows: Sequence[Shown]
    whole: Summed
    pages: int


def tables(services: Services, asked: AskedTables) -> Sequence[Line]:
    """The tables of all departments in the official order."""
    units = known(services).names_of_unit(asked.unit) if asked.unit else ()
    today = date.fromisoformat(day_of(services.now_ms()))
    with services.state.read() as connection:
        current = {of: repository.versions(connection, of)[0] for of in DEPARTMENTS}
        sums = repository.summed(connection, units)
        periods = repository.periods(connection)
        loads = repository.last_loads(connection, [*map(kind_name, DEPARTMENTS)])
    return [
        Line(
            of,
            sums.get(department, Summed()),
            loads.get(kind_name(department)),
            owed(of.description, periods.get(department, ()), today, services.working_days),
        )
        for department, of in current.items()
    ]


def found(services: Services, department: str, asked: AskedRows) -> Found:
    """A page of rows of a department.

    Raises:
        UnknownDepartment
    """
    chosen, version, names = _chosen(services, department, asked)
    with services.state.read() as connection:
        whole = repository.counted(connection, chosen)
        some = repository.rows(connection, chosen, (asked.page - 1) * A_PAGE, A_PAGE)
    pages = -(-whole.rows // A_PAGE)
    return Found(version, [_shown(of, version, names) for of in some], whole, pages)


def every(
    services: Services, department: str, asked: AskedRows, most: int
) -> tuple[Version, list[Shown], int]:
    """Rows of all pages, ``most`` at most, and how many there are.

    Raises:
        UnknownDepartment
    """
    chosen, version, names = _chosen(services, department, asked)
    with services.state.read() as connection:
        total = repository.counted(connection, chosen).rows
    some: list[Row] = []
    while len(some) < min(most, total):
        with services.state.read() as connection:
            further = repository.rows(connection, chosen, len(some), A_SLICE)
        if not further:
            break
        some += further
    return version, [_shown(of, version, names) for of in some[:most]], total


def one(services: Services, department: str, row_id: int) -> tuple[Version, Shown]:
    """A row that stands.

    Raises:
        UnknownDepartment, UnknownRow
    """
    version, row = _one(services, department, row_id)
    return version, _shown(row, version, known(services))


def unmasked(
    services: Services, account: Account, department: str, row_id: int
) -> tuple[Version, Shown]:
    """A row as it was sent; that somebody saw it is recorded.

    Raises:
        UnknownDepartment, UnknownRow
    """
    version, row = _one(services, department, row_id)
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action="budget.unmask",
            subject=str(row_id),
            detail=department,
            at_ms=services.now_ms(),
        )
    names = known(services)
    return version, Shown(row, names.unit(row), names.project(row))


def of_project(services: Services, code: str, name: str) -> list[tuple[Version, Shown]]:
    """Rows of all departments that are a project's, those of the newest period first."""
    names = known(services)
    with services.state.read() as connection:
        rows = repository.naming(connection, {code, name}, MOST_OF_PROJECT)
        current = {
            of: repository.versions(connection, of)[0] for of in {row.department for row in rows}
        }
    shown = [_shown(of, current[of.department], names) for of in rows]
    return [
        (current[of.row.department], of)
        for of in shown
        if code in (of.project.code, of.row.project)
    ]


def known(services: Services) -> Known:
    """Names of units and projects in the loads in force; read anew when these are others."""
    with services.state.read() as connection:
        numbers = columns.in_force(connection), loads_in_force(connection, NAMED_IN)
    return services.shared.get("budget.departments.known", numbers, partial(_known, services))


def _known(services: Services) -> Known:
    with services.state.read() as connection:
        ledger = columns.of_loads(connection, columns.in_force(connection), NAMES)
        units = repository.budgeted_units(connection)
        projects = repository.registered_projects(connection)
    units += names(ledger, "unit").items()
    by_code = {of: unit for of, _, unit in projects}
    projects += [
        (code, name, by_code.get(code, "")) for code, name in names(ledger, "project").items()
    ]
    return Known(
        units=_units(units),
        projects=_by_name(projects),
        units_of_projects={code: unit for code, _, unit in projects if unit},
    )


def _units(units: Collection[tuple[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    for code, name in units:
        for of in {code, name} - {""}:
            codes.setdefault(of, set()).add(code)
    return {
        of: of if of in some else min(some) if len(some) == 1 else "" for of, some in codes.items()
    }


def _by_name(projects: Collection[tuple[str, str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, name, _ in projects:
        for of in {code, name} - {""}:
            found.setdefault(of, set()).add(code)
    return {of: frozenset(codes) for of, codes in found.items()}


def _chosen(
    services: Services, department: str, asked: AskedRows
) -> tuple[Chosen, Version, Known]:
    every_version = versions(services, department)
    newest, names = every_version[0], known(services)
    persons = newest.description.persons
    return (
        Chosen(
            department,
            units=names.names_of_unit(asked.unit) if asked.unit else (),
            projects=names.names_of_project(asked.project) if asked.project else (),
            period=asked.period,
            words=asked.q.split(),
            # A row that came before a field was marked as a person's has it among its words.
            versions=[of.version for of in every_version if persons <= of.description.persons],
        ),
        newest,
        names,
    )


def _one(services: Services, department: str, row_id: int) -> tuple[Version, Row]:
    version = versions(services, department)[0]
    with services.state.read() as connection:
        row = repository.row(connection, department, row_id)
    if row is None:
        raise UnknownRow(f"row {row_id} does not stand")
    return version, row


def _shown(of: Row, version: Version, names: Known) -> Shown:
    return Shown(of.masked(version.description), names.unit(of), names.project(of))
