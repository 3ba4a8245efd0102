"""Published tables of a treasury that is not there, read and checked as the product does."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from budget.detection.books import PublishedBreak, PublishedFigure, PublishedSet, Stage
from budget.published.checking import checked
from budget.published.meaning import meanings_of
from budget.published.reading.files import read_sheets
from simulators.treasury.records import Published, Treasury
from tabular.sheets import Cell, Sheet

_STAGES: dict[str, Stage] = {"预算": "budget", "决算": "accounts"}


def sets_of(made: Treasury) -> tuple[PublishedSet, ...]:
    """Every set; its id is its place in the treasury."""
    return tuple(_set(place, one) for place, one in enumerate(made.published))


def _set(number: int, one: Published) -> PublishedSet:
    report = checked(read_sheets([(one.number, [_sheet(of.name, of.rows) for of in one.sheets])]))
    return PublishedSet(
        id=number,
        department=one.name,
        year=one.year,
        stage=_STAGES[one.stage],
        figures=tuple(
            PublishedFigure(
                means=of.means,
                label=of.label,
                money=of.money,
                cents=of.fen,
                step=of.step,
                sheet=of.sheet,
                cell=of.cell,
            )
            for of in meanings_of(report, report.reading.tables)
        ),
        breaks=tuple(
            PublishedBreak(
                check=of.check,
                title=of.sheet,
                sheet=of.sheet,
                cell=of.cell,
                label=of.label,
                says=of.says,
                should=of.should,
                unit=of.unit,
                cents=of.difference_fen,
            )
            for of in report.breaks
        ),
    )


def _sheet(name: str, rows: Sequence[Sequence[str | int]]) -> Sheet:
    return Sheet(name, tuple(tuple(map(_cell, row)) for row in rows))


def _cell(value: str | int) -> Cell:
    """A text, or hundredths of the unit."""
    if isinstance(value, str):
        return value or None
    return Decimal(value) / 100
