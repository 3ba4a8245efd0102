"""Which of two flags of a reading wins, on columns: the more severe one."""

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
    """Rows whose flag a given one replaces: it is more severe. A good one only adds a cause to
    readings that are good without any.
    """
    if given is Quality.GOOD:
        plain: NDArray[np.bool_] = (quality == Quality.GOOD) & (cause == Cause.NORMAL)
        return plain
    worse: NDArray[np.bool_] = _SEVERITY[quality] < severity(given)
    return worse
