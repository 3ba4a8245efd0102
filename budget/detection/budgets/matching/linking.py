"""Payments and the indicators that they name: by the id, by the id as people retype it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
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
    ids = _Ids(indicators)
    found = [ids.find(text) for text in column.values]
    of = np.array([*(at for at, _ in found), -1], dtype=np.int64)
    grades = np.array([*(grade for _, grade in found), NONE], dtype=np.int8)
    return Links(of[column.codes], grades[column.codes])


def firsts(indicators: Sequence[Indicator]) -> dict[str, int]:
    """The number of the indicator that stands for each id. An id that several have is that of the
    one that comes first by its contents, not by its row.
    """
    found: dict[str, int] = {}
    for at, of in enumerate(indicators):
        known = found.setdefault(of.id, at)
        if known != at and _contents(of) < _contents(indicators[known]):
            found[of.id] = at
    return found


def _contents(of: Indicator) -> tuple[str | int, ...]:
    texts = of.unit, of.project, of.economic, of.function, of.fund, of.source
    return of.year, *texts, of.day, of.cents


class _Ids:
    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self._exact = firsts(indicators)
        self._bare: dict[str, int] = {}
        for text in sorted(self._exact):
            self._bare.setdefault(bare(text), self._exact[text])
        self._backward: list[str] = []

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
