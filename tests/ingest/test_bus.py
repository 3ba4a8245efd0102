"""The centre's session, against mosquitto (MQTT 5) and the embedded broker (3.1.1 only)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from broker.embedded import EmbeddedBroker
from config.settings import BrokerSettings
from config.vocabulary.errors import Refused
from ingest.arrival import bus as module
from ingest.arrival.bus import Bus
from ingest.arrival.intake import Message
from tests.conftest import Mosquitto, free_port

STATION = "tongzhou.tonglv-jinsha"
USERS = {"centre": "c", STATION: "s"}
STATUS = "qy/v1/tongzhou/tonglv-jinsha/status"
READINGS = f"qy/v1/tongzhou/tonglv-jinsha/readings/{'ab' * 16}"


class RunningBroker:
    """A broker that can be stopped and started again on its port."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._mosquitto = Mosquitto(folder, USERS) if kind == "mosquitto" else None
        self.port = self._mosquitto.port if self._mosquitto else free_port()
        self._running = ExitStack()

    def start(self) -> None:
        if self._mosquitto:
            self._mosquitto.start()
            self._running.callback(self._mosquitto.kill)
        else:
            self._running.enter_context(EmbeddedBroker(self.port, USERS))

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(params=["mosquitto", "embedded"])
def running_broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningBroker]:
    """A running broker."""
    made = RunningBroker(request.param, tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[RunningBroker]:
    """A running broker without MQTT 5."""
    made = RunningBroker("embedded", tmp_path)
    made.start()
    yield made
    made.stop()


def centre(port: int, password: str = "c", *, tls_ca: str = "") -> Bus:
    """The centre's bus, not started."""
    broker = BrokerSettings(port=port, username="centre", password=password, tls_ca=tls_ca)
    return Bus(broker, "tongzhou", "tongzhou.centre", intake=True)


class Station:
    """A plain publisher."""

    def __init__(self, port: int) -> None:
        up = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
        self._client.username_pw_set(STATION, "s")
        self._client.on_connect = lambda *_: up.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert up.wait(60)

    def send(self, *seqs: int) -> None:
        """One message a seq; returns when the broker has the last."""
        for seq in seqs:
            info = self._client.publish(f"{READINGS}/{seq}", str(seq).encode(), 1)
        info.wait_for_publish(60)

    def keep(self, topic: str, body: str) -> None:
        """A retained message; returns when the broker has it."""
        self._client.publish(topic, body.encode(), 1, retain=True).wait_for_publish(60)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def station() -> Iterator[Callable[[int], Station]]:
    """Makes stations, and sends them home."""
    made: list[Station] = []

    def make(port: int) -> Station:
        made.append(Station(port))
        return made[-1]

    yield make
    for one in made:
        one.leave()


def until(reached: Callable[[], bool]) -> bool:
    """Whether it came about within a minute."""
    pause, deadline = threading.Event(), time.monotonic() + 60
    while time.monotonic() < deadline:
        if reached():
            return True
        pause.wait(0.01)
    return False


def received(bus: Bus, count: int) -> list[int]:
    """So many messages, or what came in a minute; their payloads."""
    return [int(message.payload) for message in messages(bus, count)]


def messages(bus: Bus, count: int) -> list[Message]:
    """The same as messages."""
    found: list[Message] = []
    until(lambda: bool(found.extend(bus.receive(0.1, count - len(found)))) or len(found) >= count)
    return found


def heard(bus: Bus, speaker: Station) -> bool:
    """Whether the bus hears a station; its subscription may still be under way."""
    for seq in range(100, 150):
        speaker.send(seq)
        if bus.receive(0.2, 10):
            return True
    return False


def test_readings_arrive_in_order_and_after_a_reconnect_too(
    running_broker: RunningBroker, station: Callable[[int], Station]
) -> None:
    """It subscribes anew each time; nothing is asked of the broker's memory."""
    with centre(running_broker.port) as bus:
        speaker = station(running_broker.port)
        assert heard(bus, speaker)
        speaker.send(1, 2, 3)
        assert received(bus, 3) == [1, 2, 3]

        before = bus.session
        running_broker.stop()
        assert until(lambda: not bus.connected.is_set())
        running_broker.start()
        assert bus.connected.wait(20)

        assert bus.session > before
        assert heard(bus, station(running_broker.port))


def test_a_broker_without_mqtt_5_costs_less_than_a_second(embedded: RunningBroker) -> None:
    """amqtt leaves the CONNECT unanswered; paho alone would ask for ever."""
    bus = centre(embedded.port)
    began = time.monotonic()
    bus.start()
    took = time.monotonic() - began
    bus.stop()

    assert bus._protocol == MQTTv311
    assert module.CONNACK_S[MQTTv5] < 1
    assert took < 30, "0.8 s of waiting, and room for a busy machine"


def test_with_mqtt_5_the_broker_holds_back_what_is_not_acknowledged(
    mosquitto: Mosquitto, station: Callable[[int], Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first exactly; after an acknowledgement mosquitto 2.0.11 hands over its whole queue,
    so the bus's own bound is needed as well.
    """
    monkeypatch.setattr(module, "RECEIVE_MAXIMUM", 5)
    with centre(mosquitto.port) as bus:
        speaker = station(mosquitto.port)
        assert until(lambda: _subscribed(bus, speaker))
        speaker.send(*range(1, 13))
        first = messages(bus, 5)
        assert [int(message.payload) for message in first] == [1, 2, 3, 4, 5]
        assert bus.receive(0.3, 10) == []

        bus.acknowledge(first)

        assert received(bus, 5) == [6, 7, 8, 9, 10]


def _subscribed(bus: Bus, speaker: Station) -> bool:
    """Whether a trial message arrives; then the broker has its acknowledgement.

    What comes after would else be queued behind it, and let in by it all at once.
    """
    speaker.send(99)
    found = bus.receive(2, 10)
    bus.acknowledge(found)
    assert bus._client
    bus._client.publish("qy/v1/tongzhou/x/live", qos=1).wait_for_publish(60)
    return bool(found)


def test_without_back_pressure_the_queue_is_bounded_and_the_rest_is_counted(
    embedded: RunningBroker, station: Callable[[int], Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """amqtt pushes without end; the spools send again what is turned away."""
    monkeypatch.setattr(module, "WAITING_MESSAGES", 10)
    with centre(embedded.port) as bus:
        speaker = station(embedded.port)
        assert until(lambda: _subscribed(bus, speaker))
        speaker.send(*range(1, 31))

        assert until(lambda: bus.turned_away == 20)
        assert received(bus, 10) == list(range(1, 11))


def test_what_was_turned_away_is_answered_once_there_is_room(
    mosquitto: Mosquitto, station: Callable[[int], Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the broker would count it as open for ever, and deliver nothing more one day."""
    monkeypatch.setattr(module, "RECEIVE_MAXIMUM", 2)
    monkeypatch.setattr(module, "WAITING_MESSAGES", 1)
    with centre(mosquitto.port) as bus:
        speaker = station(mosquitto.port)
        assert until(lambda: _subscribed(bus, speaker))
        bus._waiting.put("", Message(f"{READINGS}/0", b"0", qos=0))
        speaker.send(1, 2)
        assert until(lambda: bus.turned_away == 2), "both places that the broker allows are open"
        assert received(bus, 1) == [0]

        assert bus.receive(0.01, 10) == []
        speaker.send(3)

        assert received(bus, 1) == [3]


def test_an_acknowledgement_of_an_earlier_session_is_not_sent(
    mosquitto: Mosquitto, station: Callable[[int], Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number may mean another message by now: with a window of one, one would be let in."""
    monkeypatch.setattr(module, "RECEIVE_MAXIMUM", 1)
    with centre(mosquitto.port) as bus:
        speaker = station(mosquitto.port)
        assert until(lambda: _subscribed(bus, speaker))
        speaker.send(1, 2)
        (row,) = messages(bus, 1)

        bus.acknowledge([Message(row.topic, row.payload, row.mid, row.qos, row.session - 1)])

        assert bus.receive(0.3, 10) == []
        bus.acknowledge([row])
        assert received(bus, 1) == [2]


def test_a_listener_that_fails_does_not_make_the_bus_deaf(
    running_broker: RunningBroker, caplog: pytest.LogCaptureFixture
) -> None:
    """paho would end its thread."""
    right, bus = threading.Event(), centre(running_broker.port)

    def listener(_topic: str, payload: bytes) -> None:
        if payload == b"bad":
            raise ValueError("not what I expected")
        right.set()

    def say() -> bool:
        bus.publish("qy/v1/tongzhou/x/live", b"bad")
        bus.publish("qy/v1/tongzhou/x/live", b"good")
        return right.wait(0.2)

    bus.listen("qy/v1/tongzhou/+/live", listener)
    with bus:
        assert until(say)
    assert "a listener to qy/v1/tongzhou/x/live failed" in caplog.text


def test_a_wrong_password_is_refused_at_the_start_and_leaves_no_thread(
    running_broker: RunningBroker,
) -> None:
    """One line that names the username."""
    before = threading.active_count()

    with pytest.raises(Refused, match="refused us.*mend username 'centre' and its password"):
        centre(running_broker.port, "wrong").start()

    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("tls_ca", "words"),
    [
        ("", "out of reach"),
        ("/no/such.pem", "broker.tls_ca names no file: /no/such.pem; name one that is there"),
    ],
)
def test_an_unreachable_broker_is_refused_at_the_start(
    tls_ca: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One line that names host and port, no other word, no thread left."""
    port, before = free_port(), threading.active_count()

    with pytest.raises(Refused, match=f"127.0.0.1:{port}: {words}"):
        centre(port, tls_ca=tls_ca).start(1.5)

    assert caplog.text == ""
    assert threading.active_count() == before


def test_without_a_connection_publishing_says_so(running_broker: RunningBroker) -> None:
    """What is owed stays owed."""
    bus = centre(running_broker.port)
    assert not bus.publish("qy/v1/tongzhou/x/ack", b"")
    with bus:
        assert bus.publish("qy/v1/tongzhou/x/ack", b"")
        running_broker.stop()
        assert until(lambda: not bus.publish("qy/v1/tongzhou/x/ack", b""))


def test_with_mqtt_5_a_reading_that_was_retained_never_comes_and_a_status_that_was_does(
    mosquitto: Mosquitto, station: Callable[[int], Station]
) -> None:
    """Those of long ago would come again at every connect."""
    one = station(mosquitto.port)
    one.keep(f"{READINGS}/1", "1")
    one.keep(f"{READINGS.replace('readings', 'history')}/2-2", "2")
    one.keep(STATUS, "7")

    with centre(mosquitto.port) as bus:
        assert received(bus, 1) == [7]
        one.send(8)
        assert received(bus, 1) == [8]


def test_without_mqtt_5_a_retained_reading_comes_as_any_other_at_every_connect(
    embedded: RunningBroker, station: Callable[[int], Station]
) -> None:
    """amqtt marks so what it only queued; the ledger knows whether it is a repeat."""
    one = station(embedded.port)
    one.keep(f"{READINGS}/1", "1")
    for _ in range(2):
        with centre(embedded.port) as bus:
            assert received(bus, 1) == [1]


def test_a_stranger_who_knows_our_id_ends_one_session_and_no_other(
    mosquitto: Mosquitto, station: Callable[[int], Station]
) -> None:
    """By a station's password. A broker lets any user take any id; ours is another by then."""
    with centre(mosquitto.port) as bus:
        assert bus._client
        known = bus._client._client_id.decode()
        stranger = Client(CallbackAPIVersion.VERSION2, known, protocol=MQTTv5)
        stranger.username_pw_set(STATION, "s")
        stranger.connect("127.0.0.1", mosquitto.port)
        stranger.loop_start()
        assert until(lambda: bus.session == 2 and bus.connected.is_set())
        assert heard(bus, station(mosquitto.port))
        stranger.disconnect()
        stranger.loop_stop()

        assert bus.session == 2
        assert bus._client._client_id.decode() != known
