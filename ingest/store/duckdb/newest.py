"""The newest reading of every series, in memory, as of the last commit."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from config.vocabulary.quality import Cause, Quality
from ingest.journal.columns import Columns
from ingest.store.duckdb import tables
from ingest.store.duckdb.file import DuckDBFile
from ingest.store.months import month_of
from ingest.store.protocol import Latest


class Newest:
    """A reading whose clock is doubted is none of them."""

    def __init__(self) -> None:
        self._latest: dict[str, Latest] = {}

    def all(self) -> list[Latest]:
        """One of each series that has any."""
        return list(self._latest.values())

    def remember(self, columns: Columns) -> None:
        """Take note of readings that were committed, in any order."""
        for row in columns.newest(columns.cause != Cause.CLOCK):
            name, t = columns.names[columns.series[row]], int(columns.t[row])
            known = self._latest.get(name)
            if known is None or t > known.t_ms:
                value = float(columns.value[row])
                self._latest[name] = Latest(
                    name,
                    t,
                    None if np.isnan(value) else value,
                    Quality(int(columns.quality[row])),
                    Cause(int(columns.cause[row])),
                    int(columns.received[row]),
                )

    def recall(self, file: DuckDBFile) -> None:
        """Read them anew: from the newest months on, as far back as one is missing."""
        self._latest = {}
        names = {key: name for name, key in file.ids.items()}
        for month in reversed(file.months.all()):
            missing = [key for key, name in names.items() if name not in self._latest]
            if not missing:
                return
            newest = tables.newest(file.db, file.months.tables(month), missing)
            for key, t, value, quality, cause, delay in newest:
                self._latest[names[key]] = Latest(
                    names[key], t, value, Quality(quality), Cause(cause), t + delay
                )

    def forget(self, months: Collection[str]) -> None:
        """Those of months that were dropped."""
        self._latest = {
            name: row for name, row in self._latest.items() if month_of(row.t_ms) not in months
        }
