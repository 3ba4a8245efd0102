"""Tidying loses nothing, whenever it is killed and whatever arrives meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.journal.columns import Columns
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.months import Piece, begin_ms, month_of, pieces
from ingest.store.protocol import Track
from tests.conftest import examples

T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC
FOREVER = 1 << 50
NAMES = ("s/a", "s/b", "t/a")
PIECE_ROWS = 3


class Killed(BaseException):
    """Stands for a death between two pieces."""


def columns(rows: list[tuple[int, int, float, int]]) -> Columns:
    """Rows of a place in ``NAMES``, t, value and received - t."""
    count = len(rows)
    t = np.array([row[1] for row in rows], np.int64)
    return Columns(
        names=NAMES,
        series=np.array([row[0] for row in rows], np.uint32),
        t=t,
        value=np.array([row[2] for row in rows], np.float64),
        quality=np.full(count, Quality.GOOD, np.uint8),
        cause=np.zeros(count, np.uint8),
        received=t + np.array([row[3] for row in rows], np.int64),
        boots=("ef" * 16,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )


def steady(store: DuckDBStore, minutes: range) -> None:
    """A reading a minute of every series, an entry a minute."""
    for minute in minutes:
        rows = [(of, T0 + minute * MINUTE_MS, of + minute / 8, 300) for of in range(3)]
        store.append(store.position() + 1, columns(rows))


def values(store: DuckDBStore, name: str) -> list[float]:
    """All of a series."""
    found: list[float] = store.track(name, 0, FOREVER).value.tolist()
    return found


def tables(store: DuckDBStore) -> set[str]:
    """Those of readings."""
    rows = store._file.db.execute("select table_name from duckdb_tables()").fetchall()
    return {name for (name,) in rows} - {"kept", "series"}


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(-4, 4).map(lambda step: T0 + step * 20 * DAY_MS // 3),
        st.sampled_from([1e-8, -7.25, 0.1, 9_999_999.9999, float("nan")]),
        st.sampled_from([0, 250, -40, 1 << 40]),
    ),
    max_size=8,
)
Row = tuple[int, int, float, int]


class Life:
    """A store, a plain dict of what it was given, and what befalls it while it is tidied."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: dict[tuple[str, int], tuple[float, int]] = {}
        self.at: dict[int, Callable[[], None]] = {}
        self.passed = 0
        self.store = self.opened()

    def opened(self) -> DuckDBStore:
        """With small pieces, so that there are several."""
        return DuckDBStore(self.path, piece_rows=PIECE_ROWS, failpoint=self.failpoint)

    def failpoint(self, _where: str) -> None:
        """Counts; something may happen at one of them."""
        self.passed += 1
        self.at.pop(self.passed, lambda: None)()

    def append(self, rows: list[Row]) -> None:
        """The first that is received stands."""
        self.store.append(self.store.position() + 1, columns(rows))
        for of, t, value, delay in rows:
            self.kept.setdefault((NAMES[of], t), (value, t + delay))

    def reopen(self) -> None:
        """As after an end in peace."""
        self.store.close()
        self.store = self.opened()

    def tidy(self, step: int, befalls: Callable[[], None]) -> None:
        """Something happens at a place of it, if it comes there."""
        self.passed, self.at = 0, {step: befalls}
        try:
            self.store.tidy()
        except Killed:
            self.reopen()

    def check(self) -> None:
        """The store gives back what the dict holds."""
        for name in NAMES:
            track = self.store.track(name, 0, FOREVER)
            expected = sorted((t, *rest) for (of, t), rest in self.kept.items() if of == name)
            assert track.t.tolist() == [t for t, _, _ in expected]
            np.testing.assert_array_equal(track.value, [value for _, value, _ in expected])
            assert track.received.tolist() == [received for _, _, received in expected]
            latest = [row for row in self.store.latest() if row.series == name]
            newest = [(row.t_ms, row.received_ms) for row in latest]
            assert newest == [(t, received) for t, _, received in expected[-1:]]


def die() -> None:
    """No transaction is open here."""
    raise Killed


STEP = st.one_of(
    st.builds(methodcaller, st.just("append"), ROWS),
    st.just(methodcaller("reopen")),
    st.builds(methodcaller, st.just("tidy"), st.integers(0, 9), st.just(die)),
    st.builds(
        lambda step, rows: lambda life: life.tidy(step, partial(life.append, rows)),
        st.integers(0, 9),
        ROWS,
    ),
)


