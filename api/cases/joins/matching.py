"""Things that belong together, by what they share. Pure.

A key that two things share says the more the fewer things have it: one that a share f of a
platform has is worth log2(1/f) bits there, and between two platforms the mean of both. Bits of
different aspects add up. By chance a thing agrees in b bits with one of 2^b things: among N things
a proposal needs log2(N) bits and some more, lest chance alone had made it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.cases.joins.records import ASPECTS, SPECIFIC, Aspect, Proposal, Reason
from api.ports import Reference
from api.traces.records import AXES, Mark, Traced, is_at_station
from api.traces.topics import wider
from config.vocabulary.time import DAY_MS, FOR_EVER_MS

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
PRIOR = 10
"""Things with which a platform is thought to have begun, one of which had the key: that all of
three things are of one town does not say that everything is.
"""
CHANCE = 0.25
"""Things of a platform that may agree by chance as much as a proposal does: with four other
platforms one for a thing.
"""
LEAST_SHARE = 0.5
"""Of the strongest proposal for the thing on the same platform: beside one that is certain, a weak
one is noise.
"""
MOST_TIME_BITS = 5.0
"""The most that closeness in time counts, reached within eleven days: things that happen every day
are not tied by the hour.
"""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many groups of things each platform has, and how many of these have each key."""

    groups: Mapping[str, int]
    having: Mapping[tuple[str, Mark], int]

    def bits(self, mark: Mark, first: str, second: str) -> float:
        """How much it says that things of two platforms share a key."""
        return (self._of(mark, first) + self._of(mark, second)) / 2

    def needed(self, platform: str) -> float:
        """Bits of a proposal of a thing of a platform."""
        return math.log2(max(self.groups.get(platform, 0), 1) / CHANCE)

    def _of(self, mark: Mark, platform: str) -> float:
        having = self.having.get((platform, mark), 0)
        return math.log2((self.groups.get(platform, 0) + PRIOR) / (having + 1))


def rarity(rows: Collection[Traced]) -> Rarity:
    """Of the keys of all things; a group counts once."""
    having: dict[tuple[str, Mark], set[str]] = defaultdict(set)
    groups: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        platform = row.reference.platform
        groups[platform].add(row.own_group)
        for trace in row.traces:
            having[platform, trace.mark].add(row.own_group)
    return Rarity(
        {platform: len(of) for platform, of in groups.items()},
        {key: len(of) for key, of in having.items()},
    )


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
    both = source.reference.platform, other.reference.platform
    found: dict[Aspect, Reason] = {}
    shared = [
        Reason(of.axis, of.key, of.said, theirs[of.mark].said, rare.bits(of.mark, *both))
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
    """The strongest proposals for one thing by group; of several as strong ones the earliest."""
    own = {trace.mark for trace in source.traces if ASPECTS[trace.axis] in SPECIFIC}
    enough = []
    for other in candidates:
        if other.reference.platform == source.reference.platform:
            continue
        if own.isdisjoint(trace.mark for trace in other.traces):
            continue
        if _apart(source, other):
            continue
        why = reasons(source, other, rare)
        proposal = Proposal(other.reference, source.reference, why, sum(of.bits for of in why))
        if _suffices(proposal, rare):
            began = FOR_EVER_MS if other.began_ms is None else other.began_ms
            rank = (-proposal.strength, began, _rank(proposal))
            enough.append((rank, proposal, other.own_group))
    found: dict[str, Proposal] = {}
    strongest: dict[str, float] = {}
    for _, proposal, group in sorted(enough, key=lambda of: of[0]):
        platform = proposal.reference.platform
        weak = proposal.strength < LEAST_SHARE * strongest.get(platform, 0.0)
        if len(found) < MOST and not weak and group not in found and seen(proposal.reference):
            found[group] = proposal
            strongest.setdefault(platform, proposal.strength)
    return found


def _suffices(of: Proposal, rare: Rarity) -> bool:
    """Two aspects, of which one is specific, and more than chance. In a town something happens
    every day: a town and a near day alone are none. The same narrow topic at the same spot or in
    the same town is one subject: people ask for it however often it is dealt with.
    """
    aspects = {ASPECTS[reason.why] for reason in of.reasons}
    if len(aspects) < 2 or aspects.isdisjoint(SPECIFIC):
        return False
    if {reason.why for reason in of.reasons} == {"town", "time"}:
        return False
    narrow = any(
        _narrow((reason.why, reason.key)) for reason in of.reasons if reason.why != "time"
    )
    at = any(reason.why in ("station", "spot", "town") for reason in of.reasons)
    return (narrow and at) or of.strength >= rare.needed(of.reference.platform)


def _apart(source: Traced, other: Traced) -> bool:
    """Whether two things exclude by their own words that they belong together: their narrow
    topics are known and differ, or their towns are. A project, a station or a reach that both name
    outweighs the towns: a river flows from one to the next.
    """
    ours, theirs = ({trace.mark for trace in row.traces} for row in (source, other))
    if _differ({of for of in ours if _narrow(of)}, {of for of in theirs if _narrow(of)}):
        return True
    if any(
        axis in ("project", "station") or _at_station(axis, key) for axis, key in ours & theirs
    ):
        return False
    return _differ(*({of for of in marks if of[0] == "town"} for marks in (ours, theirs)))


def _differ(ours: set[Mark], theirs: set[Mark]) -> bool:
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _narrow(mark: Mark) -> bool:
    """A topic that is part of a wider one: of the wider ones a district's bodies have many
    matters.
    """
    axis, key = mark
    return axis == "topic" and bool(wider(key))


def _at_station(axis: str, key: str) -> bool:
    return axis == "reach" and is_at_station(key)


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


def _strongest(of: Reason) -> tuple[float, int, bool, str]:
    """Of two keys that are as rare the narrower one says more to people."""
    order = len(AXES) if of.why == "time" else AXES.index(of.why)
    return -of.bits, order, of.why == "topic" and not wider(of.key), of.key


def _rank(of: Proposal) -> tuple[float, tuple[str, str, str], tuple[str, str, str]]:
    return -of.strength, _text(of.reference), _text(of.source)


def _text(of: Reference) -> tuple[str, str, str]:
    return of.platform, of.kind, of.id
