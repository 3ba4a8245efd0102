"""Numbers for no value, and spikes of air that the next reading does not bear. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.catalogue.quality import Amount
from ingest.quality.checks import Flags, Instants, Places, Values, equal_to_any

LEVEL_ROWS, LEAST_ROWS = 5, 2
"""A level is the median of so many rows before; of fewer than the second it is unknown."""
LEVEL_GAPS = 6
"""Rows further back than so many of the longest steps say nothing of the level."""
BORNE = 1 / 3
"""The next reading bears a rise when it holds this part of it."""


def surges(t: Instants, value: Values, most: Amount, gap_ms: float) -> Flags:
    """Rows more than ``most`` above the level before, unless the reading behind bears them.

    One that nothing has followed yet is not borne: it may be wrong, and a message would be out
    before the next says so.
    """
    found = np.zeros(len(t), np.bool_)
    rows = np.flatnonzero((np.diff(value) > most[0]) & (np.diff(t) <= gap_ms)) + 1
    if not len(rows):
        return found
    level = _levels(t, value, rows, gap_ms)
    rise = value[rows] - level
    behind = np.minimum(rows + 1, len(t) - 1)
    borne = (behind > rows) & (t[behind] - t[rows] <= gap_ms)
    borne &= value[behind] - level >= BORNE * rise
    found[rows] = (rise > most[0] + most[1] * np.abs(level)) & ~borne
    return found


def _levels(t: Instants, value: Values, rows: Places, gap_ms: float) -> Values:
    """Medians of the rows before some; NaN where unknown."""
    near = rows[:, None] - np.arange(1, LEVEL_ROWS + 1)
    places = np.maximum(near, 0)
    known = (near >= 0) & (t[rows][:, None] - t[places] <= LEVEL_GAPS * gap_ms)
    found = np.full(len(rows), np.nan)
    enough = np.count_nonzero(known, axis=1) >= LEAST_ROWS
    before = np.where(known, value[places], np.nan)[enough]
    found[enough] = np.nanmedian(before, axis=1) if len(before) else before[:, 0]
    return found


def placeholders(t: Instants, value: Values, numbers: Sequence[float], gap_ms: float) -> Flags:
    """Rows that hold one of some numbers, unless a reading beside them holds a third of it and is
    none of them: instruments may well measure 999.
    """
    found = equal_to_any(value, numbers)
    if not found.any():
        return found
    others = np.flatnonzero(~found)
    rows = np.flatnonzero(found)
    behind = np.searchsorted(others, rows)
    near_ms = LEVEL_GAPS * gap_ms
    for at in (behind - 1, behind):
        there = (at >= 0) & (at < len(others))
        beside = others[at[there]]
        bears = np.abs(t[beside] - t[rows[there]]) <= near_ms
        bears &= value[beside] >= BORNE * value[rows[there]]
        found[rows[there][bears]] = False
    return found


def reach_ms(gap_ms: float) -> float:
    """How far from a reading those lie that either check looks at."""
    return (LEVEL_GAPS + 1) * gap_ms
