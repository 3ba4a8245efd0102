"""Rain that comes down a river brings other water: salt and mud change together. Pure.

An instrument that fails does so alone. So what looks like its failing is water where the other one
of conductivity and turbidity moves at the same time; but not while water is about to freeze, for
ice at a sonde makes all that it measures fall and rise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from config.catalogue.quality import Amount
from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import Instants, Values

BESIDE_MS, BEFORE_MS = 6 * HOUR_MS, 30 * HOUR_MS
"""Turbidity rises within so long of a step of conductivity, above the day before."""
LEAST_ROWS = 3
MIXING_MS, USUAL_MS, STANDS_OUT = HOUR_MS, 8 * HOUR_MS, 4
"""Conductivity steps so near to a wave of mud, by so many times the median step around."""


@dataclass(frozen=True, slots=True)
class Dilution:
    """Tells falls of conductivity that rain made, by a ``rise`` of turbidity.

    ``icy`` says of an instant whether water was about to freeze; below ``dry`` is no water.
    """

    t: Instants
    value: Values
    turbidity: Callable[[], tuple[Instants, Values]]
    rise: Amount
    icy: Callable[[int], bool]
    dry: float

    def natural(self, begin: int, end: int) -> bool:
        """Whether rows ``begin .. end - 1``, between two steps, are a flood: a fall, with mud at
        one of its ends. A second rain may end a fall as well as a sensor may.
        """
        behind = min(end, len(self.t) - 1)
        edges = int(self.t[begin]), int(self.t[behind])
        if self.icy(edges[0]) or not any(self._muddied(at) for at in edges):
            return False
        middle = float(np.median(self.value[begin:end]))
        return bool(self.dry <= middle < self.value[begin - 1 if begin else behind])

    def _muddied(self, at_ms: int) -> bool:
        """Whether turbidity rose around an instant, two readings of it at least, above the low
        side of the day before: one rain may follow another.
        """
        t, value = self.turbidity()
        edges = (at_ms - BEFORE_MS, at_ms - BESIDE_MS, at_ms + BESIDE_MS + 1)
        first, second, last = np.searchsorted(t, edges)
        before, around = value[first:second], value[second:last]
        if min(len(before), len(around)) < LEAST_ROWS:
            return False
        level = float(np.partition(before, low := len(before) // 4)[low])
        return bool(np.partition(around, -2)[-2] > level + self.rise[0] + self.rise[1] * level)


@dataclass(frozen=True, slots=True)
class Mixing:
    """Tells waves of mud that came with other water, by a ``step`` of conductivity."""

    t: Instants
    conductivity: Callable[[], tuple[Instants, Values]]
    step: Amount
    icy: Callable[[int], bool]
    apart_ms: float
    """Readings of conductivity further apart make no step."""

    def natural(self, begin: int, end: int) -> bool:
        """Whether other water came with rows ``begin .. end - 1``."""
        edges = int(self.t[begin]), int(self.t[end - 1])
        if self.icy(edges[0]):
            return False
        t, value = self.conductivity()
        near = slice(*np.searchsorted(t, (edges[0] - MIXING_MS, edges[1] + MIXING_MS + 1)))
        around = slice(*np.searchsorted(t, (edges[0] - USUAL_MS, edges[1] + USUAL_MS + 1)))
        if near.stop - near.start < 2:
            return False
        size = np.abs(np.diff(value[near]))[np.diff(t[near]) <= self.apart_ms]
        most = float(size.max(initial=0.0))
        least = self.step[0] + self.step[1] * float(np.median(value[around]))
        usual = float(np.median(np.abs(np.diff(value[around]))))
        return most > max(least, STANDS_OUT * usual)
