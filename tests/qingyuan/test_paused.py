"""A core that was stopped for a while and goes on, beside a station that is well."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from alerting.record.repository import Repository
from config.settings import Settings
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from ingest.journal.log import Journal
from ingest.state.database import open_state
from tests.conftest import Mosquitto, wait_until
from tests.qingyuan.test_three_processes import line, started

STATION, BOOT = "tonglv-jinsha", "ab" * 16
RULE = """
[[rule]]
id = "silent"
name = "站点数据中断"
kind = "absence"
stations = { id = "tonglv-jinsha" }
reason = "x"
[[rule.level]]
level = "warning"
for = "4s"
"""


def speaking(port: int, stop: threading.Event, last: list[int]) -> None:
    """Send a sample twice a second; ``last`` is when the newest one was taken."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="station")
    client.username_pw_set("centre", "c")
    client.connect("127.0.0.1", port)
    client.loop_start()
    seq = 0
    while not stop.wait(0.5):
        seq, now = seq + 1, time.time_ns() // 10**6
        body = Sample(now, Clock.SYNCHRONISED, {"w21003": Measured(0.3, Cause.NORMAL)})
        topic = topics.readings_topic("tongzhou", STATION, BOOT, seq)
        client.publish(topic, wire.encode_live(body, oldest=1, sent_ms=now), 1).wait_for_publish(
            60
        )
        last[:] = [now]
    client.disconnect()
    client.loop_stop()


def known_ms(folder: Path) -> int:
    """Up to when silence is known; 0 where it is not."""
    journal = Journal(folder / "copy")
    try:
        marks = [entry.upto_ms for entry in journal.read(0, limit=100_000) if entry.upto_ms]
    finally:
        journal.close()
    return max(marks, default=0)


def begun_ms(data: Path) -> list[int]:
    """When each alert on record began."""
    state = open_state(Settings(data_dir=data))
    found = [kept.alert.began_ms for kept in Repository(state).listing()]
    state.close()
    return found


def test_a_core_that_was_stopped_does_not_report_stations_that_it_did_not_hear(
    tmp_path: Path, district: Path
) -> None:
    """And goes on to report those that fall silent."""
    catalogue, data = tmp_path / "district", tmp_path / "data"
    shutil.copytree(district, catalogue)
    (catalogue / "rules.toml").write_text(RULE, encoding="utf-8")
    (catalogue / "events.toml").unlink()
    broker = Mosquitto(tmp_path, {"centre": "c"})
    environment = {
        "QINGYUAN_CATALOGUE": str(catalogue),
        "QINGYUAN_BROKER_PORT": str(broker.port),
        "QINGYUAN_BROKER_USERNAME": "centre",
        "QINGYUAN_BROKER_PASSWORD": "c",
        "QINGYUAN_UPTO_GRACE_MS": "1000",
        "QINGYUAN_RECONNECT_GRACE_MS": "2000",
    }
    stop, last = threading.Event(), list[int]()
    with ExitStack() as stack:
        broker.start()
        stack.callback(broker.kill)
        core = stack.enter_context(started("qingyuan", "core", "--data", str(data), **environment))
        assert line(core).startswith("core of")
        station = threading.Thread(target=speaking, args=(broker.port, stop, last))
        station.start()
        stack.callback(station.join)
        stack.callback(stop.set)

        def knows(after_ms: int) -> bool:
            shutil.copytree(data / "journal", tmp_path / "copy", dirs_exist_ok=True)
            return known_ms(tmp_path) > after_ms

        wait_until(lambda: bool(last))
        first = last[0]
        wait_until(lambda: knows(first))
        core.send_signal(signal.SIGSTOP)
        threading.Event().wait(6.5)
        core.send_signal(signal.SIGCONT)
        resumed = time.time_ns() // 10**6
        wait_until(lambda: knows(resumed))
        stop.set()
        station.join()
        wait_until(lambda: bool(begun_ms(data)))

    assert begun_ms(data) == last
