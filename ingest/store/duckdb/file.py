"""One DuckDB file: its connection, its lock, and transactions that leave it as it is on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from config.vocabulary.errors import Refused
from ingest.store.duckdb import tables
from ingest.store.months import Months

BLOCK_BYTES = 65_536
"""At DuckDB's own 256 KiB a column of a row group fills half a block; below 64 KiB it packs no
numbers (both tried).
"""
_SETTINGS: dict[str, Any] = {
    "default_block_size": str(BLOCK_BYTES),
    "memory_limit": "256MB",  # of the file's blocks it would keep what four fifths of memory hold
}


class DuckDBFile:
    """Everything but ``close`` is for a caller that holds ``lock``. ``learn`` is run after each
    opening: also when a failure made it open again.

    Raises:
        Refused: the file is open elsewhere, damaged, or on a full disk.
    """

    def __init__(self, path: Path, learn: Callable[[DuckDBFile], None]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._learn = path, learn
        self.lock = threading.Lock()
        self.months = Months()
        self.ids: dict[str, int] = {}
        """Names of series -> their keys in the tables."""
        self.closed = False
        try:
            self._open()
        except duckdb.Error as error:
            remedy = "stop the other" if "set lock" in str(error) else "restore it from a backup"
            what = f"cannot be opened ({str(error).splitlines()[0]})"
            raise Refused(str(path), what, f"{remedy} or set data_dir") from error

    def _open(self) -> None:
        self.db = duckdb.connect(str(self._path), config=_SETTINGS)
        self.db.execute("create table if not exists kept as select 0::bigint as n")
        self.db.execute("create table if not exists series (id integer, name varchar)")
        self._read_names()
        self._learn(self)

    def _read_names(self) -> None:
        self.ids = dict(self.db.execute("select name, id from series").fetchall())
        self.months.found(tables.listed(self.db))

    def position(self) -> int:
        """The journal number that was committed last."""
        ((n,),) = self.db.execute("select n from kept").fetchall()
        return int(n)

    def keep_position(self, n: int) -> None:
        """Let a journal number be committed with its readings."""
        self.db.execute("update kept set n = ?", [n])

    def add_series(self, names: Sequence[str]) -> None:
        """Give series a key each."""
        keys = range(len(self.ids), len(self.ids) + len(names))
        self.ids.update(zip(names, keys, strict=True))
        self.db.execute("insert into series select unnest(?), unnest(?)", [list(keys), names])

    def between(self, from_ms: int, to_ms: int) -> list[str]:
        """Tables of the months that a span touches."""
        months = self.months.between(from_ms, to_ms)
        return [name for month in months for name in self.months.tables(month)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._mended():
            self.db.execute("begin")
            yield
            self.db.execute("commit")

    def checkpoint(self) -> None:
        """Tables that were dropped become room in the file."""
        if not self.closed:
            with self._mended():
                self.db.execute("checkpoint")

    def close(self) -> None:
        """Let go of the file; twice does no harm."""
        with self.lock:
            self.closed = True
            self.db.close()

    @contextmanager
    def _mended(self) -> Iterator[None]:
        """A failure leaves names and months as they are on disk."""
        try:
            yield
        except BaseException:
            self._mend()
            raise

    def _mend(self) -> None:
        if self.closed:
            return
        try:
            with suppress(duckdb.TransactionException):  # a commit that failed has ended it
                self.db.execute("rollback")
            self._read_names()
        except duckdb.Error:
            # A checkpoint that failed (a full disk) makes DuckDB refuse everything until reopened.
            self.db.close()
            self._open()
