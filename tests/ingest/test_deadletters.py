"""Dead letters: on disk when they are said to be, once each, whatever failed before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from config.vocabulary.errors import Refused
from ingest.journal.deadletters import DeadLetters, Refusal

BOOT = "ab" * 16


def refusal(seq: int, reason: str = "impossible time 5", **fields: object) -> Refusal:
    """One refused sample."""
    values: dict[str, object] = {"received_ms": seq, "topic": "t", "station": "s", "boot": BOOT}
    values |= {"seq": seq, "reason": reason, "payload": b"body", **fields}
    return Refusal(**values)  # type: ignore[arg-type]


def test_a_refusal_survives_reopening_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    """Reason and payload are there for a later replay."""
    letters = DeadLetters(tmp_path / "letters")
    letters.refuse([refusal(1), refusal(2, whole=False)])
    letters.close()

    again = DeadLetters(tmp_path / "letters")

    assert again.newest() == [refusal(2, whole=False), refusal(1)]
    assert again.seqs() == {("s", BOOT, 1)}, "of the second some was kept"
    again.close()


@pytest.mark.parametrize("page", [0, 3])
def test_a_damaged_file_is_one_line_with_the_remedy(tmp_path: Path, page: int) -> None:
    """In its head, or in any other page."""
    path = tmp_path / "letters"
    letters = DeadLetters(path)
    letters.refuse(refusal(seq, payload=b"x" * 900) for seq in range(1, 50))
    letters.close()
    with path.open("r+b") as file:
        file.seek(4096 * page)
        file.write(b"\xa5" * 2000)

    with pytest.raises(
        Refused, match="letters: is damaged .*; restore it from a backup, or put it"
    ):
        DeadLetters(path)


def test_the_same_refusal_again_changes_nothing(tmp_path: Path) -> None:
    """By sample and reason where there is a seq, by topic where there is none."""
    letters = DeadLetters(tmp_path / "letters")
    for _ in range(2):
        letters.refuse([refusal(1), refusal(1, topic="another"), refusal(1, "other reason")])
        letters.refuse([refusal(0, boot="", topic="x"), refusal(0, boot="", topic="y")])

    assert letters.count() == 4
    letters.close()


def test_a_write_that_fails_leaves_nothing_behind_and_does_not_lock_the_file(
    tmp_path: Path,
) -> None:
    """The disk was full for a moment: all of the round or none of it, and then on."""
    letters = DeadLetters(tmp_path / "letters")
    letters._db.execute("pragma max_page_count = 8")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        letters.refuse([refusal(1), refusal(2, payload=bytes(100_000))])
    assert letters.count() == 0
    letters._db.execute("pragma max_page_count = 100000")

    letters.refuse([refusal(3)])

    assert letters.seqs() == {("s", BOOT, 3)}
    letters.close()


def test_any_other_failed_write_does_not_lock_the_file_either(tmp_path: Path) -> None:
    """Only of a full disk does SQLite end the transaction by itself."""
    letters = DeadLetters(tmp_path / "letters")
    with pytest.raises(sqlite3.ProgrammingError):
        letters.refuse([refusal(1), refusal(2, payload=object())])

    letters.refuse([refusal(3)])

    assert letters.seqs() == {("s", BOOT, 3)}
    letters.close()


def test_beyond_the_bound_the_oldest_go_and_are_counted(tmp_path: Path) -> None:
    """Also over a restart; what is newest can always be looked at."""
    for _ in range(2):
        letters = DeadLetters(tmp_path / "letters", most=3)
        start = letters.count() + letters.dropped()
        for seq in range(start + 1, start + 6):
            letters.refuse([refusal(seq, received_ms=seq)])
        letters.close()
    letters = DeadLetters(tmp_path / "letters", most=3)

    assert (letters.count(), letters.dropped()) == (3, 7)
    assert {letter.seq for letter in letters.newest()} == {8, 9, 10}
    letters.close()


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("unknown station a/b", "unknown station"),
        ("wrong unit mg/L of a34004, kept in μg/m³", "wrong unit"),
        ("impossible time 5", "impossible time"),
        ("conflict: w21003 of 5 is kept as 1, this says 2", "conflict"),
        ("wire version 2 is not 1", "wire version"),
        ("columns of a history batch differ in length", "broken payload"),
    ],
)
def test_reasons_are_counted_by_kind(tmp_path: Path, reason: str, kind: str) -> None:
    """Without their particulars."""
    letters = DeadLetters(tmp_path / "letters")
    letters.refuse([refusal(1, reason=reason), refusal(2, reason=reason)])
    assert letters.kinds() == {kind: 2}
    letters.close()
