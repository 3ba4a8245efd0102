"""An image put back, a cloned card, a spool deleted under the agent, a full disk on the box: what
is lost lay on the lost disk, and the operator is told.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge_agent.spool.spool import Spool
from ingest.arrival import station_monitor
from qingyuan.assembly import RunningCentre
from tests.chaos import pole
from tests.chaos.listening import Ear, assert_each_issued_sample_is_there_once, centre
from tests.chaos.path import DEADLINE_S, SOAK
from tests.chaos.test_disk_full import fill, small_disk
from tests.conftest import Mosquitto, wait_until

BACKLOG = 4000 if SOAK else 200
TURNS_MS = 300_000 if SOAK else 4000
Boxes = Callable[[str], pole.Pole]
pytestmark = pytest.mark.timeout(DEADLINE_S + 60)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A district whose instruments answer."""
    pole.write_district(tmp_path / "district", cadence_ms=200)
    with pole.simulated(tmp_path / "district"):
        yield tmp_path / "district"


@pytest.fixture
def running(folder: Path, tmp_path: Path, mosquitto: Mosquitto) -> Iterator[RunningCentre]:
    """A centre."""
    with centre(folder, tmp_path / "centre", mosquitto.port) as found:
        yield found


@pytest.fixture
def ear(mosquitto: Mosquitto) -> Iterator[Ear]:
    """Hears what stations say of themselves."""
    found = Ear(mosquitto.port)
    yield found
    found.close()


@pytest.fixture
def boxes(tmp_path: Path, folder: Path, mosquitto: Mosquitto) -> Iterator[Boxes]:
    """Makes agents, each with its data in a folder of its own; afterwards none is left."""
    made: list[pole.Pole] = []

    def make(name: str) -> pole.Pole:
        made.append(pole.Pole(folder, tmp_path / name, mosquitto.port))
        return made[-1]

    yield make
    for box in made:
        box.kill()


def drained(box: pole.Pole) -> None:
    """Until hardly more is held than what is on its way."""
    wait_until(lambda: box.held() < 20, seconds=DEADLINE_S)


def holds_of_the_running_boot(image: Path) -> bool:
    """Of that one the agent will hear that the centre has more than the image ever gave."""
    with closing(sqlite3.connect(image)) as db:
        query = "select 1 from sample where boot = (select boot from boot order by place desc)"
        return db.execute(query).fetchone() is not None


def test_an_image_put_back_doubles_nothing_and_loses_what_only_the_lost_card_held(
    tmp_path: Path, boxes: Boxes, running: RunningCentre, ear: Ear
) -> None:
    """What the image holds and the centre has long had comes again, and is there once."""
    box, image, lost = boxes("pole"), tmp_path / "image", tmp_path / "lost"
    box.fill(BACKLOG)
    box.start()
    wait_until(lambda: running.ledger.arrived(pole.STATION) > 20)
    wait_until(lambda: holds_of_the_running_boot(image), lambda: box.copy_to(image))
    drained(box)
    box.kill()
    box.copy_to(lost)
    shutil.rmtree(box.spool_path.parent)
    box.spool_path.parent.mkdir()
    shutil.copy(image, box.spool_path)

    box.start()
    wait_until(lambda: any(status.mishaps for status in ear.statuses), seconds=DEADLINE_S)
    drained(box)
    box.stop()

    assert_each_issued_sample_is_there_once(running, [box.spool_path, lost])
    assert running.ledger.repeated(pole.STATION) >= BACKLOG // 2
    assert {mishap.what for mishap in ear.statuses[-1].mishaps} == {"copied"}


def test_a_cloned_card_beside_the_original_loses_and_doubles_nothing_and_is_reported_of(
    boxes: Boxes, running: RunningCentre, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both send the same backlog, and samples of their own in turns."""
    monkeypatch.setattr(station_monitor, "DOUBTFUL_MS", TURNS_MS)
    original, clone = boxes("pole"), boxes("clone")
    original.fill(BACKLOG)
    original.copy_to(clone.spool_path)

    original.start()
    clone.start()
    wait_until(lambda: ear.two_agents, seconds=DEADLINE_S)
    drained(original)
    drained(clone)
    original.stop()
    clone.stop()

    assert_each_issued_sample_is_there_once(running, [original.spool_path, clone.spool_path])


def test_a_spool_deleted_under_the_agent_costs_no_sample(
    boxes: Boxes, running: RunningCentre, ear: Ear
) -> None:
    """With a backlog in it; the agent writes it again and says so when it speaks next."""
    box = boxes("pole")
    box.fill(BACKLOG)
    box.start()
    wait_until(lambda: running.ledger.arrived(pole.STATION) > 20)

    shutil.rmtree(box.spool_path.parent)
    wait_until(box.spool_path.exists)
    wait_until(
        lambda: [mishap.what for mishap in ear.statuses[-1].mishaps] == ["removed"],
        seconds=DEADLINE_S,
    )
    drained(box)
    box.stop()

    assert_each_issued_sample_is_there_once(running, [box.spool_path])
    assert running.ledger.arrived(pole.STATION) > BACKLOG


def test_on_a_full_disk_the_newest_reach_the_centre_and_the_ledger_shows_the_hole(
    tmp_path: Path, folder: Path, boxes: Boxes, mosquitto: Mosquitto
) -> None:
    """The backlog's oldest make room; how many, the centre counts as the agent does."""
    with small_disk(tmp_path / "pole") as disk:
        box = boxes(disk.name)
        box.fill(BACKLOG)
        with closing(Spool(box.spool_path)) as spool:
            fill(disk)
            end_ms = time.time_ns() // 1_000_000
            for t in range(end_ms - BACKLOG * 10, end_ms, 10):
                spool.append(pole.sample(t))
            before = spool.report()
        assert before.given_up > 0
        with centre(folder, tmp_path / "centre", mosquitto.port) as running:
            box.start()
            known = running.ledger
            wait_until(
                lambda: known.arrived(pole.STATION) + known.lost(pole.STATION) > 2 * BACKLOG + 5,
                seconds=DEADLINE_S,
            )
            box.stop()
            with closing(Spool(box.spool_path)) as spool:
                given_up, issued = spool.report().given_up, sum(spool.issued().values())
                held = spool.report().depth
            arrived, lost = known.arrived(pole.STATION), known.lost(pole.STATION)
    assert before.given_up <= lost <= given_up  # of the latter some had been sent and arrived
    assert issued - held <= arrived + lost <= issued
