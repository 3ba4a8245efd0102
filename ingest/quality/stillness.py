"""Values that stand still longer than they do by nature. Pure.

How long that is depends on the steps in which values are written: water of 14.6 to 15.4 °C is 15
for days to a thermometer of whole degrees.
"""

from __future__ import annotations

import numpy as np

from config.catalogue.quality import Flat
from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import (
    Flags,
    Instants,
    Places,
    Values,
    back_to_beginning,
    outside,
    still,
    windows,
    written_in,
)

COARSE, MUTE = 5, 100
"""Steps so many times the resolution ask for more time, and of so many nothing is asked."""
BESIDE_MS = 3 * HOUR_MS
"""How a window is written is told by what lies so far outside of it as well."""


def flat(t: Instants, value: Values, rule: Flat, gap_ms: float) -> Flags:
    """Rows of flat lines, back to the beginning of each."""
    rows, coarse = _ends(t, value, rule, gap_ms)
    found = _windows_of(t, rows[~coarse], rule.hours, rule)
    if coarse.any() and rule.resolution is not None and rule.coarse_hours is not None:
        rows = rows[coarse]
        long = still(t, value, rule.coarse_hours * HOUR_MS, rule.tolerance, gap_ms, rule.readings)[
            rows
        ]
        long[long] = ~_written_in(t, value, MUTE * rule.resolution, rows[long], rule, gap_ms)
        found |= _windows_of(t, rows[long], rule.coarse_hours, rule)
    if rule.exempt:
        found &= outside(value, rule.exempt)
    return found


def is_coarse(t: Instants, value: Values, rule: Flat, gap_ms: float) -> bool:
    """Whether values stand still and are written so coarsely that only more time tells."""
    return bool(_ends(t, value, rule, gap_ms)[1].any())


def reach_ms(rule: Flat, gap_ms: float, *, coarse: bool) -> float:
    """How far from a reading those lie that its flag rests on; without ``coarse``: as long as
    ``is_coarse`` says no of twice as much around it.
    """
    hours = rule.coarse_hours if coarse and rule.coarse_hours else rule.hours
    least_ms = max(hours * HOUR_MS, (rule.readings - 1) * gap_ms)
    return least_ms if rule.resolution is None else least_ms + 2 * max(BESIDE_MS, gap_ms)


def _ends(t: Instants, value: Values, rule: Flat, gap_ms: float) -> tuple[Places, Flags]:
    """Rows at the end of a window without movement, and which of them are written coarsely."""
    window_ms = rule.hours * HOUR_MS
    rows = np.flatnonzero(still(t, value, window_ms, rule.tolerance, gap_ms, rule.readings))
    if rule.resolution is None or not len(rows):
        return rows, np.zeros(len(rows), np.bool_)
    return rows, _written_in(t, value, COARSE * rule.resolution, rows, rule, gap_ms)


def _written_in(
    t: Instants, value: Values, step: float, rows: Places, rule: Flat, gap_ms: float
) -> Flags:
    """Of windows that end at some rows: whether they and what lies beside have such steps."""
    first = windows(t, rows, rule.hours * HOUR_MS, rule.readings)
    beside_ms = int(max(BESIDE_MS, gap_ms))
    return written_in(t, value, step, t[first] - beside_ms, t[rows] + beside_ms)


def _windows_of(t: Instants, rows: Places, hours: float, rule: Flat) -> Flags:
    ends = np.zeros(len(t), np.bool_)
    ends[rows] = True
    return back_to_beginning(t, ends, hours * HOUR_MS, rule.readings)
