"""Checks on columns; each gives a flag and a cause for every row it objects to. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e7
"""Far above every indicator's range; a number beyond it is no measurement."""
DECIMALS, DIGITS = 8, 11


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
    sound = np.isfinite(kept) & (kept != 0)
    exponent = np.floor(np.log10(np.abs(kept[sound])))
    scale = 10.0 ** np.minimum(DIGITS - 1 - exponent, DECIMALS)  # a whole power of ten, exact
    kept[sound] = np.rint(kept[sound] * scale) / scale
    return kept
