"""Projects: what is asked for, and their figures year by year. Pure; money is whole fen."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.budget.ledger.records import EPOCH, Sum, Text
from budget.ledger import Ledger, Mask
from config.catalogue.shapes import WaterClass
from config.vocabulary.time import begins_ms
from ingest.standards.water import water_quality

A_PAGE = 50
CODE = r"^[^\x00]{1,200}$"
"""A project's code as it comes in an address; a name where payments have none."""
ITEM_CODE = r"^[^/\x00]{1,50}$"
"""Such a one that a suggestion can point at."""
MOST_PAGES = 10_000
_BETWEEN_STATIONS = re.compile(r"[;；,，、\s]+")
_YES = ("是", "1", "y", "yes", "true")
Environmental = Literal["", "yes"]
YearAsked = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")]


class AskedProjects(BaseModel):
    """A question for projects of a year; an empty ``year`` is the newest one with payments.
    ``unit`` is a code, ``q`` words that name or code hold.
    """

    model_config = ConfigDict(extra="forbid")
    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    unit: Text = ""
    year: YearAsked = ""
    environmental: Environmental = ""
    page: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Registered:
    """A project as the register of projects or the budget names it; ``unit`` is the code, or the
    name where there is none. ``stations`` are names or ids of monitoring stations as they were
    sent.
    """

    code: str
    name: str
    unit: str
    unit_name: str
    begins: int | None = None
    ends: int | None = None
    environmental: bool = False
    stations: tuple[str, ...] = ()

    def runs(self, year: int) -> bool:
        """Whether its term, where one is known, holds a year."""
        known = self.begins is not None or self.ends is not None
        return known and (self.begins or 0) <= year <= (self.ends or 9999)


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a project in a year: as it was approved, as it was changed last, and the final
    account where there is one.
    """

    approved: int
    adjusted: int
    final: int | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """Payments of a year, and those of it up to the day that years are looked at."""

    whole: int = 0
    to_day: int = 0
    payments: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """A project's or a unit's year."""

    year: int
    budget: Budget | None
    paid: Paid

    @property
    def done(self) -> int | None:
        """Of the budget as it was changed last so many percent were paid at the same day of the
        year; None without a budget.
        """
        return percent(self.paid.to_day, self.budget.adjusted) if self.budget else None

    @property
    def whole_done(self) -> int | None:
        """The same of all that was paid in the year."""
        return percent(self.paid.whole, self.budget.adjusted) if self.budget else None


@dataclass(frozen=True, slots=True)
class Source:
    """Money that a project may spend in a year, by where it comes from."""

    year: int
    source: str
    amount: int
    indicators: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of a project's budget."""

    day: str
    change: str
    amount: int
    document: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A load in force that has rows of a project."""

    load: int
    kind: str


@dataclass(frozen=True, slots=True)
class Project:
    """All figures of a project, out of the loads in force. ``as_of`` is the day of the newest
    payment of all units; ``until`` the day up to which the payments of each year are looked at:
    the same, or the last of a year where only earlier ones are known. ``years`` and ``unit_years``
    (of the unit's whole budget) begin with the latest, ``payees`` with the greatest.
    """

    registered: Registered
    as_of: date | None
    until: date | None
    years: tuple[Year, ...]
    unit_years: tuple[Year, ...]
    paid: Sum
    first_paid: date | None
    payees: tuple[Sum, ...]
    sources: tuple[Source, ...]
    adjustments: tuple[Adjustment, ...]
    origins: tuple[Origin, ...]

    @property
    def now(self) -> Year | None:
        """The year that is spoken of first, of :func:`current`."""
        year = current([of.year for of in self.years], self.as_of)
        return next((of for of in self.years if of.year == year), None)

    @property
    def earlier(self) -> tuple[Year, ...]:
        """Those before it of which a budget is known."""
        now = self.now
        return tuple(of for of in self.years if now and of.year < now.year and of.budget)


@dataclass(frozen=True, slots=True)
class Line:
    """A project in the list, with the budget of a year and what was paid in it."""

    registered: Registered
    budget: Budget | None
    paid: int

    @property
    def code(self) -> str:
        """Of the project."""
        return self.registered.code

    @property
    def done(self) -> int | None:
        """Percent of the budget that were paid."""
        return percent(self.paid, self.budget.adjusted) if self.budget else None


@dataclass(frozen=True, slots=True)
class Found:
    """Projects of a year, None where nothing is loaded; ``units`` by code and ``years`` that can
    be chosen, the latest first.
    """

    year: int | None
    lines: tuple[Line, ...]
    units: Mapping[str, str]
    years: tuple[int, ...]

    @property
    def pages(self) -> int:
        """So many pages there are."""
        return max(1, -(-len(self.lines) // A_PAGE))

    def page(self, number: int) -> Sequence[Line]:
        """The projects of a page, from 1 on."""
        return self.lines[(number - 1) * A_PAGE : number * A_PAGE]

    @property
    def budget(self) -> int:
        """Of all of them together."""
        return sum(of.budget.adjusted for of in self.lines if of.budget)

    @property
    def paid(self) -> int:
        """Payments for all of them."""
        return sum(of.paid for of in self.lines)


Lacking = Literal["unknown", "no-water", "too-early", "before", "after"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A month's mean of an indicator, in its unit, and the class of water that it alone makes."""

    month: date
    value: float
    water_class: str


@dataclass(frozen=True, slots=True)
class Compared:
    """The worst indicator of a station before the first payment, and the same one now; or what is
    ``lacking``. ``season``: the months are the same of the year.
    """

    station: str
    name: str
    lacking: Lacking | None = None
    indicator: str = ""
    before: Reading | None = None
    after: Reading | None = None
    season: bool = True


def percent(part: int, whole: int) -> int | None:
    """Half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else None


def suits(of: Registered, asked: AskedProjects) -> bool:
    """Whether a project is asked for."""
    words = asked.q.casefold().split()
    return (
        (not asked.unit or of.unit == asked.unit)
        and (not asked.environmental or of.environmental)
        and all(word in f"{of.code} {of.name}".casefold() for word in words)
    )


def said_yes(text: str | None) -> bool:
    """Whether a cell says yes."""
    return (text or "").strip().lower() in _YES


def stations(text: str | None) -> tuple[str, ...]:
    """The stations that a cell names."""
    return tuple(of for of in _BETWEEN_STATIONS.split(text or "") if of)


def newest(ledger: Ledger, today: date) -> date | None:
    """The day of the newest payment; one with a day to come has a wrong one."""
    past = ledger.days[ledger.days <= today.toordinal() - EPOCH]
    return date.fromordinal(EPOCH + int(past.max())) if len(past) else None


def payment_years(ledger: Ledger, mask: Mask) -> list[int]:
    """Years of chosen payments."""
    return [int(of) for of in np.unique(_years(ledger.days[mask]))]


def only_paid(ledger: Ledger, mask: Mask) -> dict[str, Registered]:
    """Projects as their newest chosen payment names them, by code."""
    rows = np.flatnonzero(mask)
    projects, names = ledger.texts["project"], ledger.texts["project_name"]
    units, unit_names = ledger.texts["unit"], ledger.texts["unit_name"]
    codes, first = np.unique(projects.codes[rows], return_index=True)
    found = {}
    for number, at in zip(codes.tolist(), rows[first].tolist(), strict=True):
        if number >= 0:
            code, unit = projects.values[number], units.at(at)
            found[code] = Registered(code, names.at(at) or code, unit, unit_names.at(at) or unit)
    return found


def oldest(ledger: Ledger, mask: Mask) -> date | None:
    """The day of the first chosen payment."""
    days = ledger.days[mask]
    return date.fromordinal(EPOCH + int(days.min())) if len(days) else None


def paid_by_year(ledger: Ledger, mask: Mask, last_day: date) -> Mapping[int, Paid]:
    """Payments of each year, and those up to the same day as ``last_day``."""
    days, cents = ledger.days[mask], ledger.cents[mask]
    years = _years(days)
    found = {}
    for year in np.unique(years):
        rows = years == year
        last = same_day(last_day, int(year)).toordinal() - EPOCH
        to_day = cents[rows & (days <= last)].sum()
        found[int(year)] = Paid(int(cents[rows].sum()), int(to_day), int(rows.sum()))
    return found


def current(years: Collection[int], as_of: date | None) -> int | None:
    """The year of the newest payment of all where it is among these, else the last one before it,
    else the first one.
    """
    past = [of for of in years if as_of is None or of <= as_of.year]
    return max(past) if past else min(years, default=None)


def until(years: Collection[int], as_of: date) -> date:
    """The day of the year up to which years are held against each other."""
    year = current(years, as_of)
    return as_of if year is None or year >= as_of.year else date(year, 12, 31)


def same_day(of: date, year: int) -> date:
    """The same day in another year; on 29 February the last day of the month."""
    return of.replace(year=year, day=min(of.day, monthrange(year, of.month)[1]))


def years_of(budgets: Mapping[int, Budget], paid: Mapping[int, Paid]) -> tuple[Year, ...]:
    """Years of which anything is known, the latest first."""
    years = sorted({*budgets, *paid}, reverse=True)
    return tuple(Year(of, budgets.get(of), paid.get(of, Paid())) for of in years)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def months_before(first_paid: date, after: date) -> Sequence[date]:
    """Months of which one is held against ``after``, the better one first: that of the same season
    before the first payment, and the last one before it.
    """
    last = month_before(first_paid.replace(day=1))
    year = last.year - (after.month > last.month)
    return list(dict.fromkeys([date(year, after.month, 1), last]))


def span_ms(month: date) -> tuple[int, int]:
    """Instants between which a month lies, UTC epoch ms."""
    behind = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return begins_ms(month), begins_ms(behind)


def worst(
    values: Mapping[str, float], month: date, target: WaterClass | None, *, lake: bool = False
) -> str | None:
    """The item of GB 3838 that is furthest above the limit of a station's class, else the one that
    decides its class; None of nothing that makes a class.
    """
    judged = water_quality(values, on=month, target=target, lake=lake)
    if judged.exceeding:
        return max(judged.exceeding, key=lambda code: (judged.exceeding[code] or 0, code))
    return judged.deciding[0] if judged.deciding else None


def _years(days: NDArray[np.int32]) -> NDArray[np.int64]:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
