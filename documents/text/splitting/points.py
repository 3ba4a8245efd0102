"""Points of a document that has no articles: 一、（一）1.（1）."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.text.labels import Label, heading_of, point_of
from documents.text.lines import Line
from documents.text.records import Part


@dataclass(slots=True)
class _Open:
    label: Label
    texts: list[str] = field(default_factory=list)


def first(lines: Sequence[Line]) -> int:
    """The index of the first part, the number of lines where there is none.

    A document of points has a 一、, or headings 第一部分.
    """
    for at, line in enumerate(lines):
        if line.apart:
            continue
        label = heading_of(line.text, surely=line.surely) or point_of(line.text)
        if label and label.number == 1 and (label.kind != "point" or label.level in (1, 2)):
            return at
    return len(lines)


def parts_of(lines: Sequence[Line]) -> tuple[Part, ...]:
    """Parts in their order, each with the text until the next label."""
    found = list[_Open]()
    for line in lines:
        label = None
        if not line.apart:
            label = heading_of(line.text, surely=line.surely) or point_of(line.text)
        if label:
            found.append(_Open(label))
        elif found and line.text:
            found[-1].texts.append(line.text)
    return tuple(_closed(of) for of in found)


def _closed(of: _Open) -> Part:
    label = of.label
    title = label.rest
    return Part(
        label.kind, label.level, label.number, label.inserted, label.label, title,
        "\n".join(of.texts),
    )  # fmt: skip
