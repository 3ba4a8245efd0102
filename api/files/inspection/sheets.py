"""Workbooks and tables in text: their rows as text, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from api.files.inspection.findings import UNREAD, Finding, sample
from api.files.inspection.office import of_package
from api.files.inspection.packed import Element, Packed, attribute, every, text_of
from tabular.files import unpacking, workbooks
from tabular.sheets import Sheet, sheets_of

_BOOK = "xl/workbook.xml"
_MADE_BY_EXCEL = "_xlnm."
"""Names of print areas and filters."""


def text(source: Path) -> Iterator[str]:
    """The name of each sheet that is shown, and its rows."""
    found = _opened(source)
    for sheet in found:
        if sheet.hidden:
            continue
        if len(found) > 1:
            yield sheet.name
        for row in sheet.rows:
            yield "\t".join("" if cell is None else str(cell) for cell in row)


def _opened(source: Path) -> tuple[Sheet, ...]:
    """Here, for this process has bounds of its own."""
    content = unpacking.content_of(source)
    return sheets_of(content) if content.form == "text" else workbooks.opened(content)


def hidden_of_old(source: Path) -> Iterator[Finding]:
    """Of a workbook of before 2007 the sheets alone are known."""
    yield UNREAD
    for sheet in _opened(source):
        if sheet.hidden:
            yield Finding("hidden-sheets", sheet.name)


def hidden(packed: Packed) -> Iterator[Finding]:
    """Sheets, rows and columns, notes, names, links to other files, properties."""
    book = packed.xml(_BOOK)
    targets = packed.targets(_BOOK)
    for sheet in every(book, "sheet"):
        name, state = attribute(sheet, "name"), attribute(sheet, "state")
        part = targets.get(attribute(sheet, "id"), "")
        if state == "hidden":
            yield Finding("hidden-sheets", name)
        elif state == "veryHidden":
            yield Finding("very-hidden-sheets", name)
        yield from _of_sheet(packed, part, name)
    for of in every(book, "definedName"):
        name = attribute(of, "name")
        if not name.startswith(_MADE_BY_EXCEL):
            yield Finding("names", name, sample(of.text or ""))
    for part in packed.below("xl/externalLinks/", ".xml"):
        yield Finding("external-links", part.rpartition("/")[2], _link(packed, part))
    yield from of_package(packed, "xl/")


def _of_sheet(packed: Packed, part: str, name: str) -> Iterator[Finding]:
    root = packed.xml(part)
    rows = [attribute(of, "r") for of in every(root, "row") if _is_hidden(of)]
    if rows:
        yield Finding("hidden-rows", name, sample(", ".join(rows)), len(rows))
    columns = [_span(of) for of in every(root, "col") if _is_hidden(of)]
    if columns:
        yield Finding("hidden-columns", name, sample(", ".join(columns)), len(columns))
    for target in packed.targets(part).values():
        if "comments" in target.lower():
            for of in every(packed.xml(target), "comment", "threadedComment"):
                where = f"{name}!{attribute(of, 'ref')}"
                yield Finding("comments", where, sample(text_of(of, "t", "text")))


def _is_hidden(of: Element) -> bool:
    return attribute(of, "hidden") in ("1", "true") or attribute(of, "ht") == "0"


def _span(column: Element) -> str:
    first, last = attribute(column, "min"), attribute(column, "max")
    return _letters(first) if first == last else f"{_letters(first)}:{_letters(last)}"


def _letters(number: str) -> str:
    """The letters above a column, 1 is A."""
    left, found = int(number or 0), ""
    while left > 0:
        left, rest = divmod(left - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _link(packed: Packed, part: str) -> str:
    folder, _, file = part.rpartition("/")
    root = packed.xml(f"{folder}/_rels/{file}.rels")
    return sample(" ".join(of.get("Target", "") for of in (root if root is not None else ())))
