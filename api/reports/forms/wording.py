"""Values of a paper as people read them, in every form alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from alerting.formats import exact_duration
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table, Value
from api.web.workbooks import ValueKind, signs_of
from config.catalogue.words import Words
from config.vocabulary.time import MINUTE_MS, ZONE

UNKNOWN = "—"
_FEW = 3
"""Rows that a value of the first column stands for at least, on the whole, to be written once."""
_SIGNS, _INSET = 104, 3
"""Signs of Latin across a page, and what the edges of a cell take of them."""
Lines = dict[str, Any]
T = TypeVar("T")


def said(words: Words, value: Value, kind: ValueKind, decimals: int = 0) -> str:
    """A value; a dash where there is none."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, str):
        return _day(words, value) if kind == "day" else value
    if kind == "instant":
        return f"{datetime.fromtimestamp(value / 1000, ZONE):%Y-%m-%d %H:%M}"
    if kind == "duration":
        return _duration(words, value)
    if kind == "percent":
        return f"{value * 100:z.1f}%"
    return f"{value:z,.{decimals}f}" if kind == "number" else f"{value:,d}"


def of_figure(words: Words, figure: Figure) -> str:
    """A figure with its unit."""
    text = said(words, figure.value, figure.kind, 2)
    return f"{text} {figure.unit}" if figure.unit and figure.value is not None else text


def of_cell(words: Words, cell: Cell, column: Column) -> str:
    """A cell below its column."""
    return said(words, cell.value, column.kind, column.decimals)


def laid_out(words: Words, paper: Paper) -> Lines:
    """The whole paper as texts, in its order: for what is set without being asked."""
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "issuer": paper.issuer,
        "sections": [_section(words, of) for of in paper.sections],
    }


def by_name(words: Words, paper: Paper) -> Lines:
    """The same by names, which an office's template asks for."""
    tables = {
        tag(name): [
            {
                tag(column.name): of_cell(words, cell, column)
                for cell, column in zip(row, table.columns, strict=True)
            }
            for row in table.rows
        ]
        for name, table in paper.tables.items()
    }
    return {
        **laid_out(words, paper),
        "figures": {tag(name): of_figure(words, of) for name, of in paper.figures.items()},
        "tables": tables,
        "texts": {tag(of.name): list(of.text) for of in paper.sections},
        "notes": {tag(name): note_of(words, table) for name, table in paper.tables.items()},
    }


def tag(name: str) -> str:
    """A name as a template writes it: Word makes quotation marks curly and hyphens long."""
    return name.replace("-", "_")


def _section(words: Words, section: Section) -> Lines:
    return {
        "name": section.name,
        "title": section.title,
        "text": list(section.text),
        "figures": [
            {"name": of.name, "label": of.label, "said": of_figure(words, of)}
            for of in section.figures
        ],
        "tables": [_table(words, of) for of in section.tables],
    }


def note_of(words: Words, table: Table) -> str:
    """The note of a table; of one without rows and note that there is nothing."""
    return table.note or ("" if table.rows else words("reports.no-rows"))


def grouped(
    columns: Sequence[Column], rows: Sequence[Sequence[T]]
) -> tuple[Sequence[Column], Sequence[Sequence[T]]]:
    """Where few values of the first column stand beside many rows, it is given up: each value
    is a row of one cell above those that it stands for.
    """
    groups = [(first, [row[1:] for row in own]) for first, own in groupby(rows, itemgetter(0))]
    text = len(columns) > 2 and columns[0].kind == "text"
    if not text or not rows or len(groups) * _FEW > len(rows):
        return columns, rows
    return columns[1:], [row for first, own in groups for row in ([first], *own)]


def _table(words: Words, table: Table) -> Lines:
    every = [
        [of_cell(words, cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    columns, rows = grouped(table.columns, every)
    shares = _shares([of.label for of in columns], [row for row in rows if len(row) > 1])
    return {
        "title": table.title,
        "note": note_of(words, table),
        "columns": [
            {"label": of.label, "right": of.kind not in ("text", "day", "instant"), "share": share}
            for of, share in zip(columns, shares, strict=True)
        ],
        "rows": rows,
    }


def _shares(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> Sequence[int]:
    """Of each column its part of the width: as much as its longest text asks for, or as all those
    take that would ask for too much. A heading may take two lines.
    """
    if not rows:
        return [1 for _ in labels]
    asked = [
        max(signs_of(label) // 2 + 1, *(signs_of(of) for of in column))
        for label, column in zip(labels, zip(*rows, strict=True), strict=True)
    ]
    room = _SIGNS - _INSET * len(labels)
    for n, one in enumerate(sorted(asked)):
        most = room // (len(asked) - n)
        if one > most:
            break
        room -= one
    return [min(one, most) + _INSET for one in asked]


def _day(words: Words, day: str) -> str:
    on = date.fromisoformat(day)
    return words("reports.day", year=on.year, month=words(f"month.{on.month}"), day=on.day)


def _duration(words: Words, span_ms: float) -> str:
    """To the minute: seconds of an answer say nothing."""
    if span_ms < MINUTE_MS:
        return words("reports.under-a-minute")
    return exact_duration(words, round(span_ms / MINUTE_MS) * MINUTE_MS)
