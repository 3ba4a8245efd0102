"""Attempts to break the stations' access rule, on the embedded broker and on mosquitto."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from broker.access_list import acl, may
from broker.embedded import EmbeddedBroker
from config.catalogue.shapes import Catalogue
from qingyuan.commands.centre.broker import run
from tests.conftest import Mosquitto, free_port

MINE, OTHER = "tongzhou.tonglv-jinsha", "tongzhou.tonglv-erjia"
USERS = {"centre": "c", MINE: "s", OTHER: "o"}
ROOT = "qy/v1/tongzhou"


@pytest.fixture(params=["embedded", "mosquitto"])
def port(request: pytest.FixtureRequest, tmp_path: Path, catalogue: Catalogue) -> Iterator[int]:
    """A broker with the rule."""
    if request.param == "embedded":
        free = free_port()
        with EmbeddedBroker(free, USERS):
            yield free
    else:
        broker = Mosquitto(tmp_path, USERS, acl(catalogue))
        broker.start()
        yield broker.port
        broker.kill()


class Person:
    """A client that remembers what it hears."""

    def __init__(self, port: int, username: str | None, password: str) -> None:
        self.heard: list[str] = []
        self.news = threading.Condition()
        self._answer = threading.Event()
        self.accepted = False
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
        self.client.reconnect_delay_set(60, 60)
        if username:
            self.client.username_pw_set(username, password)
        self.client.on_connect = self._connected
        self.client.on_disconnect = lambda *_: self._answer.set()
        self.client.on_message = self._message
        self.client.on_subscribe = lambda *_: self._answer.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self._answer.wait(60)

    def _connected(self, _c: Client, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
        self.accepted = not reason.is_failure
        self._answer.set()

    def _message(self, _c: Client, _u: Any, message: Any) -> None:
        with self.news:
            self.heard.append(message.topic)
            self.news.notify_all()

    def subscribe(self, name: str) -> None:
        """And wait for the answer."""
        self._answer.clear()
        self.client.subscribe(name, 1)
        assert self._answer.wait(60)

    def wait_for(self, topic: str) -> None:
        """Until a topic was heard."""
        with self.news:
            assert self.news.wait_for(lambda: topic in self.heard, 10), self.heard

    def leave(self) -> None:
        """Hang up."""
        self.client.disconnect()
        self.client.loop_stop()


def test_a_station_writes_only_its_own_readings(port: int) -> None:
    """Not another's, no ack, no config, no live; the last word arrives and nothing before it."""
    centre, station = Person(port, "centre", "c"), Person(port, MINE, "s")
    centre.subscribe("qy/v1/#")
    for rest in (
        "tonglv-erjia/readings/b/1",
        "tonglv-jinsha/ack",
        "tonglv-jinsha/config",
        "tonglv-jinsha/live",
        "alerts",
    ):
        station.client.publish(f"{ROOT}/{rest}", b"forged", 1)
    last = f"{ROOT}/tonglv-jinsha/readings/b/1"
    station.client.publish(last, b"mine", 1)

    centre.wait_for(last)

    assert centre.heard == [last]
    for person in (centre, station):
        person.leave()


def test_a_station_hears_only_what_is_meant_for_it(port: int) -> None:
    """Its own ack, though it asked for everything."""
    centre, station = Person(port, "centre", "c"), Person(port, MINE, "s")
    for name in ("#", f"{ROOT}/tonglv-erjia/ack", f"{ROOT}/tonglv-jinsha/ack"):
        station.subscribe(name)
    centre.client.publish(f"{ROOT}/tonglv-erjia/ack", b"other", 1)
    centre.client.publish(f"{ROOT}/tonglv-jinsha/ack", b"mine", 1)

    station.wait_for(f"{ROOT}/tonglv-jinsha/ack")

    assert set(station.heard) == {f"{ROOT}/tonglv-jinsha/ack"}
    for person in (centre, station):
        person.leave()


@pytest.mark.parametrize(("username", "password"), [(None, ""), (MINE, "wrong"), ("who", "s")])
def test_nobody_comes_in_without_the_right_password(
    port: int, username: str | None, password: str
) -> None:
    """Nor without a name."""
    person = Person(port, username, password)
    assert not person.accepted
    person.leave()


@pytest.mark.parametrize("username", ["", "tongzhou", "tongzhou.", ".tonglv-jinsha", "a.b/c"])
def test_a_crooked_username_may_nothing(username: str) -> None:
    """The rule asks for site and station."""
    assert not may(username, "send", f"{ROOT}/tonglv-jinsha/readings/b/1")


@pytest.mark.parametrize(
    ("wants", "topic", "allowed"),
    [
        ("hear", f"{ROOT}/+/live", True),
        ("hear", f"{ROOT}/tonglv-jinsha/live", True),
        ("hear", f"{ROOT}/alerts", True),
        ("hear", f"{ROOT}/pulse", True),
        ("hear", f"{ROOT}/platforms", True),
        ("send", f"{ROOT}/platforms", True),
        ("hear", f"{ROOT}/tonglv-jinsha/ack", False),
        ("hear", f"{ROOT}/#", False),
        ("hear", "#", False),
        ("send", f"{ROOT}/tonglv-jinsha/live", False),
        ("send", f"{ROOT}/alerts", False),
    ],
)
def test_pages_that_run_apart_hear_what_browsers_are_reported_and_speak_to_them_alone(
    wants: Literal["send", "hear"], topic: str, allowed: bool
) -> None:
    """Whoever takes over the pages cannot speak for a station."""
    assert may("pages", wants, topic) is allowed


def test_the_embedded_broker_tells_what_was_tried(catalogue: Catalogue) -> None:
    """Who, what and where; a wrong password too."""
    port = free_port()
    with EmbeddedBroker(port, USERS) as broker:
        centre, station = Person(port, "centre", "c"), Person(port, MINE, "s")
        centre.subscribe("qy/v1/#")
        station.client.publish(f"{ROOT}/tonglv-erjia/readings/b/1", b"forged", 1)
        station.subscribe(f"{ROOT}/tonglv-erjia/ack")
        station.client.publish(f"{ROOT}/tonglv-jinsha/readings/b/1", b"mine", 1)
        centre.wait_for(f"{ROOT}/tonglv-jinsha/readings/b/1")
        stranger = Person(port, OTHER, "wrong")
        tried = [(row.user, row.action, row.topic) for row in broker.attempts]
        for person in (centre, station, stranger):
            person.leave()

    assert tried == [
        (MINE, "send", f"{ROOT}/tonglv-erjia/readings/b/1"),
        (MINE, "hear", f"{ROOT}/tonglv-erjia/ack"),
        (OTHER, "connect", ""),
    ]


def test_the_acl_of_mosquitto_is_printed_for_a_district(
    capsys: pytest.CaptureFixture[str], district: Path
) -> None:
    """A user a station, and nobody reads or writes outside the site."""
    assert run(["acl", "--catalogue", str(district)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("user tongzhou.") for line in lines) == 10
    assert all(f" {ROOT}/" in line for line in lines if line.startswith("topic"))
