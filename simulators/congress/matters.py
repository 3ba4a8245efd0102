"""The matters that deputies raise: files of a field each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.files import read_toml
from simulators.congress.records import Voice

DATA = Path(__file__).parent / "data"
REMEDY = "install Qingyuan anew"
VOICES: tuple[Voice, ...] = ("official", "plain", "angle")


@dataclass(frozen=True, slots=True)
class Wording:
    """A matter in one voice. Sentences have choices, see ``grammar``."""

    title: str
    problems: tuple[str, str]
    cause: str
    requests: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is amiss in localities of a kind, and who handles it. Units are ids, ``town``
    stands for the town of the locality.
    """

    id: str
    field: str
    background: tuple[str, ...]
    at: str
    """The kind of locality, such as road."""
    lead: str
    outside: str
    """Leads outside the two urban subdistricts; the same as ``lead`` for most."""
    other: str
    """Leads now and then instead, since practice wavers; empty for most."""
    co: tuple[str, ...]
    wrong: tuple[str, ...]
    """To whom it is assigned by mistake."""
    wording: Mapping[Voice, Wording]
    done: str
    measure: str
    reason: str


def load() -> tuple[Matter, ...]:
    """All of them, in the order of the files."""
    files = sorted((DATA / "matters").glob("*.toml"))
    contents = [read_toml(path, REMEDY) for path in files]
    return tuple(_matter(content, row) for content in contents for row in content["matter"])


def _matter(content: Mapping[str, Any], row: Mapping[str, Any]) -> Matter:
    done, measure, reason = row["answer"]
    return Matter(
        id=row["id"],
        field=content["field"],
        background=tuple(content["background"]),
        at=row["at"],
        lead=row["lead"],
        outside=row.get("outside", row["lead"]),
        other=row.get("or", ""),
        co=tuple(row["co"]),
        wrong=tuple(row["wrong"]),
        wording={voice: _wording(row[voice]) for voice in VOICES},
        done=done,
        measure=measure,
        reason=reason,
    )


def _wording(sentences: list[str]) -> Wording:
    title, first, second, cause, *requests = sentences
    return Wording(title, (first, second), cause, (requests[0], requests[1]))
