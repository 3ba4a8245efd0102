"""Attempts that came to nothing, in the log: a line a minute and address at most."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable

LINE_MS = 60_000
MOST_ADDRESSES = 1000
MOST_KINDS = 5
"""Of refused requests in one line: a scanner brings about hundreds."""
_OTHERS = "other addresses"

log = logging.getLogger(__name__)


class MinuteLog:
    """Says the first of an address at once, and the number of those after it each minute; ``line``
    makes the line out of the address and the numbers by kind.

    Beyond a thousand addresses a minute the rest is counted together.
    """

    def __init__(self, line: Callable[[str, Counter[str]], str]) -> None:
        self._line = line
        self._counted: dict[str, tuple[int, Counter[str]]] = {}
        self._lock = threading.Lock()

    def note(self, address: str, kind: str, now_ms: int) -> None:
        """Count an attempt."""
        with self._lock:
            key = self._key(address)
            said_ms, counts = self._counted.setdefault(key, (now_ms - LINE_MS, Counter()))
            counts[kind] += 1
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

    def _key(self, address: str) -> str:
        known = address in self._counted or len(self._counted) < MOST_ADDRESSES
        return address if known else _OTHERS

    def _say(self, key: str, now_ms: int) -> None:
        counts = self._counted[key][1]
        self._counted[key] = (now_ms, Counter())
        log.warning("%s", self._line(key, counts))


class AttemptLog(MinuteLog):
    """The same of sign-ins, ``failed`` or ``refused``; these are also counted for their record."""

    def __init__(self) -> None:
        super().__init__(_of_sign_ins)
        self._refused: Counter[str] = Counter()

    def note(self, address: str, kind: str, now_ms: int) -> None:
        """Count a sign-in that came to nothing."""
        with self._lock:
            self._refused[self._key(address)] += kind == "refused"
        super().note(address, kind, now_ms)

    def refused(self) -> dict[str, int]:
        """How many of each address were refused since this was asked last."""
        with self._lock:
            found = {address: count for address, count in self._refused.items() if count}
            self._refused.clear()
        return found


def _of_sign_ins(address: str, counts: Counter[str]) -> str:
    return f"sign-ins from {address}: {counts['failed']} failed, {counts['refused']} refused"


def of_requests(address: str, counts: Counter[str]) -> str:
    """The line of requests that were refused, by status and route."""
    most = counts.most_common(MOST_KINDS)
    others = counts.total() - sum(count for _, count in most)
    said = [f"{kind} ({count})" for kind, count in [*most, ("others", others)] if count]
    return f"refused from {address}: {', '.join(said)}"
