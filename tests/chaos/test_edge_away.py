"""The centre is away for three days: what the agent kept then arrives, and live readings go on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from config.vocabulary.time import DAY_MS
from tests.chaos import pole
from tests.chaos.link import Link
from tests.chaos.listening import Ear, assert_each_issued_sample_is_there_once, centre
from tests.chaos.path import DEADLINE_S, SOAK
from tests.conftest import Mosquitto, wait_until

EVERY_MS = 60_000 if SOAK else 300_000
BEHIND_MS = 3_000
FLAT_MB = 4.0
SLOW_BYTES_S = 2_000
SLOW_BACKLOG = 2_000 if SOAK else 150
SLOW_BEHIND_MS = 5_000


def allowed_ms(few_ms: int, drained_s: float) -> float:
    """A live sample that had to wait for the backlog would be as late as all of that took: half of
    it is allowed where a busy machine is slow at everything.
    """
    return max(few_ms, 500 * drained_s)


@pytest.mark.timeout(DEADLINE_S + 60)
def test_after_three_days_every_sample_arrives_once_and_live_ones_are_never_late(
    tmp_path: Path,
) -> None:
    """The agent's memory does not grow with what it holds, nor with what it sends."""
    broker = Mosquitto(tmp_path, pole.USERS)
    folder, data = tmp_path / "district", tmp_path / "pole"
    pole.write_district(folder)
    box = pole.Pole(folder, data, broker.port)
    count = 3 * DAY_MS // EVERY_MS
    box.fill(count, EVERY_MS)
    with pole.simulated(folder):
        box.start()
        wait_until(lambda: box.held() >= count + 3)
        before_mb = box.peak_mb()
        broker.start()
        ear = Ear(broker.port)
        try:
            with centre(folder, tmp_path / "centre", broker.port) as running:
                begun = time.monotonic()
                arrived = running.ledger.arrived
                wait_until(lambda: arrived(pole.STATION) > count + 5, seconds=DEADLINE_S)
                took_s = time.monotonic() - begun
                after_mb = box.peak_mb()
                box.stop()
                assert_each_issued_sample_is_there_once(running, [box.spool_path])
        finally:
            box.kill()
            ear.close()
            broker.kill()
    worst_ms = max(ear.behind_ms)
    print(
        f"{count} samples of three days drained in {took_s:.0f} s; live at most"
        f" {worst_ms} ms behind; agent {before_mb:.1f} MB before, {after_mb:.1f} MB after;"
        f" {ear.samples} samples sent"
    )
    assert worst_ms < allowed_ms(BEHIND_MS, took_s)
    assert after_mb - before_mb < FLAT_MB
    assert after_mb < pole.MEMORY_MB


@pytest.mark.timeout(DEADLINE_S + 60)
def test_on_a_slow_line_a_backlog_does_not_hold_up_live_readings(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Two kilobytes a second, of which a live sample each second takes a fifth."""
    folder = tmp_path / "district"
    pole.write_district(folder)
    link, ear = Link(mosquitto.port, SLOW_BYTES_S), Ear(mosquitto.port)
    box = pole.Pole(folder, tmp_path / "pole", link.port)
    box.fill(SLOW_BACKLOG, 60_000)
    try:
        with pole.simulated(folder), centre(folder, tmp_path / "c", mosquitto.port) as running:
            box.start()
            begun, arrived = time.monotonic(), running.ledger.arrived
            wait_until(lambda: arrived(pole.STATION) > SLOW_BACKLOG + 5, seconds=DEADLINE_S)
            took_s = time.monotonic() - begun
            box.stop()
            assert_each_issued_sample_is_there_once(running, [box.spool_path])
    finally:
        box.kill()
        ear.close()
        link.close()
    print(
        f"{SLOW_BACKLOG} samples over {SLOW_BYTES_S} bytes/s in {took_s:.0f} s; live at most"
        f" {max(ear.behind_ms)} ms behind; {ear.samples} samples sent"
    )
    assert max(ear.behind_ms) < allowed_ms(SLOW_BEHIND_MS, took_s)
