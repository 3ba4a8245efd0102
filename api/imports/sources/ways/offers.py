"""Something that lies where a source puts its tables, and when it may be taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from api.imports.sources.records import Outcome, Seen
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_FILES = 1000
"""Of a folder that are regarded."""
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
"""Ends of names under which programs write what they rename later."""


class Unreached(NotAccepted):
    """A source is not there, or is not what the settings say; ``key`` is in the words
    ``sources.unreached-*``.
    """

    def __init__(self, key: str, where: str, what: str, remedy: str, **values: object) -> None:
        super().__init__(Fault(where, what, remedy), key, **values)


@dataclass(frozen=True, slots=True)
class Offer:
    """A file or a view; ``modified`` in any unit that grows with each change."""

    name: str
    size: int = 0
    modified: int = 0


class Way(Protocol):
    """An open way to where a source puts its tables."""

    waits: bool
    """Whether an offer may still be being written, so that it waits until it stands still."""

    def offers(self) -> Sequence[Offer]:
        """All that lies there."""

    def content(self, offer: Offer) -> Iterator[bytes]:
        """Its bytes."""

    def settle(self, offer: Offer, outcome: Outcome, faults: str) -> bool:
        """Put it away after it was taken or refused with faults; whether it is gone."""

    def close(self) -> None:
        """End it."""


def is_finished(name: str) -> bool:
    """Whether a file has the name of one that is whole."""
    return not name.startswith(".") and not name.lower().endswith(UNFINISHED)


def ready(
    offers: Sequence[Offer], seen: Mapping[str, Seen]
) -> tuple[Sequence[Offer], dict[str, Seen]]:
    """The offers that stood still for a turn and were not taken, and all as they lie now."""
    now: dict[str, Seen] = {}
    found = []
    for offer in offers:
        before, current = seen.get(offer.name), Seen(offer.size, offer.modified)
        still = before is not None and before.size == offer.size
        still = still and before is not None and before.modified == offer.modified
        now[offer.name] = before if still and before is not None else current
        if still and before is not None and not before.taken:
            found.append(offer)
    return found, now
