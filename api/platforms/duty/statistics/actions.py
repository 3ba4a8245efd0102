"""Count what was done since the last time, give figures and their rows, freeze a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from api.accounts.records import Account, Unit
from api.accounts.repositories.units import Units
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.statistics import repository, wording
from api.platforms.duty.statistics.records import (
    A_PAGE,
    Asked,
    AskedRows,
    By,
    Group,
    Line,
    Year,
    ordered,
    total,
)
from api.services import Services
from api.shape import CoreServices
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from ingest.state.database import State

A_READ = 200
"""Events that are counted in one transaction."""
BEFORE_A_PAGE = 5
"""Transactions that a page waits for; whatever is left the job counts."""


def catch_up(state: State, most: int) -> bool:
    """Count the events since the last time in so many transactions; whether all are counted."""
    for _ in range(most):
        with state.read() as connection:
            last, _ = repository.behind(connection, A_READ)
        if not last:
            return True
        with state.begin() as connection:
            last, items = repository.behind(connection, A_READ)
            repository.count(connection, items)
            repository.through(connection, last)
    return False


def follow(core: CoreServices) -> None:
    """The job: count all that was done."""
    while not catch_up(core.state, 100):
        pass


def found(services: Services, account: Account, asked: Asked) -> Sequence[Group]:
    """The choice by unit, year, session or topic, in their own order."""
    _up_to_date(services)
    with services.state.read() as connection:
        groups = repository.groups(connection, account, asked)
    return ordered(asked.by, groups, [of.id for of in units(services.state)])


def lines(services: Services, account: Account, asked: AskedRows) -> tuple[Sequence[Line], int]:
    """A page of the rows that a measure counts, and the id from which it goes on, 0 at the end."""
    _up_to_date(services)
    with services.state.read() as connection:
        rows = repository.lines(connection, account, asked, A_PAGE + 1)
    return rows[:A_PAGE], rows[A_PAGE - 1].id if len(rows) > A_PAGE else 0


def years(services: Services) -> Sequence[int]:
    """Of which something is counted, the last one first."""
    with services.state.read() as connection:
        return repository.years(connection)


def units(state: State) -> Sequence[Unit]:
    """All, in the official order."""
    return Units(state).all()


def _up_to_date(services: Services) -> None:
    services.shared.get(
        ("duty", "counted"), services.moment, lambda: catch_up(services.state, BEFORE_A_PAGE)
    )


def suggested(means: Means, _account: Account) -> Year:
    """The year of today."""
    return Year(day_of(means.now_ms())[:4])


def freeze(means: Means, account: Account, year: Year) -> Paper:
    """The yearly report on handling, of what the account may see.

    Raises:
        NotAccepted: the year has not begun.
    """
    this_year = suggested(means, account).year
    if year.year > this_year:
        remedy = f"choose {this_year} or an earlier one"
        raise NotAccepted(Fault("year", "has not begun", remedy), "future")
    catch_up(means.state, 10_000)
    places = units(means.state)
    counted: dict[By, Sequence[Group]] = {}
    known: dict[By, Mapping[str, str]] = {}
    by: By
    for by in ("unit", "session", "topic"):
        with means.state.read() as connection:
            asked = Asked(by=by, year=year.year)
            groups = repository.groups(connection, account, asked)
        counted[by] = ordered(by, groups, [of.id for of in places])
        known[by] = wording.names(means.words, by, places)
    issuer = means.catalogue.site.name
    return wording.paper(means.words, issuer, year.year, counted, known, total(counted["unit"]))


KIND = ReportKind(
    name="suggestions-year",
    words="duty.year-report.kind",
    permission=DutyPermission.SEE_STATISTICS,
    parameters=Year,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "suggestions-year.docx",
)
