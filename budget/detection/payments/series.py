"""Regular payments: rent, wages, services by the month. They repeat because they should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

import numpy as np
from numpy.typing import NDArray

from budget.detection.payments.grouping import Groups, Mask

_LEAST_MONTHS = 5
_COVERED = 0.7
"""Share of the months from the first to the last in which something monthly is paid."""
_MOST_A_MONTH = 1.35
_FAR = 1 << 20
"""Months between one group and the next."""
LEAST_DAYS = 3
"""Days of payment without which nothing is regular."""
_SHORTEST = 5
_TOLERANCE = 0.35
"""Of the usual gap: a month has 28 to 31 days, and a festival moves a payment by a week."""
_STEADY = 0.6
"""Share of gaps that are the usual one, or a multiple where a payment was left out."""

LEAST_STRANGE = 0.25
"""Share of the usual gap below which two payments are nearer than instalments would be."""


def usual_gap(days: Sequence[int]) -> float:
    """The middle gap between three or more days in ascending order, but the smallest one, in which
    a payment too many lies; infinite where there are fewer.
    """
    gaps = sorted(later - day for day, later in pairwise(days))
    return median(gaps[1:]) if len(gaps) > 1 else inf


def spaced(groups: Groups, days: NDArray[np.int32]) -> Mask:
    """Groups of three or more payments none of which is much nearer to the next than the mean."""
    at = days[groups.rows].astype(np.int64)
    gaps = np.diff(at, prepend=at[:1])
    gaps[groups.starts] = _FAR
    if not len(groups):
        return np.zeros(0, bool)
    least = np.minimum.reduceat(gaps, groups.starts)
    span = at[groups.starts + groups.sizes - 1] - at[groups.starts]
    found: Mask = (groups.sizes >= LEAST_DAYS) & (
        least * (groups.sizes - 1) > LEAST_STRANGE * span
    )
    return found


def periods(groups: Groups, days: NDArray[np.int32]) -> NDArray[np.float64]:
    """The usual gap in days of each group whose payments are regular, 0 where they are not: at
    least :data:`LEAST_DAYS` different days, most of whose gaps are near their median. Payments
    of one day count once, so that one too many does not hide the rest.
    """
    at = days[groups.rows].astype(np.int64)
    apart = np.flatnonzero((np.diff(groups.of) == 0) & (np.diff(at) > 0))
    gaps, of = (at[apart + 1] - at[apart]).astype(np.float64), groups.of[apart]
    median = np.zeros(len(groups))
    counts = np.bincount(of, minlength=len(groups))
    order = np.lexsort((gaps, of))
    starts = np.cumsum(counts) - counts
    some = counts >= LEAST_DAYS - 1
    # of an even number of gaps the larger one in the middle: an extra payment halves gaps
    median[some] = gaps[order][(starts + counts // 2)[some]]
    usual = median[of]
    times = np.maximum(np.rint(gaps / np.where(usual > 0, usual, 1)), 1)
    near = (usual > 0) & (np.abs(gaps - times * usual) <= _TOLERANCE * usual) & (times <= 3)
    steady = np.bincount(of[near], minlength=len(groups)) >= _STEADY * np.maximum(counts, 1)
    return np.where(some & steady & (median >= _SHORTEST), median, 0.0)


@dataclass(frozen=True, slots=True)
class Months:
    """For each payment the month that a monthly series paid with it, counted from 1970, or -1; and
    whether the series paid more in that month than it owed.
    """

    month: NDArray[np.int64]
    excess: Mask

    def explain(self, one: int, other: int) -> bool:
        """Whether two payments of one series are for two months, or one of them came late."""
        if self.month[one] < 0 or self.month[other] < 0:
            return False
        return bool(self.month[one] != self.month[other] or not self.excess[one])

    def beside(self, other: Months) -> Months:
        """These, and where there are none the others."""
        own = self.month >= 0
        return Months(
            np.where(own, self.month, other.month), np.where(own, self.excess, other.excess)
        )


def covered(groups: Groups, days: NDArray[np.int32]) -> Mask:
    """For each group whether most months from its first to its last have a payment."""
    if not len(groups):
        return np.zeros(0, bool)
    month = days[groups.rows].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    different = np.bincount(np.unique(groups.of * _FAR + month) // _FAR, minlength=len(groups))
    span = month[groups.starts + groups.sizes - 1] - month[groups.starts] + 1
    found: Mask = (different >= _LEAST_MONTHS) & (different >= _COVERED * span)
    return found


def months(groups: Groups, days: NDArray[np.int32]) -> Months:
    """The monthly ones among groups: those that are paid in most months from their first to their
    last, and hardly ever twice. A month may pay for the two before it and the one behind it where
    these have no payment.
    """
    found = Months(np.full(len(days), -1, np.int64), np.zeros(len(days), bool))
    if not len(groups):
        return found
    month = days[groups.rows].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    paid, place, counts = np.unique(
        groups.of * _FAR + month, return_inverse=True, return_counts=True
    )
    different = np.bincount(paid // _FAR, minlength=len(groups))
    last = month[groups.starts + groups.sizes - 1]
    monthly = covered(groups, days) & (groups.sizes <= _MOST_A_MONTH * different)
    late = ~np.isin(paid - 1, paid) * 1 + ~np.isin(paid - 2, paid)
    early = ~np.isin(paid + 1, paid) & (paid % _FAR < last[paid // _FAR])
    chosen = monthly[groups.of]
    found.month[groups.rows[chosen]] = month[chosen]
    found.excess[groups.rows[chosen]] = (counts > 1 + late + early)[place][chosen]
    return found
