"""The lines of a Word file's body; headers, notes, comments and boxes are none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.text.labels import article_of, begins_with_label, heading_of
from documents.text.lines import Line, clean, joined, row
from documents.text.word.numbering import Numbering
from documents.text.word.package import Element, Package, child, children, is_on, local, value
from documents.text.word.runs import Fields, text_of
from documents.text.word.styles import Styles

_WITHIN = ("ins", "moveTo", "customXml", "smartTag", "sdt", "sdtContent", "Choice")
_DEEPEST = 40
_ENDS = tuple("。；;：:！？!?")
_LEAST = 12
"""Characters of a line that may go on behind a break."""


@dataclass(frozen=True, slots=True)
class _Carried:
    """Text whose paragraph's end was deleted, so that it runs into the next."""

    text: str
    label: str
    level: int


def lines(path: Path) -> list[Line]:
    """Lines in their order.

    Raises:
        FaultyInput: the file is damaged, or too large.
    """
    package = Package(path)
    return _Body(package).lines(package.body)


class _Body:
    """The state that goes on from paragraph to paragraph."""

    def __init__(self, package: Package) -> None:
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering, self._styles.list_of_style)
        self._fields = Fields()
        self._carried: _Carried | None = None

    def lines(self, element: Element) -> list[Line]:
        """Lines below an element, and what is carried at its end."""
        return [*self._blocks(element, 0), *self._rest()]

    def _blocks(self, element: Element, depth: int) -> Iterator[Line]:
        if depth > _DEEPEST:
            return
        for of in element:
            name = local(of)
            if name == "p":
                yield from self._paragraph(of)
            elif name == "tbl":
                yield from self._rest()
                yield from self._rows(of, depth)
            elif name in _WITHIN and not _is_contents(of):
                yield from self._blocks(of, depth + 1)
            elif name == "AlternateContent":
                yield from self._blocks([*children(of, "Choice")][:1], depth + 1)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        text = text_of(paragraph, self._fields)
        mark = child(paragraph, "pPr", "rPr")
        gone = is_on(mark, "del") or is_on(mark, "moveFrom")
        if self._styles.is_contents(paragraph):
            return
        if is_on(mark, "vanish") and not text:
            return
        carried, self._carried = self._carried, None
        if gone and not text:
            self._carried = carried
            return
        label, level = self._label(paragraph), self._styles.level(paragraph)
        if carried:
            label, level = carried.label or label, carried.level or level
            text = carried.text + text
        if gone:
            self._carried = _Carried(text, label, level)
        else:
            yield from _lines(text, label, level)

    def _label(self, paragraph: Element) -> str:
        """The automatic number of a paragraph, which is counted by asking for it."""
        listed = self._styles.listed(paragraph)
        if listed is None:
            return ""
        level = listed.level
        for style in listed.styles:
            found = self._numbering.level_of_style(listed.list, style)
            if found is not None:
                level = found
                break
        return clean(self._numbering.next(listed.list, level or 0))

    def _rest(self) -> Iterator[Line]:
        carried, self._carried = self._carried, None
        if carried:
            yield from _lines(carried.text, carried.label, carried.level)

    def _rows(self, table: Element, depth: int) -> Iterator[Line]:
        """Rows of a table, cell by cell; those that were deleted are gone."""
        for of in _flat(table, "tr"):
            if is_on(of, "trPr", "del"):
                continue
            cells = [
                " ".join(line.text for line in (*self._blocks(cell, depth + 1), *self._rest()))
                for cell in _flat(of, "tc")
            ]
            if any(cells):
                yield row(tuple(" ".join(cell.split()) for cell in cells))


def _flat(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those within controls."""
    for of in element:
        if local(of) == name:
            yield of
        elif local(of) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _flat(of, name)


def _is_contents(control: Element) -> bool:
    gallery = value(control, "sdtPr", "docPartObj", "docPartGallery") or ""
    return "table of contents" in gallery.lower()


def _lines(text: str, label: str, level: int) -> Iterator[Line]:
    """A paragraph; where a line break stands in for the end of one, it is one."""
    parts = list[str]()
    for piece in (clean(of) for of in text.split("\n")):
        if not piece:
            continue
        goes_on = parts and len(parts[-1]) >= _LEAST and not parts[-1].endswith(_ENDS)
        if goes_on and not begins_with_label(piece):
            parts[-1] = joined(parts[-1], piece)
        else:
            parts.append(piece)
    for at, part in enumerate(parts):
        if at or not label:
            yield Line(part, level)
            continue
        surely = bool(article_of(label) or heading_of(label, surely=True))
        yield Line(f"{label} {part}" if surely else label + part, level, surely=surely)
