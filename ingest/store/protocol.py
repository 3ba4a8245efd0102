"""The promises of a store: it takes columns and keeps them, and gives columns back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.errors import QingyuanError
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.journal.columns import Columns, compared

T = TypeVar("T", int, NDArray[np.int64])


Good = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Good readings of a series by time: UTC epoch ms, and values in the indicator's unit."""


@dataclass(frozen=True, slots=True)
class Track:
    """One series by time: ``t`` and ``received`` in UTC epoch ms, NaN where a value is missing."""

    t: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint8]
    cause: NDArray[np.uint8]
    received: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.t)

    def where(self, rows: NDArray[np.bool_]) -> Track:
        """Only some rows."""
        return Track(*(getattr(self, field.name)[rows] for field in fields(self)))

    def part(self, first: int, end: int) -> Track:
        """Rows of ``first <= place < end``; nothing is copied."""
        return Track(
            self.t[first:end],
            self.value[first:end],
            self.quality[first:end],
            self.cause[first:end],
            self.received[first:end],
        )

    def good(self) -> Good:
        """Its good readings, as rules compare them."""
        rows = self.quality == Quality.GOOD
        return self.t[rows], compared(self.value[rows], self.cause[rows])

    @classmethod
    def chained(cls, parts: Sequence[Track]) -> Track:
        """One or more behind each other."""
        return cls(
            *(np.concatenate([getattr(part, of.name) for part in parts]) for of in fields(cls))
        )

    @classmethod
    def joined(cls, parts: Sequence[Track]) -> Track:
        """One or more together, by time; at one instant the first part's reading stands."""
        whole = cls.chained(parts)
        first = np.unique(whole.t, return_index=True)[1]
        return cls(*(getattr(whole, of.name)[first] for of in fields(cls)))


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest reading of a series."""

    series: str
    t_ms: int
    value: float | None
    quality: Quality
    cause: Cause
    received_ms: int


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of the good readings of a bucket; ``good`` of ``samples`` readings were good."""

    series: str
    begin_ms: int
    mean: float | None
    good: int
    samples: int


def bucket_ms(t: T, hours: int) -> T:
    """Beginning of the bucket of an instant: of whole hours, counted from midnight in the
    district (Asia/Shanghai, UTC+8 without summer time). Works on arrays as well.
    """
    width = hours * HOUR_MS
    return (t + EAST_MS) // width * width - EAST_MS


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a server keeps readings: it drops readings older than ``ms``, also as they are
    written. ``said`` is how it was told, ``remedy`` how to make it longer.
    """

    ms: int
    said: str
    remedy: str

    def from_ms(self, now_ms: int) -> int:
        """The earliest instant of which a reading can be taken, UTC epoch ms: it must still be
        kept when it has come through the journal.
        """
        return now_ms - self.ms + HOUR_MS

    @property
    def days(self) -> int:
        """Whole days."""
        return self.ms // (24 * HOUR_MS)


class StoreAway(QingyuanError):
    """The server behind a store does not answer; one line with its address and the remedy."""


class Store(Protocol):
    """Few verbs; those of a server raise StoreAway while it is away. A series is
    "station/indicator"; spans are half open, ``from <= t < to``.
    """

    @property
    def forgets_ms(self) -> int:
        """How long after ``append`` a crash may still take it."""
        ...

    def retention(self) -> Retention | None:
        """How long it keeps readings, as it said last; None: for ever, or it never answered."""
        ...

    def position(self) -> int:
        """The highest journal number that is kept; 0 at first. It falls back to ``firm`` when a
        server lost what it had taken.
        """
        ...

    def firm(self) -> int:
        """The highest journal number that no crash can take any more."""
        ...

    def append(self, n: int, columns: Columns) -> None:
        """Keep the readings of the journal up to ``n``. A repeat does no harm. That no series has
        two values of one instant is the store writer's care.
        """
        ...

    def put(self, columns: Columns) -> None:
        """Keep readings that no journal number stands for: those of a backup."""
        ...

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """Every reading of one series."""
        ...

    def tracks(self, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Track]:
        """Every reading of some series, a short span of them."""
        ...

    def good(self, series: str, from_ms: int, to_ms: int) -> Good:
        """The good readings of one series as rules compare them, and nothing else of them."""
        ...

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """About ``points`` readings that keep extremes and flags of every stretch."""
        ...

    def latest(self) -> list[Latest]:
        """The newest reading of every series; one with a doubted clock is none."""
        ...

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """Means of buckets of so many hours, 1 to 24, see ``bucket_ms``; the span begins and ends
        with one. A bucket without readings has none.
        """
        ...

    def series(self) -> list[str]:
        """Every series of which a reading was kept; one whose months were dropped may be named
        still.
        """
        ...

    def tidy(self, stop: threading.Event | None = None) -> None:
        """Bring what was kept into the order in which it is read best; on a server that is its own
        affair. It takes minutes, in a thread of its own: readers and writers wait for it no
        longer than about a second at a time. It may be killed at any moment, and leaves off soon
        after ``stop``.
        """
        ...

    def drop_before(self, before_ms: int) -> None:
        """Let go of whole UTC months that ended at or before an instant, where the store can."""
        ...

    def close(self) -> None:
        """Let go."""
        ...
