"""Refused samples, kept with their reason, on disk before they are settled."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from config.vocabulary.errors import Refused

_SCHEMA = """
create table if not exists refusal (
    received_ms integer not null, topic text not null, station text not null, boot text not null,
    seq integer not null, reason text not null, payload blob not null,
    whole integer not null,
    primary key (topic, boot, seq, reason)
) without rowid;
create unique index if not exists once on refusal (station, boot, seq, reason) where seq > 0;
create index if not exists by_age on refusal (received_ms);
create table if not exists dropped (letters integer not null);
"""
KINDS = (
    "unknown station",
    "unknown indicator",
    "wrong unit",
    "impossible time",
    "conflict",
    "wire version",
    "beyond retention",
)
BROKEN = "broken payload"
NEWEST = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message or one reading of it that could not be kept; ``seq`` 0 where it has none."""

    received_ms: int
    topic: str
    station: str
    boot: str
    seq: int
    reason: str
    payload: bytes
    whole: bool = True
    """False where other readings of the same sample were kept."""

    @property
    def id(self) -> str:
        """A short name for people, the same for ever."""
        words = f"{self.topic}|{self.boot}|{self.seq}|{self.reason}"
        return hashlib.blake2s(words.encode(), digest_size=5).hexdigest()


_COLUMNS = tuple(column.name for column in fields(Refusal))


def kind_of(reason: str) -> str:
    """A reason without its particulars."""
    return next((kind for kind in KINDS if reason.startswith(kind)), BROKEN)


class DeadLetters:
    """A SQLite file of its own, synchronous FULL. Beyond ``most`` letters the oldest go and are
    only counted.

    Raises:
        Refused: the file is damaged.
    """

    def __init__(self, path: Path, most: int = 100_000) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most = most
        self._lock = threading.Lock()
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
        self._db.executescript(_SCHEMA)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Keep refusals; the same one again changes nothing."""
        rows = [tuple(getattr(one, name) for name in _COLUMNS) for one in refusals]
        if not rows:
            return
        with self._lock, self._writing() as db:
            db.executemany("insert or ignore into refusal values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            spare = int(db.execute("select count(*) from refusal").fetchone()[0]) - self._most
            if spare > 0:
                db.execute(
                    "delete from refusal where (topic, boot, seq, reason) in (select topic, boot,"
                    " seq, reason from refusal order by received_ms limit ?)",
                    (spare,),
                )
                if not db.execute("update dropped set letters = letters + ?", (spare,)).rowcount:
                    db.execute("insert into dropped values (?)", (spare,))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
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
            return int(self._db.execute("select count(*) from refusal").fetchone()[0])

    def dropped(self) -> int:
        """How many were let go because there were too many."""
        with self._lock:
            found = self._db.execute("select sum(letters) from dropped").fetchone()[0]
        return int(found or 0)

    def kinds(self) -> dict[str, int]:
        """What the newest ones were refused for, and how often."""
        query = "select reason from refusal order by received_ms desc limit ?"
        with self._lock:
            rows = self._db.execute(query, (NEWEST,)).fetchall()
        return dict(Counter(kind_of(reason) for (reason,) in rows))

    def newest(self, most: int = 100) -> list[Refusal]:
        """The latest ones."""
        with self._lock:
            rows = self._db.execute(
                "select * from refusal order by received_ms desc limit ?", (most,)
            ).fetchall()
        return [Refusal(*row) for row in rows]

    def remove(self, refusal: Refusal) -> None:
        """Drop one that was replayed."""
        key = (refusal.topic, refusal.boot, refusal.seq, refusal.reason)
        with self._lock:
            self._db.execute(
                "delete from refusal where topic = ? and boot = ? and seq = ? and reason = ?", key
            )

    def seqs(self) -> set[tuple[str, str, int]]:
        """Station, boot and seq of every sample of which nothing was kept."""
        with self._lock:
            return set(
                self._db.execute(
                    "select station, boot, seq from refusal where whole and seq > 0"
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
