"""Checks on columns; each gives a flag and a cause for every row it objects to. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def out_of_range(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Rows whose value cannot be at a station at all (QARTOD gross range); NaN is not judged."""
    return (value < low) | (value > high)
