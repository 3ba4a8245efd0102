"""Tables of a month become one, sorted by series and time, while readings go on arriving."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import duckdb

from ingest.store.duckdb import tables
from ingest.store.duckdb.file import DuckDBFile
from ingest.store.months import Piece, building_table, pieces, sorted_table

PIECE_ROWS = 500_000
"""Sorted in a quarter of a second on two cores."""


def clear(file: DuckDBFile) -> None:
    """Drop what was left half built; the caller holds the lock."""
    for name in file.months.half_built:
        tables.drop(file.db, name)


class Tidying:
    """Sorts at most ``piece_rows`` at once; ``failpoint`` is called between the pieces."""

    def __init__(
        self, file: DuckDBFile, piece_rows: int, failpoint: Callable[[str], None]
    ) -> None:
        self.at_work = threading.Lock()
        self.failpoint = failpoint
        self._file, self._piece_rows = file, piece_rows

    def run(self, stop: threading.Event) -> None:
        """Tidy every month to which something came, until it is to stop or the file is closed.

        Raises:
            duckdb.Error: a full disk; nothing is lost, and the file takes readings on.
        """
        with self.at_work:
            with self._file.lock:
                months = self._file.months.unsorted()
            for month in months:
                self._tidy(month, stop)

    def _tidy(self, month: str, stop: threading.Event) -> None:
        try:
            for work in self._works(month):
                if not self._done(work, stop):
                    return
        except duckdb.Error:
            with suppress(duckdb.Error):  # otherwise at the next tidying or opening
                self._done(partial(clear, self._file), stop)
            raise
        with self._file.lock:
            self._file.checkpoint()

    def _works(self, month: str) -> Iterator[Callable[[], None]]:
        """What tidying a month takes; each is a transaction."""
        building = building_table(month)
        old: list[str] = []
        sources: list[str] = []
        runs: list[tuple[str, str, int]] = []
        cut: list[Piece] = []

        def begin() -> None:
            clear(self._file)
            old.extend(self._file.months.finish(month))
            cut.extend(pieces(tables.counts(self._file.db, old), self._piece_rows))
            for table in old:
                parts = self._runs(table, f"{building}_{table}")
                sources.extend([run for _, run, _ in parts] or [table])
                runs.extend(parts)
            tables.create(self._file.db, building)

        def swap() -> None:
            for name in {*old, *sources}:
                tables.drop(self._file.db, name)
            tables.rename(self._file.db, building, sorted_table(month))

        yield begin
        for table, run, first in runs:
            self.failpoint("tidying")
            yield partial(tables.sort, self._file.db, table, run, first, 2 * self._piece_rows)
        for piece in cut:
            self.failpoint("tidying")
            yield partial(tables.copy, self._file.db, sources, building, piece)
        self.failpoint("tidying")
        yield swap
        self.failpoint("tidied")

    def _runs(self, table: str, name: str) -> list[tuple[str, str, int]]:
        """A large table as it arrived, in runs that are sorted first: (table, run, first row). It
        would be read as a whole for every piece. None where it is small or sorted.
        """
        count, size = tables.rows(self._file.db, table), 2 * self._piece_rows
        if count <= size or self._file.months.is_sorted(table):
            return []
        return [(table, f"{name}_{first}", first) for first in range(0, count, size)]

    def _done(self, work: Callable[[], None], stop: threading.Event) -> bool:
        """Whether to go on. The lock is let go for as long as it was held: whoever waits for it
        would not get it otherwise.
        """
        with self._file.lock:
            if self._file.closed or stop.is_set():
                return False
            begun = time.monotonic()
            with self._file.transaction():
                work()
            self._file.months.found(tables.listed(self._file.db))
        stop.wait(time.monotonic() - begun)
        return True
