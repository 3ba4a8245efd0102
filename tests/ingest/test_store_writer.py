"""The store writer: all of the journal ends in the store, however often either of them fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.refusals import PassedOver, Reason
from ingest import loops
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from tests.conftest import examples

SITE, BOOT = "tongzhou", "ab" * 16
T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC, a month's beginning


def columns(*instants: int) -> Columns:
    """Readings of one series at these instants, each its own value."""
    count = len(instants)
    return Columns(
        names=("s/a",),
        series=np.zeros(count, np.uint32),
        t=np.array(instants, np.int64),
        value=np.array(instants, np.float64) - T0,
        quality=np.ones(count, np.uint8),
        cause=np.zeros(count, np.uint8),
        received=np.array(instants, np.int64),
        boots=(BOOT,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count, dtype=np.int64),
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty journal."""
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDBStore]:
    """An empty store."""
    made = DuckDBStore(tmp_path / "readings.duckdb")
    yield made
    made.close()


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[DeadLetters]:
    """An empty file of refusals."""
    made = DeadLetters(tmp_path / "deadletters.sqlite")
    yield made
    made.close()


def kept(store: DuckDBStore) -> list[int]:
    """Instants that the store gives back."""
    return [int(t) for t in store.track("s/a", 0, 2 * T0).t]


def test_entries_and_marks_are_kept_in_order_and_the_position_follows(
    journal: Journal, store: DuckDBStore, letters: DeadLetters
) -> None:
    """A mark has no readings but a number."""
    journal.append(columns(T0))
    journal.append(Columns.empty(), upto_ms=T0)
    store_writer = StoreWriter(journal, store, letters, SITE)

    assert store_writer.step()
    assert not store_writer.step()

    assert store.position() == 2
    assert kept(store) == [T0]


def test_a_store_that_fails_in_a_new_month_takes_it_at_the_next_try(
    journal: Journal,
    store: DuckDBStore,
    letters: DeadLetters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The month's table was rolled back with its readings; reading meanwhile does no harm."""
    journal.append(columns(T0 - 1))
    store_writer = StoreWriter(journal, store, letters, SITE)
    store_writer.step()
    journal.append(columns(T0))
    put = store._put

    def fails(*_: object, **__: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(store, "_put", fails)
    with pytest.raises(OSError, match="no space"):
        store_writer.step()
    assert (kept(store), store.position()) == ([T0 - 1], 1)
    monkeypatch.setattr(store, "_put", put)

    assert store_writer.step()
    assert kept(store) == [T0 - 1, T0]


def test_the_thread_outlives_a_store_that_fails(
    journal: Journal,
    store: DuckDBStore,
    letters: DeadLetters,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It says so, waits a little and goes on."""
    append, failures, done = store.append, iter([OSError("no space")] * 2), threading.Event()

    def fail_twice(n: int, batch: Columns) -> None:
        if error := next(failures, None):
            raise error
        append(n, batch)
        done.set()

    monkeypatch.setattr(loops, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(store, "append", fail_twice)
    stop = threading.Event()
    thread = threading.Thread(target=StoreWriter(journal, store, letters, SITE).run, args=(stop,))
    thread.start()
    journal.append(columns(T0))

    assert done.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert kept(store) == [T0]
    assert caplog.text.count("store writer failed") == 2


class Killed(Exception):
    """The process ends here."""


@settings(deadline=None, max_examples=examples(25))
@given(
    batches=st.lists(st.lists(st.integers(-50, 50), max_size=5), max_size=6),
    deaths=st.lists(st.integers(1, 6), max_size=3),
)
def test_killed_between_any_two_entries_the_store_holds_each_instant_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], deaths: list[int]
) -> None:
    """Over a month's end, with late readings and repeats."""
    folder = tmp_path_factory.mktemp("store_writer")
    journal = Journal(folder / "journal")
    letters = DeadLetters(folder / "deadletters.sqlite")
    for batch in batches:
        journal.append(columns(*(T0 + offset for offset in batch)))
    for at in [*deaths, None]:
        store, passed = DuckDBStore(folder / "readings.duckdb"), list[str]()

        def die(name: str, at: int | None = at, passed: list[str] = passed) -> None:
            passed.append(name)
            if len(passed) == at:
                raise Killed

        try:
            StoreWriter(journal, store, letters, SITE, die).step()
        except Killed:
            pass
        found = kept(store)
        store.close()
    journal.close()
    letters.close()

    assert found == sorted({T0 + offset for batch in batches for offset in batch})


@pytest.mark.parametrize(("second", "refused"), [(1.0, 0), (2.0, 1), (np.nan, 1)])
def test_a_second_value_of_an_instant_is_refused_where_it_differs_and_the_first_stands(
    journal: Journal, store: DuckDBStore, letters: DeadLetters, second: float, refused: int
) -> None:
    """In a later entry and in the same one; the letter names both values; once, however often
    the store writer repeats itself.
    """
    first, other = columns(T0), columns(T0, T0 + 1, T0)
    first.value[:], other.value[:] = 1.0, [second, 5.0, second]
    journal.append(first, [Settled("s", BOOT, 1, (Span(0, 0, T0, T0),))])
    clash = Settled("s", BOOT, 1, (Span(1, 3, T0, T0 + 1),), clashing=(1, 3))
    journal.append(replace(other, seq=np.array([1, 2, 3])), [clash])
    store_writer = StoreWriter(journal, store, letters, SITE)

    store_writer.step()
    store_writer._undisputed(journal.read(1)[0])

    assert store.track("s/a", T0, T0 + 2).value.tolist() == [1.0, 5.0]
    found = letters.newest()
    assert len(found) == 2 * refused, "one a sample"
    assert all((letter.reason, letter.whole) == (Reason.CONFLICT, True) for letter in found)
    assert all(letter.details.indicators == ("a",) for letter in found)
    differing = None if np.isnan(second) else second
    assert all((of.details.kept, of.details.refused) == (1.0, differing) for of in found)
    assert store_writer.passed_over == ({} if refused else {("s", PassedOver.EQUAL): 2})
    assert letters.seqs() == ({("s", BOOT, 1), ("s", BOOT, 3)} if refused else set())


def test_a_store_that_lags_catches_up_in_one_step(
    journal: Journal,
    store: DuckDBStore,
    letters: DeadLetters,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Entries that wait are kept together."""
    for offset in range(5):
        journal.append(columns(T0 + offset))
    taken = list[int]()
    append = store.append
    monkeypatch.setattr(store, "append", lambda n, rows: (taken.append(n), append(n, rows)))

    StoreWriter(journal, store, letters, SITE).step()

    assert taken == [5]
    assert kept(store) == [T0 + offset for offset in range(5)]
