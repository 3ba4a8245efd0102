"""The scenarios that come along: each holds, and a district lives through it and is well again."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from config.vocabulary.quality import Cause
from edge_agent.modbus.polling import Device, Line
from simulators import scenarios
from simulators.district import District
from simulators.relay import manner
from tests.conftest import free_port, wait_until
from tests.simulators.test_troubles import loop_of

FILES = sorted(DISTRICTS.glob("*/scenarios/*.toml"))
BEGAN_MS = 1_795_492_800_000
RUN_S = 1.5


def at_home(file: Path) -> Catalogue:
    """The district that a scenario lies in, each line on a port of its own."""
    catalogue = loading.load(file.parents[1])
    stations = {}
    for name, station in catalogue.stations.items():
        port = free_port()
        stations[name] = replace(
            station,
            instruments=[replace(placement, port=port) for placement in station.instruments],
            loggers=[replace(logger, port=free_port()) for logger in station.loggers],
        )
    return replace(catalogue, stations=stations)


def test_together_they_show_every_kind() -> None:
    """None is without an example."""
    kinds = {
        label["kind"]
        for file in FILES
        for label in scenarios.load(file, loading.load(file.parents[1]), BEGAN_MS).labels
    }
    assert kinds == set(get_args(scenarios.Kind))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parents[1].name}-{file.stem}")
def test_a_district_runs_through_it_at_high_speed_and_is_well_again(file: Path) -> None:
    """Given a clock that takes seconds for all of it, when its last event is over, then every
    instrument answers with what nature holds and the line to the broker is whole.
    """
    catalogue = at_home(file)
    script = scenarios.load(file, catalogue, BEGAN_MS)
    end_ms = max(label["ended"] for label in script.labels) + 1000
    begun_s, speed = time.monotonic(), (end_ms - BEGAN_MS) / RUN_S

    def now_ms() -> int:
        return min(BEGAN_MS + int((time.monotonic() - begun_s) * speed), end_ms)

    district = District(
        catalogue,
        seed=1,
        now_ms=now_ms,
        incidents=script.incidents,
        breakdowns=script.breakdowns,
        faults=script.faults,
        troubles=script.troubles,
    )
    with loop_of(lambda _: district.serving()):
        wait_until(lambda: now_ms() == end_ms)
        for station in catalogue.stations.values():
            for placement in station.instruments:
                make = catalogue.instruments[placement.instrument]
                line = Line(placement)
                device = Device(line, placement, make, lambda: 0.0)
                wait_until(lambda of=device: asked(of) is Cause.NORMAL)
                for code, measured in device.poll(threading.Event()).items():
                    resolution = max(row.scale for row in make.registers if row.indicator == code)
                    truth = district.truth(station, code, end_ms)
                    assert measured.value == pytest.approx(truth, rel=1e-6, abs=resolution)
                line.close()
    assert manner(script.troubles, end_ms) == "whole"


def asked(device: Device) -> Cause:
    """What one round of an instrument gives."""
    return next(iter(device.poll(threading.Event()).values())).cause
