"""The span that a rule looks at: the value itself, its mean over a window, or its change over one.
Pure.

Each is a function of the readings of the window that ends at a reading, so that it does not depend
on how a history is cut. A mean is that of the window's values, summed anew each time and rounded
to one decimal beyond the indicator's. A change is from the last reading at or before the window's
beginning, scaled to the window's length; unknown where that lies more than another window back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from alerting.rules.conditions.signal import (
    DIGITS,
    EvaluationTarget,
    Instants,
    Readings,
    Signal,
    Values,
)


class Mean(Signal, frozen=True, tag="mean"):
    """The mean over the window that ends at a reading, in the indicator's unit."""

    window_ms: int

    @property
    def lookback_ms(self) -> int:
        """The window."""
        return self.window_ms

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings."""
        return _over(means, target, members[0], after_ms, until_ms, self.window_ms)


class Change(Signal, frozen=True, tag="change"):
    """The change over the window that ends at a reading, in the indicator's unit."""

    window_ms: int

    @property
    def lookback_ms(self) -> int:
        """The window, and another one in which the reading at its beginning may lie."""
        return 2 * self.window_ms

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings."""
        return _over(changes, target, members[0], after_ms, until_ms, self.window_ms)


def _over(
    taken: Callable[[Instants, Values, int, int, int], Values],
    target: EvaluationTarget,
    readings: Readings,
    after_ms: int,
    until_ms: int,
    window_ms: int,
) -> Readings:
    """The figure over windows, where it is known."""
    t, value = readings
    first, end = (int(at) for at in np.searchsorted(t, (after_ms, until_ms), "right"))
    found = taken(t[:end], value[:end], first, window_ms, target.decimals)
    known = ~np.isnan(found)
    return t[first:end][known], found[known]


def means(t: Instants, value: Values, first: int, window_ms: int, decimals: int) -> Values:
    """Of each row from ``first`` on the mean over ``(t - window, t]``, in the value's unit."""
    rows = np.arange(first, len(t))
    begins = np.searchsorted(t, t[rows] - window_ms, "right")
    edges = np.column_stack([begins, rows + 1]).ravel()
    sums = np.add.reduceat(np.append(value, 0.0), edges)[::2]
    return _rounded(sums / (rows + 1 - begins), decimals)


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
    return np.where(known, _rounded(by, decimals), np.nan)


def _rounded(value: Values, decimals: int) -> Values:
    """To one decimal beyond these, half to even: by whole numbers, among which a half is exact."""
    whole = np.rint(value * 10.0**DIGITS)
    steps = np.rint(whole / 10.0 ** (DIGITS - decimals - 1))
    # A zero has no sign.
    found: Values = steps / 10.0 ** (decimals + 1) + 0.0
    return found
