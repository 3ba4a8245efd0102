"""A released suggestion, and how often the public may ask. Pure."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from datetime import date

from api.accounts.limits import FailureMeter
from api.web.declared import Declared
from config.vocabulary.time import MINUTE_MS

A_PAGE = 20
MOST_PAGES = 500
FED = 50
"""Entries of the feed."""
CACHED_S = 60
"""A page that was taken down is gone from every cache after so long."""
LONGEST_NUMBER = 40
MOST_ASKED = 240
"""Requests of one address in a minute: a library or a school shares one."""


@dataclass(frozen=True, slots=True)
class Released:
    """All that the public reads of a suggestion; ``day`` is that of the reply."""

    number: str
    title: str
    body: str
    answer: str
    unit: str
    result: str
    day: date | None


class TooManyVisits(Declared):
    """An address asks too often."""

    status = 429
    words = "duty.released.many"

    def __init__(self, wait_ms: int) -> None:
        wait_s = math.ceil(wait_ms / 1000)
        super().__init__(f"too many requests from this address; wait {wait_s} s")
        self.headers = {"Retry-After": str(wait_s)}


class Visits:
    """A process's memory of how often each address asks for public pages."""

    def __init__(self) -> None:
        self._meter = FailureMeter(MOST_ASKED, MINUTE_MS)
        self._lock = threading.Lock()

    def enter(self, address: str, now_ms: int) -> None:
        """Count a request.

        Raises:
            TooManyVisits
        """
        with self._lock:
            wait_ms = self._meter.wait_ms(address, now_ms)
            if not wait_ms:
                self._meter.add(address, 1, now_ms)
        if wait_ms:
            raise TooManyVisits(wait_ms)
