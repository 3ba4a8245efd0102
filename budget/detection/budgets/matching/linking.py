"""Payments and the indicators that they name: by the id, by the id as people retype it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import Indicator, Texts
from budget.detection.budgets.matching.coding import Ints, bare, plain

NONE, NORMALISED, EXACT = 0, 1, 2
SHORTEST = 6
"""Signs that a part of an id must have to stand for the whole."""


@dataclass(frozen=True, slots=True)
class Links:
    """The number of each payment's indicator, -1 without one, and how it was found."""

    of: Ints
    grade: NDArray[np.int8]


def by_id(column: Texts, indicators: Sequence[Indicator]) -> Links:
    """Each payment's indicator: by the exact id, else by letters and digits alone, else where a
    part of an id (its year or prefix left out) can only mean one.
    """
    ids = _Ids(of.id for of in indicators)
    found = [ids.find(text) for text in column.values]
    of = np.array([*(at for at, _ in found), -1], dtype=np.int64)
    grades = np.array([*(grade for _, grade in found), NONE], dtype=np.int8)
    return Links(of[column.codes], grades[column.codes])


class _Ids:
    def __init__(self, ids: Iterable[str]) -> None:
        self._exact: dict[str, int] = {}
        self._bare: dict[str, int] = {}
        self._backward: list[str] = []
        for at, text in enumerate(ids):
            self._exact.setdefault(text, at)
            self._bare.setdefault(bare(text), at)

    def find(self, text: str) -> tuple[int, int]:
        if text in self._exact:
            return self._exact[text], EXACT
        folded = bare(text)
        if not folded:
            return -1, NONE
        if folded in self._bare:
            return self._bare[folded], NORMALISED
        return self._by_end(folded)

    def _by_end(self, folded: str) -> tuple[int, int]:
        if len(folded) < SHORTEST:
            return -1, NONE
        if not self._backward:
            self._backward = sorted(whole[::-1] for whole in self._bare)
        end = folded[::-1]
        first = bisect_left(self._backward, end)
        meant = [of for of in self._backward[first : first + 2] if of.startswith(end)]
        return (self._bare[meant[0][::-1]], NORMALISED) if len(meant) == 1 else (-1, NONE)


def is_own(unit: str, other: str, superiors: Mapping[str, str]) -> bool:
    """Whether two units are one, or one stands directly above the other."""
    first, second = plain(unit), plain(other)
    return first == second or superiors.get(first) == second or superiors.get(second) == first
