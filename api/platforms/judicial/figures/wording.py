"""Monthly figures in words, and as tables to download: of one body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.platforms.judicial.figures.records.checks import Wrong
from api.platforms.judicial.figures.records.ranges import Range
from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import TOTAL, Template
from api.web.workbooks import Column, Sheet, Value
from config.catalogue.words import Words


def row(words: Words, template: Template, name: str) -> str:
    """A row for people."""
    return words("judicial.figures.row-total") if name == TOTAL else template.rows[name]


def fault(words: Words, of: Wrong) -> str:
    """A fault with what should stand there."""
    return words(f"judicial.figures.wrong-{of.key}", expected=of.expected, given=of.given)


def position(words: Words, template: Template, of: Wrong) -> str:
    """The cell of a fault for people; empty for another field."""
    if not of.row:
        return ""
    column = words(f"judicial.figures.column-{of.column}")
    return f"{row(words, template, of.row)} · {column}"


def percent(tenths: int) -> str:
    """Tenths of a percent point as people write them."""
    return f"{tenths // 10}.{tenths % 10}%"


def range_said(words: Words, of: Range) -> str:
    """A range with its source."""
    return words(
        "judicial.figures.range",
        measure=words(f"judicial.figures.measure-{of.measure}"),
        low=percent(of.low),
        high=percent(of.high),
        source=of.source,
        day=of.day,
    )


def table(
    words: Words,
    template: Template,
    name: str,
    months: Sequence[Month],
    earlier: Mapping[str, Month],
) -> Sheet:
    """The months of one body that count, a line for each row, with what came in the same month a
    year before; a hidden count is a word.
    """
    heads = [Column(words(f"judicial.figures.{of}")) for of in ("month", "row")]
    heads += [Column(words(f"judicial.figures.column-{of}"), "count") for of in template.columns]
    heads.append(Column(words("judicial.figures.year-before"), "count"))
    return Sheet(name, heads, _lines(words, template, months, earlier))


def _lines(
    words: Words, template: Template, months: Sequence[Month], earlier: Mapping[str, Month]
) -> Iterator[Sequence[Value]]:
    hidden = words("judicial.figures.hidden")
    for of in months:
        then = earlier.get(of.month)
        for name in template.lines:
            counts = [_count(of, name, column, hidden) for column in template.columns]
            before = _count(then, name, "new", hidden) if then else None
            yield [of.month, row(words, template, name), *counts, before]


def _count(of: Month, row_name: str, column: str, hidden: str) -> Value:
    count = of.shown(row_name, column)
    return hidden if count is None and f"{row_name}.{column}" in of.hidden else count
