"""Readings in DuckDB: the embedded default. No primary key; tables a month.

Readings arrive in a *fresh* table of their month; ``tidy`` makes one table of a month, sorted by
series and time, where a series lies together and a reading takes less than half the space. While
it does so, readings arrive in the next generation of the month. The first reading received at an
instant of a series stands, whether it was tidied or not; only ``means`` counts both until it was,
as that no two come is the store writer's care.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from config.vocabulary.quality import Quality
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.journal.columns import Columns
from ingest.store.downsampling import drawn
from ingest.store.duckdb import tables
from ingest.store.duckdb.file import DuckDBFile
from ingest.store.duckdb.newest import Newest
from ingest.store.duckdb.tidying import PIECE_ROWS, Tidying, clear
from ingest.store.months import month_of
from ingest.store.protocol import Good, Latest, Mean, Track


class DuckDBStore:
    """One file, one process. ``latest`` is answered from memory, as of the last commit.

    ``piece_rows`` bounds what ``tidy`` sorts at once; ``failpoint`` is called between its pieces.

    Raises:
        Refused: it is open elsewhere, damaged, or on a full disk.
    """

    forgets_ms = 0

    def __init__(
        self,
        path: Path,
        *,
        piece_rows: int = PIECE_ROWS,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._newest = Newest()
        self._file = DuckDBFile(path, self._learn)
        self._tidying = Tidying(self._file, piece_rows, failpoint)

    def _learn(self, file: DuckDBFile) -> None:
        """Everything that is known stands on disk."""
        clear(file)
        self._n = file.position()
        self._newest.recall(file)

    def retention(self) -> None:
        """It keeps all."""

    def position(self) -> int:
        """See the protocol."""
        return self._n

    def firm(self) -> int:
        """See the protocol: the number is committed with its readings."""
        return self._n

    def append(self, n: int, columns: Columns) -> None:
        """See the protocol; the number is committed with its readings."""
        if n <= self._n:
            return
        with self._file.lock:
            with self._file.transaction():
                if len(columns):
                    self._insert(columns)
                self._file.keep_position(n)
            self._n = n
            self._newest.remember(columns)

    def put(self, columns: Columns) -> None:
        """See the protocol."""
        with self._file.lock:
            with self._file.transaction():
                self._insert(columns)
            self._newest.remember(columns)

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        key = self._file.ids.get(series, -1)
        with self._file.lock:
            names = self._file.between(from_ms, to_ms)
            # Sorted ones hold a reading once: what came first need not be read.
            in_order = all(map(self._file.months.is_sorted, names))
            what = f"* exclude (series{', age, place' * in_order})"
            found = tables.read(self._file.db, what, names, (key, from_ms, to_ms), whole=in_order)
        return _by_time(found)

    def tracks(self, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Track]:
        """See the protocol."""
        keys = [self._file.ids.get(name, -1) for name in series]
        with self._file.lock:
            names = self._file.between(from_ms, to_ms)
            found = tables.read_some(self._file.db, names, keys, (from_ms, to_ms))
        key = found.pop("series")
        return {
            name: _by_time({of: column[key == at] for of, column in found.items()})
            for name, at in zip(series, keys, strict=True)
        }

    def good(self, series: str, from_ms: int, to_ms: int) -> Good:
        """See the protocol."""
        key = self._file.ids.get(series, -1)
        with self._file.lock:
            names = self._file.between(from_ms, to_ms)
            if all(map(self._file.months.is_sorted, names)):
                return tables.good(self._file.db, names, (key, from_ms, to_ms))
        return self.track(series, from_ms, to_ms).good()

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol."""
        return drawn(self.track(series, from_ms, to_ms), from_ms, to_ms, points)

    def latest(self) -> list[Latest]:
        """See the protocol."""
        with self._file.lock:
            return self._newest.all()

    def series(self) -> list[str]:
        """See the protocol."""
        with self._file.lock:
            return list(self._file.ids)

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        ids = {self._file.ids[name]: name for name in series if name in self._file.ids}
        if not ids:
            return []
        marks, width = ", ".join("?" * len(ids)), hours * HOUR_MS
        query = f"""
            select series, (t + {EAST_MS}) // {width} * {width} - {EAST_MS} as begin_ms,
                   avg(value) filter (quality = {int(Quality.GOOD)}),
                   count(*) filter (quality = {int(Quality.GOOD)}), count(*)
            from {{span}}
            where series in ({marks}) and t >= ? and t < ? group by series, begin_ms
            order by begin_ms
        """  # noqa: S608 - figures and table names of our own
        with self._file.lock:
            names = self._file.between(from_ms, to_ms)
            found = self._file.db.execute(
                query.format(span=tables.union(names)), [*ids, from_ms, to_ms]
            )
            rows = found.fetchall()
        return [Mean(ids[key], *row) for key, *row in rows]

    def tidy(self, stop: threading.Event | None = None) -> None:
        """See the protocol.

        Raises:
            duckdb.Error: a full disk; nothing is lost, and the store takes readings on.
        """
        self._tidying.run(stop or threading.Event())

    def drop_before(self, before_ms: int) -> None:
        """See the protocol; waits for a ``tidy`` that is at work."""
        with self._tidying.at_work, self._file.lock:
            gone = self._file.months.ended(before_ms)
            with self._file.transaction():
                for name in [name for of in gone for name in self._file.months.tables(of)]:
                    tables.drop(self._file.db, name)
            self._file.months.found(tables.listed(self._file.db))
            self._newest.forget(gone)
            self._file.checkpoint()

    def close(self) -> None:
        """See the protocol."""
        self._file.close()

    def _insert(self, columns: Columns) -> None:
        held = np.bincount(columns.series, minlength=len(columns.names)) > 0
        new = [
            name
            for name, is_held in zip(columns.names, held.tolist(), strict=True)
            if is_held and name not in self._file.ids
        ]
        if new:
            self._file.add_series(new)
        ids = np.array([self._file.ids.get(name, -1) for name in columns.names], np.int32)
        batch: dict[str, Any] = {
            "series": ids[columns.series],
            "t": columns.t,
            "value": columns.value,
            "quality": columns.quality,
            "cause": columns.cause,
            "delay": columns.received - columns.t,
        }
        first, last = (month_of(int(of)) for of in (columns.t.min(), columns.t.max()))
        if first == last:
            self._put(batch, first)
            return
        months = columns.t.astype("datetime64[ms]").astype("datetime64[M]")
        for month in np.unique(months):
            here = months == month
            rows = {name: column[here] for name, column in batch.items()}
            self._put(rows, str(month).replace("-", ""))

    def _put(self, rows: dict[str, Any], month: str) -> None:
        table, there = self._file.months.arriving(month)
        if not there:
            tables.create(self._file.db, table)
            self._file.months.found(tables.listed(self._file.db))
        self._file.db.register("batch", rows)
        self._file.db.execute(
            f"insert into {table} select series, t, case when isnan(value) then null else value"  # noqa: S608
            " end, quality, cause, delay from batch"
        )
        self._file.db.unregister("batch")


def _by_time(found: dict[str, Any]) -> Track:
    """Rows of one series; of one instant the first that was received stands."""
    t = found["t"]
    if not np.all(t[1:] > t[:-1]):  # tidied, it comes in order
        order = np.lexsort([found[key] for key in ("place", "age", "t") if key in found])
        first = np.ones(len(t), bool)
        first[1:] = t[order][1:] != t[order][:-1]
        found = {name: column[order[first]] for name, column in found.items()}
        t = found["t"]
    value = np.ma.filled(np.ma.asarray(found["value"], np.float64), np.nan)
    received = np.add(t, found["delay"], out=found["delay"])  # its memory serves again
    return Track(t, value, found["quality"], found["cause"], received)
