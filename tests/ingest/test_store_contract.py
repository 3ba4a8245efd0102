"""Every sentence of the store's protocol, on every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause, Quality
from ingest.journal import Columns
from ingest.store.duckdb import DuckDBStore
from ingest.store.protocol import Store

T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC, an hour's and a month's beginning
BOOT = "ef" * 16


def columns(*rows: tuple[str, int, float], quality: int = 1, cause: int = 0) -> Columns:
    """Rows of series, instant and value."""
    names = tuple(dict.fromkeys(row[0] for row in rows))
    count = len(rows)
    return Columns(
        names=names,
        series=np.array([names.index(row[0]) for row in rows], np.uint32),
        t=np.array([row[1] for row in rows], np.int64),
        value=np.array([row[2] for row in rows]),
        quality=np.full(count, quality, np.uint8),
        cause=np.full(count, cause, np.uint8),
        received=np.full(count, T0, np.int64),
        boots=(BOOT,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )


@pytest.fixture(params=["duckdb"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store, closing it first where it is open."""
    opened: list[Store] = []

    def anew() -> Store:
        while opened:
            opened.pop().close()
        opened.append(DuckDBStore(tmp_path / "readings.duckdb"))
        return opened[0]

    yield anew
    for store in opened:
        store.close()


def test_what_is_appended_is_given_back_by_time_and_survives_reopening(
    reopen: Callable[[], Store],
) -> None:
    """Rows may come in any order, from two months."""
    store = reopen()
    store.append(1, columns(("s/a", T0 + 5, 2.0), ("s/a", T0 - 5, 1.0), ("s/b", T0, 9.0)))
    for _ in range(2):
        track = store.track("s/a", T0 - 10, T0 + 10)
        assert track.t.tolist() == [T0 - 5, T0 + 5]
        assert track.value.tolist() == [1.0, 2.0]
        assert store.position() == 1
        store = reopen()


def test_a_span_is_half_open_and_an_unknown_series_is_empty(reopen: Callable[[], Store]) -> None:
    """from <= t < to."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0), ("s/a", T0 + 10, 2.0)))

    assert store.track("s/a", T0, T0 + 10).value.tolist() == [1.0]
    assert len(store.track("s/none", 0, T0 * 2)) == 0


def test_a_repeated_entry_does_no_harm(reopen: Callable[[], Store]) -> None:
    """The keeper repeats what it is not sure of."""
    store = reopen()
    for _ in range(2):
        store.append(1, columns(("s/a", T0, 1.0)))

    assert len(store.track("s/a", 0, T0 * 2)) == 1


def test_of_one_series_and_instant_the_first_reading_stands(reopen: Callable[[], Store]) -> None:
    """Within a batch, in a later batch, and after reopening."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0), ("s/a", T0, 2.0), ("s/a", T0 + 9, 5.0)))
    store.append(2, columns(("s/a", T0, 3.0)))
    store = reopen()
    store.append(3, columns(("s/a", T0, 4.0)))

    assert store.track("s/a", 0, T0 * 2).value.tolist() == [1.0, 5.0]


def test_a_missing_value_is_nan_and_keeps_its_cause(reopen: Callable[[], Store]) -> None:
    """Missing is data too."""
    store = reopen()
    store.append(1, columns(("s/a", T0, np.nan), quality=Quality.MISSING, cause=Cause.TIMEOUT))

    track = store.track("s/a", 0, T0 * 2)

    assert np.isnan(track.value[0])
    assert (track.quality[0], track.cause[0]) == (Quality.MISSING, Cause.TIMEOUT)
    assert store.latest()[0].value is None


def test_latest_is_the_newest_reading_and_a_doubted_clock_moves_none(
    reopen: Callable[[], Store],
) -> None:
    """Late readings do not move it either; it survives reopening."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0)))
    store.append(2, columns(("s/a", T0 - 50, 0.0)))
    store.append(3, columns(("s/a", T0 + 50, 7.0), quality=Quality.SUSPECT, cause=Cause.CLOCK))
    for _ in range(2):
        assert [(row.series, row.t_ms, row.value) for row in store.latest()] == [("s/a", T0, 1.0)]
        store = reopen()


def test_a_drawing_keeps_the_extremes(reopen: Callable[[], Store]) -> None:
    """One spike among thousands is still there."""
    store = reopen()
    values = np.zeros(5000)
    values[1234], values[3456] = 50, -50
    store.append(1, columns(*[("s/a", T0 + i, float(v)) for i, v in enumerate(values)]))

    drawn = store.drawing("s/a", T0, T0 + 5000, 100)

    assert len(drawn) <= 110
    assert {50.0, -50.0} <= set(drawn.value.tolist())
    assert np.all(np.diff(drawn.t) > 0)


def test_hourly_means_leave_out_what_is_not_good(reopen: Callable[[], Store]) -> None:
    """And say how many of how many were good."""
    store = reopen()
    store.append(1, columns(("s/a", T0, 1.0), ("s/a", T0 + 3_599_999, 3.0)))
    store.append(2, columns(("s/a", T0 + 7, 900.0), quality=Quality.BAD, cause=Cause.RANGE))

    rows = store.hourly(["s/a", "s/none"], T0 - 3_600_000, T0 + 3_600_000)

    assert [(r.series, r.hour_ms, r.mean, r.good, r.samples) for r in rows] == [
        ("s/a", T0, 2.0, 2, 3)
    ]


def test_a_second_process_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """DuckDB belongs to one process; here a damaged lock stands for the other one."""
    (tmp_path / "readings.duckdb").mkdir()
    with pytest.raises(Refused, match="data_dir"):
        DuckDBStore(tmp_path / "readings.duckdb")
