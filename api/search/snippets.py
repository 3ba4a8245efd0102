"""A piece of a text around the words of a question, as data: pages escape it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.search.folding import folded
from api.search.records import Piece

BEFORE, LENGTH = 24, 120
"""Characters before the first word, and of a snippet."""
CUT = "…"


def best(folded_text: str, words: Sequence[str]) -> int:
    """The number of the paragraph that has the most of the words, the first of equals; 0, the
    title's, where none has any.
    """
    lines = folded_text.split("\n")
    counts = [0, *(sum(word in line for word in words) for line in lines[1:])]
    return counts.index(max(counts))


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """A text with the words marked."""
    return _pieces(text, list(_spans(text, words)), 0, len(text))


def snippet(text: str, words: Sequence[str]) -> list[Piece]:
    """A part of a paragraph, beginning a little before the first word."""
    spans = list(_spans(text, words))
    first = spans[0][0] if spans else 0
    begin = max(min(first - BEFORE, len(text) - LENGTH), 0)
    end = min(begin + LENGTH, len(text))
    before = [Piece(CUT)] if begin else []
    after = [Piece(CUT)] if end < len(text) else []
    return [*before, *_pieces(text, spans, begin, end), *after]


def _spans(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where words stand in a text, by place; those that touch are one."""
    compared = folded(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = compared.text.find(word)
        while at >= 0:
            last = at + len(word) - 1
            found.append((compared.origins[at], compared.origins[last] + 1))
            at = compared.text.find(word, at + len(word))
    end, begin = -1, -1
    for first, last in sorted(found):
        if first > end:
            if end > 0:
                yield begin, end
            begin = first
        end = max(end, last)
    if end > 0:
        yield begin, end


def _pieces(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = begin
    for of in spans:
        first, last = max(of[0], begin), min(of[1], end)
        if first >= last:
            continue
        if at < first:
            pieces.append(Piece(text[at:first]))
        pieces.append(Piece(text[first:last], marked=True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces
