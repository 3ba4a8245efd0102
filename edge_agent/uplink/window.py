"""How much may be under way at once: grows with each ack and shrinks where one is late or shows a
loss. Pure.

All times are seconds of a monotonic clock. The size counts live samples, each a message; of
backlog, a hundred of which share one, ``BATCHED`` samples weigh as much as one of them. Messages
that wait on a slow line keep live samples waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from config.vocabulary.wire import BACKLOG_UNDER_WAY, LIVE_UNDER_WAY, Range

SMALLEST, LARGEST, FIRST = 8, LIVE_UNDER_WAY, 20
GROWTH, SHRINK = 4, 0.7
BATCHED = 10
LEAST_BACKLOG, MOST_BACKLOG, BACKLOG_GROWTH = 20, BACKLOG_UNDER_WAY, 1.2
OVERTAKEN_S = 1.0
LATE_S = 2.0
"""The centre acknowledges once a second; beyond this the line or the centre is behind."""
TIMEOUT_S = 15.0

_Rows = dict[tuple[str, int], float]
"""Boot and seq -> when it was sent, the oldest first."""


@dataclass(slots=True)
class Window:
    """Samples under way."""

    size: int = FIRST
    backlog: int = LEAST_BACKLOG
    """Samples of it that the line bears."""
    _live: _Rows = field(default_factory=dict)
    _backlog: _Rows = field(default_factory=dict)

    def holds(self, boot: str, seq: int) -> bool:
        """Whether a sample is under way."""
        return (boot, seq) in self._live or (boot, seq) in self._backlog

    def room(self, *, backlog: bool) -> int:
        """Samples that may be sent now; backlog takes at most half of the window."""
        free = self.size - len(self._live)
        if backlog:
            most = min(free * BATCHED, self.size // 2 * BATCHED, self.backlog)
            return max(most - len(self._backlog), 0)
        return max(free - -(-len(self._backlog) // BATCHED), 0)

    def sent(self, boot: str, seqs: list[int], at_s: float, *, backlog: bool) -> None:
        """Note what went out."""
        rows = self._backlog if backlog else self._live
        rows.update(dict.fromkeys(((boot, seq) for seq in seqs), at_s))

    def settled(self, boot: str, ranges: list[Range], now_s: float) -> bool:
        """Take an ack; True when it showed a loss, whose samples may be sent again."""
        done_s = self._let_go(lambda of, seq, _: of == boot and _within(seq, ranges))
        if not done_s:
            return False
        newest_s = max(done_s)
        lost = self._let_go(lambda of, _, at_s: of == boot and newest_s - at_s >= OVERTAKEN_S)
        self._resize(well=not lost and now_s - min(done_s) <= LATE_S)
        return bool(lost)

    def expire(self, now_s: float) -> bool:
        """Count as lost what has been under way too long; True when there was any."""
        oldest_s = [at_s for rows in self._all for at_s in islice(rows.values(), 1)]
        if not oldest_s or now_s - min(oldest_s) < TIMEOUT_S:
            return False
        self._let_go(lambda _boot, _seq, at_s: now_s - at_s >= TIMEOUT_S)
        self._resize(well=False)
        return True

    def forget_all(self) -> None:
        """The connection is gone: nothing is under way, and the size stays what was learnt."""
        for rows in self._all:
            rows.clear()

    @property
    def _all(self) -> tuple[_Rows, _Rows]:
        return self._live, self._backlog

    def _let_go(self, goes: Callable[[str, int, float], bool]) -> list[float]:
        """Take out what goes; when it was sent."""
        gone = [
            (rows, key) for rows in self._all for key, at_s in rows.items() if goes(*key, at_s)
        ]
        return [rows.pop(key) for rows, key in gone]

    def _resize(self, *, well: bool) -> None:
        size = self.size + GROWTH if well else int(self.size * SHRINK)
        self.size = min(max(size, SMALLEST), LARGEST)
        backlog = int(self.backlog * (BACKLOG_GROWTH if well else SHRINK))
        self.backlog = min(max(backlog, LEAST_BACKLOG), MOST_BACKLOG)


def _within(seq: int, ranges: list[Range]) -> bool:
    return any(first <= seq <= last for first, last in ranges)
