"""The spool's file is damaged, taken away, replaced, or has no room left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import SpoolLimits
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.time import DAY_MS
from edge_agent.spool.file import RESERVE_BYTES
from edge_agent.spool.fill_rate import Pace, SpoolReport
from edge_agent.spool.spool import Spool, SpoolFailed
from qingyuan.commands.station import edge_status
from tests.chaos.test_disk_full import fill, small_disk

ROOT = Path(__file__).parents[2]
T0 = 1_790_000_000_000
CODES = [f"w0{number}" for number in range(1001, 1013)]


def minute(index: int) -> Sample:
    """Twelve indicators."""
    readings = {code: Measured(index + 0.125, Cause.NORMAL) for code in CODES}
    return Sample(T0 + index * 60_000, Clock.SYNCHRONISED, readings)


def minutes(first: int, last: int) -> list[Sample]:
    """Of ``first`` to ``last``, both included."""
    return [minute(index) for index in range(first, last + 1)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the spool lies."""
    return tmp_path / "spool" / "s.sqlite"


@pytest.fixture
def spool(path: Path) -> Iterator[Spool]:
    """A spool with a hundred samples, more than one page."""
    found = Spool(path, now_ms=lambda: T0)
    found.append(*minutes(1, 100))
    yield found
    found.close()


def taken(spool: Spool, boot: str | None = None) -> list[int]:
    """Which minutes are held, in their order."""
    rows = spool.backlog(boot or spool.boot, 0, 1 << 60, 1 << 30)
    return [(row.sample.taken_ms - T0) // 60_000 for row in rows]


def tear(path: Path) -> None:
    """Overwrite half of every page but the first, as a card does that loses power."""
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 2048)


def test_a_spool_uses_wal_with_synchronous_full(spool: Spool) -> None:
    """The one setting with which a commit survives a power cut."""
    asked = ("journal_mode", "synchronous")
    found = [spool._file.db.execute(f"pragma {name}").fetchone()[0] for name in asked]
    assert found == ["wal", 2]


@pytest.mark.parametrize("harm", [tear, lambda path: path.write_bytes(b"no database" * 1000)])
def test_a_damaged_file_is_set_aside_and_a_new_boot_begins(
    spool: Spool, path: Path, harm: object
) -> None:
    """Nothing of it is thrown away, and the mishap says where it lies. Here no row can be read."""
    assert callable(harm)
    spool.close()
    harm(path)

    again = Spool(path, now_ms=lambda: T0)

    [mishap] = again.mishaps()
    assert (mishap.t, mishap.what) == (T0, "broken")
    assert (path.parent / mishap.aside).stat().st_size > 4096
    assert (again.boot != spool.boot, again.held()) == (True, [])
    assert again.append(minute(1)) == 1
    again.close()


def test_a_file_damaged_under_the_agent_costs_no_sample_that_comes_then(
    spool: Spool, path: Path
) -> None:
    """The append that meets it is done again in a new file, under a new boot."""
    before = spool.boot
    spool._file.db.execute("pragma wal_checkpoint(truncate)")
    tear(path)
    spool._file.db.execute("pragma cache_size = 0")

    spool.append(minute(101))

    assert spool.boot != before
    assert (taken(spool), [m.what for m in spool.mishaps()]) == ([101], ["broken"])


def test_a_spool_deleted_under_the_agent_is_written_again_with_all_it_held(
    spool: Spool, path: Path
) -> None:
    """File, log and folder: what is open is still whole."""
    shutil.rmtree(path.parent)

    spool.append(minute(101))

    assert [(m.what, m.aside) for m in spool.mishaps()] == [("removed", "")]
    spool.close()
    again = Spool(path, now_ms=lambda: T0)
    assert taken(again, spool.boot) == list(range(1, 102))
    assert again.issued()[spool.boot] == 101
    again.close()


