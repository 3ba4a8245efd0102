"""The agent's round: a station's lines are asked at the same time, and its clock is looked at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import (
    Catalogue,
    Instrument,
    MeasuredAt,
    Placement,
    Register,
    Site,
    Station,
)
from config.settings import BrokerSettings
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured
from config.vocabulary.time import ZONE
from edge_agent.agent import Agent
from edge_agent.clock import Machine
from tests.conftest import free_port, wait_until
from tests.edge_agent.conftest import Peer, peer, reply

CODES = ("w01010", "w01001", "w01009")


def district(*placements: Placement, cadence_ms: int) -> Catalogue:
    """One station, and a make of one register for each of the codes."""
    station = Station(
        "s",
        "S",
        "water",
        (0.0, 0.0),
        "a",
        cadence_ms,
        [*placements],
        river="r",
        order=1,
        target="III",
    )
    makes = {
        code: Instrument(code, "M", "M", "holding", 0, "ABCD", [Register(code, 0, "uint16")])
        for code in CODES
    }
    return Catalogue(Site("site", "x"), {}, {"s": station}, makes)


@contextmanager
def at_work(agent: Agent) -> Iterator[Agent]:
    """It polls inside this context."""
    stop = threading.Event()
    running = threading.Thread(target=agent.run, args=(stop,))
    running.start()
    try:
        yield agent
    finally:
        stop.set()
        running.join()


def test_no_line_waits_for_another(tmp_path: Path) -> None:
    """Given instruments on lines of their own, each of which answers only when every other has
    been asked as well, then the first sample has the values of all.
    """
    asked = threading.Barrier(len(CODES))

    def answer(request: bytes) -> bytes:
        asked.wait(60)
        return reply(request, 7)

    with ExitStack() as stack:
        ports = [stack.enter_context(peer(answer)).port for _ in CODES]
        placements = [
            Placement(code, 1, "127.0.0.1", port, timeout_ms=10_000)
            for code, port in zip(CODES, ports, strict=True)
        ]
        catalogue = district(*placements, cadence_ms=60_000)
        made = Agent(catalogue, "s", tmp_path / "s.sqlite", BrokerSettings(port=free_port()))
        agent = stack.enter_context(at_work(made))
        wait_until(lambda: agent.spool.last == 1)
        [row] = agent.spool.fresh(0, 1)
    found = {code: one.value for code, one in row.sample.readings.items()}
    assert found == dict.fromkeys(CODES, 7.0)


def test_a_station_without_instruments_tells_of_its_clock_too(tmp_path: Path) -> None:
    """Its loggers' readings bear their own instants, but who is late is judged by it."""
    now_s = [1.0]
    machine = Machine("m", lambda: now_s[0])
    made = Agent(
        district(cadence_ms=20), "s", tmp_path / "s.sqlite", BrokerSettings(port=free_port()),
        now_ms=lambda: int(now_s[0] * 1000), machine=machine,
    )  # fmt: skip
    with at_work(made) as agent:
        now_s[0] += 60
        wait_until(lambda: agent._health.latest is not None)
        minute_report = agent._health.latest
    assert minute_report is not None
    assert minute_report.clock.state is Clock.NEVER_SET


def test_a_station_that_works_by_the_hour_reports_each_minute(tmp_path: Path) -> None:
    """Nothing but its rounds waits for the hour."""
    up_s = [0.0]
    made = Agent(
        district(cadence_ms=3_600_000), "s", tmp_path / "s.sqlite",
        BrokerSettings(port=free_port()), machine=Machine("m", lambda: up_s[0]),
    )  # fmt: skip

    def minutes() -> int:
        return made._health.latest.up_ms // 60_000 if made._health.latest else 0

    with at_work(made):
        for minute in (1, 2):
            up_s[0] = minute * 60.0
            wait_until(partial(lambda minute: minutes() == minute, minute))


def asked(found: Peer, times: int) -> bool:
    return found.requests >= times


@pytest.mark.parametrize("kind", ["epoch", "calendar"])
def test_given_an_instrument_that_says_when_it_measured_then_its_values_bear_that_instant_once(
    tmp_path: Path, kind: Literal["epoch", "calendar"]
) -> None:
    """An analyser that shows its last measurement until the next; a year of two digits is told."""
    first_ms, now_ms = 1_795_492_800_000, 1_795_500_000_000
    shown_ms = [first_ms]

    def answer(request: bytes) -> bytes:
        at = datetime.fromtimestamp(shown_ms[0] / 1000, ZONE)
        date = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second)
        words = divmod(shown_ms[0] // 1000, 1 << 16) if kind == "epoch" else date
        return reply(request, 7, *words)

    with peer(answer) as found:
        place = Placement(CODES[0], 1, "127.0.0.1", found.port, timeout_ms=10_000)
        catalogue = district(place, cadence_ms=20)
        make = catalogue.instruments[CODES[0]]
        catalogue.instruments[CODES[0]] = replace(make, measured=MeasuredAt(1, kind))
        made = Agent(
            catalogue, "s", tmp_path / "s.sqlite", BrokerSettings(port=free_port()),
            now_ms=lambda: now_ms, machine=Machine("m", lambda: 0.0),
        )  # fmt: skip
        with at_work(made) as agent:
            for shown_ms[0] in (first_ms, first_ms + 3_600_000, now_ms + 3_600_000):
                wanted = found.requests + 4
                wait_until(partial(asked, found, wanted))
            rows = agent.spool.fresh(0, 10)
    dated = [(row.sample.taken_ms, row.sample.readings[CODES[0]]) for row in rows]
    assert dated[:2] == [
        (at, Measured(7.0, Cause.NORMAL)) for at in (first_ms, first_ms + 3_600_000)
    ]
    assert {one for _, one in dated[2:]} == {Measured(7.0, Cause.UNKNOWN_STATE)}, "a wrong clock"
    assert {at for at, _ in dated[2:]} == {now_ms}
