"""Recovery: the readable samples of a damaged spool go into the one that takes its place."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from edge_agent.spool.body import decode
from edge_agent.spool.file import Damaged
from edge_agent.spool.tables import SAMPLES, Row

ROWS_A_COMMIT = 500
log = logging.getLogger(__name__)

_BOOTS = (
    "select boot, cast(ifnull(place, 0) as integer), cast(ifnull(last, 0) as integer),"
    " cast(ifnull(given_up, 0) as integer) from boot order by place desc"
)
_COMES_LAST = "update boot set place = (select max(place) + 1 from boot) where boot = ?"
_FROM_THE_NEWEST = f"{SAMPLES} order by seq desc"
_FROM_THE_OLDEST = f"{SAMPLES} order by seq"


def carry_over(aside: Path, db: sqlite3.Connection, boot: str) -> int:
    """Boots and sound samples of the file set aside into ``db``, where ``boot`` comes behind them;
    how many samples. The newest come first, and a disk that takes no more of them ends it.
    """
    carried = 0
    with closing(sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro", uri=True)) as old:
        try:
            boots = old.execute(_BOOTS).fetchall()
            db.executemany("insert or ignore into boot values (?, ?, ?, ?)", boots)
            db.execute(_COMES_LAST, (boot,))
            _carry_machines(old, db)
            for known, *_ in boots:
                rows = _sound(old, known)
                while some := list(islice(rows, ROWS_A_COMMIT)):
                    carried += _keep(db, some)
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter quotes a damaged schema
            if db.in_transaction:
                db.execute("rollback")
    log.warning("%d samples of %s were carried over", carried, aside.name)
    return carried


def _carry_machines(old: sqlite3.Connection, db: sqlite3.Connection) -> None:
    """On which boot of the machine each was; without it its samples are only not dated again."""
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
        machines = old.execute("select boot, cast(machine as text) from machine").fetchall()
        db.executemany("insert or ignore into machine values (?, ?)", machines)


def _keep(db: sqlite3.Connection, rows: list[Row]) -> int:
    db.execute("begin immediate")
    kept = db.executemany("insert or ignore into sample values (?, ?, ?, ?)", rows).rowcount
    db.execute("commit")
    return kept


def _sound(old: sqlite3.Connection, boot: str) -> Iterator[Row]:
    """Rows from the newest back to a damaged page, then from the oldest on to one. Rows between
    two damaged pages are not recovered.
    """
    for query in (_FROM_THE_NEWEST, _FROM_THE_OLDEST):
        try:
            for row in old.execute(query, (boot,)):
                if _is_sound(row):
                    yield row
        except sqlite3.DatabaseError:
            continue
        return


def _is_sound(row: Row) -> bool:
    try:
        decode(*row)
    except Damaged:
        return False
    return True
