"""Checks on columns; each gives a flag and a cause for every row it objects to. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def out_of_range(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Rows whose value cannot be at a station at all (QARTOD gross range); NaN is not judged."""
    return (value < low) | (value > high)


def to_twelve_digits(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values to 12 significant decimal digits: what every store gives back to the bit, and far
    beyond what an instrument resolves. NaN and infinities stay.
    """
    sound = np.isfinite(value) & (value != 0)
    exponent = np.floor(np.log10(np.abs(value[sound])))
    # Whole powers of ten up to 22 are exact doubles, so each division rounds once.
    places = np.clip(11 - exponent, -300, 22)
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    rounded = value.copy()
    rounded[sound] = np.rint(value[sound] * up / down) / up * down
    return rounded
