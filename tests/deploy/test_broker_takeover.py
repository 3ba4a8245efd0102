"""A session at mosquitto that somebody ends by coming under its client id."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from tests.conftest import Mosquitto, wait_until

TOLD = "Client tongzhou.it.7 already connected, closing old connection."
"""As deploy/README.md has operators look for it."""


@contextmanager
def connected(port: int, user: str, ended: list[ReasonCode]) -> Iterator[None]:
    """A client of one id, whatever its user; why its session ended."""
    up = threading.Event()
    client = Client(
        CallbackAPIVersion.VERSION2, "tongzhou.it.7", protocol=MQTTv5, reconnect_on_failure=False
    )
    client.username_pw_set(user, "s")
    client.on_connect = lambda *_: up.set()
    client.on_disconnect = lambda _c, _u, _flags, reason, _p: ended.append(reason)
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert up.wait(60)
    yield
    client.disconnect()
    client.loop_stop()


def test_given_another_user_under_its_client_id_then_a_session_ends_and_the_brokers_log_tells(
    tmp_path: Path,
) -> None:
    """By its id alone, which others than its user have: nothing in the broker's settings forbids it."""
    log = tmp_path / "log"
    users = {"tongzhou.it": "s", "tongzhou.other": "s"}
    broker = Mosquitto(tmp_path, users, more=[f"log_dest file {log}", "log_type all"])
    broker.start()
    ended: list[ReasonCode] = []
    try:
        with connected(broker.port, "tongzhou.it", ended):
            assert TOLD not in log.read_text()
            with connected(broker.port, "tongzhou.other", []):
                wait_until(lambda: TOLD in log.read_text() and bool(ended))
    finally:
        broker.kill()
