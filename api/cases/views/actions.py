"""Ask every platform for the rows of a view that somebody may see, and count them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.cases.views.reckoning import cell, ended_quarter, keys_of, span, table
from api.cases.views.records import (
    A_PAGE,
    VIEWS,
    YEARS_BACK,
    Asked,
    Column,
    Lacking,
    Rows,
    Table,
    UnknownView,
    View,
    YearOutOfRange,
)
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Answer:
    """A view with the question as it was answered, its rows and its table."""

    view: View
    asked: Asked
    rows: Rows
    table: Table


@dataclass(frozen=True, slots=True)
class CellRows:
    """The rows of a cell, the newest first."""

    view: View
    asked: Asked
    column: Column
    facts: Sequence[Fact]

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-len(self.facts) // A_PAGE))

    def on_page(self) -> Sequence[Fact]:
        """The rows of the page that is asked for."""
        return self.facts[(self.asked.page - 1) * A_PAGE : self.asked.page * A_PAGE]


def view(name: str) -> View:
    """A view by its name.

    Raises:
        UnknownView
    """
    if name not in VIEWS:
        raise UnknownView(f"there is no view {name[:40]!r}; known are {', '.join(VIEWS)}")
    return VIEWS[name]


def answered(
    roster: Iterable[Platform], services: Services, account: Account, name: str, asked: Asked
) -> Answer:
    """The table of a view, out of the rows that an account may see and no others.

    Raises:
        UnknownView, YearOutOfRange
    """
    of = view(name)
    asked, rows = _of_year(roster, services, account, of, asked)
    return Answer(of, asked, rows, table(of, rows, asked, _keys(services, of, rows)))


def rows_of_cell(
    roster: Iterable[Platform], services: Services, account: Account, name: str, asked: Asked
) -> CellRows:
    """The rows out of which one figure is counted.

    Raises:
        UnknownView, YearOutOfRange
    """
    of = view(name)
    asked, rows = _of_year(roster, services, account, of, asked)
    column, facts = cell(of, rows, asked, _keys(services, of, rows))
    return CellRows(of, asked, column, facts)


def filled(services: Services, name: str, asked: Asked) -> Asked:
    """A question with the year, with a quarter where a view is of one, and with the station where
    it needs one: the first of water that has a class to hold.

    Raises:
        YearOutOfRange
    """
    today, known = _today(services), years(services)
    if asked.year and asked.year not in known:
        raise YearOutOfRange(asked.year, known[-1], known[0])
    found = {"year": asked.year or str(today.year)}
    if "quarter" in view(name).filters and not asked.quarter:
        found["year"], found["quarter"] = ended_quarter(today, asked.year)
    if "station" in view(name).filters:
        ids = stations(services)
        found["station"] = asked.station if asked.station in ids else next(iter(ids), "")
    return asked.model_copy(update=found)


def stations(services: Services) -> dict[str, str]:
    """Names of the stations of water that have a class to hold, by id."""
    return {
        of.id: of.name
        for of in services.catalogue.stations.values()
        if of.kind == "water" and of.target
    }


def years(services: Services) -> Sequence[str]:
    """Those that may be chosen, the last one first."""
    this = _today(services).year
    return [str(this + of) for of in range(1, -YEARS_BACK - 1, -1)]


def _of_year(
    roster: Iterable[Platform], services: Services, account: Account, of: View, asked: Asked
) -> tuple[Asked, Rows]:
    """The question as it is answered, with its rows. Where nobody chose a year it is this one, or
    the one before where fewer series have no rows: tables of a year come in late in it.
    """
    this = filled(services, of.name, asked)
    found = _rows(roster, services, account, of, this)
    if asked.year or "quarter" in of.filters or not _empty(found):
        return this, found
    before = this.model_copy(update={"year": str(int(this.year) - 1)})
    earlier = _rows(roster, services, account, of, before)
    return (before, earlier) if _empty(earlier) < _empty(found) else (this, found)


def _empty(rows: Rows) -> int:
    return sum(of.why == "empty" for of in rows.lacking)


def _rows(
    roster: Iterable[Platform], services: Services, account: Account, of: View, asked: Asked
) -> Rows:
    first, last = span(of, asked)
    question = SeriesAsked(first, last, asked.unit, asked.station, asked.words)
    kinds = {
        f"{platform.slug}/{kind.name}": kind for platform in roster for kind in platform.series
    }
    facts, lacking = {}, []
    for name in of.series:
        kind = kinds[name]
        if not account.may(kind.permission):
            lacking.append(Lacking(name, "not-permitted"))
        elif found := kind.rows(services, account, question):
            facts[name] = found
        else:
            lacking.append(Lacking(name, "empty", _entry(account, kind)))
    return Rows(first, min(last, max(first, _today(services))), facts, lacking)


def _entry(account: Account, kind: SeriesKind) -> str:
    return kind.path if account.may(kind.fills) else ""


def _keys(services: Services, of: View, rows: Rows) -> Sequence[str]:
    if of.lines in ("town", "unit"):
        return [
            unit.id
            for unit in Units(services.state).all()
            if of.lines == "unit" or unit.kind == "town"
        ]
    return keys_of(of.lines, rows.first, rows.last)


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))
