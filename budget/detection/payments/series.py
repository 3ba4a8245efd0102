"""Regular payments: rent, wages, services by the month. They repeat because they should."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from budget.detection.payments.grouping import Groups

LEAST_DAYS = 3
"""Days of payment without which nothing is regular."""
_SHORTEST = 5
_TOLERANCE = 0.35
"""Of the usual gap: a month has 28 to 31 days, and a festival moves a payment by a week."""
_STEADY = 0.6
"""Share of gaps that are the usual one, or a multiple where a payment was left out."""


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
