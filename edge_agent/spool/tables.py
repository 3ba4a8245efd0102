"""The tables of a spool, and every statement on them. Transactions are the caller's."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from config.vocabulary.reading import Measured, Numbered
from config.vocabulary.reports import Held, Mishap
from config.vocabulary.wire import Range
from edge_agent.spool.body import decode

_SCHEMA = """
create table if not exists boot (
    boot text primary key, place integer not null, last integer not null, given_up integer not null
);
create table if not exists sample (
    boot text not null, seq integer not null, taken_ms integer not null, body blob not null,
    primary key (boot, seq)
) without rowid;
create index if not exists sample_by_time on sample (taken_ms);
create table if not exists heard (
    source text not null, taken_ms integer not null, body blob not null,
    primary key (source, taken_ms)
) without rowid;
create table if not exists mishap (
    at_ms integer not null, what text not null, aside text not null
);
create table if not exists machine (
    boot text primary key, machine text not null
) without rowid;
create table if not exists mark (
    boot text not null, seq integer not null, age_ms integer not null,
    primary key (boot, seq)
) without rowid;
create index if not exists mark_by_age on mark (age_ms);
"""

# Only boots that are held are visited: boots are kept for ever and rows may be a million.
_HELD = """
with recursive holding (boot) as (
    select min(boot) from sample
    union all
    select (select min(boot) from sample where boot > holding.boot) from holding
    where holding.boot is not null
)
select boot,
    (select min(seq) from sample where sample.boot = holding.boot),
    (select max(seq) from sample where sample.boot = holding.boot)
from holding join boot using (boot) order by place
"""

SAMPLES = (
    "select boot, cast(seq as integer), cast(ifnull(taken_ms, 0) as integer),"
    " cast(ifnull(body, '') as blob) from sample where boot = ?"
)
"""Of a boot. In a damaged file a cell may have another type than was written."""

Row = tuple[str, int, int, bytes]
"""Boot, seq, UTC epoch ms, body."""


def prepare(db: sqlite3.Connection, boot: str, machine: str) -> tuple[int, int]:
    """Make the tables with a line for this boot of the agent, on that boot of the machine; its
    last seq, and how many samples are held.
    """
    db.executescript(_SCHEMA)
    db.execute("insert or ignore into machine values (?, ?)", (boot, machine))
    db.execute(
        "insert or ignore into boot select ?, coalesce(max(place), 0) + 1, 0, 0 from boot", (boot,)
    )
    query = "select last, (select count(*) from sample) from boot where boot = ?"
    last, depth = db.execute(query, (boot,)).fetchone()
    return last, depth


def insert(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Samples of one boot, by seq."""
    db.executemany("insert into sample values (?, ?, ?, ?)", rows)
    boot, last, *_ = rows[-1]
    db.execute("update boot set last = ? where boot = ?", (last, boot))


def samples(db: sqlite3.Connection, boot: str, after: int, upto: int, most: int) -> list[Numbered]:
    """Of a boot with ``after < seq <= upto``, the oldest first.

    Raises:
        Damaged: a body is not as it was written.
    """
    query = f"{SAMPLES} and seq > ? and seq <= ? order by seq limit ?"
    rows = db.execute(query, (boot, after, upto, most))
    return [Numbered(row[0], row[1], decode(*row)) for row in rows]


def rows_of(db: sqlite3.Connection, boot: str, after: int, most: int) -> list[Row]:
    """Rows of a boot behind a seq as they lie there, the oldest first."""
    query = f"{SAMPLES} and seq > ? order by seq limit ?"
    return db.execute(query, (boot, after, most)).fetchall()


def write_anew(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Rows that are there, with another instant."""
    db.executemany(
        "update sample set taken_ms = ?, body = ? where boot = ? and seq = ?",
        [(taken_ms, body, boot, seq) for boot, seq, taken_ms, body in rows],
    )


def machine_of(db: sqlite3.Connection, boot: str) -> str | None:
    """The boot of the machine on which a boot of the agent was."""
    found = db.execute("select machine from machine where boot = ?", (boot,)).fetchone()
    return found[0] if found else None


def forget(db: sqlite3.Connection, boot: str, ranges: Sequence[Range]) -> int:
    """Delete samples; how many there were."""
    before = db.total_changes
    db.executemany(
        "delete from sample where boot = ? and seq between ? and ?",
        [(boot, first, last) for first, last in ranges],
    )
    return db.total_changes - before


def raise_last(db: sqlite3.Connection, boot: str, last: int) -> bool:
    """Let a boot's last seq be at least this; True where it was lower."""
    query = "update boot set last = ? where boot = ? and last < ?"
    return db.execute(query, (last, boot, last)).rowcount > 0


def held(db: sqlite3.Connection) -> list[Held]:
    """Every boot of which samples are left, in the order of their beginning."""
    return [Held(*row) for row in db.execute(_HELD).fetchall()]


def oldest(db: sqlite3.Connection, boot: str) -> int:
    """Lowest seq of a boot that is held; one beyond its last when none is."""
    query = (
        "select coalesce((select min(seq) from sample where boot = b.boot), b.last + 1)"
        " from boot b where boot = ?"
    )
    return int(db.execute(query, (boot,)).fetchone()[0])


def issued(db: sqlite3.Connection) -> dict[str, int]:
    """Every boot there ever was, with its last seq, in the order of their beginning."""
    return dict(db.execute("select boot, last from boot order by place").fetchall())


def totals(db: sqlite3.Connection) -> tuple[int | None, int]:
    """When the oldest sample was taken, UTC epoch ms; how many were ever given up."""
    (oldest_ms,) = db.execute("select min(taken_ms) from sample").fetchone()
    (given_up,) = db.execute("select sum(given_up) from boot").fetchone()
    return oldest_ms, given_up


def heard(db: sqlite3.Connection, source: str, taken_ms: int) -> Mapping[str, Measured]:
    """The readings of an instant, by code, that a source has sent already.

    Raises:
        Damaged: their body is not as it was written.
    """
    row = db.execute(
        "select cast(ifnull(body, '') as blob) from heard where source = ? and taken_ms = ?",
        (source, taken_ms),
    ).fetchone()
    return decode(source, 0, taken_ms, row[0]).readings if row else {}


def note_heard(
    db: sqlite3.Connection, source: str, taken_ms: int, body: bytes, before_ms: int
) -> None:
    """Remember the readings of an instant of a source, and forget those before another."""
    db.execute("delete from heard where source = ? and taken_ms < ?", (source, before_ms))
    db.execute("insert or replace into heard values (?, ?, ?)", (source, taken_ms, body))


def note_mishap(db: sqlite3.Connection, at_ms: int, what: str, aside: str) -> None:
    """Remember what befell the file."""
    db.execute("insert into mishap values (?, ?, ?)", (at_ms, what, aside))


def mishaps(db: sqlite3.Connection, after_ms: int) -> list[Mishap]:
    """Those after an instant, in the order of their coming."""
    query = "select at_ms, what, aside from mishap where at_ms > ? order by rowid"
    return [Mishap(*row) for row in db.execute(query, (after_ms,)).fetchall()]
