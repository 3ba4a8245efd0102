"""Readings as lines of CSV, for spreadsheets and programs."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import EAST_MS
from ingest.store.protocol import Track
from tabular.files.formulas import BOM

HEADER = f"{BOM}station,indicator,time,value,unit,quality,cause,received\n"
"""With the mark by which spreadsheets know UTF-8."""
ROWS = 50_000
"""Rows that are put into words at once."""
_QUALITY = {int(word): word.name.lower() for word in Quality}
_CAUSE = {int(word): word.name.lower() for word in Cause}


def lines(series: str, track: Track) -> Iterator[str]:
    """Readings of "station/indicator", times with the offset of Asia/Shanghai."""
    station, _, code = series.partition("/")
    unit = INDICATORS[code].unit
    for begin in range(0, len(track), ROWS):
        here = slice(begin, begin + ROWS)
        rows = zip(
            _texts(track.t[here]),
            track.value[here].tolist(),
            track.quality[here].tolist(),
            track.cause[here].tolist(),
            _texts(track.received[here]),
            strict=True,
        )
        for t, value, quality, cause, received in rows:
            yield (
                f"{station},{code},{t}+08:00,{'' if isnan(value) else repr(value)},{unit},"
                f"{_QUALITY[quality]},{_CAUSE[cause]},{received}+08:00\n"
            )


def _texts(at_ms: NDArray[np.int64]) -> list[str]:
    """ISO times of Asia/Shanghai without offset; milliseconds only where there are any."""
    unit: Literal["s", "ms"] = "ms" if (at_ms % 1000).any() else "s"
    local: NDArray[np.datetime64] = (at_ms + EAST_MS).astype("datetime64[ms]")
    found: list[str] = np.datetime_as_string(local, unit=unit).tolist()
    return found
