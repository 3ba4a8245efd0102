"""Characters put together to rows, from above, and cells where a row falls apart."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from documents.text.labels import article_of, heading_of
from documents.text.lines import clean, is_wide
from documents.text.pdf.glyphs import Glyph

_SAME, _SMALL = 0.45, 0.75
"""Of a size: rows lie farther apart; a note's number is smaller."""
_BLANK, _FAR = 0.75, 3.0
"""Of a size: the gap of a blank between two characters, and between two cells."""
_TITLE = 1
"""Characters of a piece of a title that is spread."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of text; ``cells`` has more than one where wide gaps part it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    cells: tuple[str, ...] = ()


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """Rows from above."""
    return [row for of in _grouped(glyphs) if (row := _row(of))]


def text_of(glyphs: Iterable[Glyph]) -> str:
    """The text of a cell, its rows put together."""
    return "".join(row.text for row in rows_of(glyphs))


def _grouped(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    group = list[Glyph]()
    for of in sorted(glyphs, key=lambda of: -of.base):
        if group and group[0].base - of.base > _SAME * max(group[0].size, of.size):
            yield group
            group = []
        group.append(of)
    if group:
        yield group


def _row(group: Sequence[Glyph]) -> Row | None:
    size = statistics.median(of.size for of in group)
    kept = [of for of in group if of.size >= _SMALL * size or not _is_note(of)]
    if not kept:
        return None
    kept.sort(key=lambda of: of.left)
    texts = [""]
    for before, of in zip([None, *kept[:-1]], kept, strict=True):
        gap = of.left - before.right if before else 0.0
        if gap > _FAR * size and not _is_label(texts[-1]):
            texts.append("")
        elif before and (of.after_blank or gap > _BLANK * size):
            texts[-1] += " "
        texts[-1] += of.character
    if _is_spread(texts):
        texts = [" ".join(texts)]
    cells = tuple(map(tidy, texts))
    right = max(of.right for of in kept)
    base = statistics.median(of.base for of in kept)
    return Row(" ".join(cells), kept[0].left, right, base, size, cells if len(cells) > 1 else ())


def _is_spread(texts: Sequence[str]) -> bool:
    """Whether no cells stand apart, but the characters of a title: 第四章 附　　　　则."""
    label = heading_of(texts[0])
    first = label.rest if label else texts[0]
    return all(len("".join(text.split())) <= _TITLE for text in (first, *texts[1:]))


def _is_note(of: Glyph) -> bool:
    return of.character.isdigit() or of.character in "[]［］〔〕*※①②③④⑤⑥⑦⑧⑨"


def _is_label(text: str) -> bool:
    label = article_of(text) or heading_of(text)
    return bool(label and not label.rest)


def tidy(text: str) -> str:
    """A text without the blanks beside Chinese characters, but for that behind a label."""
    text = clean(text)
    label = article_of(text) or heading_of(text)
    if label is None or not label.parted:
        return _close(text)
    return f"{label.label} {_close(label.rest)}".rstrip()


def _close(text: str) -> str:
    words = text.split()
    found = words[0] if words else ""
    for word in words[1:]:
        found += word if is_wide(found[-1]) or is_wide(word[0]) else f" {word}"
    return found
