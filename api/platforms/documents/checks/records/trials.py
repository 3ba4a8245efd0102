"""A check tried on texts, as it is in force and as somebody would have it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from documents.checks.records import CheckDocument, Hit

Change = Literal["fresh", "gone", "excused", "revived"]
"""Of words: newly asked about; no longer asked about; newly excused; excused no longer."""
CHANGES: tuple[Change, ...] = get_args(Change)
SHOWN = 50
"""Lines of a change that its page lists."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of which a draft says something else; ``position`` counts a trial's lines."""

    change: Change
    text: int
    title: str
    hit: Hit
    position: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft on every kept text. ``texts`` of ``total`` were examined; ``counts`` are of all
    changes, also of lines that were not kept. ``now`` and ``then`` count what is asked about by
    the check in force and by the draft.
    """

    id: int
    check: str
    base: int
    draft: CheckDocument
    draft_hash: str
    stamps: tuple[str, str]
    cursor: int
    texts: int
    remaining: int
    counts: dict[str, int]
    now: int
    then: int
    author: str
    account: str
    reason: str
    made_ms: int

    @property
    def total(self) -> int:
        """Texts that are examined in all."""
        return self.texts + self.remaining

    @property
    def done(self) -> bool:
        """Whether every kept text was examined."""
        return self.remaining == 0

    @property
    def changed(self) -> int:
        """Words of which the draft says something else."""
        return sum(self.counts.values())


def difference(now: Sequence[Hit], then: Sequence[Hit]) -> Iterator[tuple[Change, Hit]]:
    """Changes from the hits of a check to those of a draft on the same text, in the order of the
    draft's, then of what is gone. Hits are of the same words if one's are part of the other's, in
    the same article.
    """
    left = list(now)
    for hit in then:
        before = next((of for of in left if _same(of, hit)), None)
        before = before or next((of for of in left if _alike(of, hit)), None)
        if before is not None:
            left.remove(before)
        change = _change(before, hit)
        if change is not None:
            yield change, hit
    yield from (("gone", of) for of in left if of.excluded is None)


def asked(hits: Sequence[Hit]) -> int:
    """How many of them nothing excuses."""
    return sum(of.excluded is None for of in hits)


def _change(before: Hit | None, after: Hit) -> Change | None:
    if after.excluded is not None:
        return None if before is not None and before.excluded is not None else "excused"
    if before is None:
        return "fresh"
    return "revived" if before.excluded is not None else None


def _same(one: Hit, other: Hit) -> bool:
    where = (one.article, one.inserted) == (other.article, other.inserted)
    return where and one.words == other.words


def _alike(one: Hit, other: Hit) -> bool:
    where = (one.article, one.inserted) == (other.article, other.inserted)
    return where and (one.words in other.words or other.words in one.words)
