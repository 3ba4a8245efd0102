"""A comparison in words: headings, cells with their links, bars and lines of its chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.platforms.budget.comparison.records import (
    COLUMNS,
    LINES,
    OF_MONTHS,
    Asked,
    Cell,
    Column,
    Found,
    Line,
    deeper,
)
from api.platforms.budget.payments.wording import Crumb, crumbs
from api.services import Services
from api.web import tables
from budget.yuan import yuan

WIDE = 100
"""Of a chart, and its height: percent."""
MOST_BARS = 12
"""Lines of a chart of bars; the table has all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in words, and the address behind it below the platform's, empty for none."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line in words; ``deeper`` is the question for what it consists of."""

    name: str
    cells: tuple[Shown, ...]
    deeper: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A line of the chart: for each series the length in percent of the greatest one."""

    name: str
    lengths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of lines, or curves of months as points of a polyline in percent; ``series`` are the
    headings of the columns that are drawn, in their order.
    """

    series: tuple[str, ...]
    bars: tuple[Bars, ...] = ()
    curves: tuple[str, ...] = ()
    greatest: str = ""


def heading(services: Services, column: Column) -> str:
    """The name of a column."""
    t = services.words
    year, _, month = column.name.partition("-")
    if not year.isdigit():
        return t(f"budget.comparison.column-{column.name}")
    if not month:
        return t("budget.comparison.year", year=year)
    if column.days and column.days[1] - column.days[0] > 31:
        return t("budget.comparison.quarter", n=(int(month) + 2) // 3)
    return t(f"month.{int(month)}")


def name(services: Services, asked: Asked, of: Line) -> str:
    """The name of a line."""
    if not of.key:
        return services.words("budget.totals.missing")
    if asked.lines == "month":
        return services.words(f"month.{int(of.key)}")
    return of.name


def rows(services: Services, asked: Asked, found: Found) -> list[Row]:
    """The lines of a page."""
    return [_row(services, asked, found, of) for of in found.table.page(asked.page)]


def total(services: Services, asked: Asked, found: Found) -> Row:
    """The sum of all lines of all pages."""
    of, columns = found.table.total, found.table.columns
    pairs = zip(columns, of.cells, strict=True)
    cells = tuple(Shown(_text(c, one), _payments(asked, c, one, {})) for c, one in pairs)
    return Row(services.words("budget.comparison.total"), cells)


def _row(services: Services, asked: Asked, found: Found, of: Line) -> Row:
    further = deeper(asked)
    field = {asked.lines: of.value}
    more = ""
    if of.value and further:
        more = asked.query(**field, lines=further)
    pairs = zip(found.table.columns, of.cells, strict=True)
    cells = tuple(Shown(_text(c, one), _href(asked, found, of, c, one)) for c, one in pairs)
    return Row(name(services, asked, of), cells, more)


def _href(asked: Asked, found: Found, of: Line, column: Column, cell: Cell) -> str:
    if cell.value is None:
        return ""
    if not cell.payments and column.days is None:
        return _plans(asked, of)
    if asked.lines == "month":
        year = column.name if found.year is None else str(found.year)
        return _payments(asked, Column("month"), cell, {"period": f"{year}-{of.key}"})
    if not of.value:
        return ""
    if asked.lines == "department":
        dates = {"period": column.name} if found.year is None else {}
        return f"comparison?{asked.query(department=of.value, lines='unit', **dates)}"
    return _payments(asked, column, cell, {asked.lines: of.value})


def _plans(asked: Asked, of: Line) -> str:
    """The plans of a line month by month; a cell of a budget has the lines below it."""
    if not of.value or asked.lines == "month":
        return ""
    further = "month" if asked.columns == "plan" else deeper(asked)
    if not further:
        return ""
    return f"comparison?{asked.query(**{asked.lines: of.value, 'lines': further})}"


def _payments(asked: Asked, column: Column, cell: Cell, values: dict[str, str]) -> str:
    if not cell.payments:
        return ""
    query = asked.rows(**column.dates(), **values)
    return f"payments?{query}" if query else ""


def _text(column: Column, cell: Cell) -> str:
    if cell.value is None:
        return "—"
    return f"{cell.value}%" if column.kind == "share" else yuan(cell.value)


def narrowings(
    services: Services, asked: Asked, found: Found, project: Callable[[str], str]
) -> list[Crumb]:
    """Values by which the question is narrowed, each with the question without it."""
    of = crumbs(services, asked, lambda code: found.units.get(code, code), project)
    if asked.department:
        label = services.words("budget.comparison.by-department")
        of.append(Crumb(label, asked.department, asked.query(department="")))
    return of


def choices(services: Services, asked: Asked) -> dict[str, list[tuple[str, str, bool]]]:
    """The axes that may be chosen: words, question, whether it is the present one."""
    t = services.words
    return {
        "lines": [
            (t(f"budget.comparison.by-{of}"), asked.query(lines=of), of == asked.lines)
            for of in LINES
            if of != "month" or asked.columns in OF_MONTHS
        ],
        "columns": [
            (t(f"budget.comparison.columns-{of}"), asked.query(columns=of), of == asked.columns)
            for of in COLUMNS
        ],
    }


def chart(services: Services, asked: Asked, found: Found) -> Chart:
    """Curves of months, bars of everything else; shares and sums of columns are not drawn. Twelve
    months of many lines would be a thicket: of them their sum is drawn.
    """
    table = found.table
    if asked.columns == "months":
        return _sums(services, found)
    drawn = [
        at
        for at, of in enumerate(table.columns)
        if of.kind == "money" and of.name not in ("sum", "planned-year")
    ]
    if asked.lines == "month" and asked.columns == "plan":
        drawn = drawn[2:]
    lines = table.page(asked.page)[: None if asked.lines == "month" else MOST_BARS]
    values = [[of.cells[at].value for at in drawn] for of in lines]
    greatest = max((abs(one or 0) for of in values for one in of), default=0)
    series = tuple(heading(services, table.columns[at]) for at in drawn)
    if not greatest:
        return Chart(series)
    if asked.lines == "month":
        columns = [[of[at] for of in values] for at in range(len(drawn))]
        curves = tuple(_points(column, greatest) for column in columns)
        return Chart(series, curves=curves, greatest=yuan(greatest))
    bars = tuple(
        Bars(
            name(services, asked, of),
            tuple(round(max(one or 0, 0) * WIDE / greatest, 1) for one in line),
        )
        for of, line in zip(lines, values, strict=True)
    )
    return Chart(series, bars=bars, greatest=yuan(greatest))


def _sums(services: Services, found: Found) -> Chart:
    """Bars of the sum of all lines by column."""
    table = found.table
    pairs = [
        (heading(services, column), max(cell.value or 0, 0))
        for column, cell in zip(table.columns, table.total.cells, strict=True)
        if column.name != "sum"
    ]
    greatest = max((of for _, of in pairs), default=0)
    if not greatest:
        return Chart(())
    bars = tuple(Bars(said, (round(of * WIDE / greatest, 1),)) for said, of in pairs)
    total_name = services.words("budget.comparison.total")
    return Chart((total_name,), bars=bars, greatest=yuan(greatest))


def _points(values: Sequence[int | None], greatest: int) -> str:
    known = [(at, of) for at, of in enumerate(values) if of is not None]
    last = max(len(values) - 1, 1)
    return " ".join(
        f"{at * WIDE / last:.1f},{WIDE - max(of, 0) * WIDE / greatest:.1f}" for at, of in known
    )


def table(services: Services, asked: Asked, found: Found) -> tables.Sheet:
    """All lines for a spreadsheet, in yuan and percent, the sum last."""
    t = services.words
    columns = [
        tables.Column(t(f"budget.comparison.by-{asked.lines}")),
        *(tables.Column(_unit(services, of), "number") for of in found.table.columns),
    ]
    return tables.Sheet(t("budget.comparison.title"), columns, _cells(services, asked, found))


def _unit(services: Services, of: Column) -> str:
    unit = "percent" if of.kind == "share" else "yuan"
    text = heading(services, of)
    return services.words(f"budget.comparison.in-{unit}", name=text)


def _cells(services: Services, asked: Asked, found: Found) -> Iterator[list[tables.Value]]:
    columns = found.table.columns
    total_name = services.words("budget.comparison.total")
    for of in (*found.table.lines, found.table.total):
        said = total_name if of is found.table.total else name(services, asked, of)
        yield [said, *(_value(c, one) for c, one in zip(columns, of.cells, strict=True))]


def _value(column: Column, cell: Cell) -> tables.Value:
    if cell.value is None or column.kind == "share":
        return cell.value
    return cell.value / 100


def payments_of(asked: Asked) -> str:
    """The payments of the whole question, empty where their list cannot ask for them."""
    dates = {"period": asked.period} if asked.period else {}
    if asked.department and not asked.unit:
        return ""
    return asked.rows(**dates) or urlencode(dates)
