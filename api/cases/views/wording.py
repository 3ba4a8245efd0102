"""A view in words: headings, lines with the rows behind each figure, bars, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.repositories.units import Units
from api.cases.views.actions import Answer, CellRows, stations, years
from api.cases.views.records import (
    OTHER,
    QUARTERS,
    STAGES,
    TOTAL,
    Cell,
    Column,
    Filter,
    Line,
    View,
    topics,
)
from api.ports import Fact
from api.services import Services
from api.web import tables
from budget.yuan import yuan

Choices = tuple[str, str, Sequence[tuple[str, str]]]
"""The name of a field, its label, and values with their words."""
MOST_BARS = 24
_KINDS: Mapping[str, tables.ValueKind] = {"count": "count", "money": "number", "share": "number"}


@dataclass(frozen=True, slots=True)
class CellSaid:
    """A figure, and the question for its rows; empty where it has none."""

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class LineSaid:
    """A line of the table."""

    name: str
    cells: Sequence[CellSaid]


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of a line, each as long as so many percent."""

    name: str
    lengths: Sequence[float]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by line, and of each series its name with the figure that is as long as the whole."""

    series: Sequence[tuple[str, str]]
    bars: Sequence[Bars]


@dataclass(frozen=True, slots=True)
class LackSaid:
    """A series that a view does without, and the page where its rows come in, if any."""

    text: str
    path: str


def title(services: Services, view: View) -> str:
    """The name of a view."""
    return services.words(f"cases.views.{view.name}-title")


def scope(services: Services, answer: Answer) -> str:
    """Of when, and of which station, unit, town and topic the figures are."""
    words, view, asked = services.words, answer.view, answer.asked
    if "quarter" in view.filters:
        found = [words("cases.views.quarter", year=asked.year, n=asked.quarter)]
    elif view.earlier:
        first = int(asked.year) - view.earlier
        found = [words("cases.views.scope-years", first=first, last=asked.year)]
    else:
        found = [words("cases.views.scope-year", year=asked.year)]
    for name, _, options in filters(services, view):
        if name not in ("year", "quarter") and getattr(asked, name):
            found += [said for value, said in options if value == getattr(asked, name)]
    if asked.words:
        found.append(words("cases.views.scope-words", words=asked.words))
    return words.listed(found)


def heading(services: Services, view: View, column: Column) -> str:
    """The name of a column."""
    return services.words(f"cases.views.{view.name}-column-{column.name}")


def with_unit(services: Services, view: View, column: Column) -> str:
    """The name of a column with its unit, where it counts no things."""
    text = heading(services, view, column)
    if column.kind == "count":
        return text
    return services.words(f"cases.views.in-{column.kind}", name=text)


def lines(services: Services, answer: Answer, of: Sequence[Line]) -> list[LineSaid]:
    """Lines of a table, each figure with the question for its rows."""
    names = _names(services, answer.view)
    return [
        LineSaid(
            line_name(services, answer.view, names, line.key),
            [
                CellSaid(
                    _text(services, column, cell),
                    answer.asked.query(line=line.key, column=column.name) if cell.rows else "",
                )
                for column, cell in zip(answer.view.columns, line.cells, strict=True)
            ],
        )
        for line in of
    ]


def line_name(services: Services, view: View, names: Mapping[str, str], key: str) -> str:
    """The name of a line by its key."""
    words = services.words
    if key in (TOTAL, *STAGES):
        return words(f"cases.views.line-{key}")
    if key == OTHER:
        return words(f"cases.views.other-{view.lines}")
    if view.lines == "quarter":
        year, _, number = key.partition("-")
        return words("cases.views.quarter", year=year, n=number)
    return names.get(key, key)


def chart(services: Services, answer: Answer) -> Chart:
    """Bars of the first lines: money, numbers and shares each by a measure of their own, which is
    their greatest, and for shares the whole.
    """
    drawn = [
        at
        for at, of in enumerate(answer.view.columns)
        if of.drawn and of.series in answer.rows.facts
    ]
    shown = answer.table.lines[:MOST_BARS]
    columns = [answer.view.columns[at] for at in drawn]
    greatest = {"share": 100}
    for at, column in zip(drawn, columns, strict=True):
        values = [abs(line.cells[at].value or 0) for line in shown]
        greatest[column.kind] = max([greatest.get(column.kind, 0), *values])
    series = [
        (heading(services, answer.view, of), _text(services, of, Cell(greatest[of.kind])))
        for of in columns
    ]
    names = _names(services, answer.view)
    bars = [
        Bars(
            line_name(services, answer.view, names, line.key),
            [
                _length(line.cells[at].value, greatest[column.kind])
                for at, column in zip(drawn, columns, strict=True)
            ],
        )
        for line in shown
    ]
    return Chart(series, [of for of in bars if any(of.lengths)])


def lacking(services: Services, answer: Answer) -> list[LackSaid]:
    """The series that a view does without."""
    words = services.words
    found = []
    for of in answer.rows.lacking:
        key = of.series.replace("/", ".series.")
        text = words(f"cases.views.lacks-{of.why}", name=words(key))
        source = words(f"{key}-source") if of.why == "empty" else ""
        found.append(LackSaid(text + source, of.path))
    return found


def filters(services: Services, view: View) -> list[Choices]:
    """The choices of a view's form."""
    words = services.words
    found: list[Choices] = [
        ("year", words("cases.views.year"), [(of, of) for of in years(services)])
    ]
    for name in view.filters:
        if name != "words":
            label = words(f"cases.views.filter-{name}")
            found.append((name, label, _values(services, name)))
    return found


