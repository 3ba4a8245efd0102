"""Failed and refused sign-ins: a line of the log a minute and address at most, and the refused
ones counted for the record of sign-ins.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Literal

LINE_MS = 60_000
MOST_ADDRESSES = 1000
_OTHERS = "other addresses"

log = logging.getLogger(__name__)
Outcome = Literal["failed", "refused"]


class AttemptLog:
    """Says the first of an address at once, and the number of those after it each minute.

    Beyond a thousand addresses a minute the rest is counted together.
    """

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, Counter[Outcome]]] = {}
        self._refused: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, address: str, outcome: Outcome, now_ms: int) -> None:
        """Count a sign-in that came to nothing."""
        with self._lock:
            known = address in self._counted or len(self._counted) < MOST_ADDRESSES
            key = address if known else _OTHERS
            said_ms, counts = self._counted.setdefault(key, (now_ms - LINE_MS, Counter()))
            counts[outcome] += 1
            self._refused[key] += outcome == "refused"
            if now_ms - said_ms >= LINE_MS:
                self._say(key, now_ms)

    def flush(self, now_ms: int) -> None:
        """Say what is older than a minute and was not said; called from time to time."""
        with self._lock:
            for key, (said_ms, counts) in list(self._counted.items()):
                if now_ms < said_ms:  # the clock was set back
                    self._counted[key] = (now_ms, counts)
                elif now_ms - said_ms < LINE_MS:
                    continue
                elif counts:
                    self._say(key, now_ms)
                else:
                    del self._counted[key]

    def refused(self) -> dict[str, int]:
        """How many of each address were refused since this was asked last."""
        with self._lock:
            found = {address: count for address, count in self._refused.items() if count}
            self._refused.clear()
        return found

    def _say(self, key: str, now_ms: int) -> None:
        counts = self._counted[key][1]
        self._counted[key] = (now_ms, Counter())
        log.warning(
            "sign-ins from %s: %d failed, %d refused", key, counts["failed"], counts["refused"]
        )
