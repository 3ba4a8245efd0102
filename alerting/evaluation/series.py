"""Columns by series, as the engine takes them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerting.rules.conditions.signal import Instants
from alerting.rules.rule import WHOLE_STATION
from ingest.journal.columns import Columns


def by_series(
    columns: Columns, value: NDArray[Any], which: NDArray[np.bool_]
) -> Iterator[tuple[str, Instants, NDArray[Any]]]:
    """Some rows series by series, by time; of one instant the first stands."""
    order = columns.by_time(which)
    t, series = columns.t[order], columns.series[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(t) != 0) | (series[1:] != series[:-1])
    order, t, series = order[fresh], t[fresh], series[fresh]
    edges = np.flatnonzero(np.diff(series.astype(np.int64), prepend=-1, append=-1))
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield columns.names[series[first]], t[first:end], value[order[first:end]]


def by_station(columns: Columns) -> Columns:
    """All readings of a station as one series, which stands for the whole of it."""
    stations = [name.partition("/")[0] for name in columns.names]
    names = sorted(set(stations))
    target = {name: at for at, name in enumerate(names)}
    index = np.array([target[name] for name in stations], np.uint32)
    whole = tuple(f"{name}/{WHOLE_STATION}" for name in names)
    return replace(columns, names=whole, series=index[columns.series] if names else columns.series)
