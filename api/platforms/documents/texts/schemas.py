"""Texts over the API and in forms. Days are ISO text, instants UTC epoch ms."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api.platforms.documents.texts.records import (
    KINDS,
    Compared,
    Facts,
    Kept,
    Kind,
    Shown,
    Validity,
    articles_of,
)
from api.web.forms import MOST_ID, NotAccepted, Typed, day
from config.vocabulary.errors import Fault
from documents.citing.records import Role
from documents.comparing.records import Change
from documents.laws.records import Law


class Given(BaseModel):
    """The facts of a text as a form has them beside its file: title and 文号 that are empty come
    out of the text, days may be left out. ``after`` is the version that was seen last.
    """

    model_config = ConfigDict(extra="forbid")
    maker: Typed = ""
    kind: Typed = ""
    title: Typed = ""
    number: Typed = ""
    passed: Typed = ""
    published: Typed = ""
    in_force: Typed = ""
    valid_until: Typed = ""
    after: Annotated[int, Field(ge=0, le=MOST_ID)] = 0

    def facts(self) -> Facts:
        """As facts.

        Raises:
            NotAccepted: a kind or a day that is none.
        """
        kind = next((of for of in KINDS if of == self.kind), None)
        if kind is None:
            fault = Fault("kind", "is unknown", f"give one of {', '.join(KINDS)}")
            raise NotAccepted(fault, "kind")
        return Facts(
            maker=self.maker,
            kind=kind,
            title=" ".join(self.title.split()),
            number="".join(self.number.split()),
            passed=day("passed", self.passed.strip()),
            published=day("published", self.published.strip()),
            in_force=day("in_force", self.in_force.strip()),
            valid_until=day("valid_until", self.valid_until.strip()),
        )


class Sent(Given):
    """The same with the file: docx, plain text, or PDF with text."""

    file: UploadFile


class Repealing(BaseModel):
    """Since which day a text holds no more, and by what."""

    model_config = ConfigDict(extra="forbid")
    repealed: Typed
    why: Typed


class TextLine(BaseModel):
    """A text with the facts of its newest version; ``maker`` is the id of a unit."""

    id: int
    version: int
    maker: str
    kind: Kind
    title: str
    number: str
    passed: str | None
    published: str | None
    in_force: str | None
    valid_until: str | None
    validity: Validity
    repealed: str | None
    why: str
    kept_ms: int


class TextList(BaseModel):
    """A page of texts, and how many there are."""

    count: int
    texts: list[TextLine]


class VersionLine(BaseModel):
    """A version of a text; ``sha256`` is of its original file."""

    version: int
    title: str
    number: str
    published: str | None
    sha256: str
    kept_ms: int


class ArticleState(BaseModel):
    """An article, or a point of a text without articles; ``chapter`` is the heading above."""

    number: int
    inserted: int
    label: str
    chapter: str
    text: str


class CitationState(BaseModel):
    """A place in another law or text: ``article`` is the index of the citing one, ``text`` the
    one that is kept of it. ``title`` is the full one of a law that the table knows, with its
    repeal.
    """

    article: int | None
    law: str
    words: str
    role: Role
    text: int | None
    title: str | None
    repealed: date | None
    repealed_by: str | None


class TextState(TextLine):
    """A text in one version, article by article."""

    shown: int
    versions: list[VersionLine]
    preamble: list[str]
    articles: list[ArticleState]
    citations: list[CitationState]


class PairState(BaseModel):
    """An article of the older version beside what it became; labels are null of what came or
    went.
    """

    change: Change
    old: str | None
    new: str | None
    marks: list[str]


class ComparedState(BaseModel):
    """Every article of two versions, in the order of the newer one."""

    old: int
    new: int
    pairs: list[PairState]


def given(kept: Kept) -> Given:
    """The form of the next version as it is first shown: title, 文号 and days are its own."""
    return Given(maker=kept.facts.maker, kind=kept.facts.kind, after=kept.version)


def line(of: Kept, today: str) -> TextLine:
    """A text as programs see it."""
    return TextLine(**_values(of, today))


def state(shown: Shown, today: str) -> TextState:
    """A text in one version as programs see it."""
    articles = [
        ArticleState(number=of.number, inserted=of.inserted, label=of.label, text=of.text,
                     chapter=" ".join(filter(None, (of.book, of.chapter, of.section))))
        for of in articles_of(shown.document)
    ]  # fmt: skip
    versions = [
        VersionLine(version=of.version, title=of.facts.title, number=of.facts.number,
                    published=of.facts.published, sha256=of.sha256, kept_ms=of.kept_ms)
        for of in shown.versions
    ]  # fmt: skip
    return TextState(
        **_values(shown.kept, today),
        shown=shown.version.version,
        versions=versions,
        preamble=list(shown.document.preamble),
        articles=articles,
        citations=[
            CitationState(article=of.article, law=of.law, words=of.words, role=of.role,
                          text=shown.cited.get(of.law), **_law(shown.laws.get(of.law)))
            for of in shown.citations
            if of.law
        ],
    )  # fmt: skip


def _law(of: Law | None) -> dict[str, Any]:
    if of is None:
        return {"title": None, "repealed": None, "repealed_by": None}
    return {"title": of.title, "repealed": of.repealed, "repealed_by": of.repealed_by or None}


def comparison(of: Compared) -> ComparedState:
    """Two versions as programs see them."""
    pairs = [
        PairState(
            change=pair.change,
            old=pair.old.label if pair.old else None,
            new=pair.new.label if pair.new else None,
            marks=list(pair.marks),
        )
        for pair in of.pairs
    ]
    return ComparedState(old=of.old.version, new=of.new.version, pairs=pairs)


def _values(of: Kept, today: str) -> dict[str, Any]:
    facts = of.facts
    return {
        "id": of.id,
        "version": of.version,
        "maker": facts.maker,
        "kind": facts.kind,
        "title": facts.title,
        "number": facts.number,
        "passed": facts.passed,
        "published": facts.published,
        "in_force": facts.in_force,
        "valid_until": facts.valid_until,
        "validity": of.validity(today),
        "repealed": of.repealed,
        "why": of.why,
        "kept_ms": of.kept_ms,
    }
