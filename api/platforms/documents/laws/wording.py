"""Entries of the table of laws in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.platforms.documents.laws.records import Entry, Standing, standing
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words
from documents.laws.records import Law

TONES: Mapping[Standing, str] = {
    "in-force": "tone-green",
    "coming": "tone-gray",
    "repealed": "tone-red",
    "unknown": "tone-gray",
}
COLUMNS = (
    "title", "kind", "short", "standing", "since", "articles", "repealed", "repealed_by",
    "source", "mark",
)  # fmt: skip
_HEADS = Heads(
    "documents.laws.column",
    COLUMNS,
    {"since": "day", "repealed": "day", "articles": "count"},
)


@dataclass(frozen=True, slots=True)
class Row:
    """A law of the list."""

    key: str
    title: str
    about: str
    standing: str
    tone: str
    doubtful: str
    """The mark of a law whose text nobody read; empty of others."""


def row(t: Words, of: Entry, on: date) -> Row:
    """An entry as a line of the list."""
    law = of.law
    version = law.at(on)
    since = t("documents.laws.since", day=version.since.isoformat()) if version else ""
    parts = (kind(t, law), t.listed(law.short) if law.short else "", since, repealed(t, law))
    about = " · ".join(filter(None, parts))
    mark = t(f"documents.laws.mark-{law.mark}") if law.mark != "read" else ""
    return Row(of.key, law.title, about, said(t, law, on), tone(law, on), mark)


def said(t: Words, law: Law, on: date) -> str:
    """How a law stands on a day."""
    return t(f"documents.laws.standing-{standing(law, on)}")


def tone(law: Law, on: date) -> str:
    """The colour of that."""
    return TONES[standing(law, on)]


def kind(t: Words, law: Law) -> str:
    """The name of a kind of law."""
    return t(f"documents.laws.kind-{law.kind}")


def repealed(t: Words, law: Law) -> str:
    """Since when a law holds no more, and by what; empty where it was not repealed."""
    if law.repealed is None:
        return ""
    how, day = "by" if law.repealed_by else "on", law.repealed.isoformat()
    return t(f"documents.laws.repealed-{how}", day=day, by=law.repealed_by)


def changes(t: Words, versions: Sequence[Entry]) -> list[tuple[Entry, tuple[str, ...]]]:
    """Every version of an entry with what it changed, the newest first."""
    found = [
        (of, tuple(_changes(t, versions[at - 1].law, of.law)) if at else ())
        for at, of in enumerate(versions)
    ]
    return found[::-1]


def table(t: Words, entries: Iterable[Entry], on: date) -> Sheet:
    """Laws as a table for a spreadsheet."""
    return _HEADS.sheet(t, t("documents.laws.title"), (_cells(t, of, on) for of in entries))


def _changes(t: Words, before: Law, after: Law) -> Iterator[str]:
    for name in ("kind", "short", "versions", "repealed", "repealed_by", "source", "mark"):
        was, becomes = (_value(t, law, name) for law in (before, after))
        if was != becomes:
            label = t(f"documents.laws.column-{name}")
            yield t("tuning.changed-look", name=label, old=was or "—", new=becomes or "—")


def _value(t: Words, law: Law, name: str) -> str:
    match name:
        case "kind":
            return kind(t, law)
        case "mark":
            return t(f"documents.laws.mark-{law.mark}")
        case "short":
            return t.listed(law.short) if law.short else ""
        case "versions":
            return t.listed(of.since.isoformat() for of in law.versions) if law.versions else ""
    return str(getattr(law, name) or "")


def _cells(t: Words, of: Entry, on: date) -> Sequence[Value]:
    law = of.law
    version = law.at(on)
    return (
        law.title,
        kind(t, law),
        t.listed(law.short) if law.short else "",
        said(t, law, on),
        version.since.isoformat() if version else None,
        version.articles if version else None,
        law.repealed.isoformat() if law.repealed else None,
        law.repealed_by,
        law.source,
        t(f"documents.laws.mark-{law.mark}"),
    )
