"""Laws over the API and in forms. Days are ISO text, instants UTC epoch ms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.documents.laws.records import LAW_KINDS, MARKS, Entry, Standing, standing
from api.web.forms import MOST_ID, NotAccepted, Typed, day
from config.vocabulary.errors import Fault
from documents.laws.records import Law, LawKind, Mark, Version

MOST_VERSIONS, MOST_SHORT, MOST_ARTICLES = 30, 30, 5_000
Sent = Mapping[str, str]
"""A form as it was sent."""


class VersionLine(BaseModel):
    """A version of a law: since when it is in force, when it was passed, how many articles."""

    model_config = ConfigDict(extra="forbid")
    since: date
    passed: date | None = None
    articles: Annotated[int, Field(ge=1, le=MOST_ARTICLES)] | None = None


class LawWish(BaseModel):
    """A law as it shall stand; ``after`` is the number of its last entry, 0 of a new law."""

    model_config = ConfigDict(extra="forbid")
    title: Typed
    kind: LawKind = "law"
    short: Annotated[list[Typed], Field(max_length=MOST_SHORT)] = []
    versions: Annotated[list[VersionLine], Field(max_length=MOST_VERSIONS)] = []
    repealed: date | None = None
    repealed_by: Typed = ""
    source: Typed
    mark: Mark
    after: Annotated[int, Field(ge=0, le=MOST_ID)] = 0
    reason: Typed

    def law(self) -> Law:
        """As a law."""
        return Law(
            title="".join(self.title.split()),
            kind=self.kind,
            short=tuple(dict.fromkeys("".join(of.split()) for of in self.short if of.strip())),
            versions=tuple(
                Version(since=of.since, passed=of.passed, articles=of.articles)
                for of in self.versions
            ),
            repealed=self.repealed,
            repealed_by="".join(self.repealed_by.split()),
            source=" ".join(self.source.split()),
            mark=self.mark,
        )


class LawState(BaseModel):
    """An entry as it is in force; ``version`` counts what was entered of it, from the product's 1
    on. ``mark`` says how sure we are.
    """

    key: str
    title: str
    kind: LawKind
    short: list[str]
    versions: list[VersionLine]
    standing: Standing
    repealed: date | None
    repealed_by: str
    source: str
    mark: Mark
    version: int
    author: str
    reason: str
    saved_ms: int


class LawList(BaseModel):
    """A page of laws, and how many there are."""

    count: int
    laws: list[LawState]


def state(of: Entry, on: date) -> LawState:
    """An entry."""
    law = of.law
    return LawState(
        key=of.key,
        title=law.title,
        kind=law.kind,
        short=list(law.short),
        versions=[
            VersionLine(since=one.since, passed=one.passed, articles=one.articles)
            for one in law.versions
        ],
        standing=standing(law, on),
        repealed=law.repealed,
        repealed_by=law.repealed_by,
        source=law.source,
        mark=law.mark,
        version=of.version,
        author=of.author,
        reason=of.reason,
        saved_ms=of.saved_ms,
    )


def written(of: Entry) -> Sent:
    """The form of an entry as it is sent when nobody changes anything."""
    law = of.law
    found = {
        "title": law.title,
        "kind": law.kind,
        "short": "\n".join(law.short),
        "repealed": law.repealed.isoformat() if law.repealed else "",
        "repealed_by": law.repealed_by,
        "source": law.source,
        "mark": law.mark,
        "after": str(of.version),
        "versions.rows": str(len(law.versions)),
    }
    for at, one in enumerate(law.versions):
        found[f"versions.{at}.since"] = one.since.isoformat()
        found[f"versions.{at}.passed"] = one.passed.isoformat() if one.passed else ""
        found[f"versions.{at}.articles"] = str(one.articles or "")
    return found


def rows(sent: Sent) -> int:
    """Rows of versions that a form shows: those with anything in them, and an empty one."""
    given = sent.get("versions.rows", "")[:2]
    most = min(int(given) if given.isascii() and given.isdecimal() else 0, MOST_VERSIONS)
    full = [at for at in range(most) if any(_row(sent, at))]
    return min(max(full, default=-1) + 2, MOST_VERSIONS)


def given(sent: Sent) -> Law:
    """The law that a form gives.

    Raises:
        NotAccepted: a day, a number or a choice that is none; the field and the remedy.
    """
    kind = next((of for of in LAW_KINDS if of == sent.get("kind")), None)
    mark = next((of for of in MARKS if of == sent.get("mark")), None)
    if kind is None:
        raise NotAccepted(Fault("kind", "is unknown", "choose one"), "kind")
    if mark is None:
        raise NotAccepted(Fault("mark", "is unknown", "choose one"), "mark")
    repealed = day("repealed", sent.get("repealed", "").strip())
    short = ["".join(of.split()) for of in sent.get("short", "").splitlines() if of.strip()]
    return Law(
        title="".join(sent.get("title", "").split()),
        kind=kind,
        short=tuple(dict.fromkeys(short))[:MOST_SHORT],
        versions=tuple(_versions(sent)),
        repealed=date.fromisoformat(repealed) if repealed else None,
        repealed_by="".join(sent.get("repealed_by", "").split()),
        source=" ".join(sent.get("source", "").split()),
        mark=mark,
    )


def _versions(sent: Sent) -> Iterator[Version]:
    for at in range(rows(sent)):
        since, passed, articles = _row(sent, at)
        if not (since or passed or articles):
            continue
        begins = day(f"versions.{at}.since", since, needed=True) or ""
        was = day(f"versions.{at}.passed", passed)
        yield Version(
            since=date.fromisoformat(begins),
            passed=date.fromisoformat(was) if was else None,
            articles=_count(f"versions.{at}.articles", articles),
        )


def _count(where: str, text: str) -> int | None:
    if not text:
        return None
    fits = text.isascii() and text.isdecimal() and len(text) <= 4
    if not fits or not 1 <= int(text) <= MOST_ARTICLES:
        fault = Fault(where, f"{text!r} is no number", f"give 1 to {MOST_ARTICLES}")
        raise NotAccepted(fault, "articles", most=MOST_ARTICLES)
    return int(text)


def _row(sent: Sent, at: int) -> tuple[str, str, str]:
    since, passed, articles = (
        sent.get(f"versions.{at}.{name}", "").strip() for name in ("since", "passed", "articles")
    )
    return since, passed, articles
