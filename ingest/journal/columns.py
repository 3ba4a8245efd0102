"""Readings as columns: what journal, store and readers hand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.quality import Cause

DTYPES: dict[str, np.dtype[Any]] = {
    "series": np.dtype("<u4"),
    "t": np.dtype("<i8"),
    "value": np.dtype("<f8"),
    "quality": np.dtype("u1"),
    "cause": np.dtype("u1"),
    "received": np.dtype("<i8"),
    "boot": np.dtype("<u2"),
    "seq": np.dtype("<i8"),
}


def compared(value: NDArray[np.float64], cause: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Values as rules compare them with limits: a result below detection is 0 to them, because
    half of a high limit would stand above one that nobody knows to be exceeded.
    """
    below = cause == Cause.UNDETECTED
    return np.where(below, 0.0, value) if below.any() else value


@dataclass(frozen=True, slots=True)
class Columns:
    """Checked readings, one row each, as arrays of equal length.

    ``series`` indexes ``names`` ("station/indicator"), ``boot`` indexes ``boots``; ``t`` (taken)
    and ``received`` in UTC epoch ms; ``value`` in the indicator's unit, NaN where missing.
    """

    names: tuple[str, ...]
    series: NDArray[np.uint32]
    t: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    cause: NDArray[np.uint8]
    received: NDArray[np.int64]
    boots: tuple[str, ...]
    boot: NDArray[np.uint16]
    seq: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.t)

    @classmethod
    def empty(cls) -> Self:
        """No readings."""
        arrays = {name: np.empty(0, dtype) for name, dtype in DTYPES.items()}
        return cls(names=(), boots=(), **arrays)

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """The rows of several, in their order."""
        if len(parts) == 1:
            return parts[0]
        names, series = _renumbered([(part.names, part.series) for part in parts])
        boots, boot = _renumbered([(part.boots, part.boot) for part in parts])
        arrays = {
            name: np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, dtype)])
            for name, dtype in DTYPES.items()
            if name not in ("series", "boot")
        }
        return cls(names=names, series=series, boots=boots, boot=boot, **arrays)

    def by_time(self, rows: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Some rows, by index: series by series, each by time, at one instant in their order."""
        found = np.flatnonzero(rows)
        series = self.series[found]
        if np.any(series[1:] < series[:-1]):
            found = found[grouped(series, len(self.names))]
            series = self.series[found]
        t = self.t[found]
        if np.all((t[1:] >= t[:-1]) | (series[1:] != series[:-1])):
            return found
        return found[np.lexsort((t, series))]

    def newest(self, rows: NDArray[np.bool_]) -> list[int]:
        """The newest row of each series among some, by index; at one instant the first."""
        found = self.by_time(rows)
        if not len(found):
            return []
        t, series = self.t[found], self.series[found]
        other = series[1:] != series[:-1]
        begun = np.flatnonzero(np.concatenate([[True], other | (t[1:] != t[:-1])]))
        ends = np.flatnonzero(np.concatenate([other, [True]]))
        newest: list[int] = found[begun[np.searchsorted(begun, ends, "right") - 1]].tolist()
        return newest

    def where(self, rows: NDArray[np.bool_]) -> Columns:
        """Only some rows."""
        some: dict[str, Any] = {name: array[rows] for name, array in self.arrays().items()}
        return replace(self, **some)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, in the order in which they are written."""
        return {name: getattr(self, name) for name in DTYPES}


def grouped(series: NDArray[Any], count: int) -> NDArray[np.intp]:
    """Places of numbers below a count in their order, those of a number as they come."""
    narrow = np.uint16 if count <= 1 << 16 else np.uint32  # numpy sorts it by digits
    return np.argsort(series.astype(narrow), kind="stable")


def _renumbered(
    parts: Sequence[tuple[tuple[str, ...], NDArray[Any]]],
) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Indexes into many tables of words as indexes into one."""
    words = {word: 0 for table, _ in parts for word in table}
    words = {word: place for place, word in enumerate(words)}
    moved = [
        np.array([words[word] for word in table], index.dtype)[index] for table, index in parts
    ]
    return tuple(words), np.concatenate(moved or [np.empty(0, np.uint32)])
