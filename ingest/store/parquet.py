"""Parquet files: tracks kept to the bit for a backup, and readings written out for people.

The only Parquet of ours, written and read by DuckDB. Its ``copy`` cannot append, so rows are
gathered in a file of its own beside the one to come, and copied from there in one go: memory stays
flat, the disk holds them twice for a while.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from config.vocabulary.errors import Refused
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality
from ingest.store.protocol import Track

READ_ROWS = 250_000
"""Rows that are read at once; a single track that has more is read whole."""
_MEMORY = "512MB"
_TRACKS = (
    "part bigint, series varchar, t bigint, value double, quality utinyint, cause utinyint,"
    " received bigint"
)
_SHOWN = (
    "station varchar, indicator varchar, t bigint, value double, unit varchar, quality utinyint,"
    " cause utinyint, received bigint"
)


class _Gathering:
    """Rows on their way into a Parquet file. Left by an error it writes none.

    Raises:
        Refused: the disk does not take it, at any time.
    """

    def __init__(self, path: Path, columns: str, shown: str = "*") -> None:
        self._path, self._rows = path, path.with_name(path.name + ".rows")
        self._shown = shown
        self._discard()
        with self._written():
            self._db = duckdb.connect(str(self._rows))
            self._db.execute(f"set memory_limit = '{_MEMORY}'")
            self._db.execute(f"create table gathered ({columns})")

    def put(self, arrays: Mapping[str, NDArray[Any]], **same: str | int) -> None:
        """Add rows; the ``same`` values stand in every one of them."""
        names = ", ".join([*same, *arrays])
        values = ", ".join([*("?" for _ in same), *arrays])
        query = f"insert into gathered ({names}) select {values} from batch"  # noqa: S608
        with self._written():
            self._db.register("batch", arrays)
            self._db.execute(query, list(same.values()))
            self._db.unregister("batch")

    def close(self) -> None:
        """Write the file, to disk."""
        target = str(self._path).replace("'", "''")
        query = f"copy (select {self._shown} from gathered) to '{target}' (format parquet)"  # noqa: S608
        try:
            with self._written():
                self._db.execute(query)
            fd = os.open(self._path, os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise
        finally:
            self.drop()

    def drop(self) -> None:
        """Discard the gathered rows."""
        self._db.close()
        self._discard()

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except duckdb.IOException as error:
            remedy = "free space on its disk, or name another place"
            raise Refused(str(self._path), "cannot be written", remedy) from error

    def _discard(self) -> None:
        for path in (self._rows, self._rows.with_name(self._rows.name + ".wal")):
            path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()


class Writer(_Gathering):
    """Tracks into a Parquet file that stands when the context has ended well.

    Each ``add`` is a part with a number, by which ``read`` finds it in flat memory. A missing
    value is null there; every other comes back to the bit.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, _TRACKS)
        self._part = 0

    def add(self, series: str, track: Track) -> None:
        """Behind what was added before; an empty track leaves no trace."""
        if len(track):
            self._part += 1
            self.put(_arrays(track), part=self._part, series=series)


class Table(_Gathering):
    """Readings for people, one a row, into a Parquet file: station, indicator, time (timestamp
    with time zone), value in the named unit, quality and cause by name, received (as time).
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, _SHOWN, _shown())

    def add(self, series: str, track: Track) -> None:
        """Readings of "station/indicator"."""
        if len(track):
            station, _, code = series.partition("/")
            unit = INDICATORS[code].unit
            self.put(_arrays(track), station=station, indicator=code, unit=unit)


def read(path: Path) -> Iterator[tuple[str, Track]]:
    """The rows of a ``Writer``, in its order and its parts, some ``READ_ROWS`` at once."""
    with duckdb.connect() as db:
        db.execute(f"set memory_limit = '{_MEMORY}'")
        parts = db.execute(
            "select part, any_value(series), count(*) from read_parquet(?) group by part"
            " order by part",
            [str(path)],
        ).fetchall()
        for some in _windows(parts):
            yield from _tracks(db, path, some)


def first_ms(path: Path) -> int | None:
    """The earliest instant of a ``Writer``'s rows; None where that was nothing."""
    with duckdb.connect() as db:
        row = db.execute("select min(t) from read_parquet(?)", [str(path)]).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def _windows(parts: list[tuple[int, str, int]]) -> Iterator[list[tuple[int, str, int]]]:
    some: list[tuple[int, str, int]] = []
    for part in parts:
        if some and sum(rows for _, _, rows in some) + part[2] > READ_ROWS:
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def _tracks(
    db: duckdb.DuckDBPyConnection, path: Path, parts: list[tuple[int, str, int]]
) -> Iterator[tuple[str, Track]]:
    """DuckDB keeps the order of a file's rows, and skips row groups by their lowest and highest
    part.
    """
    found = db.execute(
        "select t, value, quality, cause, received from read_parquet(?)"
        " where part between ? and ?",
        [str(path), parts[0][0], parts[-1][0]],
    ).fetchnumpy()
    value = np.ma.filled(np.ma.asarray(found["value"], np.float64), np.nan)
    begin = 0
    for _, series, rows in parts:
        here = slice(begin, begin + rows)
        begin += rows
        rest = (found[name][here] for name in ("quality", "cause", "received"))
        yield series, Track(found["t"][here], value[here], *rest)


def _arrays(track: Track) -> dict[str, NDArray[Any]]:
    return {
        "t": track.t,
        "value": track.value,
        "quality": track.quality,
        "cause": track.cause,
        "received": track.received,
    }


def _shown() -> str:
    quality, cause = _named("quality", Quality), _named("cause", Cause)
    time, received = (f"epoch_ms({name}) at time zone 'UTC'" for name in ("t", "received"))
    return (
        f"station, indicator, {time} as time, value, unit, {quality} as quality,"
        f" {cause} as cause, {received} as received"
    )


def _named(column: str, words: type[Quality | Cause]) -> str:
    cases = " ".join(f"when {int(word)} then '{word.name.lower()}'" for word in words)
    return f"case {column} {cases} end"
