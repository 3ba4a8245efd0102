"""The SQLite file under a spool: opened or begun anew, bounded in bytes, kept where it belongs.

WAL mode with synchronous FULL. Beside it lies a reserve: a file of zeros that is let go when the
disk is full, so that what gives up the oldest finds the room that this takes.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from config.vocabulary.errors import Refused

PAGE_BYTES = 4096
CHECKPOINT_PAGES = 256
"""The log beside the file is written back after so many: it stays at about a megabyte."""
RESERVE_BYTES = 4 << 20
"""For the log, for pages that must still be written back, and some more."""

Mishap = Literal["broken", "removed", "replaced"]
"""The file was damaged, was taken away, or another one lies in its place."""

log = logging.getLogger(__name__)


class Damaged(sqlite3.DatabaseError):
    """SQLite's own check of the whole file finds a fault."""


class SpoolFile:
    """One file at ``path``; ``db`` is its connection, which may be another one after ``tend``.

    ``prepare`` makes the tables and is run at each opening; ``mishap`` is called after the file
    was begun anew or put back, with what happened and the name of what was set aside.

    Raises:
        Refused: the file cannot be opened, for another reason than that it is damaged.
    """

    def __init__(
        self,
        path: Path,
        most_bytes: int,
        prepare: Callable[[sqlite3.Connection], None],
        mishap: Callable[[sqlite3.Connection, Mishap, str], None],
    ) -> None:
        self.path = path
        self.narrow = False
        """The disk is full: the file does not grow until there is room again."""
        self._most_pages = most_bytes // PAGE_BYTES
        self._prepare, self._mishap = prepare, mishap
        self._reserve = path.with_name(f"{path.name}.reserve")
        self._identity: tuple[int, ...] = ()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = self._open_or_begin()
        except (OSError, sqlite3.Error) as error:
            remedy = "name a folder that may be written, and free space on its disk"
            raise Refused(f"spool {path}", f"cannot be used ({error})", remedy) from error
        self.widen()

    def _open_or_begin(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.Error as error:
            if is_full(error):
                self._reserve.unlink(missing_ok=True)
                return self._open()
            if not is_broken(error):
                raise
            return self._begin_anew("broken", self._set_aside("broken"))

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            db.execute("pragma journal_mode=wal")
            db.execute("pragma synchronous=full")
            db.execute(f"pragma wal_autocheckpoint={CHECKPOINT_PAGES}")
            db.execute(f"pragma max_page_count={self._most_pages}")
            (found,) = db.execute("pragma quick_check(1)").fetchone()
            if found != "ok":
                raise Damaged(found)
            self._prepare(db)
            self._identity = self._identities()
        except BaseException:
            db.close()
            raise
        return db

    def _begin_anew(self, what: Mishap, aside: str) -> sqlite3.Connection:
        db = self._open()
        self._mishap(db, what, aside)
        return db

    def _set_aside(self, why: str) -> str:
        """Rename the file with its log; the name it has from now on."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = self.path.with_name(f"{self.path.name}.{why}-{now}")
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.replace(f"{self.path}{ending}", f"{aside}{ending}")
        log.error("spool %s is %s: set aside as %s, begun anew", self.path, why, aside.name)
        return aside.name

    def _identities(self) -> tuple[int, ...]:
        """Of what lies at the path now, file and log; empty where one of them is missing."""
        try:
            found = [os.stat(f"{self.path}{ending}") for ending in ("", "-wal")]
        except FileNotFoundError:
            return ()
        return tuple(number for stat in found for number in (stat.st_dev, stat.st_ino))

    def tend(self) -> None:
        """Look whether the file still lies at its path, and put it back where it does not."""
        if self._identities() != self._identity:
            self._put_back()
        if self.narrow:
            self.widen()

    def _put_back(self) -> None:
        """What the open file holds is copied out of it: deleted, it is still whole."""
        what: Mishap = "replaced" if self.path.exists() else "removed"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.fresh")
        fresh.unlink(missing_ok=True)
        copy = sqlite3.connect(fresh, isolation_level=None)
        try:
            self.db.backup(copy)
        finally:
            copy.close()
        self.db.close()  # it removes the log by its name, so the other one goes in afterwards
        aside = self._set_aside(what) if self.path.exists() else ""
        fresh.replace(self.path)
        _sync(self.path.parent)
        self.db = self._begin_anew(what, aside)
        log.error("spool %s was %s under the agent: written again", self.path, what)

    def begin_anew(self) -> None:
        """The open file is damaged: set it aside and begin another."""
        self.db.close()
        self.db = self._begin_anew("broken", self._set_aside("broken"))

    def narrow_down(self) -> bool:
        """The disk takes no more: let the reserve go and grow no further; False if it was so."""
        if self.narrow:
            return False
        self.narrow = True
        self._reserve.unlink(missing_ok=True)
        (pages,) = self.db.execute("pragma page_count").fetchone()
        more = max(_free_bytes(self.path.parent) - RESERVE_BYTES, 0) // PAGE_BYTES
        self.db.execute(f"pragma max_page_count={min(pages + more, self._most_pages)}")
        with suppress(sqlite3.Error):  # tried again at every commit
            self.db.execute("pragma wal_checkpoint(restart)")
        return True

    def widen(self) -> None:
        """Lay the reserve down where there is room for it, and grow again once it lies there."""
        try:
            size = self._reserve.stat().st_size if self._reserve.exists() else 0
            if size < RESERVE_BYTES and _free_bytes(self.path.parent) >= 2 * RESERVE_BYTES:
                with self._reserve.open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
                size = RESERVE_BYTES
        except OSError:
            size = 0
        if size < RESERVE_BYTES:
            self.narrow_down()
            return
        self.narrow = False
        self.db.execute(f"pragma max_page_count={self._most_pages}")

    def room_bytes(self) -> int:
        """What may still be written before the oldest must make room."""
        pages = {
            name: int(self.db.execute(f"pragma {name}").fetchone()[0])
            for name in ("freelist_count", "page_count", "max_page_count")
        }
        growth = (pages["max_page_count"] - pages["page_count"]) * PAGE_BYTES
        return pages["freelist_count"] * PAGE_BYTES + min(growth, _free_bytes(self.path.parent))


def is_full(error: sqlite3.Error) -> bool:
    """Whether neither disk nor bound take any more."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file holds what SQLite never wrote; a failing disk is another matter."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, Damaged) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _free_bytes(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
