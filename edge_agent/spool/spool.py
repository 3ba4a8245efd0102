"""Store and forward on disk: append, next to send, forget; bounded in days and in bytes.

SQLite in WAL mode with synchronous FULL: when ``append`` returns the sample survives a power cut.
A row is forgotten when the centre settled it. It is given up unsent when it waited for longer than
the bound in days while the agent ran, or as the oldest where neither disk nor bound in bytes take
the newest any more.
A disk that fails takes no sample and no settling with it: both are tried again.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from config.settings import SpoolLimits
from config.vocabulary.bounds import MOST
from config.vocabulary.errors import QingyuanError
from config.vocabulary.reading import Numbered, Sample
from config.vocabulary.reports import Held, Mishap
from config.vocabulary.time import DAY_MS
from config.vocabulary.wire import Range
from edge_agent.clock import this_machine, uptime_s
from edge_agent.spool import making_room, tables
from edge_agent.spool.body import encode
from edge_agent.spool.dating import Dated, Setting, date_rows
from edge_agent.spool.file import SpoolFile, is_broken, is_full
from edge_agent.spool.fill_rate import Pace, SpoolReport
from edge_agent.spool.recovery import carry_over

ROW_BYTES = 100
"""Bytes of a row beside its body, with its place in the index by time."""
DATED_A_COMMIT = 500
LIMITS = SpoolLimits()


class SpoolFailed(QingyuanError):
    """The disk does not take or give; samples kept before still stand."""


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
        monotonic_s: Callable[[], float] = uptime_s,
        machine: str | None = None,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.boot = boot or uuid.uuid4().hex
        self._machine = machine or this_machine().boot
        self.empty = threading.Event()
        """Set while nothing is held."""
        self._path = path
        self._bound_ms = limits.days * DAY_MS
        self._now_ms = now_ms
        self._failpoint = failpoint
        self._lock = threading.Lock()
        self._monotonic_s = monotonic_s
        self._pace = Pace(monotonic_s)
        self._last = self._depth = 0
        self._aged = (0, monotonic_s())
        self._marked_ms: int | None = None
        self._damaged = False
        self._file = SpoolFile(path, limits.megabytes << 20, self._prepare, self._note_mishap)

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the file ready, and learn what it holds."""
        self._last, self._depth = tables.prepare(db, self.boot, self._machine)
        self._aged, self._marked_ms = (making_room.mark_held(db), self._monotonic_s()), None
        self._note_empty()

    def _note_mishap(self, db: sqlite3.Connection, what: str, aside: str) -> None:
        tables.note_mishap(db, self._now_ms(), what, aside)
        if what == "broken":
            self._depth += carry_over(self._path.with_name(aside), db, self.boot)
            with suppress(sqlite3.Error):  # a disk that takes no more marks them at the next start
                making_room.mark_held(db)
            self._note_empty()

    def _age_ms(self) -> int:
        """How long agents have run with this spool, to the last mark of each."""
        before_ms, since_s = self._aged
        return before_ms + int((self._monotonic_s() - since_s) * 1000)

    def append(self, *samples: Sample, up_ms: int | None = None) -> int:
        """Keep samples; returns the seq of the last one, on disk when this returns. ``up_ms`` is
        how long the machine ran when it took and dated them, None where others did.

        Raises:
            SpoolFailed: none of them is kept, and their numbers are given again.
        """
        last = self._kept(lambda db: self._append(db, samples, up_ms))
        self._failpoint("spooled")
        return last

    def append_once(self, source: str, sample: Sample, now_ms: int) -> bool:
        """Keep the readings of a sample that its source has not sent before; False when there are
        none.

        The readings of a source at an instant are remembered until both the station's clock and
        the source are as many days ahead of it as a sample is kept. A value that differs from the
        earlier one is kept: the centre decides between them.

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
        before_ms = min(now_ms, sample.taken_ms) - self._bound_ms
        tables.note_heard(db, source, sample.taken_ms, body, before_ms)
        self._append(db, [replace(sample, readings=news)])
        return True

    def _append(
        self, db: sqlite3.Connection, samples: Sequence[Sample], up_ms: int | None = None
    ) -> int:
        """Write and commit; samples that waited longer than the bound are given up."""
        rows = [
            (self.boot, seq, sample.taken_ms, encode(self.boot, seq, sample, up_ms))
            for seq, sample in enumerate(samples, start=self._last + 1)
        ]
        age_ms, marked_ms = self._age_ms(), self._marked_ms
        if marked_ms is None or age_ms - marked_ms >= making_room.MARK_MS:
            marked_ms = age_ms
            making_room.mark(db, self.boot, self._last + 1, age_ms)
        gone = making_room.give_up_before(db, self.boot, age_ms - self._bound_ms)
        tables.insert(db, rows)
        db.execute("commit")
        self._marked_ms = marked_ms
        self._last += len(rows)
        self._depth += len(rows) - gone
        self._pace.note(sum(len(row[3]) + ROW_BYTES for row in rows))
        self.empty.clear()
        return self._last

    def date_again(self, setting: Setting) -> Dated:
        """Date what waits by the clock as it is set now; some rows at a time, so that others get
        their turn between them.

        Raises:
            SpoolFailed: some may be dated and others not; try again.
        """
        counts = Dated()
        for held in self.held():
            after: int | None = 0
            while after is not None:
                after, some = self._kept(partial(self._date_some, held.b, after, setting))
                counts = counts.plus(some)
        return counts

    def _date_some(
        self, boot: str, after: int, setting: Setting, db: sqlite3.Connection
    ) -> tuple[int | None, Dated]:
        rows = tables.rows_of(db, boot, after, DATED_A_COMMIT)
        if not rows:
            return None, Dated()
        same = tables.machine_of(db, boot) == setting.machine
        changed, counts = date_rows(rows, setting, same=same)
        tables.write_anew(db, changed)
        db.execute("commit")
        return rows[-1][1], counts

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
        """Drop settled samples; ranges that were never sent from here are passed over."""
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
            since_ms = making_room.waited_since(db)
        days_left = self._days_left(room_bytes, since_ms)
        return SpoolReport(self._depth, oldest_ms, days_left, given_up)

    def _days_left(self, room_bytes: int, since_ms: int | None) -> float | None:
        pace = self._pace.bytes_a_day()
        if pace is None:
            return None
        held_ms = 0 if since_ms is None else max(self._age_ms() - since_ms, 0)
        return max(min(room_bytes / pace, (self._bound_ms - held_ms) / DAY_MS), 0.0)

    def mishaps(self) -> list[Mishap]:
        """Accidents of the file within the bound in days, the newest last."""
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
        """The oldest samples are given up; where none can be, the memory of sources."""
        gone = making_room.give_up_oldest(db)
        heard = 0 if gone else making_room.forget_oldest_heard(db)
        db.execute("commit")
        self._depth -= gone
        return gone + heard

    def _failed(self, error: Exception) -> SpoolFailed:
        return SpoolFailed(f"spool {self._path}: {error}; free space on its disk, or mend it")

    def _note_empty(self) -> None:
        (self.empty.clear if self._depth else self.empty.set)()
