"""The SQLite file under a spool: opened or begun anew, bounded in bytes, kept at its place.

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
    was begun anew or put back, with the accident and the name of the file that was set aside.

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
        self._reserve = _beside(path, ".reserve")
        self._own: dict[str, tuple[int, int]] = {}
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
            if is_broken(error):
                return self._begin_anew("broken", self._set_aside("broken"))
            if not self._reserve.exists():
                raise
            self._reserve.unlink()  # a full disk shows itself in more than one error
            return self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            db.execute("pragma journal_mode=wal")
            db.execute("pragma synchronous=full")
            db.execute(f"pragma wal_autocheckpoint={CHECKPOINT_PAGES}")
            db.execute(f"pragma max_page_count={self._most_pages}")
            _check(db)
            self._prepare(db)
            self._own = self._there()
        except (UnicodeDecodeError, sqlite3.OperationalError) as error:
            db.close()
            if _is_of_schema(error):
                raise Damaged(f"its schema does not fit ({error})") from error
            raise
        except BaseException:
            db.close()
            raise
        return db

    def _begin_anew(self, what: Mishap, aside: str) -> sqlite3.Connection:
        db = self._open()
        self._mishap(db, what, aside)
        return db

    def _set_aside(self, why: Mishap) -> str:
        """Rename what lies at the path and is not open here; the name it has from now on."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        aside = _beside(self.path, f".{why}-{now}")
        for ending, found in self._there().items():
            if found != self._own.get(ending):
                _beside(self.path, ending).replace(_beside(aside, ending))
        log.error("spool %s is %s: what lay there is now %s", self.path, why, aside.name)
        return aside.name

    def _there(self) -> dict[str, tuple[int, int]]:
        """The files at the path, database and log: device and inode."""
        found = {}
        for ending in ("", "-wal"):
            with suppress(FileNotFoundError):
                stat = _beside(self.path, ending).stat()
                found[ending] = (stat.st_dev, stat.st_ino)
        return found

    def tend(self) -> None:
        """Look whether the file still lies at its path, and put it back where it does not."""
        if self._there() != self._own:
            self._put_back()
        if self.narrow:
            self.widen()

    def _put_back(self) -> None:
        """Copy the open file's content out of it: deleted, it is still whole."""
        there = self._there().get("", self._own[""])
        what: Mishap = "removed" if there == self._own[""] else "replaced"
        aside = self._set_aside(what) if what == "replaced" else ""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = _beside(self.path, ".fresh")
        fresh.unlink(missing_ok=True)
        copy = sqlite3.connect(fresh, isolation_level=None)
        try:
            self.db.backup(copy)
        finally:
            copy.close()
        self.db.close()
        for ending in ("-wal", "-shm"):  # SQLite leaves them where the file was moved
            _beside(self.path, ending).unlink(missing_ok=True)
        fresh.replace(self.path)
        _sync(self.path.parent)
        self.db = self._begin_anew(what, aside)
        log.error("spool %s was %s under the agent: written again", self.path, what)

    def begin_anew(self) -> None:
        """The open file is damaged: set it aside and begin another."""
        self.db.close()
        self._own = {}
        self.db = self._begin_anew("broken", self._set_aside("broken"))

    def narrow_down(self) -> bool:
        """The disk takes no more: let the reserve go and grow no further. False where that would
        make no room: it was so already, or the file is at its bound.
        """
        if self.narrow or _free_bytes(self.path.parent) >= RESERVE_BYTES:
            return False
        self.narrow = True
        log.error("the disk of spool %s is full: the oldest will make room", self.path)
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
        """Bytes that may still be written before the oldest must make room."""
        pages = {
            name: int(self.db.execute(f"pragma {name}").fetchone()[0])
            for name in ("freelist_count", "page_count", "max_page_count")
        }
        growth = (pages["max_page_count"] - pages["page_count"]) * PAGE_BYTES
        return pages["freelist_count"] * PAGE_BYTES + min(growth, _free_bytes(self.path.parent))


def is_full(error: Exception) -> bool:
    """Whether neither disk nor bound take any more."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def is_broken(error: Exception) -> bool:
    """Whether the file holds what SQLite never wrote; a failing disk is another matter."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (
        isinstance(error, Damaged)
        or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or "decode to UTF-8" in str(error)  # of text; Python gives it no code
    )


def _is_of_schema(error: Exception) -> bool:
    """Whether one of our statements, which are right, is wrong for this file; Python may fail to
    read the error that quotes a damaged one.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, UnicodeDecodeError) or code == sqlite3.SQLITE_ERROR


def _check(db: sqlite3.Connection) -> None:
    *_, found = db.execute("pragma quick_check(1)").fetchone()[0].splitlines()
    if found != "ok":
        raise Damaged(found)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _free_bytes(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
