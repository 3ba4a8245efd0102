"""Dead letters: on disk when they are said to be, once each, whatever failed before."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.errors import Refused
from config.vocabulary.refusals import Details, Reason, RefusalCount
from ingest.journal.deadletters import OVERHEAD, DeadLetters
from ingest.journal.refusal import Chosen, Refusal
from tests.conftest import examples

BOOT = "ab" * 16


def refusal(seq: int, reason: Reason = Reason.IMPOSSIBLE_TIME, **fields: object) -> Refusal:
    """One refused sample."""
    values: dict[str, object] = {"received_ms": seq, "topic": "t", "station": "s", "boot": BOOT}
    details = Details(reason, ("w21003",), t=5)
    values |= {"seq": seq, "details": details, "payload": b"body", **fields}
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
        letters.refuse([refusal(1), refusal(1, topic="another"), refusal(1, Reason.CONFLICT)])
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
        letters.refuse([refusal(1), refusal(2, payload=[b"no bytes"])])

    letters.refuse([refusal(3)])

    assert letters.seqs() == {("s", BOOT, 3)}
    letters.close()


def test_beyond_the_bound_the_oldest_go_and_are_counted(tmp_path: Path) -> None:
    """Also over a restart; what is newest can always be looked at."""
    for _ in range(2):
        letters = DeadLetters(tmp_path / "letters", most=3)
        start = letters.count() + sum(letters.dropped().values())
        for seq in range(start + 1, start + 6):
            letters.refuse([refusal(seq, received_ms=seq)])
        letters.close()
    letters = DeadLetters(tmp_path / "letters", most=3)

    assert (letters.count(), letters.dropped()) == (3, {"s": 7})
    assert {letter.seq for letter in letters.newest()} == {8, 9, 10}
    letters.close()


def test_given_letters_of_some_stations_their_number_and_ages_are_known_by_reason(
    tmp_path: Path,
) -> None:
    """The most frequent first; removed ones count no more."""
    letters = DeadLetters(tmp_path / "letters")
    letters.refuse([refusal(n) for n in (3, 1, 2)] + [refusal(4, Reason.CONFLICT, station="x")])

    assert letters.totals() == (
        RefusalCount("s", Reason.IMPOSSIBLE_TIME, 3, 1, 3),
        RefusalCount("x", Reason.CONFLICT, 1, 4, 4),
    )
    assert letters.remove(Chosen("s"), most=2) == 2
    assert [total.letters for total in letters.totals()] == [1, 1]
    letters.close()


def test_given_many_letters_when_some_are_meant_then_they_are_listed_a_page_at_a_time(
    tmp_path: Path,
) -> None:
    """By station, reason, boot or id; the newest first."""
    letters = DeadLetters(tmp_path / "letters")
    letters.refuse([refusal(n, station="sx"[n % 2]) for n in range(1, 8)])
    letters.refuse([refusal(9, Reason.CONFLICT, station="x")])

    first = letters.listed(Chosen("x", Reason.IMPOSSIBLE_TIME), 3)
    rest = letters.listed(Chosen("x", before=first[-1].n), 3)

    assert [letter.refusal.seq for letter in first + rest] == [7, 5, 3, 1]
    assert letters.listed(Chosen(boot="other")) == []
    one = first[1].refusal
    assert [letter.refusal for letter in letters.listed(Chosen(ids=(one.id,)))] == [one]
    letters.close()


@settings(max_examples=examples(30))
@given(
    rounds=st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 900)), max_size=8), max_size=8
    )
)
def test_whatever_arrives_a_station_below_its_share_loses_no_letter(
    rounds: list[list[tuple[str, int]]],
) -> None:
    """By number and by bytes; all that went is counted, also over a restart."""
    most, most_bytes, seq = 9, 6000, 0
    sent = Counter[str]()
    sizes = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        letters = DeadLetters(Path(folder) / "letters", most, most_bytes)
        for batch in rounds:
            new = []
            for station, size in batch:
                seq += 1
                new.append(refusal(seq, station=station, payload=bytes(size)))
                sent[station] += 1
                sizes[station] += size + OVERHEAD
            letters.refuse(new)
            found = letters.newest(most + 1)
            assert len(found) <= most
            assert sum(len(one.payload) + OVERHEAD for one in found) <= most_bytes
        letters.close()
        letters = DeadLetters(Path(folder) / "letters", most, most_bytes)
        kept, dropped = Counter(one.station for one in letters.newest()), letters.dropped()
        letters.close()
    assert {of: kept[of] + dropped.get(of, 0) for of in sent} == dict(sent)
    for station in sent:
        if sent[station] <= most // 3 and sizes[station] <= most_bytes // 3:
            assert station not in dropped


OLDER = """
create table refusal (
    received_ms integer not null, topic text not null, station text not null, boot text not null,
    seq integer not null, reason text not null, payload blob not null,
    whole integer not null, primary key (topic, boot, seq, reason)
) without rowid;
create table dropped (letters integer not null);
insert into dropped values (7);
"""


def test_given_a_file_of_before_when_it_is_opened_then_each_letter_has_a_reason_and_its_sentence(
    tmp_path: Path,
) -> None:
    """Two sentences of one sample stay two letters."""
    said = {
        "unknown station a/b": Reason.UNKNOWN_STATION,
        "unknown indicator x at this station": Reason.UNKNOWN_INDICATOR,
        "unknown indicator y at this station": Reason.UNKNOWN_INDICATOR,
        "wrong unit mg/L of a34004, kept in μg/m³": Reason.WRONG_UNIT,
        "impossible time 5": Reason.IMPOSSIBLE_TIME,
        "conflict: w21003 of 5 is kept as 1, this says 2": Reason.CONFLICT,
        "wire version 2 is not 1": Reason.WIRE_VERSION,
        "columns of a history batch differ in length": Reason.UNREADABLE,
        "topic 'a' is not one that a station sends on": Reason.STRAY_TOPIC,
        "a sample without readings": Reason.NO_READINGS,
    }
    with closing(sqlite3.connect(tmp_path / "letters")) as older:
        older.executescript(OLDER)
        older.executemany(
            "insert into refusal values (?, 't', 's', ?, 1, ?, x'00', 1)",
            [(n, BOOT, sentence) for n, sentence in enumerate(said)],
        )
        older.commit()

    for _ in range(2):
        letters = DeadLetters(tmp_path / "letters")
        found = letters.newest()
        assert {one.details.fault: one.reason for one in found} == said
        assert len(found) == len(said)
        assert letters.dropped() == {"": 7}
        letters.close()
