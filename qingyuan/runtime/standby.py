"""The turn of a core among those that could serve the same site."""

from __future__ import annotations

import threading
from dataclasses import dataclass

ASK_AGAIN_S = 1.0


@dataclass(slots=True)
class Turn:
    """``stop`` is set when the process shall end."""

    stop: threading.Event
    _said: bool = False

    def wait(self) -> bool:
        """Called while another core has the site: whether to ask again."""
        if not self._said:
            print("another core serves this site; waiting for it to end", flush=True)
            self._said = True
        return not self.stop.wait(ASK_AGAIN_S)
