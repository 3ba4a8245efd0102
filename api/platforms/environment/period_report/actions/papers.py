"""Count water and air of a period, and freeze what was counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from alerting.record.search import Criteria, search
from api.accounts.records import Account
from api.kinds.reports import Means, Paper, ReportKind, Section
from api.platforms.environment.days.actions import measured
from api.platforms.environment.days.records import Medium
from api.platforms.environment.period_report.records.periods import (
    Chosen,
    ChosenYear,
    Period,
    Piece,
    days_of,
    ended_before,
    period_of,
)
from api.platforms.environment.period_report.wording import air, congress, parts, water
from api.platforms.environment.period_report.wording.parts import Counted
from api.platforms.environment.permission import EnvironmentPermission
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from ingest.standards.changes import Kind, unchanged

MOST = 1_000_000
FIRST_YEAR = 2004
"""The year before it is the first of which every standard is known."""
SETS: dict[Medium, tuple[Kind, ...]] = {"water": ("class",), "air": ("index", "limit")}


SECTIONS: dict[Medium, Callable[[Means, Counted], Iterator[Section]]] = {
    "water": water.sections,
    "air": air.sections,
}


def suggested(means: Means, _account: Account) -> Chosen:
    """The month that ended last."""
    return Chosen(ended_before("month", date.fromisoformat(day_of(means.now_ms()))).code)


def freeze_water(means: Means, _account: Account, chosen: Chosen) -> Paper:
    """The paper on water.

    Raises:
        NotAccepted: there is no such period, or it has not begun.
    """
    return paper(means, counted(means, "water", _period(means, chosen)))


def freeze_air(means: Means, _account: Account, chosen: Chosen) -> Paper:
    """The paper on air.

    Raises:
        NotAccepted: there is no such period, or it has not begun.
    """
    return paper(means, counted(means, "air", _period(means, chosen)))


def suggested_year(means: Means, _account: Account) -> ChosenYear:
    """The year before this one."""
    return ChosenYear(int(day_of(means.now_ms())[:4]) - 1)


def freeze_year(means: Means, _account: Account, chosen: ChosenYear) -> Paper:
    """The year's paper for the congress.

    Raises:
        NotAccepted: the year has not begun, or lies before all standards.
    """
    period = _period(means, Chosen(str(chosen.year)))
    both = counted(means, "water", period), counted(means, "air", period)
    return congress.paper(means, chosen, *both)


def _period(means: Means, chosen: Chosen) -> Period:
    try:
        period = period_of(chosen.period)
    except ValueError as error:
        remedy = "give a day, week, month, quarter or year that the calendar has"
        raise NotAccepted(Fault("period", str(error), remedy), "unreadable") from error
    if period.from_ms > means.now_ms():
        remedy = "choose one that has begun"
        raise NotAccepted(Fault("period", "has not begun", remedy), "future")
    if period.first.year < FIRST_YEAR:
        remedy = f"choose {FIRST_YEAR} or later"
        raise NotAccepted(Fault("period", "lies before the standards", remedy), "early")
    return period


def counted(means: Means, medium: Medium, period: Period) -> Counted:
    """Everything that is counted of a medium."""
    pieces = [
        Piece(first, last, names, period.year_before(first, last))
        for first, last, names in unchanged(SETS[medium], period.first, period.last)
    ]
    stations = [of for of in means.catalogue.stations.values() if of.kind == medium]
    today = date.fromisoformat(day_of(means.now_ms()))
    days = [day for day in days_of(period.first, period.last) if day < today]
    # Of a period that goes on, the same days of the year before as are over by now.
    before = period.year_before(period.first, days[-1] if days else period.first)
    within = Criteria(
        about="pollution",
        among=[of.id for of in stations],
        from_ms=period.from_ms,
        until_ms=period.until_ms,
        order="newest",
    )
    return Counted(
        medium,
        period,
        days,
        pieces,
        measured(means, stations, period.first, period.last),
        measured(means, stations, *before),
        [of.alert for of in search(means.state, within, first=0, most=MOST).rows],
    )


def paper(means: Means, of: Counted) -> Paper:
    """The paper on one medium."""
    t, sections = means.words, SECTIONS[of.medium]
    title = t(f"period.title-{of.medium}", period=parts.period_said(t, of.period))
    every = [*sections(means, of), parts.alerts_section(means, of), parts.data_section(t, of)]
    return Paper(
        title,
        parts.subtitle(t, of.period),
        means.catalogue.site.name,
        parts.numbered(t, every),
    )


def slow(chosen: Chosen) -> bool:
    """A quarter or a year of many stations is."""
    return period_of(chosen.period).span in ("quarter", "year")


WATER = ReportKind(
    name="water-period",
    words="period.water-kind",
    permission=EnvironmentPermission.SEE_ALERTS,
    parameters=Chosen,
    suggested=suggested,
    freeze=freeze_water,
    template=Path(__file__).parents[1] / "water-period.docx",
    slow=slow,
)
AIR = ReportKind(
    name="air-period",
    words="period.air-kind",
    permission=EnvironmentPermission.SEE_ALERTS,
    parameters=Chosen,
    suggested=suggested,
    freeze=freeze_air,
    template=Path(__file__).parents[1] / "air-period.docx",
    slow=slow,
)
YEAR = ReportKind(
    name="environment-year",
    words="period.year-kind",
    permission=EnvironmentPermission.SEE_ALERTS,
    parameters=ChosenYear,
    suggested=suggested_year,
    freeze=freeze_year,
    template=Path(__file__).parents[1] / "environment-year.docx",
    inputs={"year": "number", "problems": "textarea", "advice": "textarea"},
    slow=lambda _: True,
)
