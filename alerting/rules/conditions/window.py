"""The span that a rule looks at: the value itself, its mean over a window, or its change over one.
Pure.

Each is a function of the readings of the window that ends at a reading, so that it does not depend
on how a history is cut. A mean is that of the window's values, summed anew each time and rounded
to one decimal beyond the indicator's.

A change is from the last reading at or before the window's beginning, scaled to the window's
length; unknown where that lies more than another window back. Where readings are further apart
than the window, it is as long as their cadence: what happened between two readings shows in them
alone. A quarter of a cadence is allowed for jitter, at the window's beginning as before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alerting.rules.conditions.signal import (
    DIGITS,
    EvaluationTarget,
    Instants,
    Readings,
    Signal,
    Values,
)

JITTER = 4
"""A reading that comes earlier or later by one part in so many of a cadence is on time."""


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
        t, value, first = _upto(members[0], after_ms, until_ms)
        return _known(t, first, means(t, value, first, self.window_ms, target.decimals))


class Change(Signal, frozen=True, tag="change"):
    """The change over the window that ends at a reading, in the indicator's unit."""

    window_ms: int

    @property
    def lookback_ms(self) -> int:
        """The window, and another one in which the reading at its beginning may lie."""
        return 2 * self.window_ms

    def reach_ms(self, cadence_ms: int) -> int:
        """Two windows as long as the cadence asks, and the jitter."""
        return 2 * max(self.window_ms, cadence_ms) + cadence_ms // JITTER

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings."""
        t, value, first = _upto(members[0], after_ms, until_ms)
        cadence_ms = target.cadences.at(t[first:])
        found = changes(t, value, first, self.window_ms, cadence_ms, target.decimals)
        return _known(t, first, found)


def _upto(readings: Readings, after_ms: int, until_ms: int) -> tuple[Instants, Values, int]:
    """The readings up to an instant, and the place of the first of them behind another one."""
    t, value = readings
    first, end = (int(at) for at in np.searchsorted(t, (after_ms, until_ms), "right"))
    return t[:end], value[:end], first


def _known(t: Instants, first: int, found: Values) -> Readings:
    known = ~np.isnan(found)
    return t[first:][known], found[known]


def means(t: Instants, value: Values, first: int, window_ms: int, decimals: int) -> Values:
    """Of each row from ``first`` on the mean over ``(t - window, t]``, in the value's unit."""
    rows = np.arange(first, len(t))
    begins = np.searchsorted(t, t[rows] - window_ms, "right")
    edges = np.column_stack([begins, rows + 1]).ravel()
    sums = np.add.reduceat(np.append(value, 0.0), edges)[::2]
    return _rounded(sums / (rows + 1 - begins), decimals)


def changes(
    t: Instants, value: Values, first: int, window_ms: int, cadence_ms: Instants, decimals: int
) -> Values:
    """Of each row from ``first`` on the change over a window, in the value's unit; NaN where
    unknown. ``cadence_ms`` is that of each of these rows.
    """
    rows = np.arange(first, len(t))
    window, jitter = np.maximum(window_ms, cadence_ms), cadence_ms // JITTER
    before = np.searchsorted(t, t[rows] - window + jitter, "right") - 1
    known = before >= 0
    before = np.maximum(before, 0)
    apart = t[rows] - t[before]
    known &= apart <= 2 * window + jitter
    by = (value[rows] - value[before]) * (window / np.maximum(apart, 1))
    return np.where(known, _rounded(by, decimals), np.nan)


def _rounded(value: Values, decimals: int) -> Values:
    """To one decimal beyond these, half to even: by whole numbers, among which a half is exact."""
    whole = np.rint(value * 10.0**DIGITS)
    steps = np.rint(whole / 10.0 ** (DIGITS - decimals - 1))
    # A zero has no sign.
    found: Values = steps / 10.0 ** (decimals + 1) + 0.0
    return found
