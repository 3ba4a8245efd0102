"""The journal: what is in it is settled, whatever happens to the process or the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from config.vocabulary.errors import Refused
from ingest.journal.columns import Columns
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal, JournalFull

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
        seq=np.arange(1, count + 1),
    )


def written(folder: Path, entries: int = 3) -> Path:
    """A journal of one segment; its path."""
    journal = Journal(folder)
    for n in range(entries):
        journal.append(columns(n, n + 0.5), [Settled("s", BOOT, 1, (Span(1, 2),))])
    journal.close()
    return next(folder.glob("*.journal"))


def test_what_was_appended_is_read_back_after_reopening(tmp_path: Path) -> None:
    """Numbers, columns, settled spans and marks of silence."""
    written(tmp_path)
    journal = Journal(tmp_path)
    assert journal.append(Columns.empty(), upto_ms=99) == 4

    entries = journal.read(1)

    assert [entry.n for entry in entries] == [2, 3, 4]
    assert entries[0].columns.value.tolist() == [1, 1.5]
    assert entries[0].columns.names == ("s/w21003",)
    assert entries[0].settled == (Settled("s", BOOT, 1, (Span(1, 2),)),)
    assert entries[2].upto_ms == 99
    journal.close()


def test_a_record_torn_at_any_byte_is_cut_off_and_the_rest_stands(tmp_path: Path) -> None:
    """Power goes while the third record is written."""
    whole = written(tmp_path / "whole").read_bytes()
    two = len(written(tmp_path / "two", 2).read_bytes())
    for length in range(two, len(whole)):
        folder = tmp_path / str(length)
        folder.mkdir()
        (folder / "0000000000000001.journal").write_bytes(whole[:length])

        journal = Journal(folder)

        assert journal.last == 2
        assert journal.append(columns(9.0)) == 3
        assert journal.read(2)[0].columns.value.tolist() == [9.0]
        journal.close()


def test_damage_before_whole_records_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """A flipped bit in the middle is no torn end."""
    path = written(tmp_path)
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)

    with pytest.raises(Refused, match="restore this file"):
        Journal(tmp_path)

    assert path.read_bytes() == data


def test_a_flipped_bit_in_the_last_record_cuts_it_off(tmp_path: Path) -> None:
    """It was never acknowledged as a whole."""
    path = written(tmp_path)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)

    journal = Journal(tmp_path)

    assert journal.last == 2
    journal.close()


def test_a_full_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part was written, then the disk was full; later it has room again."""
    journal = Journal(tmp_path)
    journal.append(columns(1.0))
    real = os.write

    def full(fd: int, data: bytes) -> int:
        if len(data) < 50:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, bytes(data)[:49])

    monkeypatch.setattr("ingest.journal.log.os.write", full)
    with pytest.raises(JournalFull, match="free space"):
        journal.append(columns(2.0))
    monkeypatch.undo()

    assert journal.append(columns(3.0)) == 2
    journal.close()
    again = Journal(tmp_path)
    assert [entry.columns.value[0] for entry in again.read(0)] == [1.0, 3.0]
    again.close()


def test_segments_go_only_when_every_entry_in_them_was_passed(tmp_path: Path) -> None:
    """The newest one always stays."""
    journal = Journal(tmp_path, segment_bytes=1)
    for value in range(4):
        journal.append(columns(float(value)))
    assert len(list(tmp_path.glob("*.journal"))) == 4

    journal.forget(2)

    assert [entry.n for entry in journal.read(2)] == [3, 4]
    assert len(list(tmp_path.glob("*.journal"))) == 2
    journal.forget(99)
    assert [entry.n for entry in journal.read(3)] == [4]
    journal.close()
    again = Journal(tmp_path)
    assert again.append(columns(0.0)) == 5
    again.close()


def test_an_empty_journal_goes_on_behind_the_number_of_one_that_is_no_more(tmp_path: Path) -> None:
    """So that its readers pass over nothing; later starts say nothing of it."""
    journal = Journal(tmp_path, after=500)
    assert journal.append(columns(1.0)) == 501
    journal.close()
    again = Journal(tmp_path, after=0)
    assert [entry.n for entry in again.read(500)] == [501]
    again.close()


def test_segments_can_be_copied_to_their_present_end_while_the_journal_grows(
    tmp_path: Path,
) -> None:
    """A copy is a journal; nothing of it is forgotten while it is made."""
    journal = Journal(tmp_path / "j", segment_bytes=1)
    for _ in range(4):
        journal.append(columns(1.0))
    with journal.whole():
        parts = journal.segments(2)
        journal.append(columns(2.0))
        journal.forget(5)
        (tmp_path / "copy").mkdir()
        for path, size in parts:
            (tmp_path / "copy" / path.name).write_bytes(path.read_bytes()[:size])
    journal.close()

    copy = Journal(tmp_path / "copy")

    assert [entry.n for entry in copy.read(0)] == [3, 4]
    copy.close()
