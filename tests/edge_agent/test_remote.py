"""What the centre would have a station be: applied without a restart, refused, or undone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from config.catalogue import sending
from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
from config.settings import BrokerSettings
from config.vocabulary import reports, topics
from config.vocabulary.errors import FaultyInput
from edge_agent.agent import Agent
from edge_agent.remote_configuration import Remote
from ingest.arrival.bus import Bus
from simulators.instruments import device as simulated
from tests.conftest import Mosquitto, free_port, wait_until
from tests.edge_agent.conftest import PATIENT_MS, modbus_server

STATION = "s"
MAKE = Instrument("m", "Make", "Model", "holding", 0, "ABCD", [Register("w01010", 10, "float32")])


def district(port: int, *, address: int = 10, cadence_ms: int = 100) -> Catalogue:
    """One station with one instrument; its register lies where the manual says, or elsewhere."""
    make = replace(MAKE, registers=[Register("w01010", address, "float32")])
    placement = Placement("m", 1, "127.0.0.1", port, PATIENT_MS)
    station = Station(
        STATION, "S", "water", (121.0, 32.0), "a", cadence_ms, [placement],
        river="r", order=1, target="III",
    )  # fmt: skip
    return Catalogue(Site("it", "It"), {}, {STATION: station}, {"m": make})


class Clock:
    """Set by hand."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


def remote(folder: Path, clock: Clock) -> Remote:
    """Of a station that was given its first configuration."""
    return Remote(folder / "s.config.json", district(1), STATION, clock, trial_ms=1000)


def answers(found: Remote) -> list[reports.Applied]:
    """All that it has to say."""
    said = iter(found.answer, None)
    return [msgspec.json.decode(body, type=reports.Applied) for body in said if body is not None]


def test_an_offer_is_tried_at_once_and_kept_when_a_good_reading_comes(tmp_path: Path) -> None:
    """And it is there again after a start; an older one is not heard any more."""
    clock, fresh = Clock(), district(1, cadence_ms=500)
    agent = remote(tmp_path, clock)
    agent.hear(sending.packed(fresh, STATION, 7))

    assert agent.next(good=True) is not None
    assert answers(agent) == [], "nothing is said before it is known"
    assert agent.next(good=True) is None
    assert [(said.n, said.ok) for said in answers(agent)] == [(7, True)]

    again = remote(tmp_path, clock)
    assert again.catalogue.stations[STATION].cadence_ms == 500
    again.hear(sending.packed(district(1), STATION, 7))
    again.hear(sending.packed(district(1), STATION, 6))
    assert again.next(good=True) is None


def test_one_that_reads_nothing_good_is_undone(tmp_path: Path) -> None:
    """Where the one before it did; the field is never left blind by a slip in the centre."""
    clock = Clock()
    agent = remote(tmp_path, clock)
    assert agent.next(good=True) is None
    agent.hear(sending.packed(district(2), STATION, 7))
    assert agent.next(good=True) is not None
    assert agent.next(good=False) is None
    clock.ms += 1000

    back = agent.next(good=False)

    assert back is not None
    assert back.stations[STATION].instruments[0].port == 1
    (said,) = answers(agent)
    assert not said.ok
    assert "reads nothing good" in said.faults[0]
    assert not (tmp_path / "s.config.json").exists()


def test_where_nothing_was_good_before_it_is_kept(tmp_path: Path) -> None:
    """A station that is being set up may be sent its configuration before its instruments run."""
    clock = Clock()
    agent = remote(tmp_path, clock)
    agent.hear(sending.packed(district(2), STATION, 7))
    assert agent.next(good=False) is not None
    clock.ms += 1000
    assert agent.next(good=False) is None
    assert [said.ok for said in answers(agent)] == [True]


def test_a_faulty_offer_is_answered_with_every_fault_and_changes_nothing(tmp_path: Path) -> None:
    """Field and remedy, as `qingyuan check` would say."""
    agent = remote(tmp_path, Clock())
    bad = district(1)
    station = replace(bad.stations[STATION], target=None, order=None)
    faulty = Catalogue(bad.site, {}, {STATION: station}, bad.instruments)
    agent.hear(sending.packed(faulty, STATION, 8))
    agent.hear(b"{")

    assert agent.next(good=True) is None

    (said,) = answers(agent)
    assert (said.n, said.ok, len(said.faults)) == (8, False, 2)
    assert all("station." in fault and ";" in fault for fault in said.faults)


def test_what_is_another_stations_is_refused() -> None:
    """However it came here."""
    payload = sending.packed(district(1), STATION, 8)
    with pytest.raises(FaultyInput, match="send it to the other station"):
        sending.unpacked(payload, Site("it", "It"), "t")


def test_what_is_sent_is_what_is_read(catalogue: Catalogue) -> None:
    """Every station of the demonstration, to the last setting."""
    for name, station in catalogue.stations.items():
        found = sending.unpacked(sending.packed(catalogue, name, 1), catalogue.site, name)
        assert found.stations == {name: station}
        for make in found.instruments:
            assert found.instruments[make] == catalogue.instruments[make]


@contextmanager
def running(folder: Path, catalogue: Catalogue, broker: BrokerSettings) -> Iterator[Agent]:
    """An agent at work."""
    agent = Agent(
        catalogue,
        STATION,
        folder / "spool" / "s.sqlite",
        broker,
        reconnect_wait_s=(0.0, 0.0),
        trial_ms=1500,
    )
    stop = threading.Event()
    thread = threading.Thread(target=agent.run, args=(stop,))
    thread.start()
    try:
        yield agent
    finally:
        stop.set()
        thread.join()


def test_an_agent_becomes_what_the_centre_asks_and_comes_back_from_what_is_blind(
    tmp_path: Path,
) -> None:
    """Over a real broker, on real registers, without a restart: first an address at which nothing
    answers, then another cadence.
    """
    broker = Mosquitto(tmp_path, {"centre": "c", "it.s": "s"})
    broker.start()
    port = free_port()
    good = district(port)
    placement = good.stations[STATION].instruments[0]
    said: list[reports.Applied] = []
    bus = Bus(BrokerSettings("127.0.0.1", broker.port, "centre", "c"), "it", "it.t", intake=False)
    bus.listen(
        topics.station_topic("it", STATION, "config", "applied"),
        lambda _, body: said.append(msgspec.json.decode(body, type=reports.Applied)),
    )
    topic = topics.station_topic("it", STATION, "config")
    try:
        with (
            modbus_server(placement, [simulated(placement, good.instruments["m"], lambda _: 8.0)]),
            bus,
            running(
                tmp_path, good, BrokerSettings("127.0.0.1", broker.port, "it.s", "s")
            ) as agent,
        ):
            wait_until(lambda: agent.spool.last > 2)
            bus.publish(topic, sending.packed(district(free_port()), STATION, 11), retain=True)
            wait_until(lambda: bool(said))
            assert (said[0].n, said[0].ok) == (11, False)

            bus.publish(topic, sending.packed(district(port, cadence_ms=50), STATION, 12))
            wait_until(lambda: len(said) > 1)
            assert (said[1].n, said[1].ok) == (12, True)
            assert agent.station.cadence_ms == 50
    finally:
        broker.kill()
