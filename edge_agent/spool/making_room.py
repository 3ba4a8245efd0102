"""Samples that a spool gives up unsent: those that waited too long, and the oldest of a full file.

How long a sample waited is counted while the agent runs, by a clock that nobody sets: no jump of
the station's clock makes a sample old. Marks tell it, one for what was kept in ten minutes. The
last sample of a boot that has ended stays: it tells the centre that the others do not come any
more.
"""

from __future__ import annotations

import sqlite3

from edge_agent.spool.tables import held

MARK_MS = 600_000
"""Samples that are kept within this time share a mark."""
MOST_GIVEN_UP = 100
"""Rows that one append may give up."""
MAKES_ROOM = 20
"""Rows that are given up at a time where there is no room for another."""

_MARK_HELD = """
insert into mark select boot, 0, ? from boot
where not exists (select 1 from mark where mark.boot = boot.boot)
and exists (select 1 from sample where sample.boot = boot.boot)
"""
_TOO_OLD = """
delete from sample where boot = :boot and seq in (
    select seq from sample where boot = :boot and seq >= :first and seq < :upto
    and (boot = :running or seq < (select max(seq) from sample where boot = :boot))
    order by seq limit :most
)
"""
_OLDEST_OF = """
delete from sample where boot = ? and seq in (
    select seq from sample where boot = ? and seq < ? order by seq limit ?
)
"""
_OLDEST_HEARD = """
delete from heard where (source, taken_ms) in (
    select source, taken_ms from heard order by taken_ms limit ?
)
"""


def mark_held(db: sqlite3.Connection) -> int:
    """The age of the newest mark, in ms; boots that hold samples without a mark age from it on."""
    (age_ms,) = db.execute("select coalesce(max(age_ms), 0) from mark").fetchone()
    db.execute(_MARK_HELD, (age_ms,))
    return int(age_ms)


def mark(db: sqlite3.Connection, boot: str, seq: int, age_ms: int) -> None:
    """Samples from this seq on, to the next mark, are kept at this age of the spool or up to
    ``MARK_MS`` later.
    """
    db.execute("insert or ignore into mark values (?, ?, ?)", (boot, seq, age_ms))


def waited_since(db: sqlite3.Connection) -> int | None:
    """The age of the spool at which its oldest sample was kept, in ms; None where none is."""
    for boot in held(db):
        query = "select max(age_ms) from mark where boot = ? and seq <= ?"
        (age_ms,) = db.execute(query, (boot.b, boot.low)).fetchone()
        return None if age_ms is None else int(age_ms)
    return None


def give_up_before(db: sqlite3.Connection, running: str, age_ms: int) -> int:
    """Drop samples that were kept before the spool had this age; how many. ``running``: the boot
    that has not ended.
    """
    if age_ms < MARK_MS:
        return 0
    left = MOST_GIVEN_UP
    query = "select boot, seq from mark where age_ms <= ? order by age_ms, seq limit 1"
    next_mark = "select coalesce(min(seq), 1 << 62) from mark where boot = ? and seq > ?"
    while left and (found := db.execute(query, (age_ms - MARK_MS,)).fetchone()):
        boot, first = found
        (upto,) = db.execute(next_mark, found).fetchone()
        span = {"boot": boot, "first": first, "upto": upto, "running": running, "most": left}
        gone = db.execute(_TOO_OLD, span).rowcount
        db.execute("update boot set given_up = given_up + ? where boot = ?", (gone, boot))
        left -= gone
        if left:
            db.execute("delete from mark where boot = ? and seq = ?", found)
    return MOST_GIVEN_UP - left


def give_up_oldest(db: sqlite3.Connection) -> int:
    """Drop the oldest samples as they were issued; how many."""
    for boot in held(db):
        gone = db.execute(_OLDEST_OF, (boot.b, boot.b, boot.high, MAKES_ROOM)).rowcount
        if gone:
            query = "update boot set given_up = given_up + ? where boot = ?"
            db.execute(query, (gone, boot.b))
            return gone
    return 0


def forget_oldest_heard(db: sqlite3.Connection) -> int:
    """Drop the oldest of what sources sent; how many rows."""
    return db.execute(_OLDEST_HEARD, (MAKES_ROOM,)).rowcount
