"""How large a packet the broker takes: as it says, or as connections tell that it ends. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

UNLIMITED = 268_435_460
"""Bytes of the largest packet that MQTT knows (MQTT 5.0, 2.1.4)."""
BATCH_LOSSES, SINGLE_LOSSES = 2, 5
"""Connections in a row that end with a packet under way before that is held to be too large: of a
batch, which may be cut, and of a sample, which then has to wait.
"""
BATCH_PATIENCE, SINGLE_PATIENCE, LONGEST_PATIENCE = 20, 2, 2000
"""Packets that are confirmed before a larger batch, or such a sample, is tried again; twice as
many each time: a line that only failed keeps no sample back for long.
"""

Row = TypeVar("Row")


def publish_bytes(topic: str, body: bytes, *, properties: bool) -> int:
    """Size of a PUBLISH packet of QoS 1 (MQTT 5.0, 3.3); ``properties``: of MQTT 5, with none."""
    rest = 2 + len(topic.encode()) + 2 + properties + len(body)
    length = 1 + sum(rest >= 128**power for power in (1, 2, 3))
    return 1 + length + rest


@dataclass(slots=True)
class PacketLimit:
    """The presumed limit of a packet, in bytes."""

    announced: int = UNLIMITED
    """Maximum Packet Size of the CONNACK (MQTT 5.0, 3.2.2.3.6)."""
    batch: int = UNLIMITED
    """Larger ones are cut where they can be."""
    single: int = UNLIMITED
    """Larger ones are not sent."""
    _losses: int = 0
    _suspect: int = 0
    _batch_waits: int = BATCH_PATIENCE
    _single_waits: int = SINGLE_PATIENCE
    _batch_left: int = 0
    _single_left: int = 0

    @property
    def most(self) -> int:
        """No packet may be larger."""
        return min(self.announced, self.single)

    def cut(self, rows: Sequence[Row], size: Callable[[Sequence[Row]], int]) -> Sequence[Row]:
        """The first rows that fit into a packet; none where not even one does."""
        needs = size(rows)
        while len(rows) > 1 and needs > min(self.batch, self.most):
            rows = rows[: len(rows) // 2]
            needs = size(rows)
        return rows if needs <= self.most else rows[:0]

    def lost(self, largest: int, *, samples: int, refused: bool = False) -> bool:
        """A connection ended with nothing confirmed of a packet of so many samples, the largest
        under way, or the broker said that it was too large. True where smaller ones are tried now.
        """
        if not samples:
            self._losses = 0
            self.single = UNLIMITED  # it ends without such a packet as well
            return False
        self._losses, self._suspect = self._losses + 1, largest
        if not refused and self._losses < (BATCH_LOSSES if samples > 1 else SINGLE_LOSSES):
            return False
        if samples > 1:
            self.batch = largest // 2
            self._batch_left = self._batch_waits = min(self._batch_waits * 2, LONGEST_PATIENCE)
        else:
            self.single = largest - 1
            self._single_left = self._single_waits = min(self._single_waits * 2, LONGEST_PATIENCE)
        self._losses = 0
        return True

    def confirmed(self, size: int) -> bool:
        """The broker took a packet; True where larger ones are tried from now on."""
        if size >= self._suspect:
            self._losses = 0
        self._batch_left -= 1
        self._single_left -= 1
        larger = self.batch < UNLIMITED and self._batch_left <= 0
        again = self.single < UNLIMITED and self._single_left <= 0
        if larger:
            self.batch, self._batch_left = min(self.batch * 2, UNLIMITED), self._batch_waits
        if again:
            self.single = UNLIMITED
        return larger or again
