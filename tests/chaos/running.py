"""The centre as a process that kills itself: centre SPEC PORT DATA DISTRICT STORE URL.

SPEC is "point:count" or "none". It ends by itself once DATA/drained exists and all is settled.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from alerting.events import event as alert_event
from config.settings import BrokerSettings, Settings
from qingyuan.assembly import opened
from qingyuan.demo.report import settled


def killer(spec: str) -> Callable[[str], None]:
    """A failpoint that sends SIGKILL to its own process at the n-th passing of a point."""
    point, _, count = spec.partition(":")
    seen: Counter[str] = Counter()

    def pass_by(name: str) -> None:
        seen[name] += 1
        if name == point and seen[name] == int(count):
            os.kill(os.getpid(), signal.SIGKILL)

    return pass_by


def main() -> None:
    """Run until drained and settled."""
    spec, port, data, district, store, url = sys.argv[1:]
    folder = Path(data)
    alert_event.SETTLE_MS = 0
    broker = BrokerSettings(port=int(port), username="centre", password="c")
    settings = Settings(
        catalogue=Path(district), data_dir=folder, broker=broker, store=store, store_url=url
    )
    with opened(settings, failpoint=killer(spec)) as running:
        while not (folder / "drained").exists():
            threading.Event().wait(0.1)
        assert settled(running, 60)


if __name__ == "__main__":
    main()
