"""The catalogue on the box beside what the centre sends: which counts more, and who hears of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.catalogue import sending
from edge_agent.box_catalogue import outranked
from edge_agent.remote_configuration import Remote
from tests.conftest import free_port, wait_until
from tests.district import write_district
from tests.edge_agent.test_failed_offers import Box
from tests.edge_agent.test_remote import STATION, Clock, answers, district

NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000


class Station:
    """A box that may be started again and again, whose files and clock somebody sets."""

    def __init__(self, folder: Path) -> None:
        self._files, self._kept = folder / "catalogue", folder / "spool" / "s.config.json"
        write_district(self._files, {"w01010": 1}, cadence_ms=100)
        self.dated(NOW_MS - HOUR_MS)

    def dated(self, at_ms: int) -> None:
        """Its files say that they were written then."""
        for file in self._files.rglob("*.toml"):
            os.utime(file, (at_ms / 1000, at_ms / 1000))

    def changed(self, at_ms: int) -> None:
        """Somebody changes a word of its catalogue."""
        file = self._files / "stations.toml"
        file.write_text(file.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
        self.dated(at_ms)

    def started(self, now_ms: int) -> Remote:
        """Its agent, at an instant of the box's clock."""
        n = outranked(self._files, self._kept, now_ms)
        return Remote(self._kept, district(1), STATION, Clock(), written_ms=n)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def sent(agent: Remote, n: int) -> bool:
    """Whether an offer is applied, and kept for later starts."""
    agent.hear(sending.packed(district(1, cadence_ms=500), STATION, n))
    applied = agent.next(good=True) is not None
    agent.next(good=True)
    return applied


def is_sent_one(agent: Remote) -> bool:
    """Whether the agent works as the centre told it."""
    return agent.catalogue.stations[STATION].cadence_ms == 500


def test_given_files_dated_ahead_when_the_centre_sends_then_it_is_applied_and_stays(
    station: Station,
) -> None:
    """They were copied while the clock of the box was eight hours ahead."""
    station.dated(NOW_MS + 8 * HOUR_MS)
    agent = station.started(NOW_MS)
    assert sent(agent, NOW_MS + 1)
    assert [said.ok for said in answers(agent)] == [True]
    assert is_sent_one(station.started(NOW_MS + HOUR_MS))
    assert is_sent_one(station.started(NOW_MS + 9 * HOUR_MS)), "the date that lay ahead is past"


def test_given_the_same_files_with_a_new_date_then_what_was_sent_stands(station: Station) -> None:
    """A copy or `touch` is no change."""
    assert sent(station.started(NOW_MS), NOW_MS + 1)
    station.dated(NOW_MS + HOUR_MS)
    assert is_sent_one(station.started(NOW_MS + 2 * HOUR_MS))


@pytest.mark.parametrize("dated_ms", [NOW_MS + HOUR_MS, 0, NOW_MS + 9 * HOUR_MS])
def test_given_files_that_were_changed_on_the_box_then_they_count_more_and_the_offer_hears_it(
    station: Station, dated_ms: int
) -> None:
    """Whatever date they bear; the one that stands on the broker is answered once and logged."""
    assert sent(station.started(NOW_MS), NOW_MS + 1)
    station.changed(dated_ms)
    agent = station.started(NOW_MS + 2 * HOUR_MS)
    assert not is_sent_one(agent)
    assert not sent(agent, NOW_MS + 1)
    assert not sent(agent, NOW_MS + 1)
    (said,) = answers(agent)
    assert not said.ok
    assert "older than the catalogue on the box" in said.faults[0]
    assert "send it again" in said.faults[0]
    assert sent(agent, NOW_MS + 3 * HOUR_MS)
    assert is_sent_one(station.started(NOW_MS + 4 * HOUR_MS))


def test_given_a_changed_catalogue_when_the_clock_begins_at_1970_then_it_counts_still(
    station: Station,
) -> None:
    """A box without a battery starts before the network has told it the time."""
    assert sent(station.started(NOW_MS), NOW_MS + 1)
    station.changed(NOW_MS + HOUR_MS)
    assert not is_sent_one(station.started(NOW_MS + 2 * HOUR_MS))
    agent = station.started(5000)
    assert not is_sent_one(agent)
    assert not sent(agent, NOW_MS + 1)


def test_given_a_clock_at_1970_then_what_was_sent_last_stands(station: Station) -> None:
    """The box's files are as they were."""
    assert sent(station.started(NOW_MS), NOW_MS + 1)
    assert is_sent_one(station.started(5000))


def test_given_an_offer_of_a_smaller_number_then_it_is_refused_and_not_passed_over(
    station: Station,
) -> None:
    """A centre whose clock was set back must hear why nothing happens."""
    agent = station.started(NOW_MS)
    assert sent(agent, NOW_MS + HOUR_MS)
    assert not sent(agent, NOW_MS + 1)
    first, second = answers(agent)
    assert (first.ok, second.ok, second.n) == (True, False, NOW_MS + 1)
    assert "set the centre's clock" in second.faults[0]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    """`qingyuan edge` at work; its instrument and its broker are away."""
    files = write_district(tmp_path / "district", {"w01010": free_port()}, cadence_ms=100)
    with closing(Box(tmp_path / "box", files, free_port())) as found:
        wait_until(lambda: found.samples() > 0)
        yield found


def test_given_an_agent_of_a_station_then_a_second_one_stops_and_says_so(
    tmp_path: Path, box: Box
) -> None:
    """On one data folder; the first goes on, and after a kill -9 the next one may begin."""
    command = [
        *(sys.executable, "-m", "qingyuan", "edge", "--station", STATION, "--data"),
        *(str(tmp_path / "box"), "--catalogue", str(tmp_path / "district")),
        *("--broker", "127.0.0.1:9"),
    ]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert second.returncode == 2
    assert f"station {STATION}: another agent works in {tmp_path / 'box'}" in second.stderr
    assert "stop that one" in second.stderr
    assert "Traceback" not in second.stderr

    before = box.samples()
    wait_until(lambda: box.samples() > before)
    assert box.end(signal.SIGKILL) == -signal.SIGKILL
    before = box.samples()
    box.start()
    wait_until(lambda: box.samples() > before)
    assert box.end(signal.SIGTERM) == 0
