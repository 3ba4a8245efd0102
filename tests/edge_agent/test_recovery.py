"""What of a damaged spool goes on to the centre all the same."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from edge_agent.spool.file import PAGE_BYTES
from edge_agent.spool.spool import Spool, SpoolFailed
from tests.chaos.test_disk_full import fill, small_disk

T0 = 1_790_000_000_000
COUNT = 200
ALL = list(range(1, COUNT + 1))
FILES = ("", "-wal")
CODES = [f"w0{number}" for number in range(1001, 1013)]


def minute(index: int) -> Sample:
    """Twelve indicators, whose values tell the minute."""
    readings = {code: Measured(index + 0.125, Cause.NORMAL) for code in CODES}
    return Sample(T0 + index * 60_000, Clock.SYNCHRONISED, readings)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spool of two hundred samples and of one boot, closed: a file of some twenty pages."""
    path = tmp_path_factory.mktemp("spool") / "s.sqlite"
    spool = Spool(path, boot="first", now_ms=lambda: T0)
    spool.append(*(minute(index) for index in ALL))
    spool.close()
    return path


def held(spool: Spool, boot: str = "first") -> list[Numbered]:
    return spool.backlog(boot, 0, spool.issued().get(boot, 0), 1 << 20)


def seqs(spool: Spool, boot: str = "first") -> list[int]:
    return [row.seq for row in held(spool, boot)]


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def page_of(path: Path, index: int) -> int:
    """Where the page begins that holds the row of a minute."""
    spool = Spool(path, now_ms=lambda: T0)
    row = spool._file.db.execute("select body from sample where seq = ?", (index,)).fetchone()
    spool.close()
    return path.read_bytes().index(row[0]) // PAGE_BYTES * PAGE_BYTES


def test_all_but_the_page_that_was_torn_goes_on(whole: Path, tmp_path: Path) -> None:
    """In its order, before what comes from now on, and under the numbers that it has."""
    path = tmp_path / "s.sqlite"
    shutil.copy(whole, path)
    overwrite(path, page_of(path, 100), b"\xa5" * 2048)

    spool = Spool(path, boot="second", now_ms=lambda: T0)
    spool.append(minute(COUNT + 1))

    kept = seqs(spool)
    assert 100 not in kept
    assert len(kept) > COUNT - 30
    assert [row.sample for row in held(spool)] == [minute(seq) for seq in kept]
    assert [(one.b, one.low, one.high) for one in spool.held()] == [
        ("first", 1, COUNT),
        ("second", 1, 1),
    ]
    assert [mishap.what for mishap in spool.mishaps()] == ["broken"]
    assert spool.report().depth == len(kept) + 1
    spool.close()


@pytest.mark.parametrize(
    "harm",
    [
        "body = x'93'",
        "body = cast(substr(body, 1, 30) || x'00' || substr(body, 32) as blob)",
        "body = 'text'",
        "taken_ms = taken_ms + 65536",
    ],
    ids=["cut", "a byte", "its type", "a bit of the instant"],
)
def test_a_row_that_changed_is_seen_and_costs_itself_alone(
    harm: str, whole: Path, tmp_path: Path
) -> None:
    """SQLite itself does not see it. What is sent meanwhile fails, the next sample mends it."""
    path = tmp_path / "s.sqlite"
    shutil.copy(whole, path)
    spool = Spool(path, boot="second", now_ms=lambda: T0)
    spool._file.db.execute(f"update sample set {harm} where seq = 7")

    with pytest.raises(SpoolFailed, match="check sum"):
        held(spool)
    spool.append(minute(COUNT + 1))

    assert seqs(spool) == [seq for seq in ALL if seq != 7]
    assert seqs(spool, spool.boot) == [1]
    assert spool.boot not in ("first", "second")
    spool.close()


def test_on_a_full_disk_the_newest_are_carried_over(tmp_path: Path) -> None:
    """The damaged file stays, so there is not always room for both."""
    with small_disk(tmp_path / "disk") as disk:
        path, count = disk / "s.sqlite", 20_000
        spool = Spool(path, boot="first", now_ms=lambda: T0)
        for first in range(1, count, 1000):
            spool.append(*(minute(index) for index in range(first, first + 1000)))
        spool._file.db.execute("update sample set body = x'93' where seq = 7")
        hog = fill(disk)
        os.truncate(hog, hog.stat().st_size - (3 << 20))
        with pytest.raises(SpoolFailed):
            spool.backlog("first", 0, 100, 100)

        spool.append(minute(count + 1))

        kept = seqs(spool)
        assert 1000 < len(kept) < count - 1
        assert kept == list(range(kept[0], count + 1))
        assert seqs(spool, spool.boot) == [1]
        hog.unlink()
        spool.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spool as a power cut leaves it: half of its samples stand in the log beside it."""
    folder = tmp_path_factory.mktemp("running")
    spool = Spool(folder / "s.sqlite", boot="first", now_ms=lambda: T0)
    spool.append(*(minute(index) for index in ALL[: COUNT // 2]))
    spool._file.db.execute("pragma wal_checkpoint(truncate)")
    for index in ALL[COUNT // 2 :]:
        spool.append(minute(index))
    left = tmp_path_factory.mktemp("left")
    for ending in FILES:
        shutil.copy(folder / f"s.sqlite{ending}", left)
    spool.close()
    return left


@given(
    st.lists(
        st.tuples(
            st.sampled_from(FILES),
            st.integers(0, 9_999).map(lambda part: part * 3_701 % 10_000 / 10_000),
            st.binary(min_size=1, max_size=64),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_bytes_are_overwritten_no_wrong_sample_is_sent_and_new_ones_are_kept(
    running: Path, damages: list[tuple[str, float, bytes]]
) -> None:
    """Anywhere in file and log. What is seen only when it is read is mended by the next sample."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(running, folder, dirs_exist_ok=True)
        path = Path(folder) / "s.sqlite"
        for ending, placement, data in damages:
            harmed = path.with_name(path.name + ending)
            overwrite(harmed, int(placement * harmed.stat().st_size), data)

        spool = Spool(path, boot="second", now_ms=lambda: T0)
        spool.append(minute(COUNT + 1))
        for boot in ("first", "second"):
            try:
                rows = held(spool, boot)
            except SpoolFailed:
                spool.append(minute(COUNT + 2))
                rows = held(spool, boot)
            for row in rows:
                assert row.sample == minute(row.seq if boot == "first" else COUNT + row.seq)
        assert spool.report().depth >= 1
        spool.close()
