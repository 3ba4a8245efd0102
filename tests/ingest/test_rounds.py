"""Rounds of the journal's readers: they grow behind a reader that lags, within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import RECENT_ENTRIES, RECENT_ROWS, Journal
from ingest.journal.rounds import FEWEST_ENTRIES, SLICE_S, Rounds, Size
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from tests.conftest import examples
from tests.ingest.test_journal import columns
from tests.ingest.test_store_writer import SITE, T0
from tests.ingest.test_store_writer import columns as readings


@given(st.lists(st.booleans()))
def test_a_size_stays_within_its_bounds_and_comes_to_either_of_them(behind: list[bool]) -> None:
    size = Size(20, 80)
    for is_behind in behind:
        before = size.now
        size.adapt(behind=is_behind)
        assert 20 <= size.now <= 80
        assert (size.now > before) == (is_behind and before < 80)
        assert (size.now < before) == (not is_behind and before > 20)


@settings(deadline=None, max_examples=examples(15))
@given(arrivals=st.lists(st.integers(0, 300), max_size=6), slow=st.sets(st.integers(0, 9)))
def test_however_entries_arrive_each_is_read_once_and_in_order(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[int], slow: set[int]
) -> None:
    """By rounds that grow, shrink and are slow."""
    journal = Journal(tmp_path_factory.mktemp("rounds"))
    clock, read, turns = [0.0], list[int](), 0
    rounds = Rounds(journal, lambda: clock[0])
    for fresh in [*arrivals, 0]:
        for _ in range(fresh):
            journal.append(columns(1.0))
        while entries := rounds.read(len(read)):
            assert len(entries) <= rounds.size.now <= RECENT_ENTRIES
            read += [entry.n for entry in entries]
            clock[0] += 2 * SLICE_S if turns in slow else 0.0
            rounds.end(journal.last - len(read))
            turns += 1
            if fresh % 2:
                break  # more comes before it has caught up
    assert read == list(range(1, journal.last + 1))
    journal.close()


@pytest.mark.parametrize("took_s", [0.0, 2 * SLICE_S], ids=["quick", "slow"])
def test_given_a_reader_that_is_behind_then_its_rounds_grow_while_they_are_short_and_shrink_again(
    tmp_path: Path, took_s: float
) -> None:
    journal, clock, sizes = Journal(tmp_path), [0.0], list[int]()
    rounds, at = Rounds(journal, lambda: clock[0]), 0
    for _ in range(1000):
        journal.append(columns(1.0))
    while entries := rounds.read(at):
        at = entries[-1].n
        sizes.append(len(entries))
        clock[0] += took_s
        rounds.end(journal.last - at)
    grown = [64, 128, 256, 256, 256, 40]
    assert sizes == (grown if not took_s else [FEWEST_ENTRIES] * 15 + [40])

    for _ in range(3):
        rounds.read(at)
        rounds.end(0)
    assert rounds.size.now == FEWEST_ENTRIES
    journal.close()


def test_given_entries_of_many_readings_then_a_round_ends_with_what_fits_into_memory(
    tmp_path: Path,
) -> None:
    """However few entries that are; one that is larger comes alone."""
    journal = Journal(tmp_path)
    for rows in (RECENT_ROWS // 2, RECENT_ROWS // 2, RECENT_ROWS, 1):
        journal.append(columns(*[1.0] * rows))
    rounds = Rounds(journal)
    assert [entry.n for entry in rounds.read(0)] == [1, 2]
    assert [entry.n for entry in rounds.read(2)] == [3]
    assert [entry.n for entry in rounds.read(3)] == [4]
    journal.close()


def test_given_a_store_that_lags_then_it_is_given_more_each_time_and_has_each_reading_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, taken = Journal(tmp_path / "journal"), list[int]()
    store = DuckDBStore(tmp_path / "readings.duckdb")
    letters = DeadLetters(tmp_path / "deadletters.sqlite")
    for at in range(300):
        journal.append(readings(T0 + at))
    append = store.append
    monkeypatch.setattr(store, "append", lambda n, rows: (taken.append(n), append(n, rows)))
    store_writer = StoreWriter(journal, store, letters, SITE)
    store_writer._rounds.ticks_s = lambda: 0.0

    while store_writer.step():
        pass

    assert taken == [64, 192, 256, 300]
    assert store.track("s/a", 0, 2 * T0).t.tolist() == [T0 + at for at in range(300)]
    for opened in (store, journal, letters):
        opened.close()
