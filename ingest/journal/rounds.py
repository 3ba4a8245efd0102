"""How much is taken at once: more while readers of the journal are behind, less when not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.journal.entry import Entry
from ingest.journal.log import RECENT_ENTRIES, RECENT_ROWS, Journal

FEWEST_ENTRIES = 64
SLICE_S = 0.5
"""A round that lasts longer does not grow: whoever waits for a reader waits for all of its round.
Nor does it shrink below the fewest, as some of what it costs has nothing to do with its size.
"""


@dataclass(slots=True)
class Size:
    """Between two bounds, that of a reader that is not behind first."""

    least: int
    most: int
    now: int = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.least

    def adapt(self, *, behind: bool) -> None:
        """Twice as much next time, or half."""
        self.now = min(2 * self.now, self.most) if behind else max(self.now // 2, self.least)


@dataclass(slots=True)
class Rounds:
    """Those of one reader of a journal. A round ends with the entry with which it comes to as many
    readings as the journal has in memory; longest rounds have as many entries.
    """

    journal: Journal
    ticks_s: Callable[[], float] = time.monotonic
    size: Size = field(default_factory=lambda: Size(FEWEST_ENTRIES, RECENT_ENTRIES))
    _begun_s: float = 0.0

    def read(self, after: int) -> list[Entry]:
        """Begin a round: the entries with a greater number, in order."""
        self._begun_s = self.ticks_s()
        return self.journal.read(after, limit=self.size.now, rows=RECENT_ROWS)

    def end(self, waiting: int) -> None:
        """End it; so many entries wait for the next."""
        is_short = self.ticks_s() - self._begun_s <= SLICE_S
        self.size.adapt(behind=is_short and waiting >= self.size.now)
