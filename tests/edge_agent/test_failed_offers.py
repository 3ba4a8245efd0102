"""Offers of the centre that fail while they are applied, and agents of which a part fails."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from config.catalogue import loading, sending
from config.catalogue.shapes import Catalogue, Logger
from config.settings import BrokerSettings
from config.vocabulary import reports, topics
from edge_agent.agent import Agent
from edge_agent.modbus.polling import Device
from edge_agent.uplink.session import Uplink
from ingest.arrival.bus import Bus
from simulators.instruments import device as simulated
from tests.conftest import Mosquitto, free_port, wait_until
from tests.district import write_district
from tests.edge_agent.conftest import modbus_server
from tests.edge_agent.test_remote import STATION, district

N = 1 << 50
TOPIC = topics.station_topic("it", STATION, "config")


def called_at(catalogue: Catalogue, port: int, host: str = "127.0.0.1") -> Catalogue:
    """The same station with a logger beside its instrument."""
    logger = Logger("A110000_0001", "123456", "2017", port, host, ["w21003"])
    station = replace(catalogue.stations[STATION], loggers=[logger])
    return replace_station(catalogue, station)


def replace_station(catalogue: Catalogue, station: object) -> Catalogue:
    return Catalogue(catalogue.site, {}, {STATION: station}, catalogue.instruments)  # type: ignore[dict-item]


def answers_at(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Centre:
    """Sends offers, and hears what becomes of them."""

    def __init__(self, mosquitto: Mosquitto) -> None:
        self.said: list[reports.Applied] = []
        settings = BrokerSettings("127.0.0.1", mosquitto.port, "centre", "c")
        self.bus = Bus(settings, "it", "it.t", intake=False)
        topic = topics.station_topic("it", STATION, "config", "applied")
        self.bus.listen(topic, self._hear)

    def _hear(self, _topic: str, body: bytes) -> None:
        self.said.append(msgspec.json.decode(body, type=reports.Applied))

    def offers(self, catalogue: Catalogue, n: int) -> reports.Applied:
        """What the station says of it."""
        self.bus.publish(TOPIC, sending.packed(catalogue, STATION, n), retain=True)
        return self.hears(n)

    def hears(self, n: int) -> reports.Applied:
        wait_until(lambda: any(said.n == n for said in self.said))
        return next(said for said in self.said if said.n == n)


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path, {"centre": "c", "it.s": "s"})
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def centre(mosquitto: Mosquitto) -> Iterator[Centre]:
    found = Centre(mosquitto)
    with found.bus:
        yield found


@contextmanager
def at_work(agent: Agent) -> Iterator[None]:
    """It polls inside this context, and ends without an error when it is told to."""
    stop, ended = threading.Event(), threading.Event()

    def run() -> None:
        agent.run(stop)
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
    assert ended.is_set()


def is_written(file: Path) -> bool:
    """Whether what an agent notes of offers stands whole: half of it has another name."""
    return "config" in file.name and file.suffix != ".fresh"


@contextmanager
def busy() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def agent_of(folder: Path, catalogue: Catalogue, mosquitto: Mosquitto) -> Agent:
    broker = BrokerSettings("127.0.0.1", mosquitto.port, "it.s", "s")
    path = folder / "spool" / "s.sqlite"
    return Agent(
        catalogue, STATION, path, broker, reconnect_wait_s=(0.0, 0.0), trial_ms=1500
    )  # fmt: skip


def test_given_offers_that_cannot_be_applied_then_each_is_answered_and_the_station_goes_on(
    tmp_path: Path, mosquitto: Mosquitto, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port in use, an address of another machine, a name of none, a serial device that is not
    there, and an error of our own when devices are made or asked: after each the instrument is
    read and the logger listened for as before, and an offer that holds is applied.
    """
    good = called_at(district(free_port()), free_port())
    [placement], [logger] = good.stations[STATION].instruments, good.stations[STATION].loggers
    serial = replace(placement, host="", port=0, serial=str(tmp_path / "ttyS9"))
    n = 10

    def refused(offered: Catalogue) -> str:
        nonlocal n
        n += 1
        said = centre.offers(offered, n)
        assert not said.ok
        before = agent.spool.last
        wait_until(lambda: agent.spool.last > before + 1)
        assert agent.station == good.stations[STATION]
        assert answers_at(logger.port)
        return "; ".join(said.faults)

    with modbus_server(placement, [simulated(placement, good.instruments["m"], lambda _: 8.0)]):
        agent = agent_of(tmp_path, good, mosquitto)
        with at_work(agent), busy() as taken:
            wait_until(lambda: agent.spool.last > 2)
            assert "is in use; stop what uses it" in refused(called_at(good, taken))
            assert "is in use; stop what uses it" in refused(called_at(good, taken))
            abroad = refused(called_at(good, free_port(), "192.0.2.1"))
            assert "cannot be opened on 192.0.2.1" in abroad
            nowhere = "x" * 70
            assert "cannot be opened on" in refused(called_at(good, free_port(), nowhere))
            station = replace(good.stations[STATION], instruments=[serial])
            assert "reads nothing good" in refused(replace_station(good, station))
            for name in ("__init__", "poll"):
                with monkeypatch.context() as patched:
                    failing_once(patched, name)
                    assert "our own slip" in refused(called_at(good, free_port()))

            assert centre.offers(called_at(good, port := free_port()), 90).ok
            assert answers_at(port)


