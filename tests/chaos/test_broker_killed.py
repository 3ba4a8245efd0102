"""The broker dies again and again while a backlog drains."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from broker.embedded import EmbeddedBroker
from tests.chaos.path import SOAK, Journey
from tests.conftest import Mosquitto, free_port

USERS = {"centre": "c", "tongzhou.tonglv-jinsha": "s"}
COUNT = 20_000 if SOAK else 300
KILLS = 50 if SOAK else 3
BETWEEN_S = 2.0


def _restarted_meanwhile(run: Journey, restart: Callable[[], None]) -> None:
    """Drain while the broker is restarted some times."""
    drained = threading.Event()

    def disturb() -> None:
        for _ in range(KILLS):
            if drained.wait(BETWEEN_S):
                return
            restart()

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    try:
        run.run()
    finally:
        drained.set()
        disturbing.join()


def test_mosquitto_with_a_queue_of_ten_is_killed_and_nothing_is_lost_or_doubled(
    tmp_path: Path, district: Path
) -> None:
    """What the spool issued is what the store holds."""
    broker = Mosquitto(tmp_path, USERS)
    broker.start()

    def restart() -> None:
        broker.kill()
        broker.start()

    base_ms = time.time_ns() // 1_000_000 - COUNT * 1000
    run = Journey(tmp_path / "run", district, broker.port, base_ms, COUNT)
    try:
        _restarted_meanwhile(run, restart)
    finally:
        broker.kill()
    run.assert_store_holds_what_was_issued()


def test_the_embedded_broker_is_restarted_and_nothing_is_lost_or_doubled(
    tmp_path: Path, district: Path
) -> None:
    """amqtt keeps nothing over a restart; the spools do."""
    port = free_port()
    base_ms = time.time_ns() // 1_000_000 - COUNT * 1000
    run = Journey(tmp_path / "run", district, port, base_ms, COUNT)
    with ExitStack() as stack:
        current = [stack.enter_context(ExitStack())]
        current[0].enter_context(EmbeddedBroker(port, USERS))

        def restart() -> None:
            current[0].close()
            current[0].enter_context(EmbeddedBroker(port, USERS))

        _restarted_meanwhile(run, restart)
    run.assert_store_holds_what_was_issued()
