"""Checks on columns: what each objects to. Pure.

``t`` is UTC epoch ms and grows; ``value`` is in the indicator's unit. Checks of neighbouring rows
take only rows with a value, unless they say how they treat NaN. The checks that QARTOD names
(IOOS, Manual for Real-Time Quality Control of Water Level / Temperature Data) agree with the
package ioos_qc, see ``tests/ingest/test_quality_peer.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import Amount, Erratic, Span
from config.vocabulary.time import HOUR_MS

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

LEAST_ERRATIC = 13
"""Rows without which nothing can be said of how a series usually moves."""
HELD_MS = 12 * HOUR_MS
"""Nobody works at a sensor for longer; what repeats itself for longer is a flat line."""
LARGEST = 1e7
"""Far above every indicator's range; a number beyond it is no measurement."""
DECIMALS, DIGITS = 8, 11
STEP_PART = 1e-4
"""So much of a step a value may miss by how it is written in binary."""


def out_of_range(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Rows whose value cannot be at a station at all (QARTOD gross range); NaN is not judged."""
    return (value < low) | (value > high)


def to_resolution(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values to eight decimals and eleven significant digits; NaN where the magnitude is beyond
    ``LARGEST``. NaN stays.

    VictoriaMetrics is exact to eleven digits (tried; not always to twelve), and keeps a block of
    values as whole numbers of one power of ten: with these bounds they are below 2**53, so none
    loses a digit to another. Every store then gives back what it was given, to the bit.
    """
    kept = np.where(np.abs(value) < LARGEST, value, np.nan)
    scale = np.full(len(kept), 10.0**DECIMALS)
    large = np.abs(kept) >= 10.0 ** (DIGITS - DECIMALS)  # only these have no room for them all
    exponent = np.floor(np.log10(np.abs(kept[large])))
    scale[large] = 10.0 ** (DIGITS - 1 - exponent)  # a whole power of ten, exact
    rounded: NDArray[np.float64] = np.rint(kept * scale) / scale
    return rounded


def outside(value: Values, span: Span) -> Flags:
    """Rows beyond a span (QARTOD gross range and climatology); NaN is not judged."""
    return (value < span[0]) | (value > span[1])


def equal_to_any(value: Values, numbers: Sequence[float]) -> Flags:
    """Rows that hold one of a few numbers."""
    found = np.zeros(len(value), np.bool_)
    for number in numbers:
        found |= value == number
    return found


def spike(t: Instants, value: Values, most: float, gap_ms: float) -> Flags:
    """Rows more than ``most`` off the mean of the two beside them (QARTOD spike, average); the
    first and last row, and those beside a NaN or more than ``gap_ms``, are not judged.
    """
    found = np.zeros(len(value), np.bool_)
    if len(value) > 2:
        beside = (value[:-2] + value[2:]) / 2
        near = np.diff(t) <= gap_ms
        found[1:-1] = (np.abs(value[1:-1] - beside) > most) & near[:-1] & near[1:]
    return found


def rate(t: Instants, value: Values, most_per_hour: float, gap_ms: float) -> Flags:
    """Rows that a change faster than ``most_per_hour`` led to (QARTOD rate of change); the first
    row, and one behind a NaN or more than ``gap_ms``, are not judged.
    """
    found, apart = np.zeros(len(value), np.bool_), np.diff(t)
    found[1:] = (np.abs(np.diff(value)) / apart * HOUR_MS > most_per_hour) & (apart <= gap_ms)
    return found


def extent(value: Values, first: Places) -> Values:
    """For each row i the largest less the smallest of ``value[first[i]] .. value[i]``.

    By doubling: after k rounds a row knows the extremes of the 2**k rows up to it, and a window is
    covered by two of those. O(n log w).
    """
    found = np.zeros(len(value))
    length = np.arange(1, len(value) + 1) - first
    low, high, width = value.copy(), value.copy(), 1
    while width <= length.max(initial=0):
        rows = np.flatnonzero((length >= width) & (length < 2 * width))
        early = first[rows] + width - 1
        found[rows] = np.maximum(high[rows], high[early]) - np.minimum(low[rows], low[early])
        low[width:] = np.minimum(low[width:], low[:-width])
        high[width:] = np.maximum(high[width:], high[:-width])
        width *= 2
    return found


def windows(t: Instants, ends: Places, window_ms: float, rows: int) -> Places:
    """For some rows the first of the window that ends with each: at or before the time, and so
    many rows at least. Below 0 where the rows do not reach back so far.
    """
    first: Places = np.searchsorted(t, t[ends] - window_ms, "right") - 1
    return np.minimum(first, ends + (1 - rows), out=first) if rows > 1 else first


def still(
    t: Instants, value: Values, window_ms: float, most: float, gap_ms: float, rows: int = 1
) -> Flags:
    """Rows at the end of a window in which the value moved by less than or just ``most``
    (QARTOD flat line; by time, not by count; ``rows`` at least). A window is only judged where it
    is covered: a row stands at or before its beginning, and no two rows lie further apart than
    ``gap_ms``.
    """
    found, each = np.zeros(len(t), np.bool_), np.arange(len(t))
    if len(t) < rows:
        return found
    first = windows(t, each, window_ms, rows)
    whole = first >= 0
    gaps = np.concatenate([[0], np.cumsum(np.diff(t) > gap_ms)])
    whole &= gaps == gaps[first]
    found[whole] = extent(value, np.where(whole, first, each))[whole] <= most
    return found


def back_to_beginning(t: Instants, ends: Flags, window_ms: float, rows: int = 1) -> Flags:
    """Every row of the windows that end at rows of ``ends``."""
    last = np.flatnonzero(ends)
    first = windows(t, last, window_ms, rows)
    edges = np.zeros(len(t) + 1, np.int64)
    np.add.at(edges, np.maximum(first, 0), 1)
    np.add.at(edges, last + 1, -1)
    return np.cumsum(edges[:-1]) > 0


def written_in(
    t: Instants, value: Values, step: float, from_ms: Instants, to_ms: Instants
) -> Flags:
    """Which of some spans, with both ends, hold only whole multiples of ``step``. Nothing
    is a multiple of everything, and what a broken sensor says: it counts as none.
    """
    steps = value / step
    finer = (np.abs(steps - np.rint(steps)) > STEP_PART) | (value == 0)
    finer = np.concatenate([[0], np.cumsum(finer)])
    first, last = np.searchsorted(t, from_ms, "left"), np.searchsorted(t, to_ms, "right")
    found: Flags = finer[first] == finer[last]
    return found


def held(t: Instants, value: Values, step: Amount, gap_ms: float) -> Flags:
    """Rows that repeat the value before them, three in all or more, where a step ends it that is
    larger than ``step`` and eight times what is usual there. HELD_MS at most, and the changes in
    as long before tell what is usual.
    """
    found = np.zeros(len(value), np.bool_)
    if len(value) < 4:
        return found
    change = np.abs(np.diff(value))
    begins = np.concatenate([[0], np.flatnonzero(change > 0) + 1])
    ends = np.concatenate([begins[1:], [len(value)]])
    rows = np.flatnonzero((ends - begins >= 3) & (ends < len(value)))
    by = change[ends[rows] - 1]
    near = t[ends[rows]] - t[ends[rows] - 1] <= gap_ms
    near &= t[ends[rows] - 1] - t[begins[rows]] <= HELD_MS
    rows = rows[near & (by > step[0] + step[1] * np.abs(value[begins[rows]]))]
    for begin, end in zip(begins[rows].tolist(), ends[rows].tolist(), strict=True):
        first = int(np.searchsorted(t, t[begin] - HELD_MS))
        before = change[max(begin - 24, first) : begin]
        if len(before) >= 5 and change[end - 1] > 8 * np.median(before):
            found[begin + 1 : end] = True
    return found


def erratic(t: Instants, value: Values, rule: Erratic, icy: Flags, gap_ms: float) -> Flags:
    """Rows around which, over ``rule.hours``, most steps are larger than the value by nature
    makes; 13 rows at least. ``icy``: where the water is about to freeze. Two rows further apart
    than ``gap_ms`` make no step.
    """
    step = np.concatenate([[0.0], np.abs(np.diff(value)) * (np.diff(t) <= gap_ms)])
    level = np.abs(value)
    level[1:] = (level[1:] + level[:-1]) / 2
    ice_offset = rule.offset if rule.ice_offset is None else rule.ice_offset
    found = np.zeros(len(t), np.bool_)
    for ratio, offset, hours, where in (
        (rule.ratio, rule.offset, rule.hours, ~icy),
        (rule.ice_ratio, ice_offset, rule.ice_hours or rule.hours, icy),
    ):
        if ratio is not None and where.any():
            half, at = int(hours * HOUR_MS / 2), t[where]
            first = np.searchsorted(t, at - half, "left")
            last = np.searchsorted(t, at + half, "right")
            # Counts, not sums of values: whole numbers are the same however a history is cut.
            large = np.concatenate([[0], np.cumsum(step > ratio * (level + offset))])
            most = 2 * (large[last] - large[first]) > last - first
            found[where] = most & (last - first >= LEAST_ERRATIC)
    return found
