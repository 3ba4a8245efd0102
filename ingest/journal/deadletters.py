"""Refused samples, kept with their reason, on disk before they are settled."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from config.vocabulary.errors import Refused
from config.vocabulary.refusals import Details, Reason, RefusalCount
from ingest.journal import older_letters
from ingest.journal.refusal import Chosen, Letter, Refusal

VERSION = 2
MIB = 1 << 20
OVERHEAD = 300
"""About so many bytes a letter takes beside its body."""
ALL = 1 << 62
_SCHEMA = f"""
create table letter (
    n integer primary key autoincrement, id text not null unique,
    received_ms integer not null, topic text not null, station text not null, boot text not null,
    seq integer not null, reason text not null, details blob not null, whole integer not null,
    size integer not null, payload blob not null
);
create index by_station on letter (station, n, size);
create index by_reason on letter (station, reason, received_ms);
create index by_boot on letter (boot);
create table dropped_of (station text primary key, letters integer not null) without rowid;
pragma user_version = {VERSION};
"""
_INSERT = (
    "insert or ignore into letter (id, received_ms, topic, station, boot, seq, reason, details,"
    " payload, whole, size) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_READ = "select n, received_ms, topic, station, boot, seq, details, payload, whole from letter"


class _Share(NamedTuple):
    """Room that the letters of one station take."""

    letters: int
    size: int


class DeadLetters:
    """A SQLite file of its own, synchronous FULL. Beyond ``most`` letters or ``most_bytes`` the
    oldest of the station that has the most go, and are only counted: one station never pushes out
    the letters of others that have fewer.

    Raises:
        Refused: the file is damaged.
    """

    def __init__(self, path: Path, most: int = 100_000, most_bytes: int = 256 * MIB) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most, self._most_bytes = most, most_bytes
        self._lock = threading.Lock()
        self._totals: tuple[RefusalCount, ...] | None = None
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._db.close()
            remedy = "restore it from a backup, or put it aside: only refused samples are in it"
            raise Refused(str(path), f"is damaged ({error})", remedy) from error

    def _prepare(self) -> None:
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        *_, found = self._db.execute("pragma quick_check(1)").fetchone()[0].splitlines()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        with self._writing() as db:
            if db.execute("pragma user_version").fetchone()[0] < VERSION:
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                if older_letters.are_in(db):
                    db.executemany(_INSERT, map(_row, older_letters.read(db)))
                    _note_dropped(db, {"": older_letters.take_out(db)})
        self._shares = self._counted()

    def _counted(self) -> dict[str, _Share]:
        query = "select station, count(*), sum(size) from letter group by station"
        return {of: _Share(n, size) for of, n, size in self._db.execute(query)}

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Keep refusals; the same one again changes nothing."""
        given = list(refusals)
        if not given:
            return
        with self._lock:
            with self._writing() as db:
                shares = dict(self._shares)
                for one in given:
                    if db.execute(_INSERT, _row(one)).rowcount:
                        _take(shares, one.station, 1, _size(one))
                _note_dropped(db, self._evict(db, shares))
            self._shares = shares

    def _evict(self, db: sqlite3.Connection, shares: dict[str, _Share]) -> dict[str, int]:
        """Let go of letters until the others are within bounds; how many, by station."""
        dropped = dict[str, int]()
        while True:
            if sum(share.letters for share in shares.values()) > self._most:
                largest = max(shares, key=lambda of: shares[of].letters)
            elif sum(share.size for share in shares.values()) > self._most_bytes:
                largest = max(shares, key=lambda of: shares[of].size)
            else:
                return dropped
            oldest = "select n, size from letter where station = ? order by n limit 1"
            n, size = db.execute(oldest, (largest,)).fetchone()
            db.execute("delete from letter where n = ?", (n,))
            _take(shares, largest, -1, -size)
            dropped[largest] = dropped.get(largest, 0) + 1

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._totals = None
        self._db.execute("begin immediate")
        try:
            yield self._db
            self._db.execute("commit")
        except BaseException:
            # A full disk may have ended the transaction already.
            if self._db.in_transaction:
                self._db.execute("rollback")
            raise

    def count(self) -> int:
        """How many are kept."""
        with self._lock:
            return sum(share.letters for share in self._shares.values())

    def dropped(self) -> dict[str, int]:
        """How many were let go because there were too many, by station."""
        with self._lock:
            return dict(self._db.execute("select station, letters from dropped_of").fetchall())

    def totals(self) -> tuple[RefusalCount, ...]:
        """The letters that are kept, by station and reason, the most first."""
        query = (
            "select station, reason, count(*) as letters, min(received_ms), max(received_ms)"
            " from letter group by station, reason order by letters desc, station, reason"
        )
        with self._lock:
            if self._totals is None:
                found = self._db.execute(query).fetchall()
                self._totals = tuple(RefusalCount(of, Reason(why), *n) for of, why, *n in found)
            return self._totals

    def listed(
        self, chosen: Chosen, most: int = ALL, *, oldest_first: bool = False
    ) -> list[Letter]:
        """Some of those that are meant, the newest first."""
        where, values = _where(chosen)
        order = "n" if oldest_first else "n desc"
        with self._lock:
            rows = self._db.execute(
                f"{_READ} where {where} order by {order} limit ?", (*values, most)
            ).fetchall()
        return [_letter(row) for row in rows]

    def newest(self, most: int = 100) -> list[Refusal]:
        """The latest ones."""
        return [letter.refusal for letter in self.listed(Chosen(), most)]

    def remove(self, chosen: Chosen, most: int = ALL) -> int:
        """Drop some of those that are meant, the oldest first; how many."""
        where, values = _where(chosen)
        with self._lock:
            with self._writing() as db:
                found = db.execute(f"{_READ} where {where} order by n limit ?", (*values, most))
                gone = [row[:1] for row in found]
                db.executemany("delete from letter where n = ?", gone)
            self._shares = self._counted()
        return len(gone)

    def remove_replayed(self, refusals: Iterable[Refusal]) -> int:
        """Drop these, and letters without a body whose content was with them; how many."""
        gone = 0
        with self._lock:
            with self._writing() as db:
                for one in refusals:
                    gone += db.execute(
                        "delete from letter where id = ? or (boot = ? and topic = ? and reason = ?"
                        " and seq > 0 and payload = x'')",
                        (one.id, one.boot, one.topic, one.reason),
                    ).rowcount
            self._shares = self._counted()
        return gone

    def seqs(self) -> set[tuple[str, str, int]]:
        """Station, boot and seq of every sample of which nothing was kept."""
        with self._lock:
            return set(
                self._db.execute(
                    "select station, boot, seq from letter where whole and seq > 0"
                ).fetchall()
            )

    def copy_to(self, path: Path) -> None:
        """A copy of the file as it stands, while it is used."""
        with self._lock, closing(sqlite3.connect(path)) as copy:
            self._db.backup(copy)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _size(one: Refusal) -> int:
    return len(one.payload) + OVERHEAD


