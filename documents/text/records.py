"""A normative document as its drafters count it: 编 章 节, 条 款 项 目 (立法法 article 65)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PartKind = Literal["book", "chapter", "section", "point"]
"""编, 章, 节, and the points 一、（一）1. of a document that has no articles."""


@dataclass(frozen=True, slots=True)
class Item:
    """A 项 （一） or, in it, a 目 1.; ``text`` goes without the label, and may have more lines."""

    number: int
    label: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A 款, counted from 1 in its article; ``text`` goes without the items that follow it."""

    number: int
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A 条: 第六条 has ``number`` 6 and ``inserted`` 0, 第六条之一 has 6 and 1.

    ``text`` is all of it without the label, a line for each 款, 项, 目 and row of a table (cells
    apart by tabs). ``book``, ``chapter`` and ``section`` are the headings above it as they stand
    (第一章 总则), empty where there is none.
    """

    number: int
    inserted: int
    label: str
    text: str
    paragraphs: tuple[Paragraph, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    book: str = ""
    chapter: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading 编, 章, 节; or a point, whose ``level`` is 1 of 一、, 2 of （一）, 3 of 1., 4 of
    （1）, and whose ``text`` is all that stands under it before the next label.

    ``first`` is the index of the first article beneath a heading.
    """

    kind: PartKind
    level: int
    number: int
    inserted: int
    label: str
    title: str
    text: str = ""
    first: int = 0

    @property
    def heading(self) -> str:
        """Label and title, 编 章 节 with one blank between."""
        blank = "" if self.kind == "point" else " "
        return f"{self.label}{blank}{self.title}".rstrip()


@dataclass(frozen=True, slots=True)
class Document:
    """A document, or an attachment of one, whose ``label`` is 附件1 or the like.

    ``number`` is the 文号, ``maker`` who made it; both empty where the text does not say.
    ``preamble`` are the paragraphs before the first part or article, ``closing`` those behind the
    last: signature, date, list of attachments. Articles of attachments stand with these alone.
    """

    title: str
    number: str = ""
    maker: str = ""
    preamble: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    articles: tuple[Article, ...] = ()
    closing: tuple[str, ...] = ()
    attachments: tuple[Document, ...] = ()
    label: str = ""
