"""Simulated instruments on real Modbus sockets, read by the agent's own client."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Refused
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import Device, Line
from simulators import nature
from simulators.district import District
from simulators.incidents import Spill
from tests.conftest import free_port
from tests.edge_agent.conftest import PATIENT_MS

NOW = 1_800_000_000_000


@pytest.fixture
def moved(catalogue: Catalogue) -> Catalogue:
    """The district on free ports."""
    stations = {}
    for name, station in catalogue.stations.items():
        port = free_port()
        placements = [
            msgspec.structs.replace(placement, port=port, timeout_ms=PATIENT_MS)
            for placement in station.instruments
        ]
        stations[name] = msgspec.structs.replace(station, instruments=placements)
    return msgspec.structs.replace(catalogue, stations=stations)


@contextmanager
def serving(district: District) -> Iterator[None]:
    """The instruments on a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = district.serving()
    try:
        asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result(60)
        yield
    finally:
        leaving = context.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(leaving, loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_every_make_is_read_as_nature_holds_it(moved: Catalogue) -> None:
    """Every type, order, scale and offset of the catalogue, within the register's resolution."""
    district = District(moved, seed=3, now_ms=lambda: NOW)
    with serving(district):
        for name in ("tonglv-jinsha", "air-jinsha"):
            station = moved.stations[name]
            for placement in station.instruments:
                make = moved.instruments[placement.instrument]
                line = Line(placement)
                found = Device(line, placement, make, time.monotonic).poll(threading.Event())
                line.close()
                for register in make.registers:
                    measured = found[register.indicator]
                    truth = district.truth(station, register.indicator, NOW)
                    assert measured.cause is Cause.NORMAL
                    assert measured.value == pytest.approx(truth, rel=1e-6, abs=register.scale)


def test_a_port_in_use_is_named(moved: Catalogue) -> None:
    """With the remedy."""
    district = District(moved, seed=3, now_ms=lambda: NOW)
    with serving(district), pytest.raises(Refused, match=r"port \d+ \(Modbus\).*stations.toml"):
        asyncio.run(_enter(District(moved, seed=3, now_ms=lambda: NOW)))


async def _enter(district: District) -> None:
    async with district.serving():
        pass


def test_a_line_that_is_down_and_an_absent_unit_are_reported_apart(moved: Catalogue) -> None:
    """Every value is missing, with one cause."""
    station = moved.stations["tonglv-jinsha"]
    placement = station.instruments[0]
    make = moved.instruments[placement.instrument]
    line = Line(placement)
    down = Device(line, placement, make, time.monotonic).poll(threading.Event())
    assert set(down.values()) == {Measured(None, Cause.LINE_DOWN)}

    with serving(District(moved, seed=3, now_ms=lambda: NOW)):
        wrong = msgspec.structs.replace(station.instruments[1], unit=placement.unit)
        other = moved.instruments[wrong.instrument]
        refused = Device(line, wrong, other, time.monotonic).poll(threading.Event())
        line.close()
    assert set(refused.values()) == {Measured(None, Cause.DEVICE_REFUSED)}


def test_nature_is_plausible_and_the_same_for_the_same_seed(catalogue: Catalogue) -> None:
    """A week by the quarter of an hour: within physics, fine particles below coarse ones."""
    for station in catalogue.stations.values():
        for t in range(NOW, NOW + 7 * 86_400_000, 900_000 * 4):
            values = {c: nature.value(1, station, c, t) for c in catalogue.plans[station.id]}
            for code, value in values.items():
                assert INDICATORS[code].low <= value <= INDICATORS[code].high, (code, value)
            if station.kind == "air":
                assert values["a34004"] < values["a34002"]
    station = catalogue.stations["tonglv-jinsha"]
    assert nature.value(1, station, "w21003", NOW) == nature.value(1, station, "w21003", NOW)
    assert nature.value(1, station, "w21003", NOW) != nature.value(2, station, "w21003", NOW)


def test_a_spill_travels_downstream_later_and_weaker() -> None:
    """Nothing before its label, well beyond the limit at once."""
    spill = Spill(("a", "b", "c"), NOW)
    assert spill.strength("a", NOW - 1) == 0
    assert spill.effect("w21003", 0.4, spill.strength("a", NOW)) > 1.5
    assert spill.strength("b", NOW + spill.travel_ms - 1) == 0
    heights = [
        max(spill.strength(name, NOW + s * 1000) for s in range(200)) for name in ("a", "b", "c")
    ]
    assert heights[0] > heights[1] > heights[2] > 0.3
    assert spill.strength("elsewhere", NOW + 20_000) == 0
