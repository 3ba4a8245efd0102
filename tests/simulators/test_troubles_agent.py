"""What an agent makes of trouble: what it keeps, what it counts, what its broker comes to hear."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from config.catalogue.shapes import (
    Catalogue,
    Instrument,
    Logger,
    Placement,
    Register,
    Site,
    Station,
)
from config.settings import BrokerSettings
from config.vocabulary import topics, wire
from config.vocabulary.health import Health
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured, Sample
from config.vocabulary.time import HOUR_MS
from edge_agent.agent import Agent
from edge_agent.hj212.server import Loggers
from edge_agent.spool.spool import Spool
from simulators.district import District
from simulators.relay import Relay, manner
from simulators.troubles import Trouble, TroubleKind
from tests.conftest import Mosquitto, free_port, wait_until
from tests.edge_agent.conftest import PATIENT_MS
from tests.simulators.test_troubles import loop_of

SITE, NAME = "tongzhou", "tonglv-jinsha"
CODES = {"first": "w01010", "second": "w01001", "third": "w01009"}
LINES = ["tcp", "serial"]
FOR_EVER = 1 << 62


class Field:
    """A station of three instruments, two on one line and one over TCP that is never struck,
    whose nature stands still, and its agent.
    """

    def __init__(self, folder: Path, line: str, broker_port: int) -> None:
        shared, alone = free_port(), free_port()
        placements = [
            Placement(name, unit, "127.0.0.1", shared, timeout_ms=150)
            for unit, name in enumerate(("first", "second"), start=1)
        ]
        if line == "serial":
            tty = str(folder / "ttyS")
            placements = [
                Placement(p.instrument, p.unit, serial=tty, timeout_ms=150) for p in placements
            ]
        placements.append(Placement("third", 1, "127.0.0.1", alone, PATIENT_MS))
        station = Station(
            NAME, "S", "water", (0.0, 0.0), "a", 200, placements, river="r", order=1, target="III"
        )
        makes = {
            name: Instrument(name, "M", "M", "holding", 0, "ABCD", [Register(code, 0, "float32")])
            for name, code in CODES.items()
        }
        catalogue = Catalogue(Site(SITE, "x"), {}, {NAME: station}, makes)
        self.nature_ms, self._ahead_ms = 0, 0
        self.district = District(catalogue, seed=1, now_ms=lambda: self.nature_ms)
        self._report = folder / "spool" / f"{NAME}.health.json"
        broker = BrokerSettings(port=broker_port, username=f"{SITE}.{NAME}", password="s")
        self.agent = Agent(
            catalogue,
            NAME,
            folder / "spool" / "s.sqlite",
            broker,
            reconnect_wait_s=(0.0, 0.1),
            now_ms=lambda: time.time_ns() // 1_000_000 + self._ahead_ms,
        )

    def strike(self, kind: TroubleKind, instrument: str = "", **how: float) -> None:
        """From now on."""
        trouble = Trouble(kind, self.nature_ms, FOR_EVER, NAME, instrument, **how)
        self.district.troubles.append(trouble)

    def samples(self, least: int) -> list[Sample]:
        """What is kept of instants that are still to come, so many and more."""
        spool = self.agent.spool
        # One round may be under way and has asked some instruments already.
        after = spool.last + 1
        wait_until(lambda: spool.last >= after + least)
        return [row.sample for row in spool.fresh(after, least)]

    def readings(self, code: str, least: int) -> list[Measured]:
        return [sample.readings[code] for sample in self.samples(least)]

    def truth(self, code: str) -> object:
        """What nature holds now."""
        station = self.agent.station
        return pytest.approx(self.district.shown(station, code, self.nature_ms), abs=0.001)

    def health(self) -> Health:
        """The report of a minute that is over now."""
        told = self.agent._health.latest
        self._ahead_ms += 60_000
        wait_until(lambda: self.agent._health.latest is not told)
        return msgspec.json.decode(self._report.read_bytes(), type=Health)


@contextmanager
def at_work(field: Field) -> Iterator[Field]:
    """Its instruments answer and its agent polls."""
    stop = threading.Event()
    thread = threading.Thread(target=field.agent.run, args=(stop,))
    with loop_of(lambda _: field.district.serving()):
        thread.start()
        try:
            yield field
        finally:
            stop.set()
            thread.join()


@pytest.fixture(params=LINES)
def field(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Field]:
    """All is well; no broker is there, so that everything stays in the spool."""
    with at_work(Field(tmp_path, request.param, free_port())) as made:
        for code in CODES.values():
            wait_until(lambda of=code: made.readings(of, 1)[0].value == made.truth(of))
        yield made


def test_a_slow_instrument_gives_no_wrong_value_and_delays_no_other_line(field: Field) -> None:
    """Given one that answers after twice the agent's patience, then it fails and the other line
    goes on in its cadence; once it is quick again, no answer of before becomes a value.
    """
    field.strike("slow", "first", size=300)
    slow = field.samples(15)
    assert {sample.readings["w01010"].value for sample in slow} == {None}
    assert all(sample.readings["w01009"].value == field.truth("w01009") for sample in slow)
    assert min(b.taken_ms - a.taken_ms for a, b in pairwise(slow)) < 300

    field.district.troubles.clear()
    field.nature_ms += HOUR_MS
    for code in CODES.values():
        assert all(m.value in (None, field.truth(code)) for m in field.readings(code, 5))
    wait_until(lambda: field.readings("w01010", 1)[0].value == field.truth("w01010"))


def test_of_broken_answers_no_wrong_value_is_kept_and_the_sensor_counts_as_failed(
    field: Field,
) -> None:
    """Given answers of one instrument that all break, and every second one of its neighbour."""
    field.health()
    field.strike("corrupt", "first", share=1.0)
    field.strike("corrupt", "second", share=0.5)
    samples = field.samples(25)
    for code in CODES.values():
        kept = {sample.readings[code].value for sample in samples}
        assert all(value in (None, field.truth(code)) for value in kept)
    assert {sample.readings["w01010"].value for sample in samples} == {None}
    told = field.health()
    first = told.sensors["w01010"]
    assert first.failed >= 25
    assert first.good <= 2
    assert first.failure in (Cause.TIMEOUT, Cause.DEVICE_REFUSED)
    assert told.devices["first@1"].corrupt > 0
    assert told.sensors["w01001"].failed > 0
    assert told.sensors["w01009"].failed == 0


@pytest.mark.parametrize("kind", ["power-cut", "line-loss"])
def test_what_is_gone_is_missing_and_comes_back_and_the_other_line_goes_on(
    field: Field, kind: TroubleKind
) -> None:
    """Given the shared line without power, or lost, when that is over, then it is read again."""
    for name in ("first", "second"):
        field.strike(kind, name)
    for_both = ("w01010", "w01001")
    wait_until(lambda: all(field.readings(code, 1)[0].value is None for code in for_both))
    for sample in field.samples(10):
        assert all(sample.readings[code].value is None for code in for_both)
        assert sample.readings["w01009"].value == field.truth("w01009")

    field.district.troubles.clear()
    for code in for_both:
        wait_until(lambda of=code: field.readings(of, 1)[0].value == field.truth(of))


def test_while_a_logger_s_line_is_lost_nothing_comes_and_then_all_of_it(tmp_path: Path) -> None:
    """Given an agent that a logger calls, when that cannot for a time, then its connection ends,
    and afterwards no instant is missing and none is kept twice.
    """

    def now_ms() -> int:
        return time.time_ns() // 1_000_000

    logger = Logger("A1", "123456", "2025", free_port(), "127.0.0.1", ["w01010"])
    station = Station(
        NAME, "S", "water", (0.0, 0.0), "a", 1000, [], river="r", order=1, target="III",
        loggers=[logger],
    )  # fmt: skip
    district = District(Catalogue(Site(SITE, "x"), {}, {NAME: station}, {}), seed=1, now_ms=now_ms)
    with closing(Spool(tmp_path / "s.sqlite")) as spool, ExitStack() as stack:
        loggers = Loggers(station, spool, now_ms)
        stack.callback(loggers.close)
        loggers.start()
        stack.enter_context(loop_of(lambda _: district.serving()))
        wait_until(lambda: spool.last > 0)
        began_ms = now_ms()
        district.troubles.append(Trouble("line-loss", began_ms, FOR_EVER, NAME))
        wait_until(lambda: not loggers._callers)
        before = spool.last
        wait_until(lambda: now_ms() > began_ms + 2500)
        assert (spool.last, loggers._callers) == (before, [])
        district.troubles.clear()
        wait_until(lambda: spool.last >= before + 4)
        taken_ms = sorted(row.sample.taken_ms for row in spool.fresh(0, 100))
    assert {after - at for at, after in pairwise(taken_ms)} == {1000}


class Centre:
    """Hears what the station sends, and settles it."""

    def __init__(self, port: int) -> None:
        self.heard: set[int] = set()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("centre", "c")
        self._client.on_connect = lambda client, *_: client.subscribe("qy/v1/#", qos=1)
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _hear(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        *_, kind, boot, which = ["", *message.topic.split("/")]
        if kind not in ("readings", "history"):
            return
        first, _, last = which.partition("-")
        span = range(int(first), int(last or first) + 1)
        self.heard |= set(span)
        topic = topics.station_topic(SITE, NAME, "ack")
        ack = wire.Ack(wire.VERSION, boot, [(span[0], span[-1])])
        client.publish(topic, msgspec.json.encode(ack), qos=1)

    def close(self) -> None:
        """Hear no more."""
        self._client.disconnect()
        self._client.loop_stop()


@pytest.mark.parametrize("kind", ["broker-loss", "broker-silence"])
def test_without_its_broker_an_agent_keeps_what_it_reads_and_then_sends_all_of_it(
    tmp_path: Path, mosquitto: Mosquitto, kind: TroubleKind
) -> None:
    """Given an agent that comes to mosquitto by the relay, when that is cut or silent for a time,
    then nothing arrives meanwhile and nothing is missing afterwards.
    """
    port = free_port()
    field = Field(tmp_path, "tcp", port)
    uplink = field.agent._uplink
    troubles = field.district.troubles
    relay = Relay(port, "127.0.0.1", mosquitto.port, lambda: manner(troubles, field.nature_ms))
    with ExitStack() as stack:
        stack.enter_context(loop_of(lambda _: relay.serving()))
        stack.enter_context(at_work(field))
        centre = Centre(mosquitto.port)
        stack.callback(centre.close)
        wait_until(lambda: 1 in centre.heard)

        troubles.append(Trouble(kind, HOUR_MS, 2 * HOUR_MS))
        field.nature_ms = HOUR_MS
        if kind == "broker-loss":
            wait_until(lambda: uplink.counts().trouble != "")
        before = _at_rest(centre, field)
        field.samples(5)
        assert len(centre.heard) == before
        assert (uplink.counts().trouble == "") is (kind == "broker-silence")

        field.nature_ms = 2 * HOUR_MS
        upto = field.agent.spool.last
        wait_until(lambda: centre.heard >= set(range(1, upto + 1)))
        assert uplink.counts().reconnects >= 1
        assert uplink.counts().trouble == ""


def _at_rest(centre: Centre, field: Field) -> int:
    """How many samples had come when for three rounds none came."""
    before = -1

    def is_still() -> bool:
        nonlocal before
        earlier, before = before, len(centre.heard)
        field.samples(3)
        return earlier == before

    wait_until(is_still)
    return before
