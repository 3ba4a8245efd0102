"""Readings in DuckDB: the embedded default. No primary key; tables a month.

Readings arrive in a *fresh* table of their month; ``tidy`` makes one table of a month, sorted by
series and time, where a series lies together and a reading takes less than half the space. While
it does so, readings arrive in the next generation of the month. Of one series and instant the
first that was received stands, whether it was tidied or not; only ``means`` counts both until it
was, as that no two come is the store writer's care.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.journal.columns import Columns
from ingest.store.downsampling import drawn
from ingest.store.duckdb import tables
from ingest.store.months import Months, Piece, building_table, month_of, pieces, sorted_table
from ingest.store.protocol import Good, Latest, Mean, Track

BLOCK_BYTES = 65_536
"""At DuckDB's own 256 KiB a column of a row group fills half a block; below 64 KiB it packs no
numbers (both tried).
"""
PIECE_ROWS = 500_000
"""Sorted in a quarter of a second on two cores."""
_SETTINGS: dict[str, Any] = {
    "default_block_size": str(BLOCK_BYTES),
    "memory_limit": "256MB",  # of the file's blocks it would keep what four fifths of memory hold
}


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
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._piece_rows, self._failpoint = path, piece_rows, failpoint
        self._lock, self._tidying = threading.Lock(), threading.Lock()
        self._months = Months()
        self._closed = False
        try:
            self._open()
        except duckdb.Error as error:
            remedy = "stop the other" if "set lock" in str(error) else "restore it from a backup"
            what = f"cannot be opened ({str(error).splitlines()[0]})"
            raise Refused(str(path), what, f"{remedy} or set data_dir") from error

    def _open(self) -> None:
        """Everything that is known stands on disk."""
        self._db = duckdb.connect(str(self._path), config=_SETTINGS)
        self._db.execute("create table if not exists kept as select 0::bigint as n")
        self._db.execute("create table if not exists series (id integer, name varchar)")
        self._ids: dict[str, int] = {}
        self._read_names()
        self._clear()
        ((kept,),) = self._db.execute("select n from kept").fetchall()
        self._n = int(kept)
        self._latest: dict[str, Latest] = {}
        self._recall()

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
        with self._lock:
            with self._transaction():
                if len(columns):
                    self._insert(columns)
                self._db.execute("update kept set n = ?", [n])
            self._n = n
            self._remember(columns)

    def put(self, columns: Columns) -> None:
        """See the protocol."""
        with self._lock:
            with self._transaction():
                self._insert(columns)
            self._remember(columns)

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        key = self._ids.get(series, -1)
        with self._lock:
            names = self._tables(from_ms, to_ms)
            # Sorted ones hold a reading once: what came first need not be read.
            in_order = all(map(self._months.is_sorted, names))
            what = f"* exclude (series{', age, place' * in_order})"
            found = tables.read(self._db, what, names, (key, from_ms, to_ms), whole=in_order)
        t: Any = found["t"]
        if not np.all(t[1:] > t[:-1]):  # tidied, it comes in order
            order = np.lexsort([found[key] for key in ("place", "age", "t") if key in found])
            first = np.ones(len(t), bool)
            first[1:] = t[order][1:] != t[order][:-1]
            found = {name: column[order[first]] for name, column in found.items()}
            t = found["t"]
        value = np.ma.filled(np.ma.asarray(found["value"], np.float64), np.nan)
        received = np.add(t, found["delay"], out=found["delay"])  # its memory serves again
        return Track(t, value, found["quality"], found["cause"], received)

    def good(self, series: str, from_ms: int, to_ms: int) -> Good:
        """See the protocol."""
        key = self._ids.get(series, -1)
        with self._lock:
            names = self._tables(from_ms, to_ms)
            if all(map(self._months.is_sorted, names)):
                return tables.good(self._db, names, (key, from_ms, to_ms))
        return self.track(series, from_ms, to_ms).good()

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol."""
        return drawn(self.track(series, from_ms, to_ms), from_ms, to_ms, points)

    def latest(self) -> list[Latest]:
        """See the protocol."""
        with self._lock:
            return list(self._latest.values())

    def series(self) -> list[str]:
        """See the protocol."""
        with self._lock:
            return list(self._ids)

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        ids = {self._ids[name]: name for name in series if name in self._ids}
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
        with self._lock:
            names = self._tables(from_ms, to_ms)
            found = self._db.execute(
                query.format(span=tables.union(names)), [*ids, from_ms, to_ms]
            )
            rows = found.fetchall()
        return [Mean(ids[key], *row) for key, *row in rows]

    def tidy(self, stop: threading.Event | None = None) -> None:
        """See the protocol.

        Raises:
            duckdb.Error: a full disk; nothing is lost, and the store takes readings on.
        """
        with self._tidying:
            with self._lock:
                months = self._months.unsorted()
            for month in months:
                self._tidy(month, stop or threading.Event())

    def drop_before(self, before_ms: int) -> None:
        """See the protocol; waits for a ``tidy`` that is at work."""
        with self._tidying:
            with self._lock:
                gone = self._months.ended(before_ms)
                with self._transaction():
                    for name in [name for of in gone for name in self._months.tables(of)]:
                        tables.drop(self._db, name)
                self._months.found(tables.listed(self._db))
                kept = [row for row in self._latest.values() if month_of(row.t_ms) not in gone]
                self._latest = {row.series: row for row in kept}
            self._checkpoint()

    def close(self) -> None:
        """See the protocol."""
        with self._lock:
            self._closed = True
            self._db.close()

    def _tidy(self, month: str, stop: threading.Event) -> None:
        try:
            for work in self._works(month):
                if not self._done(work, stop):
                    return
        except duckdb.Error:
            with suppress(duckdb.Error):  # otherwise at the next tidying or opening
                self._done(self._clear, stop)
            raise
        self._checkpoint()

    def _works(self, month: str) -> Iterator[Callable[[], None]]:
        """What tidying a month takes; each is a transaction."""
        building = building_table(month)
        old: list[str] = []
        sources: list[str] = []
        runs: list[tuple[str, str, int]] = []
        cut: list[Piece] = []

        def begin() -> None:
            self._clear()
            old.extend(self._months.finish(month))
            cut.extend(pieces(tables.counts(self._db, old), self._piece_rows))
            for table in old:
                parts = self._runs(table, f"{building}_{table}")
                sources.extend([run for _, run, _ in parts] or [table])
                runs.extend(parts)
            tables.create(self._db, building)

        def swap() -> None:
            for name in {*old, *sources}:
                tables.drop(self._db, name)
            self._db.execute(f"alter table {building} rename to {sorted_table(month)}")

        yield begin
        for table, run, first in runs:
            self._failpoint("tidying")
            yield partial(tables.sort, self._db, table, run, first, 2 * self._piece_rows)
        for piece in cut:
            self._failpoint("tidying")
            yield partial(tables.copy, self._db, sources, building, piece)
        self._failpoint("tidying")
        yield swap
        self._failpoint("tidied")

    def _runs(self, table: str, name: str) -> list[tuple[str, str, int]]:
        """A large table as it arrived, in runs that are sorted first: (table, run, first row). It
        would be read as a whole for every piece. None where it is small or sorted.
        """
        count, size = tables.rows(self._db, table), 2 * self._piece_rows
        if count <= size or self._months.is_sorted(table):
            return []
        return [(table, f"{name}_{first}", first) for first in range(0, count, size)]

    def _clear(self) -> None:
        """Drop what was left half built."""
        for name in self._months.half_built:
            tables.drop(self._db, name)

    def _done(self, work: Callable[[], None], stop: threading.Event) -> bool:
        """Whether to go on. The lock is let go for as long as it was held: whoever waits for it
        would not get it otherwise.
        """
        with self._lock:
            if self._closed or stop.is_set():
                return False
            begun = time.monotonic()
            with self._transaction():
                work()
            self._months.found(tables.listed(self._db))
        stop.wait(time.monotonic() - begun)
        return True

    def _checkpoint(self) -> None:
        """What was dropped becomes room in the file."""
        with self._lock:
            if not self._closed:
                with self._mended():
                    self._db.execute("checkpoint")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; the caller holds the lock."""
        with self._mended():
            self._db.execute("begin")
            yield
            self._db.execute("commit")

    @contextmanager
    def _mended(self) -> Iterator[None]:
        """What fails leaves the store as it is on disk."""
        try:
            yield
        except BaseException:
            self._mend()
            raise

    def _mend(self) -> None:
        """Back to what is on disk."""
        if self._closed:
            return
        try:
            with suppress(duckdb.TransactionException):  # a commit that failed has ended it
                self._db.execute("rollback")
            self._read_names()
        except duckdb.Error:
            # A checkpoint that failed (a full disk) makes DuckDB refuse everything until reopened.
            self._db.close()
            self._open()

    def _read_names(self) -> None:
        """Series and months that are on disk: at opening, and after a failed append."""
        known = self._db.execute("select id, name from series").fetchall()
        self._ids = {name: key for key, name in known}
        self._months.found(tables.listed(self._db))

    def _tables(self, from_ms: int, to_ms: int) -> list[str]:
        """Of the months that a span touches; the caller holds the lock."""
        months = self._months.between(from_ms, to_ms)
        return [name for month in months for name in self._months.tables(month)]

    def _insert(self, columns: Columns) -> None:
        for place, name in enumerate(columns.names):
            if name not in self._ids and (columns.series == place).any():
                self._ids[name] = len(self._ids)
                self._db.execute("insert into series values (?, ?)", [self._ids[name], name])
        ids = np.array([self._ids.get(name, -1) for name in columns.names], np.int32)
        batch: dict[str, Any] = {
            "series": ids[columns.series],
            "t": columns.t,
            "value": columns.value,
            "quality": columns.quality,
            "cause": columns.cause,
            "delay": columns.received - columns.t,
        }
        months = columns.t.astype("datetime64[ms]").astype("datetime64[M]")
        for month in np.unique(months):
            here = months == month
            rows = batch if here.all() else {name: column[here] for name, column in batch.items()}
            self._put(rows, str(month).replace("-", ""))

    def _put(self, rows: dict[str, Any], month: str) -> None:
        table, there = self._months.arriving(month)
        if not there:
            tables.create(self._db, table)
            self._months.found(tables.listed(self._db))
        self._db.register("batch", rows)
        self._db.execute(
            f"insert into {table} select series, t, case when isnan(value) then null else value"  # noqa: S608
            " end, quality, cause, delay from batch"
        )
        self._db.unregister("batch")

    def _remember(self, columns: Columns) -> None:
        """Keep the newest of every series; rows are not in order."""
        for row in columns.newest(columns.cause != Cause.CLOCK):
            name, t = columns.names[columns.series[row]], int(columns.t[row])
            known = self._latest.get(name)
            if known is None or t > known.t_ms:
                value = float(columns.value[row])
                self._latest[name] = Latest(
                    name,
                    t,
                    None if np.isnan(value) else value,
                    Quality(int(columns.quality[row])),
                    Cause(int(columns.cause[row])),
                    int(columns.received[row]),
                )

    def _recall(self) -> None:
        """The latest of every series: from the newest months on, as far as one is missing."""
        names = {key: name for name, key in self._ids.items()}
        for month in reversed(self._months.all()):
            missing = [key for key, name in names.items() if name not in self._latest]
            if not missing:
                return
            newest = tables.newest(self._db, self._months.tables(month), missing)
            for key, t, value, quality, cause, delay in newest:
                self._latest[names[key]] = Latest(
                    names[key], t, value, Quality(quality), Cause(cause), t + delay
                )
