"""What a rule looks at: the value itself, its mean over a window, or its change over one. Pure.

Each is a function of the readings of the window that ends at a reading, so that it does not depend
on how a history is cut. A mean is that of the window's values, summed anew each time and rounded
to one decimal beyond the indicator's. A change is from the last reading at or before the window's
beginning, scaled to the window's length; unknown where that lies more than another window back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]
Values = NDArray[np.float64]


def means(t: Instants, value: Values, first: int, window_ms: int, decimals: int) -> Values:
    """Of each row from ``first`` on the mean over ``(t - window, t]``, in the value's unit."""
    rows = np.arange(first, len(t))
    begins = np.searchsorted(t, t[rows] - window_ms, "right")
    edges = np.column_stack([begins, rows + 1]).ravel()
    sums = np.add.reduceat(np.append(value, 0.0), edges)[::2]
    found: Values = np.round(sums / (rows + 1 - begins), decimals + 1)
    return found


def changes(t: Instants, value: Values, first: int, window_ms: int, decimals: int) -> Values:
    """Of each row from ``first`` on the change over a window, in the value's unit; NaN where
    unknown.
    """
    rows = np.arange(first, len(t))
    before = np.searchsorted(t, t[rows] - window_ms, "right") - 1
    known = before >= 0
    before = np.maximum(before, 0)
    apart = t[rows] - t[before]
    known &= apart <= 2 * window_ms
    by = (value[rows] - value[before]) * (window_ms / np.maximum(apart, 1))
    return np.where(known, np.round(by, decimals + 1), np.nan)
