"""Releases and their marks in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.duty.publication.records import NEEDS, Mark
from api.procedures.procedure import Row
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark as the checklist shows it; ``kept`` is whether it was answered with yes."""

    text: str
    kind: str
    field: str
    kept: bool
    keepable: bool


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release in the list."""

    id: int
    title: str
    about: str
    state: str


def mark_lines(words: Words, found: Sequence[Mark], kept: str) -> Sequence[MarkLine]:
    """The checklist."""
    known = {line.strip() for line in kept.splitlines()}
    return [
        MarkLine(
            of.text,
            words(f"duty.publication.mark-{of.kind}"),
            words(f"duty.publication.need-{of.field}"),
            of.text in known,
            of.kind != "hidden",
        )
        for of in found
    ]


def line(words: Words, row: Row) -> ReleaseLine:
    """A release in the list."""
    about = words("duty.publication.about", number=row["public_number"], unit=row["unit_name"])
    return ReleaseLine(
        row["id"], row["title"], about, words(f"duty.publication.state-{row['state']}")
    )


def texts(row: Row) -> Mapping[str, str]:
    """The public fields of a release as a form writes them."""
    found = {name: row[name] or "" for name in NEEDS if name != "answered_day"}
    day = row["answered_day"]
    return found | {"answered_day": day.isoformat() if day else ""}
