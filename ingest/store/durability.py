"""The journal numbers that a server has taken, and that no crash can take back any more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.files import write_whole
from ingest.store.protocol import StoreAway

CHECK_INTERVAL_MS = 1000


class DurableMark:
    """Journal numbers by the time they were taken. One becomes firm when the server is still the
    one that took it, ``forgets_ms`` later; when it is another one, all that is not firm counts as
    not taken, and the store writer writes it again.

    ``incarnation`` asks the server which of its lives this is and may raise StoreAway; ``file``
    keeps the firm number between two processes of ours.
    """

    def __init__(
        self,
        file: Path,
        forgets_ms: int,
        incarnation: Callable[[], str],
        now_ms: Callable[[], int],
    ) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._forgets_ms = file, forgets_ms
        self._incarnation, self._now_ms = incarnation, now_ms
        self._lock = threading.Lock()
        self._life: str | None = None
        self._looked_ms: int | None = None
        self._open: deque[tuple[int, int]] = deque()
        self._firm = self._taken = int(file.read_text()) if file.exists() else 0

    def taken(self) -> int:
        """The highest number that the server has, as far as we know."""
        with suppress(StoreAway):
            self.check_incarnation()
        return self._taken

    def firm(self) -> int:
        """The highest number that it cannot forget."""
        with suppress(StoreAway):
            self.check_incarnation()
        return self._firm

    def take(self, n: int) -> None:
        """The server said that it has everything up to ``n``."""
        with self._lock:
            self._open.append((self._now_ms(), n))
            self._taken = n

    def doubt(self) -> None:
        """It failed to answer: who answers next is another, also if its name is the same (it
        counts its starts in whole seconds).
        """
        with self._lock:
            self._life = self._looked_ms = None

    def check_incarnation(self) -> None:
        """Ask the server which life this is; at most once a second.

        Raises:
            StoreAway: it does not answer.
        """
        with self._lock:
            now = self._now_ms()
            if self._looked_ms is not None and 0 <= now - self._looked_ms < CHECK_INTERVAL_MS:
                return
            try:
                life = self._incarnation()
            except StoreAway:
                self._life = None
                raise
            self._looked_ms = now
            if life != self._life:
                self._life, self._taken = life, self._firm
                self._open.clear()
            firm = self._firm
            while self._open and self._open[0][0] + self._forgets_ms <= now:
                firm = self._open.popleft()[1]
            if firm != self._firm:
                self._save(firm)
                self._firm = firm

    def _save(self, firm: int) -> None:
        write_whole(self._file, str(firm).encode())
