"""Columns as InfluxDB's line protocol, which VictoriaMetrics takes too, and back from fields.

A reading is one line. ``good`` holds the value of a good reading and ``other`` that of any other,
so that a mean of the good ones needs no join; ``flag`` is 256 x quality + cause; ``delay`` is
received - taken, ms. Where the clock is doubted, the three are called ``doubted``, ``doubt`` and
``doubt_delay``, so that the newest of each other field is the newest that counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.quality import Cause, Quality
from ingest.journal.columns import Columns
from ingest.store.protocol import Track

FIELDS = ("good", "other", "flag", "delay", "doubted", "doubt", "doubt_delay")
LINES_A_REQUEST = 50_000


def bodies(site: str, columns: Columns) -> Iterator[bytes]:
    """Requests of a bounded number of lines; times in ms."""
    heads = [f"reading,site={site},series={name} " for name in columns.names]
    flag = columns.quality.astype(np.int64) * 256 + columns.cause
    rows = zip(
        columns.series.tolist(),
        columns.t.tolist(),
        columns.value.tolist(),
        (columns.quality == Quality.GOOD).tolist(),
        flag.tolist(),
        (columns.cause == Cause.CLOCK).tolist(),
        (columns.received - columns.t).tolist(),
        strict=True,
    )
    lines: list[str] = []
    for series, t, value, good, mark, doubted, delay in rows:
        name = "doubted" if doubted else "good" if good else "other"
        number = "" if math.isnan(value) else f"{name}={value!r},"
        flag_name, delay_name = ("doubt", "doubt_delay") if doubted else ("flag", "delay")
        lines.append(f"{heads[series]}{number}{flag_name}={mark},{delay_name}={delay} {t}")
        if len(lines) == LINES_A_REQUEST:
            yield "\n".join(lines).encode()
            lines = []
    if lines:
        yield "\n".join(lines).encode()


def track(fields: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]) -> Track:
    """One series from its fields, each as instants and values in any order."""
    marks = [fields[name] for name in ("flag", "doubt") if name in fields]
    t = np.concatenate([at for at, _ in marks] or [np.empty(0, np.int64)])
    flag = np.concatenate([value for _, value in marks] or [np.empty(0)]).astype(np.int64)
    t, first = np.unique(t, return_index=True)
    flag = flag[first]
    value, delay = np.full(len(t), np.nan), np.zeros(len(t))
    columns = {"good": value, "other": value, "doubted": value}
    for name, column in (columns | {"delay": delay, "doubt_delay": delay}).items():
        if name in fields:
            at, found = fields[name]
            column[np.searchsorted(t, at)] = found
    quality, cause = (flag // 256).astype(np.uint8), (flag % 256).astype(np.uint8)
    return Track(t, value, quality, cause, t + delay.astype(np.int64))
