"""Count rows into the cells of a view. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from api.cases.views.records import (
    OTHER,
    STAGES,
    TOTAL,
    Asked,
    Cell,
    Column,
    Line,
    Lines,
    Rows,
    Table,
    UnknownView,
    View,
    topics,
)
from api.ports import Fact

_MONTHS = 12


def table(view: View, rows: Rows, asked: Asked, keys: Sequence[str]) -> Table:
    """The answer of a view. ``keys`` are the lines in their order; units without a row are left
    out, and rows of no line are the last one.
    """
    by_cell = _spread(view, rows, asked, keys)
    shown = [
        key
        for key in (*keys, OTHER)
        if (view.lines != "unit" and key != OTHER)
        or any(by_cell.get((key, of.name)) for of in view.columns)
    ]
    stages = STAGES if any(key in STAGES for key, _ in by_cell) else (TOTAL,)
    return Table(
        tuple(Line(key, _cells(view, rows, by_cell, key)) for key in shown),
        tuple(Line(key, _cells(view, rows, by_cell, key)) for key in stages),
    )


def cell(view: View, rows: Rows, asked: Asked, keys: Sequence[str]) -> tuple[Column, list[Fact]]:
    """The rows of the cell that is asked for, the newest first, with its column.

    Raises:
        UnknownView
    """
    column = next((of for of in view.columns if of.name == asked.column), None)
    if column is None or asked.line not in (*keys, OTHER, TOTAL, *STAGES):
        raise UnknownView(f"view {view.name} has no such cell")
    found = _spread(view, rows, asked, keys).get((asked.line, column.name), [])
    return column, sorted(found, key=lambda of: (of.day, of.path), reverse=True)


def keys_of(lines: Lines, first: date, last: date) -> Sequence[str]:
    """The lines of a span of days, or of topics, in their order."""
    if lines == "topic":
        return tuple(topics())
    months = [
        date(number // _MONTHS, number % _MONTHS + 1, 1)
        for number in range(
            first.year * _MONTHS + first.month - 1, last.year * _MONTHS + last.month
        )
    ]
    return tuple(dict.fromkeys(_quarter(of) for of in months))


@cache
def topic_of(code: str) -> str:
    """The topic of a row: its own, or that of the longest code of functions that begins its code;
    empty for none.
    """
    if code in topics():
        return code
    fitting = [
        (len(prefix), topic)
        for topic, prefixes in topics().items()
        for prefix in prefixes
        if code.startswith(prefix)
    ]
    return max(fitting, default=(0, OTHER))[1]


def _spread(
    view: View, rows: Rows, asked: Asked, keys: Sequence[str]
) -> Mapping[tuple[str, str], list[Fact]]:
    """The rows of each cell that has any, by line and column, sums included."""
    paid = [
        of.day
        for column in view.columns
        if column.kind == "money" and view.lines == "quarter"
        for of in rows.facts.get(column.series, ())
    ]
    known = frozenset(keys)
    found: dict[tuple[str, str], list[Fact]] = {}
    for column in view.columns:
        for fact in rows.facts.get(column.series, ()):
            if _counts(column, fact) and _suits(asked, fact):
                key = _key(view.lines, fact)
                sum_key = _stage(fact.day, min(paid), max(paid)) if paid else TOTAL
                for line in (key if key in known else OTHER, sum_key):
                    found.setdefault((line, column.name), []).append(fact)
    return found


def _counts(column: Column, fact: Fact) -> bool:
    return not column.states or fact.state in column.states


def _suits(asked: Asked, fact: Fact) -> bool:
    """A value that rows of a series do not have narrows nothing."""
    own = {"unit": fact.unit, "town": fact.town}
    if any(getattr(asked, of) not in ("", own[of]) for of in own if own[of] is not None):
        return False
    return not asked.topic or fact.topic is None or topic_of(fact.topic) == asked.topic


def _key(lines: Lines, fact: Fact) -> str:
    match lines:
        case "quarter":
            return _quarter(fact.day)
        case "topic":
            return topic_of(fact.topic or OTHER)
        case "town":
            return fact.town or OTHER
        case "unit":
            return fact.unit or OTHER


def _quarter(day: date) -> str:
    return f"{day.year}-{(day.month + 2) // 3}"


def _stage(day: date, first: date, last: date) -> str:
    before, between, behind = STAGES
    return before if day < first else between if day <= last else behind


def span(view: View, asked: Asked) -> tuple[date, date]:
    """The first and the last day of a question that has its year and its quarter."""
    year = int(asked.year)
    if "quarter" not in view.filters:
        return date(year - view.earlier, 1, 1), date(year, _MONTHS, 31)
    number = int(asked.quarter)
    behind = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1), behind - timedelta(days=1)


def ended_quarter(today: date, year: str) -> tuple[str, str]:
    """Year and number of the last quarter that has ended; of a year that is given its own last
    such one, else its first.
    """
    number = (today.month + 2) // 3 - 1
    last = (today.year, number) if number else (today.year - 1, 4)
    if year in ("", str(last[0])):
        return str(last[0]), str(last[1])
    return year, "4" if int(year) < last[0] else "1"


def _cells(
    view: View, rows: Rows, by_cell: Mapping[tuple[str, str], list[Fact]], key: str
) -> tuple[Cell, ...]:
    return tuple(_cell(rows, by_cell, key, column) for column in view.columns)


def _cell(
    rows: Rows, by_cell: Mapping[tuple[str, str], list[Fact]], key: str, column: Column
) -> Cell:
    if column.series not in rows.facts:
        return Cell(None)
    found = by_cell.get((key, column.name), [])
    if column.kind == "money":
        return Cell(sum(of.amount or 0 for of in found), len(found))
    if column.kind == "share":
        whole = len(by_cell.get((key, column.of), []))
        return Cell(round(100 * len(found) / whole) if whole else None, len(found))
    numbers = [of.number for of in found if of.number is not None]
    hidden = len(numbers) < len(found)
    return Cell(None if hidden else sum(numbers), len(found), hidden)
