"""The centre as a process that kills itself at a named point."""

from __future__ import annotations

import threading
from pathlib import Path

from alerting.events import event as alert_event
from config.settings import BrokerSettings, Settings
from qingyuan.assembly import opened
from qingyuan.demo.report import settled
from tests.chaos.dying import killer


def main(spec: str, port: str, data: str, district: str, store: str, url: str) -> None:
    """Run until the file ``drained`` is in the folder of data and all is settled."""
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
