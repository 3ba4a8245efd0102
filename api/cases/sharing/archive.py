"""Packages of shared cases: one zip with its sheet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from api.cases.sharing.records import (
    MOST_FILES,
    SCHEMA,
    SHEET,
    VERSION,
    ListedItem,
    Manifest,
    SharedItem,
    Sheet,
    written,
)
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from api.packages import archive as packages
from api.packages.archive import NotAPackage
from config.vocabulary.time import day_of

MOST_PACKED, MOST_UNPACKED, MOST_SHEET = 8_000_000, 40_000_000, 500_000
"""Bytes: of a zip, of all its files, and of its sheet."""
REPORT, MANIFEST, WORD = "report.json", "manifest.json", "report.docx"
_NEEDED = (REPORT, MANIFEST, WORD)
_ITEM = re.compile(r"items/[0-9]{3}-[a-z-]{1,20}-[a-z-]{1,20}\.json")
_PATHS = re.compile("|".join((_ITEM.pattern, *map(re.escape, _NEEDED))))
FORM = packages.Form(SHEET, SCHEMA, VERSION, _PATHS, MOST_FILES, MOST_SHEET, MOST_UNPACKED)
_LAST_MS = 253_402_300_799_000


@dataclass(frozen=True, slots=True)
class Package:
    """A package that holds: its sheet and that as it was written, the report as text alone, and
    the items, each with why it belongs.
    """

    sheet: Sheet
    body: bytes
    paper: Paper
    items: tuple[tuple[SharedItem, str, str], ...]
    """Item, why it belongs, SHA-256."""


def opened(source: BinaryIO) -> Package:
    """A package, after everything in it was checked.

    Raises:
        NotAPackage: with the file that does not hold.
    """
    with packages.opened(source, FORM) as package:
        sheet, body = package.sheet(Sheet)
        # One writing alone is taken: nothing unread is in it, and its hash is its own.
        if written(sheet) != body:
            raise NotAPackage("canonical", SHEET)
        package.check(sheet.files)
        for path in _NEEDED:
            if path not in {of.path for of in sheet.files}:
                raise NotAPackage("missing", path)
        files = {of.path: b"".join(package.content(of)) for of in sheet.files}
    return Package(sheet, body, _plain(files[REPORT]), tuple(_items(sheet, files)))


def _items(sheet: Sheet, files: Mapping[str, bytes]) -> Iterator[tuple[SharedItem, str, str]]:
    """Every item is listed with its reason, and every one that is listed is there."""
    sums = {of.path: of.sha256 for of in sheet.files if of.path not in _NEEDED}
    listed: tuple[ListedItem, ...]
    listed = packages.decoded(files[MANIFEST], Manifest, MANIFEST).items
    if sorted(of.file for of in listed) != sorted(sums):
        raise NotAPackage("manifest", MANIFEST)
    for of in listed:
        item = packages.decoded(files[of.file], SharedItem, of.file, "item")
        yield item, of.why, sums[of.file]


def _plain(body: bytes) -> Paper:
    """A report of somebody else as text alone: none of its values and links is trusted."""
    paper = packages.decoded(body, Paper, REPORT, "report")
    sections = tuple(_section(number, of) for number, of in enumerate(paper.sections))
    return Paper(paper.title, paper.subtitle, paper.issuer, sections)


def _section(number: int, of: Section) -> Section:
    tables = tuple(_table(one) for one in of.tables)
    figures = tuple(Figure("", one.label, f"{one.value}", "text") for one in of.figures)
    return Section(f"part-{number}", of.title, of.text, figures, tables)


def _table(of: Table) -> Table:
    columns = tuple(Column("", one.label) for one in of.columns)
    if any(len(row) != len(columns) for row in of.rows):
        raise NotAPackage("report", REPORT)
    rows = tuple(
        tuple(Cell(_text(cell, column)) for cell, column in zip(row, of.columns, strict=True))
        for row in of.rows
    )
    return Table("", of.title, columns, rows, of.note)


def _text(cell: Cell, column: Column) -> str:
    if column.kind == "instant" and isinstance(cell.value, int) and 0 <= cell.value <= _LAST_MS:
        return day_of(cell.value)
    return "" if cell.value is None else f"{cell.value}"
