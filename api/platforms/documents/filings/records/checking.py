"""The check of a filing: one function for the maker before sending and for the office at the check
of form. It names each thing that is missing or differs, and whether sending must wait for it.
"""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from api.platforms.documents.filings.records.facts import DAYS, FACTS
from api.platforms.documents.texts.records import Facts, named
from documents.checks.facts import in_force, published, terms
from documents.text.records import Document

REPORT, TEXT, DECISION, FAIR = "report", "text", "decision", "fair"
WITHOUT = (REPORT, TEXT)
"""Papers without which there is nothing that could be filed."""
STOPPING = ("title", "published")
LackKind = Literal[
    "fact", "paper", "fair", "virus", "unreadable", "differs", "silent", "passed-after",
    "force-before", "valid-before", "future", "known", "amends",
]  # fmt: skip


class PaperName(Struct, frozen=True, forbid_unknown_fields=True):
    """A paper of checklists by its code, and its names."""

    code: str
    zh: str
    en: str

    def said(self, language: str) -> str:
        """Its name in a language."""
        return self.en if language.startswith("en") else self.zh


class Checklist(Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements of filings of some kinds of documents: ``papers`` and ``facts``; ``offered``
    papers may stand beside.
    """

    kinds: tuple[str, ...]
    papers: tuple[str, ...]
    facts: tuple[str, ...]
    offered: tuple[str, ...] = ()


class Reading(Struct, frozen=True):
    """The official text in its own words: title, 文号 and days, ISO text; empty where it does
    not say. ``last_days`` are the days that its term may end on, ``market`` whether words stand in
    it that ask for a fair competition review.
    """

    title: str = ""
    number: str = ""
    published: str = ""
    in_force: str = ""
    last_days: tuple[str, ...] = ()
    market: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper that is there. ``unreadable`` says why the official text cannot be read."""

    code: str
    name: str
    virus: bool = False
    unreadable: bool = False
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """All that is checked. ``known`` is the kept text that is this very file, ``amends`` what the
    filing amends as it was written, ``own`` the texts of the maker that are there to be amended,
    ``today`` the district's day, ISO text.
    """

    facts: Facts
    papers: Sequence[Sheet]
    today: str
    amends: str = ""
    known: int | None = None
    own: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """A thing that is missing or differs. ``where`` is the field or the paper; with ``stops`` the
    filing cannot be sent before it is mended, else the office decides.
    """

    kind: LackKind
    where: str
    stops: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


def check(checklist: Checklist, given: Given) -> tuple[Lack, ...]:
    """Everything that stands against a filing, what stops it first."""
    found = [*_facts(checklist, given), *_days(given), *_papers(checklist, given)]
    found += [*_amended(given), *_text(given)]
    return tuple(sorted(found, key=lambda of: not of.stops))


def stopped(given: Given) -> bool:
    """Whether a filing cannot be sent, whatever the checklist of its kind asks for."""
    return any(of.stops for of in check(Checklist((), WITHOUT, STOPPING), given))


def needed(checklist: Checklist, given: Given) -> tuple[str, ...]:
    """The papers that a filing must have, in their order."""
    more = [DECISION] if given.amends else []
    more += [FAIR] if any(of.reading and of.reading.market for of in given.papers) else []
    return (*checklist.papers, *(of for of in more if of not in checklist.papers))


def reading_of(document: Document, *, market: bool) -> Reading:
    """A text in its own words."""
    made = [of.day for of in published(document) if of.day]
    force = in_force(document)
    begins = next((of.day for of in reversed(force) if of.day), None)
    at_once = any(of.at_once for of in force)
    day = made[-1] if made else None
    begin = begins or (day if at_once else None)
    return Reading(
        title=" ".join(document.title.split()),
        number="".join(document.number.split()),
        published=day.isoformat() if day else "",
        in_force=begin.isoformat() if begin else "",
        last_days=tuple(dict.fromkeys(_last_days(document, begin or day))),
        market=market,
    )


def _last_days(document: Document, begin: date | None) -> Iterator[str]:
    """A term of months ends on the day before the same-numbered one; makers write both. A term
    beyond all calendars ends on none.
    """
    for term in terms(document):
        if term.until:
            yield term.until.isoformat()
        elif term.months and begin:
            years, months = divmod(begin.month - 1 + term.months, 12)
            year, month = begin.year + years, months + 1
            if year > date.max.year:
                continue
            same = date(year, month, min(begin.day, monthrange(year, month)[1]))
            yield (same - timedelta(days=1)).isoformat()
            yield same.isoformat()


def _facts(checklist: Checklist, given: Given) -> Iterator[Lack]:
    for name in FACTS:
        asked = name in checklist.facts or name in STOPPING
        if asked and not getattr(given.facts, name):
            yield Lack("fact", name, name in STOPPING)


def _days(given: Given) -> Iterator[Lack]:
    """A text with such days could not be kept."""
    facts = given.facts
    if facts.published and facts.published > given.today:
        yield Lack("future", "published", stops=True)
    if facts.passed and facts.published and facts.published < facts.passed:
        yield Lack("passed-after", "passed", stops=True)
    if facts.published and facts.in_force and facts.in_force < facts.published:
        yield Lack("force-before", "in_force")
    first = facts.in_force or facts.published or facts.passed
    if first and facts.valid_until and facts.valid_until < first:
        yield Lack("valid-before", "valid_until", stops=True)


def _papers(checklist: Checklist, given: Given) -> Iterator[Lack]:
    there = {of.code for of in given.papers if not of.virus}
    for of in given.papers:
        if of.virus:
            yield Lack("virus", of.code, of.code in WITHOUT, {"name": of.name})
    for code in needed(checklist, given):
        if code not in there:
            yield Lack("fair" if code == FAIR else "paper", code, code in WITHOUT)


def _amended(given: Given) -> Iterator[Lack]:
    if given.amends and given.amends not in given.own:
        yield Lack("amends", "amends", stops=True)


def _text(given: Given) -> Iterator[Lack]:
    sheet = next((of for of in given.papers if of.code == TEXT and not of.virus), None)
    if sheet is None:
        return
    if sheet.unreadable or sheet.reading is None:
        yield Lack("unreadable", TEXT, stops=True, values={"name": sheet.name})
        return
    if given.known is not None:
        yield Lack("known", TEXT, values={"text": given.known})
    yield from _differences(given.facts, sheet.reading)


def _differences(facts: Facts, reading: Reading) -> Iterator[Lack]:
    for name in ("title", "number", "published", "in_force"):
        typed, read = getattr(facts, name) or "", getattr(reading, name)
        if typed and not read:
            yield Lack("silent", name)
        elif typed and read and _plain(name, typed) != _plain(name, read):
            yield Lack("differs", name, values={"typed": typed, "read": read})
    until, read_days = facts.valid_until or "", reading.last_days
    if read_days and until not in read_days:
        yield Lack("differs", "valid_until", values={"typed": until or "—", "read": read_days[0]})
    elif until and not read_days:
        yield Lack("silent", "valid_until")


_BRACKETS = str.maketrans("［[（(］])）", "〔〔〔〔〕〕〕〕")


def _plain(name: str, said: str) -> str:
    if name in DAYS:
        return said
    if name == "title":
        return unicodedata.normalize("NFKC", named(said))
    return "".join(said.split()).translate(_BRACKETS)
