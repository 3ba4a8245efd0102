"""The seqs of each boot that were sent since the agent started, in as few ranges as possible.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config.vocabulary.wire import Range


class Sent:
    """Seqs by boot. An ack of anything else is another's, and changes nothing here."""

    def __init__(self) -> None:
        self._ranges: dict[str, list[Range]] = {}

    def note(self, boot: str, seqs: Iterable[int]) -> None:
        """Add what goes out now; a repeat adds nothing."""
        merged: list[Range] = []
        known = self._ranges.get(boot, [])
        for first, last in sorted([*known, *((seq, seq) for seq in seqs)]):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        self._ranges[boot] = merged

    def among(self, boot: str, ranges: Sequence[Range]) -> list[Range]:
        """The part of an ack's ranges that went out from here."""
        return [
            (max(first, low), min(last, high))
            for first, last in ranges
            for low, high in self._ranges.get(boot, [])
            if max(first, low) <= min(last, high)
        ]
