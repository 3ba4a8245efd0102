"""Slices of work on the state database: each short, with a pause in which others write."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
AIM_MS = 40.0
"""Of a transaction, well below the limit of the product."""
FIRST, LEAST, MOST = 200, 50, 2000
"""Rows of a slice."""


class Slices:
    """Rows in slices whose size follows from how long the ones before held the database."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size or FIRST

    def of(self, rows: Iterable[T]) -> Iterator[list[T]]:
        """Slice after slice; after each the others have their turn."""
        left = iter(rows)
        while some := list(islice(left, self.size)):
            yield some

    def held(self, begun_s: float) -> None:
        """Note when the last transaction began, which is over now, and wait as long as it took:
        whoever writes meanwhile comes in between.
        """
        held_ms = max((time.monotonic() - begun_s) * 1000, 0.1)
        wanted = int(self.size * AIM_MS / held_ms)
        self.size = max(LEAST, min(wanted, self.size * 2, MOST))
        time.sleep(min(held_ms, AIM_MS) / 1000)
