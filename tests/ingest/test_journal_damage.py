"""The journal under damage, failing disks and readers at work; every byte is tried."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.vocabulary.errors import Refused
from ingest.journal.columns import Columns
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal, JournalFull
from tests.conftest import examples

BOOT = "ab" * 16


def columns(*values: float) -> Columns:
    """Readings of one series, a second apart."""
    count = len(values)
    return Columns(
        names=("s/w21003",),
        series=np.zeros(count, np.uint32),
        t=np.arange(count, dtype=np.int64) * 1000,
        value=np.array(values),
        quality=np.ones(count, np.uint8),
        cause=np.zeros(count, np.uint8),
        received=np.full(count, 7, np.int64),
        boots=(BOOT,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(1, count + 1, dtype=np.int64),
    )


def values_of(journal: Journal) -> list[float]:
    """Everything that a journal gives back, in order."""
    entries = journal.read(0, limit=10_000)
    return [value for entry in entries for value in entry.columns.value.tolist()]


def only_segment(folder: Path) -> Path:
    """The path of a journal that has one segment."""
    (path,) = folder.glob("*.journal")
    return path


def filled(folder: Path, *values: float) -> Path:
    """A closed journal with one record a value, in one segment."""
    journal = Journal(folder)
    for value in values:
        journal.append(columns(value), [Settled("s", BOOT, 1, (Span(1, 1),))])
    journal.close()
    return only_segment(folder)


def test_a_flipped_bit_anywhere_is_cut_in_the_last_record_and_refused_before(
    tmp_path: Path,
) -> None:
    """Whichever byte it is: magic, length, number, checksum or payload."""
    before_last = filled(tmp_path / "two", 1.0, 2.0).stat().st_size
    path = filled(tmp_path / "three", 1.0, 2.0, 3.0)
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        if place < before_last:
            with pytest.raises(Refused, match="damaged at byte"):
                Journal(path.parent)
            assert path.read_bytes() == damaged, "a refused journal must not be touched"
        else:
            journal = Journal(path.parent)
            assert values_of(journal) == [1.0, 2.0]
            journal.close()


def test_damage_at_the_end_of_an_older_segment_is_no_torn_tail(tmp_path: Path) -> None:
    """Only the newest segment was being written when the power went."""
    journal = Journal(tmp_path, segment_bytes=1)
    for value in (1.0, 2.0):
        journal.append(columns(value))
    journal.close()
    older = min(tmp_path.glob("*.journal"))
    older.write_bytes(older.read_bytes()[:-1])

    with pytest.raises(Refused, match="damaged"):
        Journal(tmp_path)


def test_a_segment_that_is_missing_in_the_middle_is_named(tmp_path: Path) -> None:
    """Entries that somebody deleted are not passed over in silence."""
    journal = Journal(tmp_path, segment_bytes=1)
    for value in (1.0, 2.0, 3.0):
        journal.append(columns(value))
    journal.close()
    (tmp_path / f"{2:016d}.journal").unlink()

    with pytest.raises(Refused, match="a segment is missing"):
        Journal(tmp_path)


def test_a_file_that_is_no_segment_is_let_alone(tmp_path: Path) -> None:
    """Somebody's copy lies beside them."""
    path = filled(tmp_path, 1.0)
    (tmp_path / "copy.journal").write_bytes(path.read_bytes()[:9])

    journal = Journal(tmp_path)

    assert journal.last == 1
    journal.close()


def test_numbers_go_on_though_only_an_empty_segment_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk right after a new segment began, older ones forgotten, then a restart.

    Numbers that began anew would be taken for kept ones by store and engine.
    """
    journal = Journal(tmp_path, segment_bytes=1)
    for value in (1.0, 2.0):
        journal.append(columns(value))
    monkeypatch.setattr("ingest.journal.log.os.write", _full)
    with pytest.raises(JournalFull):
        journal.append(columns(3.0))
    monkeypatch.undo()
    journal.forget(2)
    journal.close()

    again = Journal(tmp_path)

    assert again.last == 2
    assert again.append(columns(4.0)) == 3
    assert [entry.n for entry in again.read(0)] == [3]
    again.close()


def _full(_fd: int, _data: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("function", ["write", "fsync"])
def test_a_disk_that_fails_and_cannot_even_be_truncated_leaves_no_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """What is left of the failed record is cut before the next one is written."""
    journal = Journal(tmp_path)
    journal.append(columns(1.0))
    write = os.write

    def partly(fd: int, data: bytes) -> int:
        write(fd, bytes(data)[:30])
        return _full(fd, data)

    def failing(fd: int, *_: int) -> None:
        _full(fd, b"")

    monkeypatch.setattr(
        f"ingest.journal.log.os.{function}", partly if function == "write" else failing
    )
    monkeypatch.setattr("ingest.journal.log.os.ftruncate", failing)
    with pytest.raises(JournalFull):
        journal.append(columns(2.0))
    monkeypatch.undo()

    assert journal.append(columns(3.0)) == 2
    assert values_of(journal) == [1.0, 3.0]
    journal.close()
    again = Journal(tmp_path)
    assert values_of(again) == [1.0, 3.0]
    again.close()


def test_a_reader_beside_the_writer_sees_every_entry_once_and_whole(tmp_path: Path) -> None:
    """Over many segments, with older ones forgotten as soon as they are read."""
    journal = Journal(tmp_path, segment_bytes=400)
    count, seen = 300, list[float]()

    def follow() -> None:
        after = 0
        while after < count:
            assert journal.wait(after, 20), "the writer was not heard"
            for entry in journal.read(after, limit=7):
                assert entry.n == after + 1
                after = entry.n
                seen.extend(entry.columns.value.tolist())
            journal.forget(after)

    reader = threading.Thread(target=follow)
    reader.start()
    for n in range(count):
        journal.append(columns(float(n)))
    reader.join(30)

    assert seen == [float(n) for n in range(count)]
    journal.close()


def test_waiting_ends_without_news_when_the_time_is_up(tmp_path: Path) -> None:
    """So that a reader can look whether it is to stop."""
    journal = Journal(tmp_path)

    assert not journal.wait(0, 0.01)
    journal.close()


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batches=st.lists(st.lists(st.floats(), max_size=4), max_size=8),
    segment_bytes=st.integers(1, 600),
    reopened=st.sets(st.integers(0, 7)),
)
def test_any_batches_come_back_bit_by_bit_over_any_segments_and_restarts(
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[list[float]],
    segment_bytes: int,
    reopened: set[int],
) -> None:
    """NaN, infinities and empty batches included."""
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder, segment_bytes=segment_bytes)
    for place, batch in enumerate(batches):
        if place in reopened:
            journal.close()
            journal = Journal(folder, segment_bytes=segment_bytes)
        assert journal.append(columns(*batch)) == place + 1
    journal.close()

    again = Journal(folder, segment_bytes=segment_bytes)
    entries = again.read(0)
    assert [entry.columns.value.tobytes() for entry in entries] == [
        np.array(batch, np.float64).tobytes() for batch in batches
    ]
    again.close()