@settings(max_examples=examples(50))  # each opens several files
@given(st.lists(STEP, max_size=8))
def test_of_whatever_comes_what_was_received_first_is_given_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Callable[[Life], None]]
) -> None:
    """Appended, tidied, killed in between, appended in between and reopened, as by a dict."""
    life = Life(tmp_path_factory.mktemp("store") / "readings.duckdb")
    for step in steps:
        step(life)
        life.check()
    life.store.close()


def tidied_until(path: Path, passes: int) -> None:
    """The life of a process that is killed at a failpoint of tidying."""
    left = passes

    def failpoint(_where: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    store = DuckDBStore(path, piece_rows=PIECE_ROWS, failpoint=failpoint)
    steady(store, range(4, 8))
    store.tidy()


@pytest.mark.parametrize("passes", [1, 2, 6, 12, 13])
def test_a_process_killed_while_tidying_lost_nothing(tmp_path: Path, passes: int) -> None:
    """Before and between runs and pieces, before the swap, and behind it."""
    path = tmp_path / "readings.duckdb"
    store = DuckDBStore(path)
    steady(store, range(4))
    store.tidy()
    store.close()

    context = multiprocessing.get_context("spawn")
    process = context.Process(target=tidied_until, args=(path, passes))
    process.start()
    process.join(60)

    assert process.exitcode == -signal.SIGKILL
    again = DuckDBStore(path)
    assert again.position() == 8
    swapped = passes == 13
    assert tables(again) == {"sorted_202603"} | (set() if swapped else {"fresh_202603_1"})
    for of, name in enumerate(NAMES):
        assert values(again, name) == [of + minute / 8 for minute in range(8)]
    again.tidy()
    assert tables(again) == {"sorted_202603"}
    again.close()


def test_what_arrives_while_it_is_tidied_is_kept(tmp_path: Path) -> None:
    """One thread appends, one reads, one tidies again and again; nothing is missing at any time."""
    store = DuckDBStore(tmp_path / "readings.duckdb", piece_rows=50)
    steady(store, range(200))
    stop = threading.Event()
    failed: list[BaseException] = []

    def again_and_again(work: Callable[[], None]) -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    def read() -> None:
        found = values(store, "s/b")
        assert found == [1 + minute / 8 for minute in range(len(found))]
        assert len(found) >= 200

    threads = [threading.Thread(target=again_and_again, args=(of,)) for of in (store.tidy, read)]
    for thread in threads:
        thread.start()
    steady(store, range(200, 600))
    stop.set()
    for thread in threads:
        thread.join()

    assert failed == []
    store.tidy()
    assert values(store, "t/a") == [2 + minute / 8 for minute in range(600)]
    assert tables(store) == {"sorted_202603"}
    store.close()


def test_reported_to_stop_it_leaves_off_and_a_closed_store_is_not_opened_again(
    tmp_path: Path,
) -> None:
    """In the midst of it."""
    stop, path = threading.Event(), tmp_path / "readings.duckdb"
    store = DuckDBStore(path, piece_rows=PIECE_ROWS, failpoint=lambda _: stop.set())
    steady(store, range(4))

    store.tidy(stop)
    assert "fresh_202603_1" in tables(store)
    store._tidying.failpoint = lambda _: store.close()
    store.tidy()

    again = DuckDBStore(path)
    assert values(again, "s/a") == [minute / 8 for minute in range(4)]
    again.close()


def test_only_months_to_which_something_came_are_written_anew(tmp_path: Path) -> None:
    """The others keep their table."""
    store = DuckDBStore(tmp_path / "readings.duckdb")
    store.append(1, columns([(0, T0 - 1, 1.0, 0), (0, T0, 2.0, 0)]))
    store.tidy()
    passed: list[str] = []
    store._tidying.failpoint = passed.append

    store.append(2, columns([(0, T0 + 1, 3.0, 0)]))
    store.tidy()
    store.tidy()

    assert passed == ["tidying", "tidying", "tidied"]
    assert tables(store) == {"sorted_202602", "sorted_202603"}
    store.close()


def test_tidied_a_series_lies_together_by_time(tmp_path: Path) -> None:
    """So that a span of it is read in one go; the others are passed by."""
    store = DuckDBStore(tmp_path / "readings.duckdb", piece_rows=70)
    steady(store, range(100))
    store.append(store.position() + 1, columns([(1, T0 - 1 + MINUTE_MS, 5.0, 0)]))

    store.tidy()

    rows = store._file.db.execute("select series, t from sorted_202603 order by rowid").fetchall()
    assert rows == sorted(rows)
    assert len(rows) == 301
    store.close()


def test_the_latest_is_found_in_whatever_month_it_lies(tmp_path: Path) -> None:
    """Newest months first; one with a doubted clock is none there either, and of two of one
    instant the first stands.
    """
    path = tmp_path / "readings.duckdb"
    store = DuckDBStore(path)
    store.append(1, columns([(0, T0 - 70 * DAY_MS, 1.0, 0), (1, T0 - 5 * DAY_MS, 2.0, 0)]))
    store.tidy()
    store.append(2, columns([(1, T0 - 5 * DAY_MS, 3.0, 7), (2, T0, 4.0, 0), (2, T0, 5.0, 1)]))
    doubted = columns([(0, T0, 6.0, 0), (2, T0 + 1, 6.0, 0)])
    doubted.cause[:] = Cause.CLOCK
    store.append(3, doubted)
    store.close()
    again = DuckDBStore(path)

    assert {row.series: (row.value, row.received_ms) for row in again.latest()} == {
        "s/a": (1.0, T0 - 70 * DAY_MS),
        "s/b": (2.0, T0 - 5 * DAY_MS),
        "t/a": (4.0, T0),
    }
    again.close()


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 60)), max_size=20))
def test_pieces_cover_every_reading_once(sizes: list[tuple[int, int]]) -> None:
    """And neighbouring series share one as long as it is not too large."""
    counts = [(of, n, 7 * of, 7 * of + span) for of, (n, span) in enumerate(sizes)]

    cut = list(pieces(counts, 10))

    for of, _, low, high in counts:
        for t in range(low, high + 1):
            assert sum(holds(piece, of, t) for piece in cut) == 1
    for piece in cut:
        held = [n for of, n, *_ in counts if piece.first <= of <= piece.last]
        assert sum(held) <= 10 or len(held) == 1


