"""Tables of readings in DuckDB: their columns, and how one is made of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from config.vocabulary.quality import Cause, Quality
from ingest.store.months import Piece

COLUMNS = "series, t, value, quality, cause, delay"
"""``delay`` is received - t, ms: a tenth of the space of ``received``."""
_TYPES = "series integer, t bigint, value double, quality utinyint, cause utinyint, delay bigint"
_NOTHING = (
    "(select 0 as series, 0::bigint as t, null::double as value, 0::utinyint as quality,"
    " 0::utinyint as cause, 0::bigint as delay, 0 as age, 0::bigint as place limit 0)"
)


WHOLE_ROWS = 1_000_000
"""So many DuckDB has whole (26 MB) and then copies; arrays that grow take twice the time."""


def create(db: DuckDBPyConnection, table: str) -> None:
    """An empty one."""
    db.execute(f"create table {table} ({_TYPES})")


def drop(db: DuckDBPyConnection, table: str) -> None:
    """Let go of it, where it is there."""
    db.execute(f"drop table if exists {table}")


def rename(db: DuckDBPyConnection, table: str, to: str) -> None:
    """Let it have another name."""
    db.execute(f"alter table {table} rename to {to}")


def listed(db: DuckDBPyConnection) -> list[str]:
    """Names of all tables, others than readings' too."""
    rows = db.execute("select table_name from duckdb_tables()").fetchall()
    return [name for (name,) in rows]


def union(tables: Sequence[str]) -> str:
    """Tables as one relation; ``age`` and ``place`` say what was received first."""
    parts = [
        f"select *, {age} as age, rowid as place from {name}"  # noqa: S608 - names of our own
        for age, name in enumerate(tables)
    ]
    return "(" + " union all ".join(parts) + ")" if parts else _NOTHING


def rows(db: DuckDBPyConnection, table: str) -> int:
    """How many there are; their rowids are 0 and on, as none is ever deleted."""
    ((count,),) = db.execute(f"select count(*) from {table}").fetchall()  # noqa: S608 - see above
    return int(count)


def newest(
    db: DuckDBPyConnection, tables: Sequence[str], series: Sequence[int]
) -> list[tuple[int, int, float | None, int, int, int]]:
    """The newest reading of some series, as ``COLUMNS``; a doubted clock has none. Among those at
    one instant the one received first comes last.
    """
    # Figures in the text: a joined list, or a parameter, is no filter that passes blocks by.
    some = (
        f"(select * from {union(tables)} where cause <> {int(Cause.CLOCK)}"  # noqa: S608 - see above
        f" and series in ({', '.join(map(str, series))}))"
    )
    found: list[tuple[int, int, float | None, int, int, int]] = db.execute(
        f"select {COLUMNS} from {some} semi join (select series, max(t) as t from {some}"  # noqa: S608
        " group by series) using (series, t) order by age desc, place desc"
    ).fetchall()
    return found


def counts(db: DuckDBPyConnection, tables: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Series, number of readings, first and last t, in order of series."""
    rows: list[tuple[int, int, int, int]] = db.execute(
        f"select series, count(*), min(t), max(t) from {union(tables)}"  # noqa: S608 - see above
        " group by series order by series"
    ).fetchall()
    return rows


def sort(db: DuckDBPyConnection, table: str, into: str, first: int, count: int) -> None:
    """Rows of it by series and t, as a table; of one series and t as they were received."""
    create(db, into)
    db.execute(
        f"insert into {into} select {COLUMNS} from {table}"  # noqa: S608 - see above
        " where rowid >= ? and rowid < ? order by series, t, rowid",
        [first, first + count],
    )


def copy(db: DuckDBPyConnection, tables: Sequence[str], into: str, piece: Piece) -> None:
    """A piece of them by series and t; of one series and t what was received first."""
    db.execute(
        f"insert into {into} select {COLUMNS} from {union(tables)}"  # noqa: S608 - see above
        " where series between ? and ? and t >= ? and t < ?"
        " qualify row_number() over (partition by series, t order by age, place) = 1"
        " order by series, t",
        list(piece),
    )


def read(
    db: DuckDBPyConnection,
    what: str,
    names: Sequence[str],
    span: tuple[int, int, int],
    *,
    only: str = "true",
    whole: bool,
) -> dict[str, Any]:
    """Columns of one series (its key, and from and to, ms) in some tables, in no order but that
    of sorted ones. ``whole``: of several tables at once, if that is not too much.
    """
    query = f"select {what} from {union(names)} where series = ? and t >= ? and t < ? and {only}"  # noqa: S608
    if whole and len(names) > 1:
        found = db.sql(f"{query} limit {WHOLE_ROWS + 1}", params=list(span)).fetchnumpy()
        if len(found["t"]) <= WHOLE_ROWS:
            return found
    return db.execute(query, list(span)).fetchnumpy()


def read_some(
    db: DuckDBPyConnection, names: Sequence[str], series: Sequence[int], span: tuple[int, int]
) -> dict[str, Any]:
    """All columns of some series (their keys, and from and to, ms), in no order."""
    some = ", ".join(map(str, series))  # as in ``newest``
    query = f"select * from {union(names)} where series in ({some}) and t >= ? and t < ?"  # noqa: S608
    return db.execute(query, list(span)).fetchnumpy()


def good(
    db: DuckDBPyConnection, names: Sequence[str], span: tuple[int, int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Instants and values of the good readings of one series in sorted tables, by time, as rules
    compare them.
    """
    only = f"quality = {int(Quality.GOOD)}"
    value = f"case when cause = {int(Cause.UNDETECTED)} then 0.0 else value end as value"
    found = read(db, f"t, {value}", names, span, only=only, whole=True)
    t, compared = found["t"], np.ma.getdata(found["value"])
    if np.all(t[1:] > t[:-1]):
        return t, compared
    order = np.argsort(t)
    return t[order], compared[order]
