"""Rows that belong together, by numpy: sorted by their keys and days, group after group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Groups:
    """``rows`` are positions in payments, group after group, in each by day and position;
    ``starts`` are where in ``rows`` a group begins, ``of`` is the group of each of ``rows``.
    """

    rows: Rows
    starts: Rows
    of: Rows

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def sizes(self) -> Rows:
        """Rows of each group."""
        return np.diff(self.starts, append=len(self.rows))

    def each(self, wanted: Mask) -> Iterator[tuple[int, Rows]]:
        """Number and rows of the groups that are wanted."""
        ends = self.starts + self.sizes
        for group in np.flatnonzero(wanted).tolist():
            yield group, self.rows[self.starts[group] : ends[group]]

    def only(self, wanted: Mask) -> Groups:
        """The groups that are wanted."""
        return _of(
            self.rows[wanted[self.of]],
            np.repeat(np.arange(len(self)), self.sizes)[wanted[self.of]],
        )

    def some(self, true: Mask) -> Mask:
        """For each group whether anything is true of one of its rows, given in their order."""
        return np.bincount(self.of[true], minlength=len(self)) > 0

    def sums(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each group the sum of values, given in the order of ``rows``."""
        if not len(self):
            return np.zeros(0, np.int64)
        return np.add.reduceat(values, self.starts)


def grouped(rows: Rows, days: NDArray[np.int32], *keys: NDArray[np.integer]) -> Groups:
    """The rows, which are in ascending order, by keys that are given for every payment."""
    key = combined(*(of[rows] for of in keys))
    order = np.lexsort((rows, days[rows], key))
    return _of(rows[order], key[order])


def combined(*keys: NDArray[np.integer]) -> NDArray[np.int64]:
    """One number for each combination; all keys are of one length."""
    found = np.zeros(len(keys[0]), np.int64)
    for key in map(_dense, keys):
        width = int(key.max(initial=0)) + 1
        if int(found.max(initial=0)) > (1 << 62) // width:
            found = _dense(found)
        found = found * width + key
    return found


def _dense(key: NDArray[np.integer]) -> NDArray[np.int64]:
    """The same order in small numbers from 0."""
    low, high = int(key.min(initial=0)), int(key.max(initial=0))
    if high - low < 1 << 20:
        return key.astype(np.int64) - low
    number: NDArray[np.int64] = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return number


def repeated(rows: Rows, *keys: NDArray[np.integer]) -> Rows:
    """Those of the rows whose keys another one has too."""
    key = combined(*(of[rows] for of in keys))
    order = np.argsort(key, kind="stable")
    twin = key[order][1:] == key[order][:-1]
    chosen = np.zeros(len(rows), bool)
    chosen[order[1:]] |= twin
    chosen[order[:-1]] |= twin
    return rows[chosen]


def _of(rows: Rows, key: NDArray[np.integer]) -> Groups:
    first = np.ones(len(rows), bool)
    first[1:] = key[1:] != key[:-1]
    return Groups(rows, np.flatnonzero(first), np.cumsum(first) - 1)
