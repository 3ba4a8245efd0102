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
    more: list[str] = field(default_factory=list)

    def closed(self) -> Item:
        within = tuple(item.closed() for item in self.items)
        text = "\n".join((self.label.rest, *self.more))
        return Item(self.label.number, self.label.label, text, within)


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
    """款 in their order; one that begins with an item has no text of its own.

    A paragraph between two items whose numbers go on belongs to the first of them.
    """
    found = list[_OpenParagraph]()
    for line in lines:
        if line.cells or not line.text:
            continue
        label = None if line.quoted else point_of(line.text)
        if label is None or (not found and label.level == 1 and label.number > 1):
            found.append(_OpenParagraph(line.text))
            continue
        if not found:
            found.append(_OpenParagraph(""))
        _take_back(found, label)
        _put(found[-1].items, _Open(label))
    return tuple(
        Paragraph(number, of.text, tuple(item.closed() for item in of.items))
        for number, of in enumerate(found, 1)
    )


def _take_back(found: list[_OpenParagraph], label: Label) -> None:
    """Put a paragraph without items to the last item before it, where a label goes on from it."""
    if len(found) < 2 or found[-1].items or not found[-2].items:
        return
    last = found[-2].items[-1]
    if last.label.level == label.level and last.label.number + 1 == label.number:
        last.more.append(found.pop().text)


def _put(items: list[_Open], item: _Open) -> None:
    """Put an item below the last one of a higher level."""
    while items and items[-1].label.level < item.label.level:
        items = items[-1].items
    items.append(item)
