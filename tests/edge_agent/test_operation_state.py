"""The local switch: what people say that instruments are in travels with what is read meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.catalogue.shapes import (
    Catalogue,
    Instrument,
    Logger,
    Placement,
    Register,
    Site,
    StateRegister,
    Station,
)
from config.settings import BrokerSettings
from config.vocabulary.errors import FaultyInput
from config.vocabulary.health import Declared
from config.vocabulary.quality import DECLARED, Cause, Quality, overruled, quality_of, severity
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent import operation_state
from edge_agent.agent import Agent
from edge_agent.hj212.door import Door
from edge_agent.hj212.frames import Frames
from edge_agent.hj212.segments import Packet
from edge_agent.modbus.polling import Device, Line
from edge_agent.operation_state import ALL, KEPT_MS, OperationStates
from edge_agent.spool.spool import Spool
from simulators.hj212_logger import framed
from simulators.instruments import device as simulated
from tests.conftest import free_port, wait_until
from tests.edge_agent.conftest import PATIENT_MS, modbus_server

T_MS = 1_775_001_600_000
STANDS = Declared(Cause.MAINTENANCE, ALL, T_MS, T_MS + 60_000, "王")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.state.json"


def measured(value: float | None, cause: Cause) -> dict[str, Measured]:
    return {"w01010": Measured(value, cause)}


def test_what_is_written_is_what_is_read(file: Path) -> None:
    """And what ended more than a year ago is forgotten."""
    old = replace(STANDS, since_ms=0, until_ms=1)
    operation_state.write(file, [old, STANDS], 1 + KEPT_MS)
    assert operation_state.read(file) == [STANDS]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_state_holds_for_its_time_and_ends_by_itself(file: Path) -> None:
    """From its instant on, until before its end; nobody has to think of it."""
    seen = OperationStates(file)
    before = measured(8.0, Cause.NORMAL)
    assert seen.over("m@1", before, T_MS) is before, "there is no file"
    operation_state.write(file, [STANDS], T_MS)
    found = [
        seen.over("m@1", before, at_ms)["w01010"].cause
        for at_ms in (T_MS - 1, T_MS, STANDS.until_ms - 1, STANDS.until_ms)
    ]
    assert found == [Cause.NORMAL, Cause.MAINTENANCE, Cause.MAINTENANCE, Cause.NORMAL]


def test_the_newest_that_names_an_instrument_counts_for_it(file: Path) -> None:
    """What was said of it alone comes back when what was said of all is over."""
    broken = replace(STANDS, state=Cause.FAULT, instrument="m@1", since_ms=T_MS - 9, by="李")
    operation_state.write(file, [broken, STANDS], T_MS)
    seen, good = OperationStates(file), measured(8.0, Cause.NORMAL)
    assert seen.over("m@1", good, T_MS)["w01010"].cause is Cause.MAINTENANCE
    assert seen.over("m@2", good, T_MS - 1)["w01010"].cause is Cause.NORMAL

    operation_state.write(
        file, operation_state.ended(operation_state.read(file), ALL, T_MS + 5), T_MS
    )

    assert seen.over("m@1", good, T_MS + 5)["w01010"].cause is Cause.FAULT
    assert seen.over("m@2", good, T_MS + 5)["w01010"].cause is Cause.NORMAL
    assert (
        operation_state.standing(
            operation_state.ended(operation_state.read(file), None, T_MS + 6), T_MS + 6
        )
        == []
    )


@pytest.mark.parametrize(
    ("own", "declared", "stands"),
    [
        (Cause.NORMAL, Cause.MAINTENANCE, Cause.MAINTENANCE),
        (Cause.OVER_RANGE, Cause.PURGE, Cause.PURGE),
        (Cause.CALIBRATION, Cause.MAINTENANCE, Cause.MAINTENANCE),
        (Cause.SUPPLIES_OUT, Cause.MAINTENANCE, Cause.SUPPLIES_OUT),
        (Cause.FAULT, Cause.MAINTENANCE, Cause.FAULT),
        (Cause.FAULT, Cause.POWER_FAILURE, Cause.POWER_FAILURE),
        (Cause.TIMEOUT, Cause.MAINTENANCE, Cause.TIMEOUT),
    ],
)
def test_the_persons_word_stands_unless_the_instruments_own_is_graver(
    own: Cause, declared: Cause, stands: Cause
) -> None:
    """Work on it < it cannot measure < it is broken; a failed read keeps its reason."""
    assert overruled(own, declared) is stands


@given(st.sampled_from(list(Cause)), st.sampled_from(DECLARED))
def test_a_declared_state_never_makes_a_value_better(own: Cause, declared: Cause) -> None:
    """Nothing that is measured meanwhile counts as good."""
    before, after = quality_of(own), quality_of(overruled(own, declared))
    assert severity(after) >= severity(before)
    assert after in (Quality.BAD, Quality.MISSING)


@given(st.one_of(st.binary(max_size=200), st.integers(0, 100)))
def test_a_torn_file_is_reported_and_what_it_said_goes_on(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes | int
) -> None:
    """Whatever is found there, or wherever it was cut; after its end nothing stands."""
    file = tmp_path_factory.mktemp("torn") / "s.state.json"
    operation_state.write(file, [STANDS], T_MS)
    whole = file.read_bytes()
    seen, good = OperationStates(file), measured(8.0, Cause.NORMAL)
    assert seen.standing(T_MS) == [STANDS]

    file.write_bytes(damage if isinstance(damage, bytes) else whole[:damage])

    assert seen.over("m@1", good, T_MS)["w01010"].cause is Cause.MAINTENANCE
    assert "set the state again" in seen.fault
    assert seen.over("m@1", good, STANDS.until_ms) is good
    assert OperationStates(file).standing(T_MS) == []
    operation_state.write(file, [], T_MS)
    assert (seen.standing(T_MS), seen.fault) == ([], "")


def test_a_state_that_no_person_may_say_is_no_state(file: Path) -> None:
    """Nobody declares that a line is down, or that all is well."""
    for cause in (Cause.NORMAL, Cause.TIMEOUT, Cause.REVIEWED):
        operation_state.write(file, [replace(STANDS, state=cause)], T_MS)
        with pytest.raises(FaultyInput, match="is no state of it"):
            operation_state.read(file)


MAKE = Instrument(
    "m", "Make", "Model", "holding", 0, "ABCD",
    [Register("w01010", 10, "float32")],
    state=StateRegister(20, {"0": "normal", "1": "calibration", "2": "maintenance", "3": "fault"}),
)  # fmt: skip


def district(*ports: int, loggers: tuple[Logger, ...] = ()) -> Catalogue:
    """Two instruments of a make, each on a line of its own."""
    placements = [Placement("m", 1, "127.0.0.1", port, PATIENT_MS) for port in ports]
    station = Station(
        "s", "S", "water", (121.0, 32.0), "a", 50, placements, [*loggers],
        river="r", order=1, target="III",
    )  # fmt: skip
    return Catalogue(Site("it", "It"), {}, {"s": station}, {"m": MAKE})


@contextmanager
def running(folder: Path, catalogue: Catalogue) -> Iterator[Agent]:
    """An agent at work, without a centre."""
    agent = Agent(catalogue, "s", folder / "s.sqlite", BrokerSettings(port=free_port()))
    stop = threading.Event()
    thread = threading.Thread(target=agent.run, args=(stop,))
    thread.start()
    try:
        yield agent
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("by_ms", [3 * 3_600_000, -3 * 3_600_000])
def test_what_stands_when_the_clock_is_set_lasts_as_long_as_was_said(
    file: Path, by_ms: int
) -> None:
    """And what had ended, or is still to come, stays where it is."""
    ended = replace(STANDS, since_ms=0, until_ms=T_MS, by="李")
    operation_state.write(file, [ended, STANDS], T_MS)
    states = OperationStates(file)

    states.clock_moved(by_ms, T_MS + 20_000 + by_ms)

    moved = replace(STANDS, since_ms=T_MS + by_ms, until_ms=T_MS + 60_000 + by_ms)
    assert operation_state.read(file) == [ended, moved]
    assert states.standing(T_MS + 59_999 + by_ms)[-1] == moved


def test_a_running_agent_notices_it_and_the_registers_own_fault_wins(tmp_path: Path) -> None:
    """On real registers, without a restart; the value itself is kept."""
    found = district(free_port())
    (placement,) = found.stations["s"].instruments
    register = [Cause.NORMAL]
    device = simulated(placement, MAKE, lambda _: 8.0, lambda: register[0])

    def newest() -> Measured | None:
        rows = agent.spool.fresh(agent.spool.last - 1, 1)
        return rows[0].sample.readings["w01010"] if rows else None

    def becomes(cause: Cause) -> None:
        wait_until(lambda: newest() == Measured(8.0, cause))

    with modbus_server(placement, [device]), running(tmp_path, found) as agent:
        becomes(Cause.NORMAL)
        file = tmp_path / "s.state.json"
        operation_state.write(file, [replace(STANDS, since_ms=0, until_ms=2**53)], T_MS)
        becomes(Cause.MAINTENANCE)
        register[0] = Cause.FAULT
        becomes(Cause.FAULT)
        register[0] = Cause.CALIBRATION
        becomes(Cause.MAINTENANCE)
        operation_state.write(file, [], T_MS)
        becomes(Cause.CALIBRATION)


def test_what_a_logger_brings_bears_the_state_of_when_it_was_taken(tmp_path: Path) -> None:
    """A packet that comes again after the state was ended is the same packet."""
    spool, file = Spool(tmp_path / "s.sqlite"), tmp_path / "s.state.json"
    logger = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", ["w21003", "w01009"])
    door = Door("s", logger, spool, lambda: T_MS, state=OperationStates(file).laid_over)
    cp = "DataTime=20260401080000;w21003-Rtd=0.62,w21003-Flag=N;w01009-Rtd=8.1,w01009-Flag=D"
    text = f"QN=20260401080000000;ST=21;CN=2011;PW=123456;MN={logger.mn};Flag=5;CP=&&{cp}&&"
    (packet,) = Frames().feed(framed(text))
    assert isinstance(packet, Packet)
    operation_state.write(file, [replace(STANDS, instrument=logger.mn)], T_MS)
    first = door.take(packet)

    operation_state.write(
        file, operation_state.ended(operation_state.read(file), None, T_MS + 1), T_MS + 1
    )
    again = door.take(packet)

    assert first == again != []
    states = {"w21003": Measured(0.62, Cause.MAINTENANCE), "w01009": Measured(8.1, Cause.FAULT)}
    (row,) = spool.fresh(0, 10)
    assert row.sample == Sample(T_MS, Clock.FREE_RUNNING, states)
    spool.close()


def test_a_key_switch_on_a_discrete_input_does_the_same() -> None:
    """By the make's own description, nothing else."""
    state = StateRegister(5, {"0": "normal", "1": "maintenance"}, function="discrete")
    make = replace(MAKE, state=state)
    placement = Placement("m", 1, "127.0.0.1", free_port(), PATIENT_MS)
    turned = [Cause.NORMAL]
    device = simulated(placement, make, lambda _: 8.0, lambda: turned[0])
    with modbus_server(placement, [device]):
        line = Line(placement)
        reader = Device(line, placement, make, time.monotonic)
        for turned[0] in (Cause.NORMAL, Cause.MAINTENANCE):
            assert reader.poll(threading.Event()) == measured(8.0, turned[0])
        line.close()
