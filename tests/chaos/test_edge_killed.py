"""The agent is killed again and again, at any moment, and its line is cut in between: nothing that
it said was on disk is lost, nothing is doubled, and the line carries little more than it must.
"""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from tests.chaos import pole
from tests.chaos.link import Link
from tests.chaos.listening import assert_each_issued_sample_is_there_once, centre
from tests.chaos.path import DEADLINE_S, SOAK
from tests.conftest import Mosquitto, wait_until

KILLS = 200 if SOAK else 4
CADENCE_MS = 200
OUTAGES = 30 if SOAK else 2
BACKLOG = 10_000 if SOAK else 500
TRAFFIC = 2.0
"""Samples sent against samples made."""


@pytest.mark.timeout(DEADLINE_S + 60)
def test_an_agent_killed_at_random_with_its_line_cut_between_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    """From before the first poll to the middle of sending; every kill is drawn anew."""
    folder = tmp_path / "district"
    pole.write_district(folder, cadence_ms=CADENCE_MS)
    broker = Mosquitto(tmp_path, pole.USERS)
    broker.start()
    link, pause = Link(broker.port), threading.Event()
    box = pole.Pole(folder, tmp_path / "pole", link.port)
    begun = time.monotonic()
    try:
        with pole.simulated(folder), centre(folder, tmp_path / "centre", broker.port) as running:
            for _ in range(KILLS):
                box.start()
                pause.wait(random.uniform(0.3, 3.0))
                if random.random() < 0.5:
                    link.cut()
                    pause.wait(random.uniform(0.0, 1.0))
                box.kill()
                link.mend()
            box.start()
            wait_until(lambda: box.boots() > 0 and box.held() < 20, seconds=DEADLINE_S)
            box.stop()
            arrived = assert_each_issued_sample_is_there_once(running, [box.spool_path])
            boots = box.boots()
    finally:
        box.kill()
        link.close()
        broker.kill()
    print(
        f"{KILLS} kills of the agent, {boots} starts that came to keep samples, {arrived} samples"
        f" arrived, {time.monotonic() - begun:.0f} s; lost 0, doubled 0; sent {link.said.samples}"
    )
    assert arrived > KILLS


@pytest.mark.timeout(DEADLINE_S + 60)
def test_a_broker_with_a_queue_of_ten_that_is_killed_at_random_costs_at_most_twice_the_traffic(
    tmp_path: Path,
) -> None:
    """A backlog drains meanwhile; counted on the agent's own line."""
    folder = tmp_path / "district"
    pole.write_district(folder, cadence_ms=CADENCE_MS)
    broker = Mosquitto(tmp_path, pole.USERS)
    broker.start()
    link, pause = Link(broker.port), threading.Event()
    box = pole.Pole(folder, tmp_path / "pole", link.port)
    box.fill(BACKLOG)
    try:
        with pole.simulated(folder), centre(folder, tmp_path / "centre", broker.port) as running:
            box.start()
            for _ in range(OUTAGES):
                pause.wait(random.uniform(2.0, 10.0))
                broker.kill()
                pause.wait(random.uniform(0.0, 2.0))
                broker.start()
            wait_until(lambda: box.held() < 20, seconds=DEADLINE_S)
            box.stop()
            made = assert_each_issued_sample_is_there_once(running, [box.spool_path])
    finally:
        box.kill()
        link.close()
        broker.kill()
    said = link.said
    print(
        f"{OUTAGES} kills of the broker: {made} samples made, {said.samples} sent, a ratio of"
        f" {said.samples / made:.2f}; {said.bytes / made:.0f} bytes a sample made"
    )
    assert made <= said.samples <= TRAFFIC * made
