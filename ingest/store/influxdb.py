"""Readings in InfluxDB, by ``/write`` and InfluxQL, which its versions 1 to 3 answer.

Tried on 1.6 only; a write is in its fsynced log before the answer, so nothing is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.store import line_protocol
from ingest.store.durability import DurableMark
from ingest.store.months import begin_ms, month_of
from ingest.store.protocol import Latest, Mean, Retention, StoreAway, Track
from ingest.store.server import Server, ServerStore

DATABASE = "qingyuan"
LAST_MS = (1 << 63) // 10**6
"""It counts nanoseconds in 64 bits and does not say when they overflow."""


_UNITS_MS = {"h": HOUR_MS, "m": HOUR_MS // 60, "s": 1000}


def _duration_ms(text: str) -> int:
    """Of a retention policy, e.g. 720h0m0s; 0 for ever."""
    return sum(int(n) * _UNITS_MS[unit] for n, unit in re.findall(r"(\d+)([hms])", text))


class InfluxDBStore(ServerStore):
    """One server; its database is made when it is missing."""

    forgets_ms = 0

    def __init__(self, url: str, site: str, file: Path, now_ms: Callable[[], int]) -> None:
        durable_mark = DurableMark(file, self.forgets_ms, self._incarnation, now_ms)
        self._made = False
        super().__init__(Server("InfluxDB", url), site, durable_mark)

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        fields = ", ".join(line_protocol.FIELDS)
        found = self._query(
            f"SELECT {fields} FROM reading WHERE {self._of([series], from_ms, to_ms)}"  # noqa: S608 - names of our own
        )
        rows = found[0]["values"] if found else []
        t = np.array([row[0] for row in rows], np.int64)
        table = np.array([row[1:] for row in rows], np.float64).reshape(
            len(rows), len(line_protocol.FIELDS)
        )
        there = ~np.isnan(table)
        return line_protocol.track(
            {
                name: (t[there[:, place]], table[there[:, place], place])
                for place, name in enumerate(line_protocol.FIELDS)
            }
        )

    def latest(self) -> list[Latest]:
        """See the protocol."""
        found = self._query(
            "SELECT last(flag), good, other, delay FROM reading"  # noqa: S608 - names of our own
            f" WHERE site = '{self._site}' GROUP BY \"series\""
        )
        rows = []
        for series in found:
            t_ms, flag, good, other, delay = series["values"][0]
            value = good if good is not None else other
            quality, cause = Quality(int(flag) // 256), Cause(int(flag) % 256)
            name = series["tags"]["series"]
            rows.append(Latest(name, t_ms, value, quality, cause, t_ms + int(delay)))
        return rows

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        if not series:
            return []
        found = self._query(
            "SELECT mean(good), count(good), count(flag), count(doubt) FROM reading"  # noqa: S608 - names of our own
            f" WHERE {self._of(series, from_ms, to_ms)}"
            f' GROUP BY time({hours}h, -{EAST_MS}ms), "series" fill(none)'
        )
        rows = [
            Mean(of["tags"]["series"], begin, mean, good or 0, (flags or 0) + (doubts or 0))
            for of in found
            for begin, mean, good, flags, doubts in of["values"]
        ]
        return sorted(rows, key=lambda row: (row.begin_ms, row.series))

    def series(self) -> list[str]:
        """See the protocol."""
        found = self._query(
            f"SHOW TAG VALUES FROM reading WITH KEY = \"series\" WHERE site = '{self._site}'"
        )
        return [name for of in found for _, name in of["values"]]

    def drop_before(self, before_ms: int) -> None:
        """See the protocol."""
        end = begin_ms(month_of(before_ms))
        self._query(f"DELETE FROM reading WHERE site = '{self._site}' AND time < {end}ms")  # noqa: S608 - names of our own

    def close(self) -> None:
        """See the protocol."""
        self._server.close()

    def _write(self, body: bytes) -> None:
        self._server.ask(f"/write?db={DATABASE}&precision=ms", body=body)

    def _incarnation(self) -> str:
        """All its lives are one: it forgets nothing."""
        if not self._made:
            self._server.ask("/query", {"q": f"CREATE DATABASE {DATABASE}"})
            self._made = True
        with suppress(StoreAway):  # a version that does not answer this is no worse for it
            self._retention = self._asked_retention()
        return ""

    def _asked_retention(self) -> Retention | None:
        """Of the policy that is written by."""
        for found in self._query(f"SHOW RETENTION POLICIES ON {DATABASE}"):
            for row in found["values"]:
                policy = dict(zip(found["columns"], row, strict=True))
                ms = _duration_ms(policy["duration"])
                if policy["default"] and ms:
                    name = policy["name"]
                    remedy = f'ALTER RETENTION POLICY "{name}" ON "{DATABASE}" DURATION INF'
                    said = f"InfluxDB's retention policy {name} of {policy['duration']}"
                    return Retention(ms, said, remedy)
        return None

    def _of(self, series: Sequence[str], from_ms: int, to_ms: int) -> str:
        names = " OR ".join(f"\"series\" = '{name}'" for name in series)
        span = f"time >= {max(from_ms, 0)}ms AND time < {min(to_ms, LAST_MS)}ms"
        return f"site = '{self._site}' AND ({names}) AND {span}"

    def _query(self, query: str) -> list[dict[str, Any]]:
        body = self._server.ask("/query", {"q": query, "db": DATABASE, "epoch": "ms"})
        (result,) = msgspec.json.decode(body)["results"]
        if "error" in result:
            raise self._server.away(result["error"])
        found: list[dict[str, Any]] = result.get("series", [])
        return found