def test_another_file_put_in_its_place_under_the_agent_is_set_aside_whole(
    spool: Spool, path: Path, tmp_path: Path
) -> None:
    """What the agent holds stays, and what was put there can be looked at."""
    other = Spool(tmp_path / "other.sqlite")
    other.append(*minutes(500, 509))
    other.close()
    shutil.copy(tmp_path / "other.sqlite", tmp_path / "copy.sqlite")
    (tmp_path / "copy.sqlite").replace(path)

    spool.append(minute(101))

    [mishap] = spool.mishaps()
    assert (mishap.what, taken(spool)) == ("replaced", list(range(1, 102)))
    found = Spool(path.parent / mishap.aside)
    assert taken(found, other.boot) == list(range(500, 510))
    found.close()


def test_a_spool_that_hears_of_more_than_it_issued_is_the_copy_of_one_that_went_on(
    spool: Spool, path: Path
) -> None:
    """A restored image; it is said once, and what was issued is right from then on."""
    spool.close()
    again = Spool(path, now_ms=lambda: T0)
    again.append(minute(101))

    said = [
        (spool.boot, 100),
        ("ab" * 16, 7),
        (again.boot, 1),
        (spool.boot, 130),
        (spool.boot, 130),
    ]
    assert [again.settled_elsewhere(*one) for one in said] == [False, False, False, True, False]

    assert [(m.t, m.what) for m in again.mishaps()] == [(T0, "copied")]
    assert again.issued() == {spool.boot: 130, again.boot: 1}
    again.close()


def test_a_report_without_the_folder_is_a_failure_of_the_spool_and_of_nothing_else(
    spool: Spool, path: Path
) -> None:
    """Who asks between the deletion and the next sample goes on."""
    shutil.rmtree(path.parent)
    with pytest.raises(SpoolFailed):
        spool.report()
    spool.append(minute(101))
    assert spool.report().depth == 101


def test_a_spool_at_its_bound_in_bytes_gives_up_the_oldest_and_counts_them(path: Path) -> None:
    """Every newer one is there, and ``oldest`` tells the centre where the hole ends."""
    spool = Spool(path, limits=SpoolLimits(megabytes=1), now_ms=lambda: T0)
    for first in range(1, 8001, 20):
        spool.append(*minutes(first, first + 19))

    held, report = taken(spool), spool.report()

    assert held == list(range(held[0], 8001))
    assert (report.depth, report.given_up) == (len(held), 8000 - len(held))
    assert report.given_up > 1000
    assert spool.oldest(spool.boot) == held[0]
    assert path.stat().st_size <= 1 << 20
    spool.close()


def test_the_last_of_an_earlier_boot_stays_to_tell_of_those_before_it(path: Path) -> None:
    """Its ``o`` is the only word of the hole that the centre gets."""
    earlier = Spool(path)
    earlier.append(*minutes(1, 500))
    earlier.close()
    spool = Spool(path, limits=SpoolLimits(megabytes=1))
    for first in range(501, 8501, 20):
        spool.append(*minutes(first, first + 19))

    assert taken(spool, earlier.boot) == [500]
    assert spool.oldest(earlier.boot) == 500
    assert spool.report().given_up == 8500 - spool.report().depth
    spool.close()


def test_on_a_full_disk_the_newest_are_kept_and_the_oldest_given_up_only_then(
    tmp_path: Path,
) -> None:
    """Another program takes all the room, and frees it later."""
    with small_disk(tmp_path / "disk") as disk:
        spool = Spool(disk / "s.sqlite", now_ms=lambda: T0)
        for first in range(1, 5001, 20):
            spool.append(*minutes(first, first + 19))
        assert spool.report().given_up == 0
        hog = fill(disk)

        for index in range(5001, 9001):
            spool.append(minute(index))
        held, full = taken(spool), spool.report()
        hog.unlink()
        for index in range(9001, 11_001):
            spool.append(minute(index))

        assert held == list(range(held[0], 9001))
        assert full.given_up == 9000 - len(held) > 1000
        assert spool.report().given_up == full.given_up
        assert taken(spool) == list(range(held[0], 11_001))
        assert (disk / "s.sqlite.reserve").stat().st_size == RESERVE_BYTES
        spool.close()


