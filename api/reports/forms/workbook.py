"""A paper as a workbook: its figures on the first sheet, a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterator

from api.kinds.reports import Paper, Table
from api.reports.forms.wording import note_of, of_figure
from api.web.workbooks import Column, Sheet, Value, written
from config.catalogue.words import Words


def made(words: Words, paper: Paper, foot: str, made_ms: int) -> bytes:
    """The workbook; ``foot`` says which snapshot it is of. Numbers are numbers, instants are
    instants of the district.
    """
    tables = [of for section in paper.sections for of in section.tables]
    sheets = [_first(words, paper, foot), *(_of(words, table) for table in tables)]
    return written(sheets, title=paper.title, made_ms=made_ms)


def _first(words: Words, paper: Paper, foot: str) -> Sheet:
    columns = [
        Column(words("reports.sheet-figure")),
        Column(words("reports.sheet-value"), "number", None),
        Column(words("reports.sheet-said")),
    ]
    lines = [paper.title, paper.subtitle, paper.issuer, foot]
    return Sheet(words("reports.sheet-summary"), columns, list(_figures(words, paper)), lines)


def _figures(words: Words, paper: Paper) -> Iterator[tuple[Value, ...]]:
    for section in paper.sections:
        for of in section.figures:
            plain = (
                of.value if isinstance(of.value, int | float) and of.kind != "instant" else None
            )
            hours = of.kind == "duration" and plain is not None
            yield of.label, plain / 3_600_000 if hours and plain else plain, of_figure(words, of)
        for sentence in section.text:
            yield section.title, None, sentence


def _of(words: Words, table: Table) -> Sheet:
    columns = [Column(of.label, of.kind, of.decimals) for of in table.columns]
    rows = [[cell.value for cell in row] for row in table.rows]
    note = note_of(words, table)
    return Sheet(table.title, columns, rows, [note] if note else [])
