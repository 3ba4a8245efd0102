"""Store and forward on disk: append, next to send, forget; bounded in days.

SQLite in WAL mode with synchronous FULL: when ``append`` returns the sample survives a power cut.
A row is forgotten when the centre settled it, and for no other reason than the bound in days.
A disk that is full or fails takes no sample and no settling with it: both are tried again.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from config.vocabulary.errors import QingyuanError, Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.wire import Held, Range

DAY_MS = 86_400_000
MOST_GIVEN_UP = 100
"""Rows that one append may give up: a clock that jumps ahead must not empty the spool."""

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


class SpoolFailed(QingyuanError):
    """The disk does not take or give; what was kept before still stands."""


class _Body(msgspec.Struct, array_like=True):
    clock: Clock
    readings: dict[str, tuple[float | None, Cause]]


class Spool:
    """The spool of one station. ``boot`` is drawn anew whenever the agent starts."""

    def __init__(
        self,
        path: Path,
        *,
        boot: str | None = None,
        days: int = 30,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.boot = boot or uuid.uuid4().hex
        self.empty = threading.Event()
        """Set while nothing is held."""
        self._path = path
        self._days = days
        self._failpoint = failpoint
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            remedy = "name a folder that may be written"
            raise Refused(f"spool {path}", f"cannot be opened ({error})", remedy) from error
        try:
            self._last = self._begin()
        except sqlite3.Error as error:
            self._db.close()
            what = f"cannot be used ({error})"
            remedy = "mend its disk or move the file aside; what it holds is then not sent"
            raise Refused(f"spool {path}", what, remedy) from error

    def _begin(self) -> int:
        """Make the file ready; returns the seq given last in this boot, 0 in a new one."""
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        self._db.executescript(_SCHEMA)
        self._db.execute(
            "insert or ignore into boot select ?, coalesce(max(place), 0) + 1, 0, 0 from boot",
            (self.boot,),
        )
        self._note_empty()
        query = "select last from boot where boot = ?"
        return int(self._db.execute(query, (self.boot,)).fetchone()[0])

    def append(self, *samples: Sample) -> int:
        """Keep samples; returns the seq of the last one, on disk when this returns.

        Raises:
            SpoolFailed: none of them is kept, and their numbers are given again.
        """
        with self._writing() as db:
            last = self._append(db, samples, samples[-1].taken_ms)
        self._failpoint("spooled")
        return last

    def append_once(self, source: str, sample: Sample, now_ms: int) -> bool:
        """Keep what of a sample its source has not said before; False when that is nothing.

        What a source says of an instant is remembered as long as a sample is kept. A value that
        differs from the one said before is kept: the centre decides between them.

        Raises:
            SpoolFailed: nothing of it is kept.
        """
        with self._writing() as db:
            said = self._heard(source, sample.taken_ms)
            news = {code: one for code, one in sample.readings.items() if said.get(code) != one}
            if not news:
                return False
            whole = replace(sample, readings={**said, **news})
            before_ms = now_ms - self._days * DAY_MS
            db.execute("delete from heard where source = ? and taken_ms < ?", (source, before_ms))
            row = (source, sample.taken_ms, _encode(whole))
            db.execute("insert or replace into heard values (?, ?, ?)", row)
            self._append(db, [replace(sample, readings=news)], now_ms)
        self._failpoint("spooled")
        return True

    def _append(self, db: sqlite3.Connection, samples: Sequence[Sample], now_ms: int) -> int:
        """Write and commit; what is older than the bound at ``now_ms`` is given up.

        A sample that is older when it comes has its chance until the next one.
        """
        rows = [
            (self.boot, seq, sample.taken_ms, _encode(sample))
            for seq, sample in enumerate(samples, start=self._last + 1)
        ]
        last = self._last + len(rows)
        self._give_up(now_ms - self._days * DAY_MS)
        db.executemany("insert into sample values (?, ?, ?, ?)", rows)
        db.execute("update boot set last = ? where boot = ?", (last, self.boot))
        db.execute("commit")
        self._last = last
        self.empty.clear()
        return last

    def _heard(self, source: str, taken_ms: int) -> Mapping[str, Measured]:
        row = self._db.execute(
            "select body from heard where source = ? and taken_ms = ?", (source, taken_ms)
        ).fetchone()
        return _decode(taken_ms, row[0]).readings if row else {}

    @property
    def last(self) -> int:
        """The seq given last in this boot."""
        return self._last

    def fresh(self, after: int, most: int) -> list[Numbered]:
        """Samples of this boot with a greater seq, the oldest first."""
        query = "select boot, seq, taken_ms, body from sample where boot = ? and seq > ?"
        return self._rows(f"{query} order by seq limit ?", (self.boot, after, most))

    def backlog(self, boot: str, after: int, upto: int, most: int) -> list[Numbered]:
        """Samples of a boot with ``after < seq <= upto``, the oldest first."""
        query = "select boot, seq, taken_ms, body from sample where boot = ? and seq > ?"
        return self._rows(f"{query} and seq <= ? order by seq limit ?", (boot, after, upto, most))

    def held(self) -> list[Held]:
        """Every boot that is still held, in the order of their beginning."""
        with self._asking() as db:
            rows = db.execute(_HELD).fetchall()
        return [Held(*row) for row in rows]

    def oldest(self, boot: str) -> int:
        """Lowest seq of a boot that is still held; one beyond the last when none is."""
        with self._asking() as db:
            row = db.execute(
                "select coalesce((select min(seq) from sample where boot = b.boot), b.last + 1)"
                " from boot b where boot = ?",
                (boot,),
            ).fetchone()
        return int(row[0])

    def forget(self, boot: str, ranges: Sequence[Range]) -> int:
        """Drop what the centre settled; what was never sent from here is passed over."""
        self._failpoint("forgetting")
        with self._writing() as db:
            before = db.total_changes
            db.executemany(
                "delete from sample where boot = ? and seq between ? and ?",
                [(boot, first, last) for first, last in ranges],
            )
            db.execute("commit")
            self._note_empty()
            return db.total_changes - before

    def issued(self) -> dict[str, int]:
        """Every boot this spool ever had, with the last seq it gave; kept for ever."""
        with self._asking() as db:
            return dict(db.execute("select boot, last from boot order by place").fetchall())

    def given_up(self) -> int:
        """Samples that were dropped unsent because they were older than the bound."""
        with self._asking() as db:
            return int(db.execute("select sum(given_up) from boot").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                remedy = "free space on its disk, or mend it"
                raise SpoolFailed(f"spool {self._path}: {error}; {remedy}") from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that the caller commits; whatever comes in between undoes it."""
        with self._asking() as db:
            db.execute("begin immediate")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.execute("rollback")

    def _note_empty(self) -> None:
        if self._db.execute("select 1 from sample limit 1").fetchone() is None:
            self.empty.set()
        else:
            self.empty.clear()

    def _give_up(self, before_ms: int) -> None:
        oldest = self._db.execute(
            "select boot, seq from sample where taken_ms < ? order by taken_ms limit ?",
            (before_ms, MOST_GIVEN_UP),
        ).fetchall()
        self._db.executemany("delete from sample where boot = ? and seq = ?", oldest)
        self._db.executemany(
            "update boot set given_up = given_up + 1 where boot = ?",
            [(boot,) for boot, _ in oldest],
        )

    def _rows(self, query: str, values: tuple[object, ...]) -> list[Numbered]:
        with self._asking() as db:
            rows = db.execute(query, values).fetchall()
        return [Numbered(boot, seq, _decode(taken, body)) for boot, seq, taken, body in rows]


def _encode(sample: Sample) -> bytes:
    readings = {code: (value, cause) for code, (value, cause) in sample.readings.items()}
    return msgspec.msgpack.encode(_Body(sample.clock, readings))


def _decode(taken_ms: int, body: bytes) -> Sample:
    found = msgspec.msgpack.decode(body, type=_Body)
    readings = {code: Measured(value, cause) for code, (value, cause) in found.readings.items()}
    return Sample(taken_ms, found.clock, readings)
