"""A sonde that hangs in the air: its conductivity tells it of all that it measures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.catalogue.quality import Dry
from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import Flags, Instants, Places, Values, equal_to_any

BLOCK_MS, BLOCKS = 6 * HOUR_MS, 4
"""The water's own conductivity is told by so many blocks either side, a day."""
REACH_MS = (BLOCKS + 1) * BLOCK_MS
"""How far from a reading those lie that it rests on."""
BROKEN = 3
"""Air conducts nothing: what reads so many times the water's that day is a broken sensor."""


def dry(t: Instants, conductivity: Values, rule: Dry, placeholders: Sequence[float]) -> Flags:
    """Rows in which the conductivity is one of air, and not of a sensor that is broken; ``t``
    grows.
    """
    found: Flags = conductivity < rule.film
    rows = np.flatnonzero(found)
    if len(rows):
        level = levels(t, conductivity, rows)
        low = conductivity[rows]
        found[rows] = (low < rule.nothing) | (low < rule.part * level)
        read = np.where(equal_to_any(conductivity, placeholders), np.inf, conductivity)
        found[rows] &= _highest(t, read, rows) <= BROKEN * level
    return found


def levels(t: Instants, value: Values, rows: Places) -> Values:
    """For some rows the highest median of the blocks around their own."""
    begins, first = _blocks(t)
    end = np.append(first[1:], len(t))
    mine = np.searchsorted(begins, t[rows] // BLOCK_MS)
    medians = np.full(len(begins), -np.inf)
    asked = np.zeros(len(begins) + 1, np.int64)
    np.add.at(asked, np.searchsorted(begins, begins[np.unique(mine)] - BLOCKS), 1)
    np.add.at(asked, np.searchsorted(begins, begins[np.unique(mine)] + BLOCKS, "right"), -1)
    for block in np.flatnonzero(np.cumsum(asked[:-1])).tolist():
        of = value[first[block] : end[block]]
        middle = (len(of) - 1) // 2
        medians[block] = np.partition(of, middle)[middle]
    return _around(begins, medians)[mine]


def _highest(t: Instants, value: Values, rows: Places) -> Values:
    """For some rows the highest value in the blocks around their own."""
    begins, first = _blocks(t)
    mine = np.searchsorted(begins, t[rows] // BLOCK_MS)
    return _around(begins, np.maximum.reduceat(value, first))[mine]


def _blocks(t: Instants) -> tuple[Instants, Places]:
    """Number of each block that has rows, and its first row."""
    block = t // BLOCK_MS
    first = np.flatnonzero(np.diff(block, prepend=block[0] - 1))
    return block[first], first


def _around(begins: Instants, of: Values) -> Values:
    """For each block the highest of its own and those around it."""
    found = of.copy()
    for shift in (*range(-BLOCKS, 0), *range(1, BLOCKS + 1)):
        at = np.minimum(np.searchsorted(begins, begins + shift), len(begins) - 1)
        there = begins[at] == begins + shift
        found[there] = np.maximum(found[there], of[at[there]])
    return found
