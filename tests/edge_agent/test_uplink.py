"""What the uplink tells of itself, against a real broker."""

from __future__ import annotations

import threading
from pathlib import Path

from config.settings import BrokerSettings
from config.vocabulary.health import UplinkHealth
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool import Spool
from edge_agent.uplink import Uplink
from tests.conftest import Mosquitto, wait_until


def test_connections_made_anew_and_messages_sent_again_are_counted(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Nobody settles anything here, so what went out goes out again after each connect; the
    report tells why there is no connection, as long as there is none.
    """
    spool = Spool(tmp_path / "s.sqlite")
    broker = BrokerSettings(port=mosquitto.port, username="tongzhou.tonglv-jinsha", password="s")
    sent = threading.Semaphore(0)
    uplink = Uplink(
        spool,
        broker,
        "tongzhou",
        "tonglv-jinsha",
        reconnect_wait_s=(0.0, 0.0),
        failpoint=lambda _: sent.release(),
    )
    stop = threading.Event()
    thread = threading.Thread(target=uplink.run, args=(stop,))
    thread.start()
    try:
        spool.append(Sample(1, Clock.SYNCHRONISED, {"w01010": Measured(8.0, Cause.NORMAL)}))
        assert sent.acquire(timeout=20)
        assert uplink.counts() == UplinkHealth(0, 0, "")

        mosquitto.kill()
        wait_until(lambda: "out of reach" in uplink.counts().trouble)
        mosquitto.start()

        assert sent.acquire(timeout=40)
        wait_until(lambda: uplink.counts() == UplinkHealth(1, 1, ""))
    finally:
        stop.set()
        thread.join()
        spool.close()
