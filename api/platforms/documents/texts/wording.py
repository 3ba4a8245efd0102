"""Texts in words: as a line, as a whole with its citations, and versions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.platforms.documents.laws import wording as law_wording
from api.platforms.documents.laws.records import key_of
from api.platforms.documents.texts.records import (
    DAYS,
    Compared,
    Facts,
    Kept,
    Shown,
    Validity,
    articles_of,
    named,
)
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words
from documents.comparing.marks import runs
from documents.comparing.records import Pair, Run
from documents.laws.records import Law
from documents.text.records import Article, Document, Item

TONES: Mapping[Validity, str] = {
    "in-force": "tone-green",
    "coming": "tone-gray",
    "unstated": "tone-yellow",
    "expired": "tone-red",
    "repealed": "tone-red",
}
COLUMNS = ("title", "number", "maker", "kind", *DAYS, "validity", "version", "kept")
_HEADS = Heads(
    "documents.texts.column",
    COLUMNS,
    {**dict.fromkeys(DAYS, "day"), "version": "count", "kept": "instant"},
)


@dataclass(frozen=True, slots=True)
class Row:
    """A text of the list."""

    id: int
    title: str
    about: str
    validity: str
    tone: str


@dataclass(frozen=True, slots=True)
class Said:
    """A 款, or a 项 or 目 of it, whose ``depth`` is 1 or more."""

    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class Block:
    """An article or a point below its heading, which is empty where it is that of the one before.
    ``anchor`` names it in addresses.
    """

    anchor: str
    heading: str
    label: str
    said: Sequence[Said]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: where it stands, its words, why, and the text that is kept of it, or 0. Of a law
    that the table knows its ``key`` there, the full title where another one is cited, and since
    when it was repealed by what; empty of others.
    """

    where: str
    anchor: str
    law: str
    words: str
    role: str
    text: int
    key: str
    full: str
    repealed: str


@dataclass(frozen=True, slots=True)
class Change:
    """An article beside what it became; ``runs`` are empty where nothing was reworded."""

    change: str
    old: str
    new: str
    marks: Sequence[str]
    runs: Sequence[Run]
    text: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Changes between versions, and how many articles stayed as they were."""

    changes: Sequence[Change]
    same: int


def row(t: Words, kept: Kept, makers: Mapping[str, str], today: str) -> Row:
    """A text as a line of the list."""
    facts = kept.facts
    day = t("documents.texts.published-on", day=facts.published) if facts.published else ""
    about = (facts.number, makers.get(facts.maker, facts.maker), kind(t, facts), day)
    said = validity(t, kept, today)
    return Row(kept.id, facts.title, " · ".join(filter(None, about)), said, tone(kept, today))


def validity(t: Words, kept: Kept, today: str) -> str:
    """How a text stands today."""
    return t(f"documents.texts.validity-{kept.validity(today)}")


def tone(kept: Kept, today: str) -> str:
    """The colour of that."""
    return TONES[kept.validity(today)]


def kind(t: Words, facts: Facts) -> str:
    """The name of a kind of text."""
    return t(f"documents.texts.kind-{facts.kind}")


def days(t: Words, facts: Facts) -> Sequence[tuple[str, str]]:
    """Every day of a version with its name, also those that nobody stated."""
    unknown = t("documents.texts.not-stated")
    return [
        (t(f"documents.texts.column-{name}"), getattr(facts, name) or unknown) for name in DAYS
    ]


def blocks(document: Document) -> Sequence[Block]:
    """A document as its page shows it."""
    found: list[Block] = []
    before = ""
    for number, article in enumerate(articles_of(document), 1):
        above = " ".join(filter(None, (article.book, article.chapter, article.section)))
        heading = above if document.articles and above != before else ""
        before = above
        said = list(_said(article))
        found.append(Block(f"a{number}", heading, article.label, said, article.rows))
    return found


def _said(article: Article) -> Iterator[Said]:
    if not article.paragraphs:
        yield from (Said(line, 0) for line in article.text.splitlines())
        return
    for paragraph in article.paragraphs:
        if paragraph.text:
            yield Said(paragraph.text, 0)
        yield from _items(paragraph.items, 1)


def _items(items: Sequence[Item], depth: int) -> Iterator[Said]:
    for item in items:
        yield Said(f"{item.label}{item.text}", depth)
        yield from _items(item.items, depth + 1)


def cited(t: Words, shown: Shown, today: date) -> Sequence[Cited]:
    """Laws and texts that a text names, in its order; places in itself are left out."""
    labels = [article.label for article in shown.document.articles]
    outside = t("documents.texts.outside-articles")
    return [
        Cited(
            where=labels[of.article] if of.article is not None else outside,
            anchor=f"a{of.article + 1}" if of.article is not None else "",
            law=of.law,
            words=of.words,
            role=t(f"documents.texts.role-{of.role}"),
            text=shown.cited.get(of.law, 0),
            **_law(t, of.law, shown.laws.get(of.law), today),
        )
        for of in shown.citations
        if of.law and of.role != "own"
    ]


def _law(t: Words, cited_as: str, law: Law | None, today: date) -> dict[str, str]:
    if law is None:
        return {"key": "", "full": "", "repealed": ""}
    full = law.title if named(law.title) != named(cited_as) else ""
    repealed = law_wording.repealed(t, law) if law.is_repealed(today) else ""
    return {"key": key_of(law.title), "full": full, "repealed": repealed}


def sides(t: Words, compared: Compared) -> Sides:
    """Every change, in the order of the new version; then the articles that went."""
    changes = [_change(t, pair) for pair in compared.pairs if pair.change != "same"]
    return Sides(changes, len(compared.pairs) - len(changes))


def _change(t: Words, pair: Pair) -> Change:
    both = pair.old is not None and pair.new is not None and pair.old.text != pair.new.text
    key = pair.change.replace(" ", "-")
    one = pair.new or pair.old
    return Change(
        change=t(f"documents.texts.change-{key}"),
        old=pair.old.label if pair.old else "",
        new=pair.new.label if pair.new else "",
        marks=pair.marks,
        runs=runs(pair.old.text, pair.new.text) if both and pair.old and pair.new else (),
        text=one.text if one else "",
    )


def table(t: Words, rows: Sequence[Kept], makers: Mapping[str, str], today: str) -> Sheet:
    """Texts as a table for a spreadsheet."""
    return _HEADS.sheet(
        t, t("documents.texts.title"), (_cells(t, of, makers, today) for of in rows)
    )


def _cells(t: Words, kept: Kept, makers: Mapping[str, str], today: str) -> Sequence[Value]:
    facts = kept.facts
    return (
        facts.title,
        facts.number,
        makers.get(facts.maker, facts.maker),
        kind(t, facts),
        *(getattr(facts, name) for name in DAYS),
        validity(t, kept, today),
        kept.version,
        kept.kept_ms,
    )
