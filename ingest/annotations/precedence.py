"""Of several flags the worst wins: on columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.quality import Cause, Quality, severity

_SEVERITY = np.zeros(256, np.uint8)
for _quality in Quality:
    _SEVERITY[_quality] = severity(_quality)


def outranks(
    quality: NDArray[np.uint8], cause: NDArray[np.uint8], given: Quality
) -> NDArray[np.bool_]:
    """Where a flag is worse than those that stand; a good one only explains what is plain good."""
    if given is Quality.GOOD:
        plain: NDArray[np.bool_] = (quality == Quality.GOOD) & (cause == Cause.NORMAL)
        return plain
    worse: NDArray[np.bool_] = _SEVERITY[quality] < severity(given)
    return worse
