"""Readings in VictoriaMetrics: the step up when one machine is outgrown.

Its 204 is not durable for some seconds and a fresh write not readable at once; see
``DurableMark``.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import urllib3
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException
from numpy.typing import NDArray

from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import HOUR_MS
from ingest.store import line_protocol
from ingest.store.durability import DurableMark
from ingest.store.protocol import Latest, Mean, Retention, StoreAway, Track, bucket_ms
from ingest.store.server import Server, ServerStore

LOOK_BACK = "35d"
"""A series that is silent for longer has no latest reading."""
AHEAD_MS = 120_000
_MS: Any = "ms"
"""Its type says WritePrecision, whose members are plain strings."""
_DEDUP = re.compile(r'flag\{name="dedup.minScrapeInterval", value="([^"]*)"')
_RETENTION = re.compile(r'flag\{name="retentionPeriod", value="([^"]*)"')
_PERIOD = re.compile(r"(\d+(?:\.\d+)?)([hdwy]?)")
_UNITS_MS = {
    "h": HOUR_MS,
    "d": 24 * HOUR_MS,
    "w": 7 * 24 * HOUR_MS,
    "": 31 * 24 * HOUR_MS,
    "y": 365 * 24 * HOUR_MS,
}
"""Of -retentionPeriod; without a unit it is months of 31 days. It takes no future beyond two days,
which is more than the intake lets through.
"""
_START = re.compile(r"^process_start_time_seconds (\S+)", re.MULTILINE)


def retention_of(metrics: str) -> Retention | None:
    """How long a server keeps readings by its page of metrics; None where that does not say so."""
    found = _RETENTION.search(metrics)
    period = _PERIOD.fullmatch(found[1]) if found else None
    if found is None or period is None:
        return None
    ms = round(float(period[1]) * _UNITS_MS[period[2]])
    remedy = "start VictoriaMetrics with a longer -retentionPeriod, e.g. 100y"
    return Retention(ms, f"VictoriaMetrics' -retentionPeriod={found[1]}", remedy)


class _Exported(msgspec.Struct):
    metric: dict[str, str]
    values: list[float]
    timestamps: list[int]


class VictoriaMetricsStore(ServerStore):
    """One server, written with influxdb-client, read by export and query."""

    forgets_ms = 30_000

    def __init__(self, url: str, site: str, file: Path, now_ms: Callable[[], int]) -> None:
        durable_mark = DurableMark(
            file, self.forgets_ms, self._incarnation, lambda: time.monotonic_ns() // 10**6
        )
        super().__init__(Server("VictoriaMetrics", url), site, durable_mark)
        self._now_ms = now_ms
        self._client = InfluxDBClient(self._server.url, token="", org="-")
        self._writing = self._client.write_api(write_options=SYNCHRONOUS)
        with suppress(StoreAway):  # the journal waits for it
            self._durable_mark.check_incarnation()

    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""
        names = "|".join(line_protocol.FIELDS)
        match = f'{{__name__=~"reading_({names})",{self._of([series])}}}'
        span = {"start": f"{max(from_ms, 0) / 1000:.3f}", "end": f"{(to_ms - 1) / 1000:.3f}"}
        found: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for line in self._server.ask("/api/v1/export", {"match[]": match, **span}).splitlines():
            row = msgspec.json.decode(line, type=_Exported)
            field = row.metric["__name__"].removeprefix("reading_")
            at, value = np.array(row.timestamps, np.int64), np.array(row.values, np.float64)
            inside = (at >= from_ms) & (at < to_ms)
            found[field] = (at[inside], value[inside])
        return line_protocol.track(found)

    def latest(self) -> list[Latest]:
        """See the protocol; as of the readings that the server shows already."""
        found = {
            (rollup, field): self._instant(
                f"{rollup}(reading_{field}{{{self._of()}}}[{LOOK_BACK}])"
            )
            for rollup in ("last_over_time", "tlast_over_time")
            for field in ("flag", "good", "other", "delay")
        }

        def at(series: str, field: str, t_ms: int) -> float | None:
            """The value of a field, where its newest is of this instant."""
            known = found["tlast_over_time", field].get(series)
            if known is None or round(known * 1000) != t_ms:
                return None
            return found["last_over_time", field][series]

        rows = []
        for series, seconds in found["tlast_over_time", "flag"].items():
            t_ms, flag = round(seconds * 1000), int(found["last_over_time", "flag"][series])
            good, other = at(series, "good", t_ms), at(series, "other", t_ms)
            received = t_ms + int(at(series, "delay", t_ms) or 0)
            value = good if good is not None else other
            rows.append(
                Latest(series, t_ms, value, Quality(flag // 256), Cause(flag % 256), received)
            )
        return rows

    def means(self, series: Sequence[str], from_ms: int, to_ms: int, hours: int = 1) -> list[Mean]:
        """See the protocol."""
        if not series:
            return []
        mean, good, flags, doubts = (
            self._buckets(
                f"{rollup}({field}{{{self._of(series)}}}[{hours}h])", from_ms, to_ms, hours
            )
            for rollup, field in (
                ("avg_over_time", "reading_good"),
                ("count_over_time", "reading_good"),
                ("count_over_time", "reading_flag"),
                ("count_over_time", "reading_doubt"),
            )
        )
        keys = sorted(flags.keys() | doubts.keys(), key=lambda key: (key[1], key[0]))
        return [
            Mean(
                *key,
                mean.get(key),
                int(good.get(key, 0)),
                int(flags.get(key, 0) + doubts.get(key, 0)),
            )
            for key in keys
        ]

    def series(self) -> list[str]:
        """See the protocol."""
        ahead = f"{(self._now_ms() + AHEAD_MS) / 1000:.3f}"
        parameters = {"match[]": f"{{{self._of()}}}", "start": "0", "end": ahead}
        answer = self._server.ask("/api/v1/label/series/values", parameters)
        names: list[str] = msgspec.json.decode(answer)["data"]
        return names

    def drop_before(self, before_ms: int) -> None:
        """Nothing: it cannot delete a span of time. How long it keeps readings is said to the
        server itself, with ``-retentionPeriod``.
        """

    def close(self) -> None:
        """See the protocol."""
        self._client.close()  # type: ignore[no-untyped-call]
        self._server.close()

    def _of(self, series: Sequence[str] = ()) -> str:
        site = f'site="{self._site}"'
        if not series:
            return site
        return f"{site},series=~{json.dumps('|'.join(re.escape(name) for name in series))}"

    def _write(self, body: bytes) -> None:
        try:
            self._writing.write(bucket="-", record=body, write_precision=_MS)
        except (ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._server.away(error) from error

    def _incarnation(self) -> str:
        """Which life this is; a server that would lose readings is refused in any of them."""
        metrics = self._server.ask("/metrics").decode()
        dedup, start = _DEDUP.search(metrics), _START.search(metrics)
        if not dedup or dedup[1] != "1ms":
            what = f"runs with -dedup.minScrapeInterval={dedup[1] if dedup else 'unset'}"
            remedy = "start VictoriaMetrics with -dedup.minScrapeInterval=1ms"
            raise Refused(f"store_url {self._server.url}", what, remedy)
        self._retention = retention_of(metrics)
        return start[1] if start else ""

    def _instant(self, query: str) -> dict[str, float]:
        """Value by series, as of now and a little ahead."""
        at = f"{(self._now_ms() + AHEAD_MS) / 1000:.3f}"
        rows = self._query("/api/v1/query", {"query": query, "time": at})
        return {row["metric"]["series"]: float(row["value"][1]) for row in rows}

    def _buckets(
        self, query: str, from_ms: int, to_ms: int, hours: int
    ) -> dict[tuple[str, int], float]:
        """Value by series and bucket. A window of VictoriaMetrics is open at its beginning."""
        width = hours * HOUR_MS
        first, last = bucket_ms(from_ms, hours), bucket_ms(to_ms - 1, hours)
        begin, end = first + width - 1, last + width - 1
        span = {"start": f"{begin / 1000:.3f}", "end": f"{end / 1000:.3f}", "step": f"{hours}h"}
        rows = self._query("/api/v1/query_range", {"query": query, **span, "nocache": "1"})
        return {
            (row["metric"]["series"], round(at * 1000) + 1 - width): float(value)
            for row in rows
            for at, value in row["values"]
        }

    def _query(self, path: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
        answer = msgspec.json.decode(self._server.ask(path, parameters))
        result: list[dict[str, Any]] = answer["data"]["result"]
        return result
