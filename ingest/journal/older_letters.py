"""Dead letters as they were kept before reasons had names: a sentence stood for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from config.vocabulary.bounds import cut
from config.vocabulary.refusals import Details, Reason
from ingest.journal.refusal import Refusal

_BEGAN_WITH = {
    "unknown station": Reason.UNKNOWN_STATION,
    "unknown indicator": Reason.UNKNOWN_INDICATOR,
    "wrong unit": Reason.WRONG_UNIT,
    "impossible time": Reason.IMPOSSIBLE_TIME,
    "conflict": Reason.CONFLICT,
    "wire version": Reason.WIRE_VERSION,
    "beyond retention": Reason.BEYOND_RETENTION,
    "topic ": Reason.STRAY_TOPIC,
    "body of ": Reason.TOO_LARGE,
    "seqs begin": Reason.WRONG_NUMBERS,
    "the seqs are": Reason.WRONG_NUMBERS,
    "a sample without": Reason.NO_READINGS,
    "the centre could": Reason.NOT_TAKEN,
}


def are_in(db: sqlite3.Connection) -> bool:
    """Whether a file was written before."""
    found = db.execute("select 1 from sqlite_master where type = 'table' and name = 'refusal'")
    return found.fetchone() is not None


def read(db: sqlite3.Connection) -> Iterator[Refusal]:
    """Its letters, the oldest first."""
    rows = db.execute(
        "select received_ms, topic, station, boot, seq, reason, payload, whole from refusal"
        " order by received_ms"
    )
    for received_ms, topic, station, boot, seq, said, payload, whole in rows:
        details = _details(said)
        yield Refusal(received_ms, topic, station, boot, seq, details, payload, bool(whole))


def take_out(db: sqlite3.Connection) -> int:
    """Remove its tables; the number of letters that it had dropped."""
    dropped = db.execute("select sum(letters) from dropped").fetchone()[0] or 0
    db.execute("drop table refusal")
    db.execute("drop table dropped")
    return int(dropped)


def _details(said: str) -> Details:
    found = (reason for began, reason in _BEGAN_WITH.items() if said.startswith(began))
    return Details(next(found, Reason.UNREADABLE), fault=cut(said))
