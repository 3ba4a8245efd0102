"""The body of an article: 款, 项, 目 and rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.text.labels import Label, point_of
from documents.text.lines import Line
from documents.text.records import Item, Paragraph


@dataclass(slots=True)
class _Open:
    """An item whose own items are not all known."""

    label: Label
    items: list[_Open] = field(default_factory=list)

    def closed(self) -> Item:
        within = tuple(item.closed() for item in self.items)
        return Item(self.label.number, self.label.label, self.label.rest, within)


@dataclass(slots=True)
class _OpenParagraph:
    text: str
    items: list[_Open] = field(default_factory=list)


def text_of(lines: Sequence[Line]) -> str:
    """All text, a line each."""
    return "\n".join(line.text for line in lines if line.text)


def rows_of(lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    """Rows of tables, cell by cell."""
    return tuple(line.cells for line in lines if line.cells)


def paragraphs_of(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """款 in their order; one that begins with an item has no text of its own."""
    found = list[_OpenParagraph]()
    path = list[_Open]()
    for line in lines:
        if line.cells or not line.text:
            continue
        label = None if line.quoted else point_of(line.text)
        if label is None:
            found.append(_OpenParagraph(line.text))
            path = []
            continue
        if not found:
            found.append(_OpenParagraph(""))
        while path and path[-1].label.level >= label.level:
            path.pop()
        item = _Open(label)
        (path[-1].items if path else found[-1].items).append(item)
        path.append(item)
    return tuple(
        Paragraph(number, of.text, tuple(item.closed() for item in of.items))
        for number, of in enumerate(found, 1)
    )
