"""Attempts on the embedded broker that its plugins could miss, and its end under load."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from broker import embedded
from broker.embedded import EmbeddedBroker
from config.settings import BrokerSettings
from config.vocabulary.errors import Refused
from ingest.arrival.bus import Bus
from tests.conftest import free_port

MINE, OTHER = "tongzhou.tonglv-jinsha", "tongzhou.tonglv-erjia"
USERS = {"centre": "c", MINE: "s", OTHER: "o"}
ROOT = "qy/v1/tongzhou"


@pytest.fixture
def port() -> Iterator[int]:
    """A running broker."""
    free = free_port()
    with EmbeddedBroker(free, USERS):
        yield free


Connect = Callable[..., tuple[Client, bool]]


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    """Connects people; says whether each was let in."""
    clients: list[Client] = []

    def one(
        username: str, password: str, *, client_id: str = "", will: str = ""
    ) -> tuple[Client, bool]:
        answered, accepted = threading.Event(), threading.Event()

        def on_connect(_c: Client, _u: object, _f: object, reason: object, _p: object) -> None:
            if not getattr(reason, "is_failure", True):
                accepted.set()
            answered.set()

        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        client.username_pw_set(username, password)
        if will:
            client.will_set(will, b"forged", 1, retain=True)
        client.on_connect = on_connect
        client.on_disconnect = lambda *_: answered.set()
        client.connect("127.0.0.1", port)
        client.loop_start()
        clients.append(client)
        assert answered.wait(60)
        return client, accepted.is_set()

    yield one
    for client in clients:
        client.disconnect()
        client.loop_stop()


@pytest.mark.parametrize(
    "topic", [f"{ROOT}/tonglv-erjia/ack", f"{ROOT}/tonglv-jinsha/ack", f"{ROOT}/alerts"]
)
def test_a_last_will_is_no_way_round_the_rule(connect: Connect, topic: str) -> None:
    """A forged ack would make another's spool forget what nobody has."""
    _, accepted = connect(MINE, "s", will=topic)

    assert not accepted


def test_a_station_may_leave_its_own_status_as_a_last_will(connect: Connect) -> None:
    """That is how the centre hears of a lost connection."""
    _, accepted = connect(MINE, "s", will=f"{ROOT}/tonglv-jinsha/status")

    assert accepted


@pytest.mark.parametrize(("username", "password"), [(MINE, "密码"), ("站点", "s"), (MINE, "")])
def test_letters_that_are_not_ascii_are_only_a_wrong_password(
    connect: Connect, username: str, password: str
) -> None:
    """An answer, not a broken broker."""
    _, accepted = connect(username, password)
    assert not accepted

    _, accepted = connect(MINE, "s")
    assert accepted


def test_a_client_id_that_begins_with_another_users_name_is_refused(connect: Connect) -> None:
    """With the right password too; it would be that user's session."""
    _, accepted = connect(MINE, "s", client_id=f"{OTHER}.0011aabb")
    assert not accepted

    _, accepted = connect(MINE, "s", client_id=f"{MINE}.0011aabb")
    assert accepted


def test_a_stranger_under_the_centres_name_does_not_make_it_deaf(
    port: int, connect: Connect
) -> None:
    """amqtt forgets a session of the same id before it looks at the password."""
    broker = BrokerSettings(port=port, username="centre", password="c")
    with Bus(broker, "tongzhou", "tongzhou.centre", intake=True) as bus:
        station, _ = connect(MINE, "s")
        _, accepted = connect("nobody", "x", client_id="tongzhou.centre")
        assert not accepted

        heard = []
        for number in range(50):
            station.publish(f"{ROOT}/tonglv-jinsha/readings/{'ab' * 16}/{number + 1}", b"", 1)
            heard += bus.receive(0.2, 10)
            if heard:
                break

        assert heard


def test_a_busy_port_is_one_line_and_leaves_no_thread() -> None:
    """It names the port and the remedy."""
    before = threading.active_count()
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        port = occupied.getsockname()[1]

        with pytest.raises(Refused, match=f"port {port}.*in use; stop what uses it or set"):
            EmbeddedBroker(port, USERS).__enter__()

    assert threading.active_count() == before


def test_it_ends_at_once_whatever_its_guests_are_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And its port is free again for the next."""
    monkeypatch.setattr(embedded, "SHUTDOWN_S", 60.0)
    port = free_port()
    for _ in range(15):
        broker = EmbeddedBroker(port, USERS)
        broker.__enter__()
        settings = BrokerSettings(port=port, username="centre", password="c")
        bus = Bus(settings, "tongzhou", "tongzhou.centre", intake=True)
        bus._protocol = MQTTv311
        bus.start()
        bus.publish(f"{ROOT}/tonglv-jinsha/ack", b"")
        began = time.monotonic()

        broker.__exit__(None, None, None)

        took = time.monotonic() - began
        bus.stop()
        assert took < 30, "a cancelled reader of amqtt's now and then never ends"
