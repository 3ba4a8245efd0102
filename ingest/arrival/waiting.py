"""Messages that came and were not taken yet. What a station sends beyond its budget waits apart:
nobody else's waits behind it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from config.vocabulary.wire import BACKLOG_UNDER_WAY, LIVE_UNDER_WAY
from ingest.arrival.budget import BYTES_S, Budget
from ingest.arrival.intake import Message

HELD_BACK = LIVE_UNDER_WAY + BACKLOG_UNDER_WAY
"""Messages of one station: all that an uplink has under way."""
HELD_BACK_BYTES = BYTES_S


class Put(Enum):
    """Where a message went."""

    IN_LINE = auto()
    HELD_BACK = auto()
    """It, or others of its station, are beyond the budget; it may never be taken."""
    NO_ROOM = auto()


@dataclass(slots=True)
class _Station:
    budget: Budget
    held_back: deque[Message] = field(default_factory=deque)
    size: int = 0

    def hold(self, message: Message) -> None:
        """As far as there is room; its spool sends it again where there is none."""
        size = self.size + len(message.payload)
        if len(self.held_back) < HELD_BACK and size <= HELD_BACK_BYTES:
            self.held_back.append(replace(message, qos=0))  # the broker has its answer already
            self.size = size

    def release(self, most: int, now_ms: int) -> list[Message]:
        """The oldest, as far as the budget goes."""
        found = list[Message]()
        while (
            self.held_back
            and len(found) < most
            and self.budget.take(len(self.held_back[0].payload), now_ms)
        ):
            found.append(self.held_back.popleft())
            self.size -= len(found[-1].payload)
        return found


class Waiting:
    """For two threads: one puts, the other takes."""

    def __init__(
        self, most: int, ticks_ms: Callable[[], int] = lambda: time.monotonic_ns() // 10**6
    ) -> None:
        self._line: queue.Queue[Message] = queue.Queue(most)
        self._ticks_ms = ticks_ms
        self._lock = threading.Lock()
        self._stations: dict[str, _Station] = {}
        self._held_back = Counter[str]()

    def put(self, station: str, message: Message) -> Put:
        """At the end of the line, or apart."""
        with self._lock:
            now_ms = self._ticks_ms()
            found = self._stations.setdefault(station, _Station(Budget(now_ms)))
            if found.held_back or not found.budget.take(len(message.payload), now_ms):
                found.hold(message)
                self._held_back[station] += 1
                return Put.HELD_BACK
        try:
            self._line.put_nowait(message)
        except queue.Full:
            return Put.NO_ROOM
        return Put.IN_LINE

    def take(self, timeout_s: float, most: int) -> list[Message]:
        """Messages for now: waits for the first. Half of them at most were held back."""
        found = self._released(most // 2)
        try:
            if not found:
                found.append(self._line.get(timeout=timeout_s))
            while len(found) < most:
                found.append(self._line.get_nowait())
        except queue.Empty:
            pass
        return found

    def _released(self, most: int) -> list[Message]:
        found = list[Message]()
        with self._lock:
            now_ms = self._ticks_ms()
            holding = [of for of in self._stations.values() if of.held_back]
            for left, station in zip(range(len(holding), 0, -1), holding, strict=True):
                found += station.release(-(-(most - len(found)) // left), now_ms)
        return found

    def refused(self, letters: Mapping[str, int]) -> None:
        """So many dead letters were written of what a station sent."""
        with self._lock:
            for name, n in letters.items():
                if name in self._stations:
                    self._stations[name].budget.refused(n)

    def oldest_held_back_s(self) -> float | None:
        """When the oldest message that is held back came, as its ``received_s``."""
        with self._lock:
            came = [of.held_back[0].received_s for of in self._stations.values() if of.held_back]
        return min((at for at in came if at is not None), default=None)

    @property
    def held_back(self) -> dict[str, int]:
        """Messages that came beyond the budget, by station, since the process began."""
        with self._lock:
            return dict(self._held_back)
