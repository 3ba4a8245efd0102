"""All that happened in and around a case. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import Struct

from api.ports import Json

KIND = "case"
MOMENTS = ("began_ms", "found_ms", "acknowledged_ms", "resolved_ms", "ended_ms")
"""Instants of contents that say when something happened."""


class OfCase(Struct, frozen=True):
    """Which case, by its id."""

    case: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened at an instant, UTC epoch ms, to a thing of a platform; ``note`` says
    by whom, ``said`` what was given, with its names.
    """

    at_ms: int
    platform: str
    about: str
    path: str
    title: str
    note: str
    said: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a frozen content: ``field`` where its instant stands alone, else what was done
    and by whom.
    """

    at_ms: int
    field: str
    done: str
    by: str


@dataclass(frozen=True, slots=True)
class Handed:
    """The case was shared: when, UTC epoch ms, by whom, by username, with whom and why; ``signed``
    is when its receipt was entered and by whom, with the name of who took it, ``results`` when
    results were and by whom.
    """

    at_ms: int
    who: str
    number: str
    receiver: str
    reason: str
    signed: tuple[int, str, str] | None
    results: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Story:
    """All that a reader may know, the newest last; ``hidden`` things belong to the case of which
    they may know nothing more.
    """

    entries: Sequence[Entry]
    hidden: int


def moments(content: Json) -> Iterator[Moment]:
    """The moments that a frozen content carries."""
    for name in MOMENTS:
        if isinstance(at_ms := content.get(name), int):
            yield Moment(at_ms, name, "", "")
    for one in content.get("history") or ():
        if isinstance(one, dict) and isinstance(at_ms := one.get("at_ms"), int):
            yield Moment(at_ms, "", str(one.get("done", "")), str(one.get("by", "")))
