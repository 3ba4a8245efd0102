"""A document by its clauses: parts of sentences between ；, items with what leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.text.records import Article, Document, Item

_SENTENCES = re.compile(r"[^。！？\n]+[。！？]?[”」』]?")
_CLAUSES = re.compile(r"[^；]+；?")
LONGEST = 1_500
"""Characters of a clause; of a longer one the beginning counts."""


@dataclass(frozen=True, slots=True)
class Clause:
    """``text`` stands in its document as it is; ``lead`` are the words before an item (有下列情形
    之一的：), ``before`` the clauses of the same sentence that stand before it.
    """

    article: Article | None
    text: str
    lead: str = ""
    before: str = ""


def clauses(document: Document) -> tuple[Clause, ...]:
    """Of articles with their items, of points in documents without articles, of the preamble."""
    found: list[Clause] = []
    for text in document.preamble:
        found += _of(None, text, "")
    for article in document.articles:
        for paragraph in article.paragraphs:
            found += _of(article, paragraph.text, "")
            found += _items(article, paragraph.items, _leading(paragraph.text))
    for part in document.parts:
        if part.kind == "point":
            found += _of(None, part.title, "")
            found += _of(None, part.text, "")
    return tuple(found)


def _items(article: Article, items: Iterable[Item], lead: str) -> Iterator[Clause]:
    for item in items:
        yield from _of(article, item.text, lead)
        yield from _items(article, item.items, lead + _leading(item.text))


def _leading(text: str) -> str:
    """The last sentence of a text that goes on with items."""
    sentences = _SENTENCES.findall(text)
    return str(sentences[-1]) if sentences and sentences[-1].rstrip().endswith(("：", ":")) else ""


def _of(article: Article | None, text: str, lead: str) -> Iterator[Clause]:
    for sentence in _SENTENCES.findall(text):
        before = ""
        for part in _CLAUSES.findall(sentence):
            if part.strip():
                yield Clause(article, part.strip()[:LONGEST], lead, before)
            before += part
