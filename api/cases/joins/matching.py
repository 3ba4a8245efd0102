"""Things that belong together, by what they share. Pure.

A key that two things share says the more the fewer things have it: a key of n among N things has
log2(N/n) bits, as if each had drawn it. Bits of different aspects add up. Two things agree in b
bits by chance once in 2^b, so among N things a proposal must have about log2(N) bits before it is
likelier that something stands behind it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.cases.joins.records import ASPECTS, SPECIFIC, Aspect, Proposal, Reason, Why
from api.ports import Reference
from api.traces.records import Mark, Traced
from config.vocabulary.time import DAY_MS

MOST = 8
"""Proposals for a thing: as many as somebody reads through."""
CLOSE_DAYS = 45
"""Days between two things that are close in time: a suggestion is written, a project paid or a
document passed within weeks of what led to it; half a quarter.
"""
SPAN_DAYS = 730
"""Of what is compared: being within n days is drawn among so many."""
LEAST_BITS = 1.0
"""Of a key: one that half of all things have says nothing."""
CHANCE = 1.0
"""Things that may agree by chance as much as a proposal does."""
LEAST_SHARE = 0.5
"""Of the strongest proposal for the thing: beside one that is certain, a weak one is noise."""
MOST_TIME_BITS = 5.0
"""The most that closeness in time counts, reached within eleven days: things that happen every day
are not tied by the hour.
"""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many groups of things there are, and how many have each key."""

    groups: int
    having: Mapping[Mark, int]

    def bits(self, mark: Mark) -> float:
        """How much it says that two things share a key."""
        return math.log2(max(self.groups, 1) / max(self.having.get(mark, 1), 1))

    @property
    def needed(self) -> float:
        """Bits of a proposal."""
        return math.log2(max(self.groups, 1) / CHANCE)


def rarity(rows: Collection[Traced]) -> Rarity:
    """Of the keys of all things; a group counts once."""
    having: dict[Mark, set[str]] = defaultdict(set)
    for row in rows:
        for trace in row.traces:
            having[trace.mark].add(row.own_group)
    groups = {row.own_group for row in rows}
    return Rarity(len(groups), {mark: len(of) for mark, of in having.items()})


def matched(
    rows: Sequence[Traced],
    of: Collection[Reference],
    seen: Callable[[Reference], bool] = lambda _reference: True,
) -> list[Proposal]:
    """Proposals for some things among all, the strongest first: things of other platforms, each
    with the reasons for the one of them that it agrees with most. What belongs to the group of one
    of them is not proposed, and of a group only one. Neither is named what is not ``seen``.
    """
    sources = [row for row in rows if row.reference in of]
    known = {row.own_group for row in sources}
    candidates = [row for row in rows if row.own_group not in known]
    rare = rarity(rows)
    best: dict[str, Proposal] = {}
    for source in sources:
        if not seen(source.reference):
            continue
        for group, proposal in _for(source, candidates, rare, seen).items():
            if group not in best or _rank(proposal) < _rank(best[group]):
                best[group] = proposal
    return sorted(best.values(), key=_rank)


def reasons(source: Traced, other: Traced, rare: Rarity) -> tuple[Reason, ...]:
    """All that two things share: of each aspect the rarest key, the strongest reason first."""
    theirs = {trace.mark: trace for trace in other.traces}
    found: dict[Aspect, Reason] = {}
    shared = [
        Reason(of.axis, of.key, of.said, theirs[of.mark].said, rare.bits(of.mark))
        for of in source.traces
        if of.mark in theirs
    ]
    for reason in sorted((*shared, *_closeness(source, other)), key=_strongest):
        if reason.bits >= LEAST_BITS:
            found.setdefault(ASPECTS[reason.why], reason)
    return tuple(found.values())


def _for(
    source: Traced,
    candidates: Sequence[Traced],
    rare: Rarity,
    seen: Callable[[Reference], bool],
) -> Mapping[str, Proposal]:
    """The strongest proposals for one thing by group."""
    enough = []
    for other in candidates:
        if other.reference.platform == source.reference.platform:
            continue
        why = reasons(source, other, rare)
        proposal = Proposal(other.reference, source.reference, why, sum(of.bits for of in why))
        if _suffices(proposal, rare):
            enough.append((_rank(proposal), proposal, other.own_group))
    found: dict[str, Proposal] = {}
    strongest = 0.0
    for _, proposal, group in sorted(enough, key=lambda of: of[0]):
        if len(found) == MOST or proposal.strength < LEAST_SHARE * strongest:
            break
        if group not in found and seen(proposal.reference):
            found[group] = proposal
            strongest = max(strongest, proposal.strength)
    return found


def _suffices(of: Proposal, rare: Rarity) -> bool:
    """Two aspects, of which one is specific, and more than chance."""
    aspects = {ASPECTS[reason.why] for reason in of.reasons}
    specific = not aspects.isdisjoint(SPECIFIC)
    return len(aspects) > 1 and specific and of.strength >= rare.needed


def _closeness(source: Traced, other: Traced) -> Iterator[Reason]:
    """Days between the ends of two things that lie nearest."""
    gaps = [abs(a - b) for a in _ends(source) for b in _ends(other)]
    if not gaps or min(gaps) > CLOSE_DAYS * DAY_MS:
        return
    days = min(gaps) // DAY_MS
    bits = min(math.log2(SPAN_DAYS / (2 * days + 1)), MOST_TIME_BITS)
    yield Reason("time", "", "", "", bits, int(days))


def _ends(row: Traced) -> list[int]:
    return [of for of in (row.began_ms, row.ended_ms) if of is not None]


def _strongest(of: Reason) -> tuple[float, Why, str]:
    return -of.bits, of.why, of.key


def _rank(of: Proposal) -> tuple[float, tuple[str, str, str], tuple[str, str, str]]:
    return -of.strength, _text(of.reference), _text(of.source)


def _text(of: Reference) -> tuple[str, str, str]:
    return of.platform, of.kind, of.id