def _values(services: Services, name: Filter) -> list[tuple[str, str]]:
    words = services.words
    if name == "station":
        return list(stations(services).items())
    if name == "quarter":
        return [(of, words("cases.views.quarter-only", n=of)) for of in QUARTERS]
    anything = ("", words("cases.views.all"))
    if name == "topic":
        return [anything, *((of, words(f"cases.views.topic-{of}")) for of in topics())]
    units = Units(services.state).all()
    towns = name == "town"
    return [
        anything,
        *((of.id, words.name(of.name)) for of in units if (of.kind == "town") or not towns),
    ]


def cell_title(services: Services, found: CellRows) -> str:
    """The line and the column of a cell."""
    names = _names(services, found.view)
    line = line_name(services, found.view, names, found.asked.line)
    return services.words(
        "cases.views.cell", line=line, column=heading(services, found.view, found.column)
    )


def figure(services: Services, of: Fact) -> str:
    """The figure of a row: money, or how many it stands for where that is not one."""
    if of.amount is not None:
        return services.words("cases.views.yuan", amount=yuan(of.amount))
    if of.number is None:
        return services.words("cases.views.hidden")
    return "" if of.number == 1 else str(of.number)


def table(services: Services, answer: Answer) -> tables.Sheet:
    """A view for a spreadsheet: money in yuan, shares in percent, the sums last."""
    words = services.words
    heads = [
        tables.Column(words(f"cases.views.by-{answer.view.lines}")),
        *(
            tables.Column(with_unit(services, answer.view, of), _KINDS[of.kind])
            for of in answer.view.columns
        ),
    ]
    return tables.Sheet(title(services, answer.view), heads, _cells(services, answer))


def rows_table(services: Services, found: CellRows) -> tables.Sheet:
    """The rows of a cell for a spreadsheet."""
    return ROWS.sheet(services.words, cell_title(services, found), _row_cells(found.facts))


ROWS = tables.Heads(
    "cases.views.column",
    ("day", "period", "title", "amount", "number", "path"),
    {"day": "day", "amount": "number", "number": "count"},
)


def _row_cells(facts: Sequence[Fact]) -> Iterator[list[tables.Value]]:
    for of in facts:
        amount = None if of.amount is None else of.amount / 100
        yield [of.day, of.period, of.title, amount, of.number, of.path]


def _cells(services: Services, answer: Answer) -> Iterator[list[tables.Value]]:
    names = _names(services, answer.view)
    for line in (*answer.table.lines, *answer.table.sums):
        values = [
            cell.value if cell.value is None or column.kind != "money" else cell.value / 100
            for column, cell in zip(answer.view.columns, line.cells, strict=True)
        ]
        yield [line_name(services, answer.view, names, line.key), *values]


def _names(services: Services, view: View) -> Mapping[str, str]:
    words = services.words
    if view.lines == "topic":
        return {of: words(f"cases.views.topic-{of}") for of in topics()}
    if view.lines in ("unit", "town"):
        return {of.id: words.name(of.name) for of in Units(services.state).all()}
    return {}


def _text(services: Services, column: Column, cell: Cell) -> str:
    if cell.hidden:
        return services.words("cases.views.hidden")
    if cell.value is None:
        return "—"
    if column.kind == "money":
        return yuan(cell.value)
    return f"{cell.value}%" if column.kind == "share" else f"{cell.value:,}"


def _length(value: int | None, greatest: int) -> float:
    return round(100 * max(value or 0, 0) / greatest, 1) if greatest else 0.0
