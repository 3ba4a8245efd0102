"""Documents as they are written, and the labels of what was planted in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 12, 1)
"""The day from which expired and repealed are seen."""


@dataclass(frozen=True, slots=True)
class Label:
    """A planted fault, or what seems one: ``words`` stand in the part ``article`` of ``file``."""

    file: str
    kind: str
    article: str
    words: str
    note: str
    innocent: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``part`` is 标题, 文号, 题注, 印发语, 落款, 附表, or the article it belongs to.

    ``style`` is title, number, caption, body, sign, chapter, article (the first paragraph of one,
    without its number), clause or item. ``former`` is wording that a revision struck out.
    """

    part: str
    style: str
    text: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document; ``word`` is empty for Markdown, ``typed`` or ``automatic`` for Word with such
    numbers.
    """

    file: str
    title: str
    number: str
    maker: str
    published_on: date | None
    word: str
    paragraphs: tuple[Paragraph, ...]

    def part(self, name: str) -> str:
        """The text of a part, its paragraphs in lines; empty where there is none."""
        return "\n".join(one.text for one in self.paragraphs if one.part == name)


@dataclass(frozen=True, slots=True)
class Succession:
    """Articles of two versions: ``kind`` is same, moved, merged, reworded, new or gone."""

    file: str
    earlier: str
    kind: str
    articles: tuple[str, ...]
    earlier_articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All documents of a seed."""

    documents: tuple[Document, ...]
    earlier: tuple[Document, ...]
    successions: tuple[Succession, ...]
    labels: tuple[Label, ...]
