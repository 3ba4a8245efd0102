"""Outermost loops of the centre: none ends by a failure, and one that fails on and on is known."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from config.vocabulary.bounds import cut
from config.vocabulary.reports import FailingLoop

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 10.0
BAD_FAILURES, BAD_MS = 5, 60_000
"""So many failures in a row, or so long, are no passing trouble."""

log = logging.getLogger(__name__)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Loop:
    """One of them: counts its failures in a row, logs the first and then ever fewer, and waits
    longer each time. ``name`` is of its thread; ``now_ms`` the centre's clock, UTC epoch ms.
    """

    name: str
    now_ms: Callable[[], int] = _now_ms
    failing: FailingLoop | None = None
    """None while it works."""
    turned_ms: int = field(init=False)
    """When it last came round, or began."""

    def __post_init__(self) -> None:
        self.turned_ms = self.now_ms()

    def run(self, stop: threading.Event, step: Callable[[], object]) -> None:
        """Do a step again and again until told to stop, whatever it raises."""
        while not stop.is_set():
            if wait_s := self.tried(step):
                stop.wait(wait_s)

    def tried(self, step: Callable[[], object]) -> float:
        """Do a step once.

        Returns:
            Seconds to wait before it is tried again; 0 where it did not fail.
        """
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the outermost: the next may do better
            return self._failed(error)
        self.turned_ms = self.now_ms()
        if self.failing is not None:
            log.warning("%s works again after %d failures", self.name, self.failing.failures)
            self.failing = None
        return 0.0

    def _failed(self, error: Exception) -> float:
        before, text = self.failing, cut(f"{type(error).__name__}: {error}")
        since_ms = before.since_ms if before else self.now_ms()
        n = before.failures + 1 if before else 1
        self.failing = FailingLoop(self.name, since_ms, n, text)
        if before is None or before.error != text:
            log.error("%s failed and goes on", self.name, exc_info=error)
        elif not n & (n - 1):  # the 2nd, 4th, 8th, ... time
            log.error("%s failed %d times in a row: %s", self.name, n, text)
        return float(min(FIRST_WAIT_S * 2 ** min(n - 1, 16), LONGEST_WAIT_S))


def failing(loops: Iterable[Loop]) -> list[FailingLoop]:
    """Those that fail now."""
    return [of for loop in loops if (of := loop.failing) is not None]


def is_bad(of: FailingLoop, now_ms: int) -> bool:
    """Whether people must know of it."""
    return of.failures >= BAD_FAILURES or now_ms - of.since_ms >= BAD_MS
