"""How much may be under way at once: grows with each clean ack, shrinks at a loss. Pure.

All counts are samples, all times seconds of a monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from config.vocabulary.wire import Range

SMALLEST, LARGEST, FIRST = 8, 200, 20
GROWTH, SHRINK = 4, 0.7
OVERTAKEN_S = 1.0
TIMEOUT_S = 15.0


class _Sent(NamedTuple):
    at_s: float
    backlog: bool


@dataclass(slots=True)
class Window:
    """Samples under way by boot and seq."""

    size: int = FIRST
    _under_way: dict[str, dict[int, _Sent]] = field(default_factory=dict)

    @property
    def under_way(self) -> int:
        """Samples sent and neither settled nor lost."""
        return sum(map(len, self._under_way.values()))

    def holds(self, boot: str, seq: int) -> bool:
        """Whether a sample is under way."""
        return seq in self._under_way.get(boot, {})

    def room(self, *, backlog: bool) -> int:
        """Samples that may be sent now; backlog takes at most half of the window."""
        free = self.size - self.under_way
        if not backlog:
            return max(free, 0)
        taken = sum(sent.backlog for rows in self._under_way.values() for sent in rows.values())
        return max(min(free, self.size // 2 - taken), 0)

    def sent(self, boot: str, seqs: list[int], at_s: float, *, backlog: bool) -> None:
        """Note what went out."""
        rows = self._under_way.setdefault(boot, {})
        rows.update(dict.fromkeys(seqs, _Sent(at_s, backlog)))

    def settled(self, boot: str, ranges: list[Range]) -> bool:
        """Take an ack; True when it showed a loss, whose samples may be sent again."""
        rows = self._under_way.get(boot, {})
        done = {seq: sent for seq, sent in rows.items() if _within(seq, ranges)}
        if not done:
            return False
        newest_s = max(sent.at_s for sent in done.values())
        left = {seq: sent for seq, sent in rows.items() if seq not in done}
        kept = {s: sent for s, sent in left.items() if newest_s - sent.at_s < OVERTAKEN_S}
        self._under_way[boot] = kept
        lost = len(kept) < len(left)
        self._resize(lost=lost)
        return lost

    def expire(self, now_s: float) -> bool:
        """Count as lost what has been under way too long; True when there was any."""
        lost = False
        for boot, rows in self._under_way.items():
            kept = {seq: sent for seq, sent in rows.items() if now_s - sent.at_s < TIMEOUT_S}
            lost = lost or len(kept) < len(rows)
            self._under_way[boot] = kept
        if lost:
            self._resize(lost=True)
        return lost

    def forget_all(self) -> None:
        """The connection is gone: nothing is under way, and the size stays what was learnt."""
        self._under_way = {}

    def _resize(self, *, lost: bool) -> None:
        size = int(self.size * SHRINK) if lost else self.size + GROWTH
        self.size = min(max(size, SMALLEST), LARGEST)


def _within(seq: int, ranges: list[Range]) -> bool:
    return any(first <= seq <= last for first, last in ranges)
