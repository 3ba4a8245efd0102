"""Checks of one series against another: of the same station, or of its neighbours. Pure."""

from __future__ import annotations

import numpy as np

from config.catalogue.quality import Amount
from ingest.quality.checks import Flags, Instants, Values


def beside(t: Instants, other: tuple[Instants, Values], near_ms: float) -> Values:
    """The value of another series nearest to each instant, the earlier of two; NaN where none lies
    within ``near_ms``.
    """
    at, value = other
    if not len(at):
        return np.full(len(t), np.nan)
    behind = np.searchsorted(at, t, "left")
    before, after = np.maximum(behind - 1, 0), np.minimum(behind, len(at) - 1)
    nearest = np.where(np.abs(t - at[before]) <= np.abs(at[after] - t), before, after)
    return np.where(np.abs(at[nearest] - t) <= near_ms, value[nearest], np.nan)


def exceeds(value: Values, whole: Values, by: Amount) -> Flags:
    """Rows in which a part is more than its whole, by more than the instruments' difference."""
    return value > whole + by[0] + by[1] * np.abs(whole)


def saturation(celsius: Values) -> Values:
    """Dissolved oxygen of fresh water at saturation and 1013.25 hPa, mg/L.

    Benson and Krause (1984), equation 32 with salinity 0, good from 0 to 40 °C.
    """
    kelvin = celsius + 273.15
    terms = (1.575701e5, -6.642308e7, 1.243800e10, -8.621949e11)
    powers = sum(term / kelvin ** (n + 1) for n, term in enumerate(terms))
    return np.exp(-139.34411 + powers)


def oversaturated(oxygen: Values, celsius: Values, most: float) -> Flags:
    """Rows with more than ``most`` times the oxygen that the water could hold."""
    return oxygen > most * saturation(celsius)


def apart(value: Values, above: Values, below: Values, by: Amount) -> Flags:
    """Rows that lie further than ``by`` beyond both neighbours, while those agree within it."""
    low, high = np.fmin(above, below), np.fmax(above, below)
    least = by[0] + by[1] * np.abs(low)
    known = ~np.isnan(above) & ~np.isnan(below) & (high - low <= least)
    return known & ((value < low - least) | (value > high + least))
