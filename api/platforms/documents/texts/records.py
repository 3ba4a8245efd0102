"""Normative documents as the centre keeps them. Pure; days are ISO text of the district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from documents.citing.records import Citation
from documents.comparing.records import Pair
from documents.laws.records import Law
from documents.text.records import Article, Document, Part

KIND = "text"
"""Of the item."""
Kind = Literal[
    "resolution", "government", "department", "supervisory", "court", "procuratorate", "town",
    "other",
]  # fmt: skip
"""By the makers whose documents a district files: 监督法 article 39."""
KINDS: tuple[Kind, ...] = get_args(Kind)
Validity = Literal["in-force", "coming", "unstated", "expired", "repealed"]
"""Of a text on a day. ``unstated``: in force, and nobody wrote until when; ``coming``: not yet."""
VALIDITIES: tuple[Validity, ...] = get_args(Validity)
A_PAGE = 50
LONGEST_TITLE, LONGEST_NUMBER = 300, 100
Word = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
DAYS = ("passed", "published", "in_force", "valid_until")


class Asked(BaseModel):
    """A question for the list: ``q`` a part of a title or 文号, ``maker`` the id of a unit."""

    q: Word = ""
    maker: Word = ""
    kind: Literal["", Kind] = ""
    validity: Literal["", Validity] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a version beside its articles; ``maker`` is the id of a unit, ``number``
    the 文号 or empty. ``valid_until`` is the last day on which it holds.
    """

    maker: str
    kind: Kind
    title: str
    number: str = ""
    passed: str | None = None
    published: str | None = None
    in_force: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A text with the facts of its newest ``version``, counted from 1. ``repealed`` is the first
    day on which it holds no more, and ``why`` by what.
    """

    id: int
    version: int
    facts: Facts
    repealed: str | None
    why: str
    kept_by: str
    kept_ms: int

    def validity(self, day: str) -> Validity:
        """How it stands on a day."""
        facts = self.facts
        if self.repealed and self.repealed <= day:
            return "repealed"
        if facts.valid_until and facts.valid_until < day:
            return "expired"
        if facts.in_force and facts.in_force > day:
            return "coming"
        return "in-force" if facts.valid_until else "unstated"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a text; ``sha256`` names its original file."""

    id: int
    text: int
    version: int
    facts: Facts
    sha256: str
    file_name: str
    kept_by: str
    kept_ms: int


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """A row of a version: an article, or a point of a document that has no articles, whose
    ``number`` is 0 where no other point has its label. ``text`` goes without the label.
    """

    id: int
    position: int
    article: Article


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another room's part of a text, and its words."""

    said: str
    path: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A text in one version, with its other versions, the newest first."""

    kept: Kept
    version: Version
    versions: Sequence[Version]
    document: Document
    citations: Sequence[Citation]
    cited: dict[str, int]
    """Texts that are kept, by the title as it is cited."""
    laws: Mapping[str, Law] = field(default_factory=dict)
    """Laws that the table knows, by the title as it is cited: short, or of before."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions side by side."""

    kept: Kept
    old: Version
    new: Version
    pairs: Sequence[Pair]


def articles_of(document: Document) -> Iterator[Article]:
    """Articles, or of a document without any its points, each under its own label and after the
    headings above it.
    """
    yield from document.articles
    if document.articles:
        return
    above: list[Part] = []
    for part in document.parts:
        if part.kind == "point":
            above = [of for of in above if of.level < part.level]
            text = "\n".join(filter(None, (part.title, part.text)))
            chapter = "".join(of.label for of in above)
            yield Article(part.number, part.inserted, part.label, text, chapter=chapter)
            above.append(part)


def paragraphs_of(document: Document) -> Iterator[str]:
    """Everything that is searched for: preamble, articles with labels and headings, closing, and
    attachments.
    """
    yield from document.preamble
    heading = ""
    for article in articles_of(document):
        above = " ".join(filter(None, (article.book, article.chapter, article.section)))
        if document.articles and above != heading:
            heading = above
            yield above
        yield f"{article.label} {article.text}"
    yield from document.closing
    for attached in document.attachments:
        yield " ".join(filter(None, (attached.label, attached.title)))
        yield from paragraphs_of(attached)


def named(title: str) -> str:
    """A title as it is compared with others: without 《》, blanks, and the state's name."""
    plain = "".join(title.split()).strip("《》〈〉")
    return plain.removeprefix("中华人民共和国") or plain


def completed(facts: Facts, document: Document) -> Facts:
    """Facts with title and 文号 out of the text where nobody gave them."""
    title = facts.title or " ".join(document.title.split())
    number = facts.number or " ".join(document.number.split())
    return replace(facts, title=title[:LONGEST_TITLE], number=number[:LONGEST_NUMBER])
