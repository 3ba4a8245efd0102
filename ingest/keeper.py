"""Journal -> store, at the store's pace."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from ingest.journal import Journal
from ingest.store.protocol import Store

PATIENCE_S = 0.5
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 30.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Keeper:
    """The first reader of the journal; its position is the store's own."""

    journal: Journal
    store: Store
    failpoint: Callable[[str], None] = lambda _: None

    def run(self, stop: threading.Event) -> None:
        """Keep until told to stop; a store that fails is tried again, later each time."""
        backoff_s = FIRST_BACKOFF_S
        while not stop.is_set():
            try:
                if not self.step():
                    self.journal.wait(self.store.position(), PATIENCE_S)
                backoff_s = FIRST_BACKOFF_S
            except Exception:
                log.exception("the store failed; the journal keeps what it could not take")
                stop.wait(backoff_s)
                backoff_s = min(2 * backoff_s, LONGEST_BACKOFF_S)

    def step(self) -> bool:
        """Keep what the journal holds; False when there was nothing new."""
        entries = self.journal.read(self.store.position())
        for entry in entries:
            self.store.append(entry.n, entry.columns)
            if len(entry.columns):
                self.failpoint("stored")
        return bool(entries)
