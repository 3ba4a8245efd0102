"""The archive: tracks come back to the bit, in their order and in flat memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.quality import Cause, Quality
from ingest.store import parquet
from ingest.store.parquet import Table, Writer, read
from ingest.store.protocol import Track

T = 1_700_000_000_123


def track(
    *rows: tuple[int, float, int, int, int],
) -> Track:
    """Instant, value, quality, cause, received."""
    t, value, quality, cause, received = zip(*rows, strict=True) if rows else ((),) * 5
    return Track(
        np.array(t, np.int64),
        np.array(value, np.float64),
        np.array(quality, np.uint8),
        np.array(cause, np.uint8),
        np.array(received, np.int64),
    )


def bits(written: Track) -> tuple[bytes, ...]:
    """All of a track; only that a value is missing counts, not how NaN is written."""
    value = np.where(np.isnan(written.value), np.nan, written.value)
    arrays = (written.t, value, written.quality, written.cause, written.received)
    return tuple(array.tobytes() for array in arrays)


INSTANTS = st.integers(-(1 << 63), (1 << 63) - 1)
FLAGS = st.integers(0, 255)
ROWS = st.tuples(INSTANTS, st.floats(), FLAGS, FLAGS, INSTANTS)
PARTS = st.lists(
    st.tuples(st.sampled_from(["a/w21003", "b/w21003", "'é/x"]), st.lists(ROWS, max_size=12)),
    max_size=5,
)


@given(PARTS)
def test_tracks_come_back_to_the_bit(
    parts: list[tuple[str, list[tuple[int, float, int, int, int]]]],
) -> None:
    """Signed zeros, infinities and the smallest numbers among them; none is taken for missing."""
    given_ = [(series, track(*rows)) for series, rows in parts]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it's.parquet"
        with Writer(path) as writer:
            for series, part in given_:
                writer.add(series, part)

        found = [(series, bits(part)) for series, part in read(path)]

        assert [entry.name for entry in Path(folder).iterdir()] == [path.name]
    assert found == [(series, bits(part)) for series, part in given_ if len(part)]


def test_many_rows_are_read_in_windows_and_come_back_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a track is larger than a window, or a row group ends within one."""
    monkeypatch.setattr(parquet, "READ_ROWS", 60_000)
    random = np.random.default_rng(1)
    parts = []
    with Writer(tmp_path / "a.parquet") as writer:
        for place, count in enumerate([100_000, 30_000, 1, 40_000, 90_000, 5]):
            part = Track(
                T + np.arange(count, dtype=np.int64),
                random.normal(size=count),
                np.full(count, Quality.GOOD, np.uint8),
                np.full(count, Cause.NORMAL, np.uint8),
                np.full(count, place, np.int64),
            )
            parts.append((f"s{place % 2}/w21003", part))
            writer.add(*parts[-1])

    found = list(read(tmp_path / "a.parquet"))

    assert [(series, bits(part)) for series, part in found] == [
        (series, bits(part)) for series, part in parts
    ]


def test_one_without_rows_is_a_file_all_the_same(tmp_path: Path) -> None:
    """A year in which nothing was measured."""
    with Writer(tmp_path / "a.parquet") as writer:
        writer.add("a/w21003", track())

    assert list(read(tmp_path / "a.parquet")) == []


def test_a_writer_left_by_an_error_leaves_nothing(tmp_path: Path) -> None:
    """Half a file would be taken for a whole one."""
    with pytest.raises(ZeroDivisionError), Writer(tmp_path / "a.parquet") as writer:
        writer.add("a/w21003", track((T, 0.5, 1, 0, T)))
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    """Its rows are not taken for ours."""
    left = Writer(tmp_path / "a.parquet")
    left.add("a/w21003", track((T, 0.5, 1, 0, T)))
    left._db.close()
    with Writer(tmp_path / "a.parquet"):
        pass

    assert list(read(tmp_path / "a.parquet")) == []


def test_a_table_for_people_has_times_units_and_words(tmp_path: Path) -> None:
    """Any tool that reads Parquet understands it."""
    with Table(tmp_path / "a.parquet") as table:
        table.add("a/w21003", track((T, 0.5, 1, 0, T + 1), (T + 2, np.nan, 9, 20, T + 3)))

    with duckdb.connect() as db:
        db.execute("set timezone = 'Asia/Shanghai'")
        found = db.execute(
            "select * exclude (time, received), epoch_ms(time), epoch_ms(received)"
            f" from '{tmp_path / 'a.parquet'}'"
        ).fetchall()
        kinds = db.execute(f"describe from '{tmp_path / 'a.parquet'}'").fetchall()

    assert found == [
        ("a", "w21003", 0.5, "mg/L", "good", "normal", T, T + 1),
        ("a", "w21003", None, "mg/L", "missing", "timeout", T + 2, T + 3),
    ]
    assert {name: kind for name, kind, *_ in kinds}["time"] == "TIMESTAMP WITH TIME ZONE"


def test_the_earliest_instant_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """None where there is none."""
    with Writer(tmp_path / "a.parquet") as writer:
        writer.add("s/w21003", track((T + 5, 1, 1, 0, 0), (T + 9, 1, 1, 0, 0)))
        writer.add("s/w01009", track((T, 1, 1, 0, 0)))
    with Writer(tmp_path / "b.parquet"):
        pass
    assert parquet.first_ms(tmp_path / "a.parquet") == T
    assert parquet.first_ms(tmp_path / "b.parquet") is None