def failing_once(patched: pytest.MonkeyPatch, name: str) -> None:
    """The next call fails that is made by an agent with a new configuration."""
    before, failed = getattr(Device, name), threading.Event()
    made = Device.__init__
    fresh = set[int]()

    def noted(self: Device, *given: object) -> None:
        made(self, *given)  # type: ignore[arg-type]
        fresh.add(id(self))

    def fails(self: Device, *given: object) -> object:
        if not failed.is_set() and (name == "__init__" or id(self) in fresh):
            failed.set()
            raise RuntimeError("our own slip")
        return before(self, *given)

    patched.setattr(Device, "__init__", noted)
    patched.setattr(Device, name, fails)


class Box:
    """`qingyuan edge` as a process of its own, which may be killed."""

    def __init__(self, folder: Path, catalogue: Path, broker: int) -> None:
        self._folder, self._broker, self._catalogue = folder, broker, catalogue
        for file in catalogue.rglob("*.toml"):
            os.utime(file, (0, 0))  # what is sent counts more
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "qingyuan", "edge", "--station", STATION, "--catalogue",
                self._catalogue, "--data", self._folder, "--broker", f"127.0.0.1:{self._broker}",
            ],
            env={**os.environ, "QINGYUAN_BROKER_PASSWORD": "s"},
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def end(self, number: int) -> int:
        """Exit status after a signal."""
        self._process.send_signal(number)
        return self._process.wait(20)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def samples(self) -> int:
        """How many were spooled since it was first started."""
        file = self._folder / "spool" / "s.sqlite"
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db,
        ):
            return int(db.execute("select sum(last) from boot").fetchone()[0] or 0)
        return 0


def test_given_an_offer_during_whose_trial_the_agent_died_then_it_is_not_tried_again(
    tmp_path: Path, mosquitto: Mosquitto, centre: Centre
) -> None:
    """Though it stands retained on the broker; the box works as before, and ends when told to."""
    files = write_district(tmp_path / "district", {"w01010": free_port()}, cadence_ms=100)
    good = loading.load(files)
    placement = good.stations[STATION].instruments[0]
    spool = tmp_path / "box" / "spool"
    with (
        modbus_server(
            placement, [simulated(placement, good.instruments["w01010"], lambda _: 8.0)]
        ),
        closing(Box(tmp_path / "box", files, mosquitto.port)) as box,
    ):
        wait_until(lambda: box.samples() > 2)
        kept = set(spool.iterdir())
        payload = sending.packed(district(free_port()), STATION, N)
        centre.bus.publish(TOPIC, payload, retain=True)
        wait_until(lambda: any(is_written(one) for one in set(spool.iterdir()) - kept))
        assert box.end(signal.SIGKILL) == -signal.SIGKILL

        box.start()
        said = centre.hears(N)
        assert not said.ok
        assert "the agent ended while it tried this" in said.faults[0]
        before = box.samples()
        wait_until(lambda: box.samples() > before + 2)
        assert box.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("part", ["round", "loggers", "uplink"])
def test_given_a_part_that_ends_by_an_error_then_the_agent_ends_by_it(
    tmp_path: Path,
    part: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody may take a station for one at work of which a part is gone; a process that ends is
    started again by its service manager.
    """
    calls = 0

    def now_ms() -> int:
        nonlocal calls
        calls += 1
        if part == "round" and threading.current_thread().name == "round" and calls > 9:
            raise ValueError("a clock that fails")
        return 1_775_001_600_000 + calls

    def broken(*_: object) -> None:
        raise RuntimeError("an uplink that fails")

    if part == "uplink":
        monkeypatch.setattr(Uplink, "run", broken)
    catalogue = called_at(district(free_port(), cadence_ms=20), free_port())
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        broker = BrokerSettings(port=deaf.getsockname()[1])
        agent = Agent(
            catalogue, STATION, tmp_path / "s.sqlite", broker, now_ms=now_ms
        )  # fmt: skip
        failures = list[BaseException]()

        def run() -> None:
            try:
                agent.run(threading.Event())
            except Exception as error:  # noqa: BLE001
                failures.append(error)

        running = threading.Thread(target=run, name="round")
        running.start()
        if part == "loggers":
            wait_until(lambda: agent.spool.last > 0)
            agent._loggers._selector.close()
        running.join(20)
    assert failures
    assert "the agent ends" in caplog.text
