"""What open pages hear of a core in the same process, beside a real broker and without one."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from alerting.alert import Alert, Change, Level, State, Transition
from config.settings import DISTRICTS, BrokerSettings, Settings
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from qingyuan.assembly import RunningCentre, opened
from qingyuan.runtime.site import now_ms
from tests.conftest import Mosquitto

STATION = "tonglv-jinsha"
LIVE = f"qy/v1/tongzhou/{STATION}/live"
WAIT_S = 60


@pytest.fixture
def running(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[RunningCentre]:
    """Core and pages in one process."""
    broker = BrokerSettings(port=mosquitto.port, username="centre", password="c")
    folder, data = DISTRICTS / "tongzhou", tmp_path / "centre"
    with opened(Settings(catalogue=folder, data_dir=data, broker=broker)) as running:
        assert running.bus.connected.wait(WAIT_S)
        yield running


class Field:
    """A station, and a program that hears what the core says of it on the broker."""

    def __init__(self, port: int) -> None:
        self.heard: list[bytes] = []
        self.grown, self._subscribed, self._seq = threading.Condition(), threading.Event(), 0
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="field")
        self._client.username_pw_set("centre", "c")
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(LIVE, 1)
        self._client.loop_start()
        assert self._subscribed.wait(WAIT_S)

    def _hear(self, _client: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        with self.grown:
            self.heard.append(bytes(message.payload))
            self.grown.notify_all()

    def send(self, t: int) -> None:
        """A sample that was taken at an instant."""
        self._seq += 1
        body = Sample(t, Clock.SYNCHRONISED, {"w21003": Measured(0.3, Cause.NORMAL)})
        topic = topics.readings_topic("tongzhou", STATION, "ab" * 16, self._seq)
        self._client.publish(topic, wire.encode_live(body, oldest=1, sent_ms=t), 1)

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()


async def next_of(stream: AsyncGenerator[bytes], kind: str) -> object:
    """The data of the next event of a kind."""
    async with asyncio.timeout(WAIT_S):
        async for event in stream:
            name, _, data = event.decode().strip().partition("\n")
            if name == f"event: {kind}":
                return json.loads(data.removeprefix("data: "))
    raise AssertionError("the stream ended")


def taken_ms(event: object) -> int:
    """When the reading of a live event was taken."""
    assert isinstance(event, dict)
    return int(event["readings"]["w21003"]["t"])


def test_given_one_process_then_a_reading_reaches_a_page_once_and_programs_on_the_broker_too(
    running: RunningCentre, mosquitto: Mosquitto
) -> None:
    """The second one comes right behind the first: nothing of it came twice."""
    field, first = Field(mosquitto.port), now_ms()

    async def heard() -> list[int]:
        stream = running.services.live.events(session="s", username="daibiao", stands=lambda: True)
        assert (await anext(stream)).startswith(b"retry")
        field.send(first)
        found = [taken_ms(await next_of(stream, "live"))]
        field.send(first + 1)
        return [*found, taken_ms(await next_of(stream, "live"))]

    try:
        assert asyncio.run(heard()) == [first, first + 1]
        with field.grown:
            assert field.grown.wait_for(lambda: len(field.heard) == 2, WAIT_S)
    finally:
        field.close()


def test_given_one_process_when_the_broker_is_gone_then_pages_hear_of_alerts_all_the_same(
    running: RunningCentre, mosquitto: Mosquitto
) -> None:
    """An alert may stand on silence alone."""
    begun = now_ms()
    alert = Alert(
        "a1",
        "silent",
        1,
        Level.WARNING,
        "pollution",
        STATION,
        "w21003",
        State.FIRING,
        begun,
        begun,
    )

    async def heard() -> object:
        stream = running.services.live.events(session="s", username="daibiao", stands=lambda: True)
        assert (await anext(stream)).startswith(b"retry")
        with running.repository.database.begin() as connection:
            change = Transition(Change.FIRED, alert, begun, "")
            running.repository.record(connection, 0, [change])
        return await next_of(stream, "alert")

    mosquitto.kill()
    told = asyncio.run(heard())
    assert isinstance(told, dict)
    assert (told["id"], told["station"]) == ("a1", STATION)
