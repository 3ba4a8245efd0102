"""Work on loads beside the pages: it goes on when the browser is closed, one load at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from api.imports.loading.parts import BEAT_S, Beat, Ended, Parts
from api.imports.records import Load

log = logging.getLogger(__name__)


class Worker:
    """Of a process. A load that it drops with the process is swept by the core."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self, parts: Parts, load: Load, work: Callable[[], None]) -> None:
        """Work on a load that was claimed, on a thread of its own."""
        arguments = (parts, load, work)
        threading.Thread(target=self.run, args=arguments, name="imports", daemon=True).start()

    def run(self, parts: Parts, load: Load, work: Callable[[], None]) -> None:
        """Work on it here, once all others are done."""
        beat = Beat(parts, load)
        try:
            while not self._turn.acquire(timeout=BEAT_S):
                beat.say(0)
            try:
                work()
            finally:
                self._turn.release()
        except Ended:
            log.warning("load %d was taken out of hand while it waited", load.id)
        except Exception:
            log.exception("load %d broke off", load.id)
            with parts.state.begin() as connection:
                parts.loads.settle(connection, load, "failed", problem="broke")
