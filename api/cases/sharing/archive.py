"""Packages of shared cases: one zip with its sheet. Whatever comes is checked before any of it is
used. Pure.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Literal

import msgspec

from api.cases.sharing.records import (
    MOST_FILES,
    SCHEMA,
    SHEET,
    VERSION,
    ListedItem,
    Manifest,
    SharedItem,
    Sheet,
    hash_of,
    written,
)
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from config.vocabulary.time import day_of

MOST_PACKED, MOST_UNPACKED, MOST_SHEET = 8_000_000, 40_000_000, 500_000
"""Bytes: of a zip, of all its files, and of its sheet."""
REPORT, MANIFEST, WORD = "report.json", "manifest.json", "report.docx"
A_PIECE = 1 << 20
_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
"""The same content gives the same bytes."""
_SAFE = re.compile(r"items/[0-9]{3}-[a-z-]{1,20}-[a-z-]{1,20}\.json")
_NEEDED = (REPORT, MANIFEST, WORD)
_LAST_MS = 253_402_300_799_000
Wrong = Literal[
    "no-zip", "files", "path", "twice", "linked", "locked", "missing", "unnamed", "size", "hash",
    "large", "sheet", "schema", "version", "canonical", "item", "manifest", "report",
]  # fmt: skip


class NotAPackage(Exception):
    """A package that is not taken in: ``why``, and the ``file`` in it where one is the reason."""

    def __init__(self, why: Wrong, file: str = "") -> None:
        super().__init__(f"{why}: {file}" if file else why)
        self.why, self.file = why, file


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


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_sheet(files: bytes, sheet: bytes) -> bytes:
    """A zip of files with its sheet."""
    out = io.BytesIO(files)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as into:
        into.writestr(_entry(SHEET), sheet, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def opened(source: BinaryIO) -> Package:
    """A package, after everything in it was checked.

    Raises:
        NotAPackage: with the file that does not hold.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise NotAPackage("no-zip") from error
    with archive:
        names = _names(archive)
        if SHEET not in names:
            raise NotAPackage("missing", SHEET)
        body = b"".join(_pieces(archive, SHEET, MOST_SHEET))
        sheet = _sheet(body)
        files = _files(archive, sheet, names)
    return Package(sheet, body, _plain(files[REPORT]), tuple(_items(sheet, files)))


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAY_OF_ZIP)
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _names(archive: zipfile.ZipFile) -> set[str]:
    found: set[str] = set()
    every = archive.infolist()
    if len(every) > MOST_FILES + 1:
        raise NotAPackage("files")
    for entry in every:
        name = entry.filename
        if name not in (SHEET, *_NEEDED) and not _SAFE.fullmatch(name):
            raise NotAPackage("path", name[:100])
        if name in found:
            raise NotAPackage("twice", name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise NotAPackage("linked", name)
        if entry.flag_bits & 0x1:
            raise NotAPackage("locked", name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAPackage("no-zip", name)
        found.add(name)
    return found


def _sheet(body: bytes) -> Sheet:
    """Only the one writing of it is taken, so nothing unread is in it and its hash is its own."""
    try:
        head = msgspec.json.decode(body)
        schema, version = head["schema"], head["version"]
    except (msgspec.DecodeError, UnicodeError, KeyError, TypeError, RecursionError) as error:
        raise NotAPackage("sheet", SHEET) from error
    if schema != SCHEMA:
        raise NotAPackage("schema", SHEET)
    if version != VERSION:
        raise NotAPackage("version", SHEET)
    try:
        sheet = msgspec.json.decode(body, type=Sheet)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotAPackage("sheet", SHEET) from error
    if written(sheet) != body:
        raise NotAPackage("canonical", SHEET)
    return sheet


def _files(archive: zipfile.ZipFile, sheet: Sheet, names: set[str]) -> dict[str, bytes]:
    """Bytes that are unpacked count, not the sizes that the zip names."""
    paths = [of.path for of in sheet.files]
    if len(set(paths)) < len(paths):
        raise NotAPackage("twice", SHEET)
    for path in (*paths, *_NEEDED):
        if path not in names or path == SHEET or path not in paths:
            raise NotAPackage("missing", path)
    for name in sorted(names - {SHEET, *paths}):
        raise NotAPackage("unnamed", name)
    left, found = MOST_UNPACKED, {}
    for of in sheet.files:
        if of.size > left:
            raise NotAPackage("large", of.path)
        left -= of.size
        content = b"".join(_pieces(archive, of.path, of.size))
        if len(content) != of.size:
            raise NotAPackage("size", of.path)
        if hash_of(content) != of.sha256:
            raise NotAPackage("hash", of.path)
        found[of.path] = content
    return found


def _items(sheet: Sheet, files: Mapping[str, bytes]) -> Iterator[tuple[SharedItem, str, str]]:
    """Every item is listed with its reason, and every one that is listed is there."""
    sums = {of.path: of.sha256 for of in sheet.files if of.path not in _NEEDED}
    try:
        listed: tuple[ListedItem, ...] = msgspec.json.decode(files[MANIFEST], type=Manifest).items
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotAPackage("manifest", MANIFEST) from error
    if sorted(of.file for of in listed) != sorted(sums):
        raise NotAPackage("manifest", MANIFEST)
    for of in listed:
        try:
            item = msgspec.json.decode(files[of.file], type=SharedItem)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise NotAPackage("item", of.file) from error
        yield item, of.why, sums[of.file]


def _plain(body: bytes) -> Paper:
    """A report of somebody else as text alone: none of its values and links is trusted."""
    try:
        paper = msgspec.json.decode(body, type=Paper)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotAPackage("report", REPORT) from error
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


def _pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """A content piece by piece, refused where more comes than it may have."""
    left = most
    try:
        with archive.open(name) as content:
            while piece := content.read(A_PIECE):
                left -= len(piece)
                if left < 0:
                    raise NotAPackage("large" if name == SHEET else "size", name)
                yield piece
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise NotAPackage("no-zip", name) from error
