"""A disk that is full for a while costs the DuckDB store neither readings nor its file."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pytest

from ingest.journal.columns import Columns
from ingest.store.duckdb.store import DuckDBStore

T0 = 1_772_323_200_000
MONTH_MS = 31 * 86_400_000
ROWS = 5000


def batch(name: str, t: int) -> Columns:
    """Readings that do not compress, so that a limit on file sizes is met."""
    rng = np.random.default_rng(7)
    return Columns(
        names=(name,),
        series=np.zeros(ROWS, np.uint32),
        t=t + np.arange(ROWS),
        value=rng.random(ROWS),
        quality=np.ones(ROWS, np.uint8),
        cause=np.zeros(ROWS, np.uint8),
        received=rng.integers(0, 1 << 60, ROWS),
        boots=("ef" * 16,),
        boot=np.zeros(ROWS, np.uint16),
        seq=np.arange(ROWS),
    )


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """What a full disk does to a file that grows, without filling one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("checkpoint", "room"),
    [("16MB", 20_000), ("50KB", 600_000)],
    ids=["the commit fails", "the checkpoint after it fails, which ends the whole instance"],
)
def test_after_a_full_disk_the_store_goes_on_and_opens_again(
    tmp_path: Path, checkpoint: str, room: int
) -> None:
    """Given a new series in a new month when the disk fills, the next try finds a sound file."""
    path = tmp_path / "readings.duckdb"
    store = DuckDBStore(path)
    store._file.db.execute(f"set checkpoint_threshold = '{checkpoint}'")
    store.append(1, batch("s/old", T0))
    largest = max(file.stat().st_size for file in tmp_path.iterdir())

    n = 2
    with no_file_beyond(largest + room), pytest.raises(duckdb.Error):
        for n in range(2, 40):
            store.append(n, batch(f"s/{n}", T0 + n * MONTH_MS))
    store.append(n, batch(f"s/{n}", T0 + n * MONTH_MS))
    before = {row.series for row in store.latest()}
    store.close()
    again = DuckDBStore(path)

    assert again.position() == n
    assert {row.series for row in again.latest()} == before
    assert before == {"s/old", *(f"s/{k}" for k in range(2, n + 1))}
    for k in range(2, n + 1):
        assert len(again.track(f"s/{k}", 0, 1 << 50)) == ROWS
    again.close()


@pytest.mark.parametrize("checkpoint", ["16MB", "50KB"])
def test_a_disk_that_is_full_while_tidying_costs_nothing(tmp_path: Path, checkpoint: str) -> None:
    """It goes on as it was, takes readings, and is tidied when there is room."""
    path = tmp_path / "readings.duckdb"
    store = DuckDBStore(path, piece_rows=ROWS)
    store._file.db.execute(f"set checkpoint_threshold = '{checkpoint}'")
    for n in range(1, 9):
        store.append(n, batch(f"s/{n}", T0))
    tracks = [store.track(f"s/{n}", 0, 1 << 50) for n in range(1, 9)]
    largest = max(file.stat().st_size for file in tmp_path.iterdir())

    with no_file_beyond(largest + 100_000), pytest.raises(duckdb.Error):
        store.tidy()
    store.append(9, batch("s/9", T0))
    for _ in range(2):
        for n, track in enumerate(tracks, start=1):
            found = store.track(f"s/{n}", 0, 1 << 50)
            np.testing.assert_array_equal(found.t, track.t)
            np.testing.assert_array_equal(found.value, track.value)
            np.testing.assert_array_equal(found.received, track.received)
        assert store.position() == 9
        assert len(store.track("s/9", 0, 1 << 50)) == ROWS
        store.tidy()
    store.close()
    again = DuckDBStore(path)

    assert [len(again.track(f"s/{n}", 0, 1 << 50)) for n in range(1, 10)] == [ROWS] * 9
    assert again._file.months.unsorted() == []
    again.close()
