"""Give administrative suits against units, and counts of petitions, as rows of a series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.accounts.records import Account
from api.imports.permission import ImportPermission
from api.platforms.judicial import unit_names
from api.platforms.judicial.letters import actions as letters
from api.platforms.judicial.letters.records import last_ended, quarter_of
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.suits import actions as suits
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services
from config.vocabulary.time import day_of

_QUARTERS = 4


def _suits(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Suits against units that the court concluded, and those that the unit lost."""
    first, last = asked.first.isoformat()[:7], asked.last.isoformat()[:7]
    names = unit_names.every(services)
    return [
        Fact(
            title=services.words("judicial.suits.of", name=names.get(unit, unit)),
            path=f"/judicial/suits/{unit}",
            day=date.fromisoformat(f"{of.month}-01"),
            state=state,
            unit=unit,
            number=count,
            period=of.month,
        )
        for unit, of in suits.between(services, first, last)
        for state, count in (("concluded", of.concluded), ("lost", of.lost))
        if count
    ]


def _petitions(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Letters by town in each quarter that has ended: counts as everybody is shown them, low ones
    hidden. A quarter is given as a whole and never added up with another.
    """
    ended = last_ended(date.fromisoformat(day_of(services.now_ms())))
    quarters = [
        quarter
        for year in range(asked.first.year, asked.last.year + 1)
        for number in range(1, _QUARTERS + 1)
        if quarter_of(asked.first) <= (quarter := f"{year}-{number}")
        and quarter <= min(ended, quarter_of(asked.last))
    ]
    return [fact for quarter in quarters for fact in _of_quarter(services, quarter)]


def _of_quarter(services: Services, quarter: str) -> Sequence[Fact]:
    counts = letters.counts(services, quarter)
    year, number = map(int, quarter.split("-"))
    names = unit_names.every(services, "town")
    elsewhere = services.words("judicial.letters.elsewhere")
    period = services.words("judicial.series.quarter", year=year, n=number)
    return [
        Fact(
            title=services.words("judicial.series.petitions-of", town=names.get(town, elsewhere)),
            path=f"/judicial/letters/counts?quarter={quarter}",
            day=date(year, 3 * number - 2, 1),
            town=town,
            number=row[-1],
            period=period,
        )
        for town, row in zip(counts.towns, counts.by_town, strict=False)
    ]


SERIES = (
    SeriesKind(
        "suits",
        JudicialPermission.SEE,
        _suits,
        "/imports/",
        ImportPermission.SEE_LOADS,
    ),
    SeriesKind(
        "petitions",
        JudicialPermission.SEE,
        _petitions,
        "/judicial/letters/counts",
        JudicialPermission.SEE,
    ),
)
