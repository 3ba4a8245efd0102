"""The money's way from project to payment, reconciled at each hop in whole fen."""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

Stage = Literal["project", "indicator", "plan", "application", "voucher", "payment"]
STAGES: tuple[Stage, ...] = get_args(Stage)
Way = Literal["exact", "normalised", "near", "unmatched"]
"""How an entry found the one that it comes from: by the id, by letters and digits of it alone, by
unit, amount and a near day, or not at all."""
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of one stage. ``source`` is the id that it gives of the stage before, empty for none;
    ``day`` is days since 1970-01-01, None where the table has no day.
    """

    id: str
    source: str
    unit: str
    cents: int
    day: int | None = None


Match = tuple[int, int | None, Way]
"""The number of an entry, that of its source, and how it was found."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Entries and the sum of their amounts."""

    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """An entry of the stage before, and what of the next was matched with it."""

    id: str
    cents: int
    matched: Tally

    @property
    def difference_cents(self) -> int:
        """The rest of it; below nothing where more went on than it had."""
        return self.cents - self.matched.cents


@dataclass(frozen=True, slots=True)
class Hop:
    """One stage and the next. ``balances`` has every entry of the stage before, by id;
    ``unmatched`` the ids of the next that could not be matched, which says nothing of whether
    they had a budget. ``tallies`` add up to all entries of the next stage.
    """

    above: Stage
    below: Stage
    balances: tuple[Balance, ...]
    tallies: Mapping[Way, Tally]
    unmatched: tuple[str, ...]

    @property
    def unmatched_share(self) -> float:
        """The share of entries that could not be matched, 0 of none."""
        count = sum(of.count for of in self.tallies.values())
        return self.tallies["unmatched"].count / count if count else 0.0

    @property
    def breaks(self) -> tuple[Balance, ...]:
        """Entries from which more went on than they had."""
        return tuple(of for of in self.balances if of.difference_cents < 0)


@dataclass(frozen=True, slots=True)
class Matching:
    """Entries of a stage added up by id, ``sources``, and for each entry the number of its source.
    For each entry of the next stage ``found`` is the number of the source that it comes from, None
    where it could not be matched, and ``ways`` how it was found.
    """

    sources: tuple[Entry, ...]
    numbers: tuple[int, ...]
    found: tuple[int | None, ...]
    ways: tuple[Way, ...]


def match(above: Sequence[Entry], below: Sequence[Entry], near_days: int = 10) -> Matching:
    """Each entry of a stage with that of the stage before it, in the order of the rows; which is
    matched with which does not follow from their order.
    """
    sources, numbers = _added_up(above)
    found: list[int | None] = [None] * len(below)
    ways: list[Way] = ["unmatched"] * len(below)
    for at, source, way in _matched(sources, below, near_days):
        found[at], ways[at] = source, way
    return Matching(tuple(sources), tuple(numbers), tuple(found), tuple(ways))


def reconcile(stages: Mapping[Stage, Sequence[Entry]], near_days: int = 10) -> tuple[Hop, ...]:
    """The hops between the stages that were handed in, whatever the order of rows. A stage that
    was not is left out, and the next is held against the one before it.
    """
    present = [of for of in STAGES if stages.get(of)]
    return tuple(
        _hop(above, below, stages, near_days) for above, below in itertools.pairwise(present)
    )


def _hop(
    above: Stage, below: Stage, stages: Mapping[Stage, Sequence[Entry]], near_days: int
) -> Hop:
    matching = match(stages[above], stages[below], near_days)
    sources = matching.sources
    totals = [Tally()] * len(sources)
    tallies: dict[Way, Tally] = dict.fromkeys(WAYS, Tally())
    unmatched = []
    for entry, source, way in zip(stages[below], matching.found, matching.ways, strict=True):
        tallies[way] = _with(tallies[way], entry)
        if source is None:
            unmatched.append(entry.id)
        else:
            totals[source] = _with(totals[source], entry)
    return Hop(
        above,
        below,
        tuple(Balance(of.id, of.cents, total) for of, total in zip(sources, totals, strict=True)),
        tallies,
        tuple(sorted(unmatched)),
    )


def _with(tally: Tally, entry: Entry) -> Tally:
    return Tally(tally.count + 1, tally.cents + entry.cents)


def _added_up(entries: Sequence[Entry]) -> tuple[list[Entry], list[int]]:
    """One entry an id, in their order, and of each entry the number of that one: a table may give
    an id in several rows.
    """
    found: list[Entry] = []
    numbers = [0] * len(entries)
    for at in sorted(range(len(entries)), key=lambda at: _order(entries[at])):
        of = entries[at]
        if of.id and found and found[-1].id == of.id:
            found[-1] = replace(found[-1], cents=found[-1].cents + of.cents)
        else:
            found.append(of)
        numbers[at] = len(found) - 1
    return found, numbers


def _order(of: Entry) -> tuple[str, int, int, str, str]:
    return of.id, -1 if of.day is None else of.day, of.cents, of.unit, of.source


def _matched(
    sources: Sequence[Entry], entries: Sequence[Entry], near_days: int
) -> Iterator[Match]:
    """Each entry with its source. What gives no id that is known takes, by day, the nearest source
    of its unit and amount that nothing else was matched with.
    """
    exact = {of.id: at for at, of in enumerate(sources) if of.id}
    bare: dict[str, list[int]] = defaultdict(list)
    for at, of in enumerate(sources):
        bare[_bare(of.id)].append(at)
    taken: set[int] = set()
    left = []
    for at, of in enumerate(entries):
        if of.source in exact:
            taken.add(exact[of.source])
            yield at, exact[of.source], "exact"
            continue
        alike = bare.get(_bare(of.source), []) if _bare(of.source) else []
        if len(alike) == 1:
            taken.add(alike[0])
            yield at, alike[0], "normalised"
        else:
            left.append(at)
    free = {at: of for at, of in enumerate(sources) if at not in taken}
    yield from _near(free, {at: entries[at] for at in left}, near_days)


def _near(
    free: Mapping[int, Entry], entries: Mapping[int, Entry], near_days: int
) -> Iterator[Match]:
    by_amount: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for at, of in free.items():
        if of.day is not None:
            insort(by_amount[_bare(of.unit), of.cents], (of.day, at))

    def by_day(at: int) -> tuple[int, tuple[str, int, int, str, str]]:
        of = entries[at]
        return -1 if of.day is None else of.day, _order(of)

    for at in sorted(entries, key=by_day):
        of = entries[at]
        sources = by_amount.get((_bare(of.unit), of.cents), [])
        nearest = _nearest(sources, of.day, near_days)
        if nearest is None:
            yield at, None, "unmatched"
        else:
            yield at, sources.pop(nearest)[1], "near"


def _nearest(sources: Sequence[tuple[int, int]], day: int | None, near_days: int) -> int | None:
    if day is None or not sources:
        return None
    at = bisect_left(sources, (day, 0))
    around = [of for of in (at - 1, at) if 0 <= of < len(sources)]
    nearest = min(around, key=lambda of: (abs(sources[of][0] - day), of))
    return nearest if abs(sources[nearest][0] - day) <= near_days else None


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
