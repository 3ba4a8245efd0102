"""The agent's round: a station's lines are asked at the same time, into one sample."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
from config.settings import BrokerSettings
from edge_agent.agent import Agent
from tests.conftest import free_port, wait_until
from tests.edge_agent.conftest import peer, reply

CODES = ("w01010", "w01001", "w01009")


def test_no_line_waits_for_another(tmp_path: Path) -> None:
    """Given instruments on lines of their own, each of which answers only when every other has
    been asked as well, then the first sample has the values of all.
    """
    asked = threading.Barrier(len(CODES))

    def answer(request: bytes) -> bytes:
        asked.wait(10)
        return reply(request, 7)

    with ExitStack() as stack:
        ports = [stack.enter_context(peer(answer)).port for _ in CODES]
        places = [
            Placement(code, 1, "127.0.0.1", port, timeout_ms=10_000)
            for code, port in zip(CODES, ports, strict=True)
        ]
        station = Station(
            "s", "S", "water", (0.0, 0.0), "a", 60_000, places, river="r", order=1, target="III"
        )
        makes = {
            code: Instrument(code, "M", "M", "holding", 0, "ABCD", [Register(code, 0, "uint16")])
            for code in CODES
        }
        catalogue = Catalogue(Site("site", "x"), {}, {"s": station}, makes)
        agent = Agent(catalogue, "s", tmp_path / "s.sqlite", BrokerSettings(port=free_port()))
        stop = threading.Event()
        running = threading.Thread(target=agent.run, args=(stop,))
        running.start()
        stack.callback(running.join)
        stack.callback(stop.set)
        wait_until(lambda: agent.spool.last == 1)
        [row] = agent.spool.fresh(0, 1)
        assert {code: one.value for code, one in row.sample.readings.items()} == dict.fromkeys(
            CODES, 7.0
        )