def holds(piece: Piece, series: int, t: int) -> bool:
    """Whether a reading belongs to it."""
    return piece.first <= series <= piece.last and piece.from_ms <= t < piece.to_ms


def test_a_month_begins_where_its_name_says() -> None:
    """In UTC; what lies beyond a name is held by the outermost."""
    assert (month_of(T0 - 1), month_of(T0)) == ("202602", "202603")
    assert begin_ms("202603") == T0
    assert month_of(1 << 60) == "999912"


@pytest.mark.parametrize("whole_rows", [10, 1_000_000])
def test_a_span_of_sorted_months_reads_as_it_did_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole_rows: int
) -> None:
    """Asked for whole or in a stream; and the months apart, with one that is not sorted."""
    monkeypatch.setattr("ingest.store.duckdb.tables.WHOLE_ROWS", whole_rows)
    store = DuckDBStore(tmp_path / "readings.duckdb")
    days = [(0, T0 + day * DAY_MS, day / 8, 300 + day) for day in range(90)]
    store.append(1, columns(days[::-1]))
    before = store.track("s/a", 0, FOREVER)

    store.tidy()

    for begin, end in ((0, FOREVER), (T0 + 3 * DAY_MS, T0 + 40 * DAY_MS)):
        inside = (before.t >= begin) & (before.t < end)
        assert_same(store.track("s/a", begin, end), before.where(inside))
        t, value = store.good("s/a", begin, end)
        assert (t.tolist(), value.tolist()) == (
            before.t[inside].tolist(),
            before.value[inside].tolist(),
        )
    store.append(2, columns([(0, T0 + 90 * DAY_MS, 7.5, 1)]))
    assert store.track("s/a", 0, FOREVER).value.tolist() == [*before.value.tolist(), 7.5]
    store.close()


def assert_same(one: Track, other: Track) -> None:
    """Every column."""
    for name in ("t", "value", "quality", "cause", "received"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
