"""Samples that a spool gives up unsent: the too old, and the oldest of a full file.

The last sample of a boot that has ended stays: it tells the centre that the others do not come
any more.
"""

from __future__ import annotations

import sqlite3

from edge_agent.spool.tables import held

MOST_GIVEN_UP = 100
"""Rows that one append may give up: a clock that jumps ahead must not empty the spool."""
MAKES_ROOM = 20
"""Rows that are given up at a time where there is no room for another."""

_TOO_OLD = """
select boot, seq from sample
where taken_ms < ? and (boot = ? or seq < (
    select max(seq) from sample as same where same.boot = sample.boot
))
order by taken_ms limit ?
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


def give_up_before(db: sqlite3.Connection, running: str, before_ms: int) -> int:
    """Drop samples taken before an instant, UTC epoch ms; how many. ``running``: the boot that has
    not ended.
    """
    rows = db.execute(_TOO_OLD, (before_ms, running, MOST_GIVEN_UP)).fetchall()
    db.executemany("delete from sample where boot = ? and seq = ?", rows)
    db.executemany(
        "update boot set given_up = given_up + 1 where boot = ?", [(boot,) for boot, _ in rows]
    )
    return len(rows)


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
