"""What the uplink sends, sends again and tells of itself, against a real broker."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from config.settings import BrokerSettings
from config.vocabulary import bounds, reports, topics, wire
from config.vocabulary.health import Health, LoggerHealth, UplinkHealth
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.body import encode
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from edge_agent.uplink.window import OVERTAKEN_S
from tests.conftest import Mosquitto, wait_until

SITE, STATION = "tongzhou", "tonglv-jinsha"
BACKLOG = 250
UNSETTLED = range(30, 41)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "s.sqlite")
    yield spool
    spool.close()


@pytest.fixture
def broker(mosquitto: Mosquitto) -> BrokerSettings:
    """As the station knows it."""
    return BrokerSettings(port=mosquitto.port, username=f"{SITE}.{STATION}", password="s")


@contextmanager
def sending(
    spool: Spool,
    broker: BrokerSettings,
    failpoint: Callable[[str], None] = lambda _: None,
    at: tuple[str, str] = (SITE, STATION),
    health: Callable[[], Health | None] = lambda: None,
) -> Iterator[Uplink]:
    """An uplink at work."""
    uplink = Uplink(
        spool, broker, *at, reconnect_wait_s=(0.0, 0.0), failpoint=failpoint, health=health
    )
    stop = threading.Event()
    thread = threading.Thread(target=uplink.run, args=(stop,))
    thread.start()
    try:
        yield uplink
    finally:
        stop.set()
        thread.join()


def sample(taken_ms: int) -> Sample:
    return Sample(taken_ms, Clock.SYNCHRONISED, {"w01010": Measured(8.0, Cause.NORMAL)})


class Centre:
    """Stands for the centre: settles at once what it hears, but for some seqs the first time."""

    def __init__(self, mosquitto: Mosquitto, unsettled: range = range(0)) -> None:
        self.heard = Counter[int]()
        self.live: list[int] = []
        self.statuses: list[reports.Status] = []
        self._unsettled = unsettled
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("centre", "c")
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", mosquitto.port)
        self._client.subscribe("qy/v1/#", qos=1)
        self._client.loop_start()

    def _hear(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.topic.endswith("/status"):
            self.statuses.append(msgspec.json.decode(message.payload, type=reports.Status))
        if "/readings/" not in message.topic and "/history/" not in message.topic:
            return
        address = topics.parse_topic(message.topic)
        seqs = range(address.first, address.last + 1)
        self.heard.update(seqs)
        self.live += seqs if address.kind == "readings" else []
        settled = [s for s in seqs if s not in self._unsettled or self.heard[s] > 1]
        ack = wire.Ack(wire.VERSION, address.boot, [(s, s) for s in settled])
        client.publish(topics.station_topic(SITE, STATION, "ack"), msgspec.json.encode(ack), qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_connections_made_anew_and_messages_sent_again_are_counted(
    spool: Spool, broker: BrokerSettings, mosquitto: Mosquitto
) -> None:
    """Nobody settles anything here, so what went out goes out again after each connect; the
    report tells why there is no connection, as long as there is none.
    """
    sent = threading.Semaphore(0)
    with sending(spool, broker, lambda _: sent.release()) as uplink:
        spool.append(sample(1))
        assert sent.acquire(timeout=20)
        assert uplink.counts() == UplinkHealth(0, 0, "")

        mosquitto.kill()
        wait_until(lambda: "out of reach" in uplink.counts().trouble)
        mosquitto.start()

        assert sent.acquire(timeout=40)
        wait_until(lambda: uplink.counts() == UplinkHealth(1, 1, ""))


def test_of_a_backlog_only_what_was_left_unsettled_is_sent_again(
    spool: Spool, broker: BrokerSettings, mosquitto: Mosquitto
) -> None:
    """A sample that was sent later and is settled shows it."""
    centre = Centre(mosquitto, UNSETTLED)
    spool.append(*(sample(taken_ms) for taken_ms in range(BACKLOG)))
    with sending(spool, broker):
        wait_until(lambda: len(centre.heard) == BACKLOG)
        later_s = time.monotonic() + OVERTAKEN_S
        wait_until(lambda: time.monotonic() > later_s)
        spool.append(sample(BACKLOG))
        wait_until(spool.empty.is_set)
    centre.close()

    again = {seq for seq, times in centre.heard.items() if times > 1}
    assert again == set(UNSETTLED)
    assert set(centre.heard) == set(range(1, BACKLOG + 2))


def test_of_many_fresh_samples_the_newest_is_live_and_the_others_are_backlog(
    spool: Spool, broker: BrokerSettings, mosquitto: Mosquitto
) -> None:
    """A slow line bears more of them in one message; and who looks wants to see the newest."""
    centre = Centre(mosquitto)
    with sending(spool, broker):
        for count in (1, 3, 20):
            spool.append(*(sample(taken_ms) for taken_ms in range(count)))
            wait_until(spool.empty.is_set)
    centre.close()

    assert set(centre.heard) == set(range(1, 25))
    assert set(centre.live) <= {1, 2, 3, 4, 24}
    assert 24 in centre.live


def test_at_a_stop_the_broker_hears_that_the_station_went_and_what_it_holds(
    spool: Spool, broker: BrokerSettings, mosquitto: Mosquitto
) -> None:
    """Its last will is for an end that nobody chose."""
    centre = Centre(mosquitto, range(BACKLOG + 1))
    spool.append(*(sample(taken_ms) for taken_ms in range(BACKLOG)))
    with sending(spool, broker):
        wait_until(lambda: bool(centre.heard))
    wait_until(lambda: bool(centre.statuses) and not centre.statuses[-1].online)
    centre.close()

    assert centre.statuses[-1].held == [reports.Held(spool.boot, 1, BACKLOG)]


def test_given_two_senders_of_one_logger_then_the_status_names_them(
    tmp_path: Path, mosquitto: Mosquitto, broker: BrokerSettings
) -> None:
    """The centre counts them like two agents."""
    two = ["10.0.0.5:4001", "10.0.0.6:4002"]
    loggers = {"A1": LoggerHealth(), "A2": LoggerHealth(senders=two)}
    said = Health(wire.VERSION, 5000, "e" * 32, 0, {}, {}, loggers=loggers)
    spool = Spool(tmp_path / "s.sqlite", boot="e" * 32, now_ms=lambda: 5000)
    centre = Centre(mosquitto)
    with sending(spool, broker, health=lambda: said):
        wait_until(lambda: bool(centre.statuses))
    assert centre.statuses[0].senders == two
    centre.close()
    spool.close()


def test_given_thousands_of_starts_without_a_line_the_status_names_some_boots_and_counts_the_rest(
    tmp_path: Path, mosquitto: Mosquitto, broker: BrokerSettings
) -> None:
    """It stays small enough for broker and centre, the will as well."""
    path, boots = tmp_path / "many.sqlite", [f"{n:032x}" for n in range(3000)]
    Spool(path, boot="f" * 32).close()
    with closing(sqlite3.connect(path)) as db:
        rows = [(boot, 1, n, encode(boot, 1, sample(n))) for n, boot in enumerate(boots)]
        db.executemany(
            "insert into boot values (?, ?, 1, 0)", [(boot, n + 9) for n, boot in enumerate(boots)]
        )
        db.executemany("insert into sample values (?, ?, ?, ?)", rows)
        db.commit()
    spool = Spool(path, boot="e" * 32, now_ms=lambda: 5000)
    centre = Centre(mosquitto)
    with sending(spool, broker):
        wait_until(lambda: bool(centre.statuses))
    status = centre.statuses[0]
    body = msgspec.json.encode(status)
    assert len(body) <= bounds.BODY_BYTES // 2
    assert reports.decode_status(body) == status
    assert status.held[-1].b == boots[-1]
    assert len(status.held) + status.further == len(boots)
    centre.close()
    spool.close()
