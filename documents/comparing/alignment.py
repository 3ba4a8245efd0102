"""Which article became which. Articles are paired before words are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from documents.comparing.likeness import likeness, plain
from documents.comparing.marks import marks
from documents.comparing.records import Change, Pair
from documents.text.records import Article

ALIKE = 0.4
"""Less alike than this, one article was deleted and another added."""
BETWEEN = 0.25
"""Enough for articles at the same point between neighbours that are paired."""
_NEAR, _HEADING = 0.08, 0.04
_MEMBER = 10**9
"""One more member goes before any number of signs."""
Pairs = Mapping[int, int]


def align(old: Sequence[Article], new: Sequence[Article]) -> tuple[Pair, ...]:
    """The pairs in the order of the new version, then what was deleted in the order of the old
    one. Every article stands in exactly one pair.
    """
    paired = _paired(old, new)
    moved = _moved(paired, [len(plain(article)) for article in old])
    back = {into: from_ for from_, into in paired.items()}
    found = [_pair(old, article, back.get(at), moved) for at, article in enumerate(new)]
    gone = [Pair(article, None, "deleted") for at, article in enumerate(old) if at not in paired]
    return (*found, *gone)


def _pair(old: Sequence[Article], new: Article, at: int | None, moved: set[int]) -> Pair:
    if at is None:
        return Pair(None, new, "added")
    before = old[at]
    if plain(before) == plain(new):
        return Pair(before, new, "moved" if at in moved else "same")
    change: Change = "moved and reworded" if at in moved else "reworded"
    return Pair(before, new, change, marks(before.text, new.text))


def _paired(old: Sequence[Article], new: Sequence[Article]) -> dict[int, int]:
    """Old to new indices: first what stands unchanged, then what is most alike, then what lies
    between the same neighbours.
    """
    texts_old, texts_new = [plain(of) for of in old], [plain(of) for of in new]
    paired = dict(_equal(texts_old, texts_new))
    left_old = [at for at in range(len(old)) if at not in paired]
    taken = set(paired.values())
    left_new = [at for at in range(len(new)) if at not in taken]
    if not left_old or not left_new:
        return paired
    alike = likeness([texts_old[at] for at in left_old], [texts_new[at] for at in left_new])
    closeness = alike + _closeness(old, new, left_old, left_new)
    value = np.where(alike >= ALIKE, closeness, 0.0)
    for row, column in zip(*linear_sum_assignment(value, maximize=True), strict=True):
        if value[row, column] > 0:
            paired[left_old[row]] = left_new[column]
    rows = {at: row for row, at in enumerate(left_old)}
    columns = {at: column for column, at in enumerate(left_new)}
    for before, after in list(_gaps(paired, len(old), len(new))):
        some = [(at, into) for at in before for into in after]
        for at, into in sorted(some, key=lambda of: -alike[rows[of[0]], columns[of[1]]]):
            free = at not in paired and into not in paired.values()
            if free and alike[rows[at], columns[into]] >= BETWEEN:
                paired[at] = into
    return paired


def _equal(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Articles of the same text; where several have it, in their order."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(new):
        where[text].append(at)
    for at, text in enumerate(old):
        if where[text]:
            yield at, where[text].pop(0)


def _closeness(
    old: Sequence[Article], new: Sequence[Article], rows: Sequence[int], columns: Sequence[int]
) -> NDArray[np.float64]:
    """What decides between articles that are equally alike: the same part of the document, and
    the same heading.
    """
    far = np.abs(
        np.array(rows)[:, np.newaxis] / max(len(old), 1)
        - np.array(columns)[np.newaxis, :] / max(len(new), 1)
    )
    heading = np.array([[old[a].chapter == new[b].chapter for b in columns] for a in rows])
    return np.asarray(_NEAR * (1 - far) + _HEADING * heading)


def _gaps(paired: Pairs, old: int, new: int) -> Iterator[tuple[list[int], list[int]]]:
    """Articles without a pair between neighbours that have one, on both sides."""
    taken = set(paired.values())
    ends = [(-1, -1), *sorted(paired.items()), (old, new)]
    for (before, into_before), (after, into_after) in pairwise(ends):
        rows = [at for at in range(before + 1, after) if at not in paired]
        columns = [at for at in range(into_before + 1, into_after) if at not in taken]
        if rows and columns:
            yield rows, columns


def _moved(paired: Pairs, lengths: Sequence[int]) -> set[int]:
    """Old indices outside the longest run that keeps its order; of two that changed places the
    shorter one moved.
    """
    order = [from_ for from_, _ in sorted(paired.items(), key=lambda of: of[1])]
    return set(order) - set(_longest_rising(order, lengths))


def _longest_rising(order: Sequence[int], lengths: Sequence[int]) -> Iterator[int]:
    """The rising subsequence with most members, and of those the one with most signs."""
    values = np.array(order, dtype=np.int64)
    worth = np.zeros(len(order), dtype=np.int64)
    before = np.full(len(order), -1)
    for at, value in enumerate(order):
        lower = np.flatnonzero(values[:at] < value)
        if lower.size:
            before[at] = lower[np.argmax(worth[lower])]
        worth[at] = _MEMBER + lengths[value] + (worth[before[at]] if lower.size else 0)
    at = int(np.argmax(worth)) if order else -1
    while at >= 0:
        yield order[at]
        at = int(before[at])
