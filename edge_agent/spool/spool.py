"""Store and forward on disk: append, next to send, forget; bounded in days and in bytes.

SQLite in WAL mode with synchronous FULL: when ``append`` returns the sample survives a power cut.
A row is forgotten when the centre settled it. It is given up unsent when it is older than the
bound in days, or the oldest where neither disk nor bound in bytes take the newest any more.
A disk that fails takes no sample and no settling with it: both are tried again.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from config.settings import SpoolLimits
from config.vocabulary.bounds import MOST
from config.vocabulary.errors import QingyuanError
from config.vocabulary.reading import Numbered, Sample
from config.vocabulary.reports import Held, Mishap
from config.vocabulary.time import DAY_MS
from config.vocabulary.wire import Range
from edge_agent.spool import tables
from edge_agent.spool.body import encode
from edge_agent.spool.file import SpoolFile, is_broken, is_full
from edge_agent.spool.fill_rate import Pace, SpoolReport
from edge_agent.spool.making_room import forget_oldest_heard, give_up_before, give_up_oldest
from edge_agent.spool.recovery import carry_over

ROW_BYTES = 100
"""What a row takes beside its body, with its place in the index by time."""
LIMITS = SpoolLimits()


class SpoolFailed(QingyuanError):
    """The disk does not take or give; what was kept before still stands."""


T = TypeVar("T")


class Spool:
    """The spool of one station. ``boot`` is drawn anew whenever the agent starts, and when the
    file is found damaged.
    """

    def __init__(
        self,
        path: Path,
        *,
        boot: str | None = None,
        limits: SpoolLimits = LIMITS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        monotonic_s: Callable[[], float] = time.monotonic,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.boot = boot or uuid.uuid4().hex
        self.empty = threading.Event()
        """Set while nothing is held."""
        self._path = path
        self._bound_ms = limits.days * DAY_MS
        self._now_ms = now_ms
        self._failpoint = failpoint
        self._lock = threading.Lock()
        self._pace = Pace(monotonic_s)
        self._last = self._depth = 0
        self._damaged = False
        self._file = SpoolFile(path, limits.megabytes << 20, self._prepare, self._note_mishap)

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the file ready, and learn what it holds."""
        self._last, self._depth = tables.prepare(db, self.boot)
        self._note_empty()

    def _note_mishap(self, db: sqlite3.Connection, what: str, aside: str) -> None:
        tables.note_mishap(db, self._now_ms(), what, aside)
        if what == "broken":
            self._depth += carry_over(self._path.with_name(aside), db, self.boot)
            self._note_empty()

    def append(self, *samples: Sample) -> int:
        """Keep samples; returns the seq of the last one, on disk when this returns.

        Raises:
            SpoolFailed: none of them is kept, and their numbers are given again.
        """
        last = self._kept(lambda db: self._append(db, samples, samples[-1].taken_ms))
        self._failpoint("spooled")
        return last

    def append_once(self, source: str, sample: Sample, now_ms: int) -> bool:
        """Keep what of a sample its source has not said before; False when that is nothing.

        What a source says of an instant is remembered as long as a sample is kept. A value that
        differs from the one said before is kept: the centre decides between them.

        Raises:
            SpoolFailed: nothing of it is kept.
        """
        if not self._kept(lambda db: self._append_once(db, source, sample, now_ms)):
            return False
        self._failpoint("spooled")
        return True

    def _append_once(
        self, db: sqlite3.Connection, source: str, sample: Sample, now_ms: int
    ) -> bool:
        said = tables.heard(db, source, sample.taken_ms)
        news = {code: one for code, one in sample.readings.items() if said.get(code) != one}
        if not news:
            return False
        whole = replace(sample, readings={**said, **news})
        body = encode(source, 0, whole)
        tables.note_heard(db, source, sample.taken_ms, body, now_ms - self._bound_ms)
        self._append(db, [replace(sample, readings=news)], now_ms)
        return True

    def _append(self, db: sqlite3.Connection, samples: Sequence[Sample], now_ms: int) -> int:
        """Write and commit; what is older than the bound at ``now_ms`` is given up.

        A sample that is older when it comes has its chance until the next one.
        """
        rows = [
            (self.boot, seq, sample.taken_ms, encode(self.boot, seq, sample))
            for seq, sample in enumerate(samples, start=self._last + 1)
        ]
        gone = give_up_before(db, self.boot, now_ms - self._bound_ms)
        tables.insert(db, rows)
        db.execute("commit")
        self._last += len(rows)
        self._depth += len(rows) - gone
        self._pace.note(sum(len(row[3]) + ROW_BYTES for row in rows))
        self.empty.clear()
        return self._last

    @property
    def last(self) -> int:
        """The seq given last in this boot."""
        return self._last

    def fresh(self, after: int, most: int) -> list[Numbered]:
        """Samples of this boot with a greater seq, the oldest first."""
        return self.backlog(self.boot, after, MOST, most)

    def backlog(self, boot: str, after: int, upto: int, most: int) -> list[Numbered]:
        """Samples of a boot with ``after < seq <= upto``, the oldest first."""
        with self._asking() as db:
            return tables.samples(db, boot, after, upto, most)

    def held(self) -> list[Held]:
        """Every boot that is still held, in the order of their beginning."""
        with self._asking() as db:
            return tables.held(db)

    def oldest(self, boot: str) -> int:
        """Lowest seq of a boot that is still held; one beyond the last when none is."""
        with self._asking() as db:
            return tables.oldest(db, boot)

    def forget(self, boot: str, ranges: Sequence[Range]) -> int:
        """Drop what the centre settled; what was never sent from here is passed over."""
        self._failpoint("forgetting")
        return self._kept(lambda db: self._forget(db, boot, ranges))

    def _forget(self, db: sqlite3.Connection, boot: str, ranges: Sequence[Range]) -> int:
        gone = tables.forget(db, boot, ranges)
        db.execute("commit")
        self._depth -= gone
        self._note_empty()
        return gone

    def settled_elsewhere(self, boot: str, last: int) -> bool:
        """Take note of a seq that the centre settled. True, once, where this spool never gave it:
        then it is a copy, and the one that it is a copy of went on.
        """

        def note(db: sqlite3.Connection) -> bool:
            if not tables.raise_last(db, boot, last):
                return False
            self._note_mishap(db, "copied", "")
            db.execute("commit")
            return True

        return boot != self.boot and self._kept(note)

    def issued(self) -> dict[str, int]:
        """Every boot this spool ever had, with the last seq it gave; kept for ever."""
        with self._asking() as db:
            return tables.issued(db)

    def report(self) -> SpoolReport:
        """How it is now; ``days_left`` is unknown before there is a pace.

        Raises:
            SpoolFailed: the disk does not give.
        """
        with self._asking() as db:
            oldest_ms, given_up = tables.totals(db)
            room_bytes = self._file.room_bytes()
        return SpoolReport(
            self._depth, oldest_ms, self._days_left(room_bytes, oldest_ms), given_up
        )

    def _days_left(self, room_bytes: int, oldest_ms: int | None) -> float | None:
        pace = self._pace.bytes_a_day()
        if pace is None:
            return None
        held_ms = 0 if oldest_ms is None else max(self._now_ms() - oldest_ms, 0)
        return max(min(room_bytes / pace, (self._bound_ms - held_ms) / DAY_MS), 0.0)

    def mishaps(self) -> list[Mishap]:
        """What befell the file within the bound in days, the newest last."""
        with self._asking() as db:
            return tables.mishaps(db, self._now_ms() - self._bound_ms)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.db.close()

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._file.db
            except (sqlite3.Error, OSError) as error:
                self._damaged |= is_broken(error)
                raise self._failed(error) from error

    def _kept(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do it in a transaction; where the disk is full the oldest make room, and a file that is
        damaged is begun anew, once.
        """
        with self._lock:
            try:
                anew = self._damaged
                if anew:
                    self._begin_anew()
                while True:
                    try:
                        self._file.tend()
                        return self._done(work)
                    except sqlite3.Error as error:
                        if is_broken(error) and not anew:
                            anew = True
                            self._begin_anew()
                        elif not (is_full(error) and self._makes_room()):
                            raise
            except (sqlite3.Error, OSError) as error:
                raise self._failed(error) from error

    def _done(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A transaction that the work commits; whatever comes in between undoes it."""
        db = self._file.db
        db.execute("begin immediate")
        try:
            return work(db)
        finally:
            if db.in_transaction:
                db.execute("rollback")

    def _begin_anew(self) -> None:
        self._damaged = True  # until it succeeds
        self.boot = uuid.uuid4().hex
        self._file.begin_anew()
        self._damaged = False

    def _makes_room(self) -> bool:
        return self._file.narrow_down() or self._done(self._make_room) > 0

    def _make_room(self, db: sqlite3.Connection) -> int:
        """The oldest samples are given up; where none can be, what was heard."""
        gone = give_up_oldest(db)
        heard = 0 if gone else forget_oldest_heard(db)
        db.execute("commit")
        self._depth -= gone
        return gone + heard

    def _failed(self, error: Exception) -> SpoolFailed:
        return SpoolFailed(f"spool {self._path}: {error}; free space on its disk, or mend it")

    def _note_empty(self) -> None:
        (self.empty.clear if self._depth else self.empty.set)()
