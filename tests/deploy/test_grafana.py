"""The dashboard of Grafana asks VictoriaMetrics for what the centre writes there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import urllib3

from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from ingest.journal.columns import Columns
from ingest.store.victoriametrics import VictoriaMetricsStore
from tests.conftest import VictoriaMetrics, wait_until

FILE = Path(__file__).parents[2] / "deploy" / "grafana" / "stations.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
SITE, SERIES = "grafana", ["river/w21003", "roof/a34004"]
BEGIN = 1_795_492_800_000
NOW = BEGIN + HOUR_MS
BUILT_IN = {"__interval": "60s"}


def readings() -> Columns:
    """An hour of minutes of two series: every fourth is suspect, all come after 250 ms."""
    t = np.tile(np.arange(BEGIN, NOW, MINUTE_MS, dtype=np.int64), 2)
    rows = np.arange(len(t))
    cause = np.where(rows % 4 == 3, Cause.SPIKE, Cause.NORMAL).astype(np.uint8)
    return Columns(
        names=tuple(SERIES),
        series=(rows // 60).astype(np.uint32),
        t=t,
        value=np.where(rows < 60, 0.5, 35.0),
        quality=np.array([quality_of(Cause(of)) for of in cause.tolist()], np.uint8),
        cause=cause,
        received=t + 250,
        boots=("0" * 32,),
        boot=np.zeros(len(t), np.uint16),
        seq=rows,
    )


@pytest.fixture
def server(victoria_metrics: VictoriaMetrics, tmp_path: Path) -> Iterator[VictoriaMetrics]:
    """A server that holds them."""
    mark = tmp_path / "mark"
    store = VictoriaMetricsStore(victoria_metrics.url, SITE, mark, lambda: NOW)
    store.put(readings())

    def shown() -> bool:
        victoria_metrics.flush()
        return all(len(store.track(of, BEGIN, NOW)) == 60 for of in SERIES)

    wait_until(shown)
    yield victoria_metrics
    store.close()


def asked(server: VictoriaMetrics, path: str, **fields: str) -> Any:
    """Data of an answer."""
    answer = urllib3.request("GET", f"{server.url}{path}", fields=fields)
    assert answer.status == 200, answer.data
    return msgspec.json.decode(answer.data)["data"]


def filled(text: str, values: dict[str, str]) -> str:
    """A query as Grafana sends it."""
    found = re.sub(r"\$\{?(\w+)\}?", lambda name: (BUILT_IN | values)[name[1]], text)
    assert "$" not in found
    return found


def variables(server: VictoriaMetrics) -> dict[str, list[str]]:
    """The choices of each variable, as Grafana asks for them."""
    found: dict[str, list[str]] = {}
    for of in DASHBOARD["templating"]["list"]:
        if of["type"] != "query":
            continue
        query = of["query"]["query"].replace("$site", SITE)
        match = re.fullmatch(r"label_values\((.+), (\w+)\)", query)
        assert match is not None, query
        fields = {"match[]": match[1], "start": str(BEGIN // 1000), "end": str(NOW // 1000)}
        values = asked(server, f"/api/v1/label/{match[2]}/values", **fields)
        if regex := of["regex"][1:-1].replace("\\/", "/"):
            values = [part[1] for value in values if (part := re.search(regex, value))]
        found[of["name"]] = values
    return found


def by_series(server: VictoriaMetrics, panel: int, **values: str) -> dict[str, list[float]]:
    """Figures that a panel shows."""
    chosen = {"site": SITE, "station": "[^/]+", "code": "[^/]+"} | values
    (one,) = [of for of in DASHBOARD["panels"] if of["id"] == panel]
    (target,) = one["targets"]
    query, at = filled(target["expr"], chosen), f"{(NOW - 1000) / 1000}"
    if target.get("instant"):
        rows = asked(server, "/api/v1/query", query=query, time=at)["result"]
        return {of["metric"]["series"]: [float(of["value"][1])] for of in rows}
    span = {"start": str(BEGIN // 1000 + 3480), "end": at, "step": "60"}
    rows = asked(server, "/api/v1/query_range", query=query, **span)["result"]
    return {of["metric"]["series"]: [float(value) for _, value in of["values"]] for of in rows}


def test_each_choice_is_filled_from_the_store(server: VictoriaMetrics) -> None:
    """Site, stations and indicators, and each stands in a query."""
    found = variables(server)
    assert SITE in found["site"]
    assert found["station"] == ["river", "roof"]
    assert set(found["code"]) == {"w21003", "a34004"}
    text = json.dumps(DASHBOARD["panels"])
    assert all(f"${name}" in text for name in found)


@pytest.mark.parametrize(
    ("panel", "river", "roof"),
    [
        (1, 0.5, 35.0),
        (2, 0.5, 35.0),
        (3, 60, 60),
        (4, 0.75, 0.75),
        (5, 250, 250),
        (6, 59, 59),
    ],
)
def test_each_panel_shows_what_was_written(
    server: VictoriaMetrics, panel: int, river: float, roof: float
) -> None:
    """At the end of the hour."""
    found = by_series(server, panel)
    assert set(found) == set(SERIES)
    assert found[SERIES[0]][-1] == pytest.approx(river)
    assert found[SERIES[1]][-1] == pytest.approx(roof)


def test_some_stations_and_indicators_are_chosen(server: VictoriaMetrics) -> None:
    """Several as Grafana writes them."""
    assert set(by_series(server, 1, station="(river|none)", code="(w21003|a34004)")) == {SERIES[0]}
    assert set(by_series(server, 1, code="a34004")) == {SERIES[1]}


def test_no_panel_is_left_untried() -> None:
    """Each has a row above."""
    assert [of["id"] for of in DASHBOARD["panels"]] == [1, 2, 3, 4, 5, 6]