def test_a_spool_is_opened_on_a_full_disk_by_giving_its_reserve(tmp_path: Path) -> None:
    """And takes what comes."""
    with small_disk(tmp_path / "disk") as disk:
        first = Spool(disk / "s.sqlite")
        first.append(*minutes(1, 1000))
        first.close()
        fill(disk)

        again = Spool(disk / "s.sqlite")
        for index in range(1001, 3001):
            again.append(minute(index))

        held = taken(again)
        assert held == list(range(held[0], 3001))
        assert len(held) > 800
        again.close()


def test_a_write_that_is_torn_by_a_kill_leaves_what_append_returned(path: Path) -> None:
    """A limit on the size of files ends the process in the middle of the log."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from edge_agent.spool.spool import Spool; from tests.edge_agent.test_spool_file import minute\n"
        "spool = Spool(Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_001, 300_001))\n"
        "for index in range(10_000): print(spool.append(minute(index)), flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    said = [int(line) for line in done.stdout.split()]

    spool = Spool(path)

    assert done.returncode < 0
    assert len(said) > 10
    assert [(held.low, held.high) for held in spool.held()] == [(1, said[-1])]
    assert spool.mishaps() == []
    spool.close()


def test_days_left_are_what_then_happens(path: Path) -> None:
    """NoticeKind when the file is less than half full, at a sample a minute."""
    clock_s = [0.0]
    limits = SpoolLimits(days=10_000, megabytes=1)
    spool = Spool(path, limits=limits, now_ms=lambda: T0, monotonic_s=lambda: clock_s[0])
    assert spool.report() == SpoolReport(0, None, None, 0)
    minute_report: float | None = None
    for index in range(100_000):
        clock_s[0] = index * 60.0
        spool.append(minute(index))
        if index == 1000:
            minute_report = spool.report().days_left
        if index % 100 == 0 and spool.report().given_up:
            break
    assert minute_report == pytest.approx((index - 1000) / 1440, rel=0.2)
    spool.close()


@pytest.mark.parametrize(("every_s", "samples_a_day"), [(1, 86_400), (60, 1440), (3600, 24)])
def test_given_a_flood_then_the_pace_is_that_of_the_hour_around_it(
    every_s: int, samples_a_day: int
) -> None:
    """A backlog of ten thousand in ten seconds is not how it goes on; an hour later it is gone."""
    clock_s = 0.0
    pace = Pace(lambda: clock_s)
    assert pace.bytes_a_day() is None
    for _ in range(2 * max(3600 // every_s, 1)):
        clock_s += every_s
        pace.note(100)
    assert pace.bytes_a_day() == pytest.approx(100 * samples_a_day, rel=0.03)
    for _ in range(10_000):
        clock_s += 0.001
        pace.note(100)
    a_day = pace.bytes_a_day()
    assert a_day is not None
    assert 24 * 100 * 10_000 * 0.9 < a_day < 24 * 100 * 10_000 * 1.4
    for _ in range(2 * max(3700 // every_s, 1)):
        clock_s += every_s
        pace.note(100)
    assert pace.bytes_a_day() == pytest.approx(100 * samples_a_day, rel=0.03)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (2.99, "room for 2 days"),
        (1.99, "room for 47 hours"),
        (0.04, "room for 57 minutes"),
        (0.0008, "room for a minute at most"),
        (0.0, "room for a minute at most"),
    ],
)
def test_room_is_told_in_units_that_fit(days: float, words: str) -> None:
    """No 0 days while there is room for hours; never more than there is."""
    assert edge_status.room(days).startswith(words)


def test_the_bound_in_days_counts_from_the_oldest(path: Path) -> None:
    """With room for years the days left are those until the oldest has waited too long."""
    clock_s = [0.0]
    spool = Spool(path, monotonic_s=lambda: clock_s[0])
    for index in range(3):
        clock_s[0] = index * 60.0
        spool.append(minute(index))
    clock_s[0] = 10.0 * DAY_MS / 1000

    assert spool.report() == SpoolReport(3, T0, 20.0, 0)
    spool.close()


def test_the_environment_of_a_spool_is_made(path: Path) -> None:
    """Folder and reserve."""
    Spool(path).close()
    assert {file.name for file in path.parent.iterdir()} == {"s.sqlite", "s.sqlite.reserve"}