def _row(one: Refusal) -> tuple[object, ...]:
    values = (one.received_ms, one.topic, one.station, one.boot, one.seq, one.reason)
    return (one.id, *values, msgspec.json.encode(one.details), one.payload, one.whole, _size(one))


def _letter(row: tuple[Any, ...]) -> Letter:
    n, received_ms, topic, station, boot, seq, details, payload, whole = row
    read = msgspec.json.decode(details, type=Details)
    return Letter(n, Refusal(received_ms, topic, station, boot, seq, read, payload, bool(whole)))


def _where(chosen: Chosen) -> tuple[str, list[object]]:
    found: dict[str, object] = {
        "station = ?": chosen.station,
        "reason = ?": chosen.reason,
        "boot = ?": chosen.boot,
        "n < ?": chosen.before,
    }
    given = {clause: value for clause, value in found.items() if value is not None}
    clauses, values = list(given), list(given.values())
    if chosen.ids:
        clauses.append(f"id in ({', '.join('?' * len(chosen.ids))})")
        values += chosen.ids
    return " and ".join(clauses) or "true", values


def _take(shares: dict[str, _Share], station: str, letters: int, size: int) -> None:
    before = shares.get(station, _Share(0, 0))
    shares[station] = _Share(before.letters + letters, before.size + size)


def _note_dropped(db: sqlite3.Connection, dropped: Mapping[str, int]) -> None:
    db.executemany(
        "insert into dropped_of values (?, ?)"
        " on conflict do update set letters = letters + excluded.letters",
        [(station, n) for station, n in dropped.items() if n],
    )
