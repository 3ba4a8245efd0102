"""Readings in DuckDB: the embedded default. A table a month, no primary key."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause, Quality
from ingest.journal import Columns
from ingest.store.drawing import drawn
from ingest.store.protocol import HourMean, Latest, Track

HOUR_MS = 3_600_000
_NONE = np.iinfo(np.int64).min
_COLUMNS = "t, value, quality, cause, received"


class DuckDBStore:
    """One file, one process. ``latest`` is answered from memory, as of the last commit."""

    forgets_ms = 0

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = threading.Lock()
        self._open()

    def _open(self) -> None:
        """Everything that is known stands on disk."""
        try:
            self._db = duckdb.connect(str(self._path))
        except duckdb.IOException as error:
            if "lock" in str(error):
                what, remedy = "is open in another process", "stop that one or set data_dir"
            else:
                what = "is no DuckDB file that can be opened"
                remedy = "restore it from a backup or set another data_dir"
            raise Refused(str(self._path), what, remedy) from error
        self._db.execute("create table if not exists kept (n bigint)")
        self._db.execute("create table if not exists series (id integer, name varchar)")
        self._ids: dict[str, int] = {}
        self._months: set[str] = set()
        self._read_names()
        found = self._db.execute("select max(n) from kept").fetchone()
        self._n = int(found[0]) if found and found[0] else 0
        self._latest: dict[str, Latest] = {}
        self._ends: dict[str, int] = {}
        self._recall()

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
            try:
                self._db.execute("begin")
                if len(columns):
                    self._insert(columns)
                self._db.execute("delete from kept")
                self._db.execute("insert into kept values (?)", [n])
                self._db.execute("commit")
            except BaseException:
                self._mend()
                raise
            self._n = n
            self._remember(columns)

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        key = self._ids.get(series, -1)
        with self._lock:
            query = (
                f"select {_COLUMNS} from (select * from {self._span(from_ms, to_ms)})"  # noqa: S608
                " where series = ? and t >= ? and t < ? order by t"
            )
            found = self._db.execute(query, [key, from_ms, to_ms]).fetchnumpy()
        value = np.ma.filled(np.ma.asarray(found["value"], np.float64), np.nan)
        return Track(found["t"], value, found["quality"], found["cause"], found["received"])

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol."""
        return drawn(self.track(series, from_ms, to_ms), from_ms, to_ms, points)

    def latest(self) -> list[Latest]:
        """See the protocol."""
        with self._lock:
            return list(self._latest.values())

    def hourly(self, series: Sequence[str], from_ms: int, to_ms: int) -> list[HourMean]:
        """See the protocol."""
        ids = {self._ids[name]: name for name in series if name in self._ids}
        if not ids:
            return []
        marks = ", ".join("?" * len(ids))
        query = f"""
            select series, t // {HOUR_MS} * {HOUR_MS} as hour,
                   avg(value) filter (quality = {int(Quality.GOOD)}),
                   count(*) filter (quality = {int(Quality.GOOD)}), count(*)
            from (select * from {{span}})
            where series in ({marks}) and t >= ? and t < ? group by series, hour order by hour
        """  # noqa: S608 - figures and table names of our own
        with self._lock:
            found = self._db.execute(
                query.format(span=self._span(from_ms, to_ms)), [*ids, from_ms, to_ms]
            )
            rows = found.fetchall()
        return [HourMean(ids[key], hour, mean, good, all_) for key, hour, mean, good, all_ in rows]

    def close(self) -> None:
        """See the protocol."""
        with self._lock:
            self._db.close()

    def _mend(self) -> None:
        """After a failed append: back to what is on disk."""
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
        tables = self._db.execute("select table_name from duckdb_tables()").fetchall()
        self._months = {name for (name,) in tables if name.startswith("readings_")}

    def _span(self, from_ms: int, to_ms: int) -> str:
        """The months that a span touches, as one relation; the caller holds the lock."""
        first, last = _month(max(from_ms, 0)), _month(min(to_ms, 253_402_300_799_000))
        months = sorted(name for name in self._months if first <= name <= last)
        if not months:
            return (
                "(select 0 as series, 0::bigint as t, null::double as value, 0::utinyint as"
                " quality, 0::utinyint as cause, 0::bigint as received limit 0)"
            )
        return "(" + " union all ".join(f"select * from {name}" for name in months) + ")"  # noqa: S608

    def _insert(self, columns: Columns) -> None:
        for name in columns.names:
            if name not in self._ids:
                self._ids[name] = len(self._ids)
                self._db.execute("insert into series values (?, ?)", [self._ids[name], name])
        order = np.lexsort((columns.t, columns.series))
        t, series = columns.t[order], columns.series[order]
        # Of one series and instant in one batch the first stands; lexsort keeps their order.
        first = np.ones(len(t), bool)
        first[1:] = (t[1:] != t[:-1]) | (series[1:] != series[:-1])
        order = order[first]
        # Where the ledger was lost with the journal before it, an old repeat may come through.
        ends = np.array([self._ends.get(name, _NONE) for name in columns.names], np.int64)
        late = columns.t[order] <= ends[columns.series[order]]
        months = columns.t[order].astype("datetime64[ms]").astype("datetime64[M]")
        for month in np.unique(months):
            name = f"readings_{str(month).replace('-', '')}"
            self._ensure(name)
            self._put(columns, order[(months == month) & ~late], name, fresh=True)
            self._put(columns, order[(months == month) & late], name, fresh=False)

    def _put(self, columns: Columns, rows: Any, month: str, *, fresh: bool) -> None:
        if not len(rows):
            return
        ids = np.array([self._ids[name] for name in columns.names], np.int32)
        batch = {
            "series": ids[columns.series[rows]],
            "t": columns.t[rows],
            "value": columns.value[rows],
            "quality": columns.quality[rows],
            "cause": columns.cause[rows],
            "received": columns.received[rows],
        }
        there = f"select 1 from {month} r where r.series = b.series and r.t = b.t"  # noqa: S608
        where = "" if fresh else f" where not exists ({there})"
        self._db.register("batch", batch)
        self._db.execute(
            f"insert into {month} select series, t, case when isnan(value) then null else value"  # noqa: S608
            f" end, quality, cause, received from batch b{where}"
        )
        self._db.unregister("batch")

    def _ensure(self, month: str) -> None:
        if month not in self._months:
            self._db.execute(
                f"create table if not exists {month} (series integer, t bigint, value double,"
                " quality utinyint, cause utinyint, received bigint)"
            )
            self._months.add(month)

    def _remember(self, columns: Columns) -> None:
        """Keep the newest of every series; rows are not in order."""
        for row in columns.newest(np.ones(len(columns), bool)):
            name = columns.names[columns.series[row]]
            self._ends[name] = max(self._ends.get(name, _NONE), int(columns.t[row]))
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
        """Latest and end of every series, from what is on disk."""
        names = {key: name for name, key in self._ids.items()}
        for month in sorted(self._months):
            ends = self._db.execute(f"select series, max(t) from {month} group by series")  # noqa: S608
            for key, end in ends.fetchall():
                self._ends[names[key]] = max(end, self._ends.get(names[key], _NONE))
            newest = self._db.execute(
                f"select series, {_COLUMNS} from {month} where cause <> {int(Cause.CLOCK)}"  # noqa: S608
                " qualify row_number() over (partition by series order by t desc) = 1"
            )
            for key, t, value, quality, cause, received in newest.fetchall():
                name = names[key]
                self._latest[name] = Latest(
                    name, t, value, Quality(quality), Cause(cause), received
                )


def _month(at_ms: int) -> str:
    return f"readings_{datetime.fromtimestamp(at_ms / 1000, UTC):%Y%m}"
