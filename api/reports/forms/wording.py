"""Values of a paper as people read them, in every form alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from alerting.formats import exact_duration
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table, Value
from api.web.workbooks import ValueKind
from config.catalogue.words import Words
from config.vocabulary.time import MINUTE_MS, ZONE

UNKNOWN = "—"
Lines = dict[str, Any]


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
        return f"{value * 100:.1f}%"
    return f"{value:,.{decimals}f}" if kind == "number" else f"{value:,d}"


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
        "notes": {tag(name): table.note for name, table in paper.tables.items()},
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


def _table(words: Words, table: Table) -> Lines:
    widest = _widest(table)
    return {
        "title": table.title,
        "note": table.note,
        "columns": [
            {
                "label": of.label,
                "right": of.kind not in ("text", "day", "instant"),
                "wide": n == widest,
            }
            for n, of in enumerate(table.columns)
        ],
        "rows": [
            [of_cell(words, cell, column) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
    }


def _widest(table: Table) -> int:
    """The column of the longest text, which is given what the others leave."""
    lengths = [
        max((len(of.value) for of in column if isinstance(of.value, str)), default=0)
        for column in zip(*table.rows, strict=True)
    ]
    return lengths.index(max(lengths)) if lengths else -1


def _day(words: Words, day: str) -> str:
    on = date.fromisoformat(day)
    return words("reports.day", year=on.year, month=words(f"month.{on.month}"), day=on.day)


def _duration(words: Words, span_ms: float) -> str:
    """To the minute: seconds of an answer say nothing."""
    if span_ms < MINUTE_MS:
        return words("reports.under-a-minute")
    return exact_duration(words, round(span_ms / MINUTE_MS) * MINUTE_MS)
