"""A sonde that hangs in the air: its conductivity tells it of all that it measures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import Dry
from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import Flags, Instants, Values

BLOCK_MS, BLOCKS = 6 * HOUR_MS, 4
"""What the water's conductivity is, is told by so many blocks either side, a day."""
REACH_MS = (BLOCKS + 1) * BLOCK_MS
"""How far from a reading those lie that it rests on."""
BROKEN = 3
"""Air conducts nothing: what reads so many times the water's that day is a broken sensor."""


def dry(t: Instants, conductivity: Values, rule: Dry, placeholders: Sequence[float]) -> Flags:
    """Rows in which the conductivity is one of air, and not of a sensor that is broken; ``t``
    grows.
    """
    found = conductivity < rule.film
    if not found.any():
        return found
    level = levels(t, conductivity)
    found &= (conductivity < rule.nothing) | (conductivity < rule.part * level)
    broken = (conductivity > BROKEN * level) | np.isin(conductivity, placeholders)
    if found.any() and broken.any():
        begins, first, count = _blocks(t)
        anywhere = _around(begins, np.maximum.reduceat(broken.astype(np.float64), first))
        found &= np.repeat(anywhere, count) == 0
    return found


def levels(t: Instants, value: Values) -> Values:
    """For each row the highest median of the blocks around its own."""
    if not len(t):
        return value
    begins, first, count = _blocks(t)
    ranked = value[np.lexsort((value, t // BLOCK_MS))]  # by block, then by value
    return np.repeat(_around(begins, ranked[first + (count - 1) // 2]), count)


def _blocks(t: Instants) -> tuple[Instants, NDArray[np.intp], NDArray[np.intp]]:
    """Number of each block that has rows, its first row and how many it has."""
    block = t // BLOCK_MS
    first = np.flatnonzero(np.diff(block, prepend=block[0] - 1))
    return block[first], first, np.diff(first, append=len(t))


def _around(begins: Instants, of: Values) -> Values:
    """For each block the highest of its own and those around it."""
    found = of.copy()
    for shift in (*range(-BLOCKS, 0), *range(1, BLOCKS + 1)):
        at = np.minimum(np.searchsorted(begins, begins + shift), len(begins) - 1)
        there = begins[at] == begins + shift
        found[there] = np.maximum(found[there], of[at[there]])
    return found
