"""Stations and readings as files that other programs fetch: GeoJSON, CSV, Parquet."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path

import duckdb
import httpx
import numpy as np
import pandas as pd
import pytest

from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_tokens import bearer, made

STATION, CODE = "tonglv-pingchao", "w21003"
PATH = f"/api/v1/stations/{STATION}/series/{CODE}/readings"


@pytest.fixture
def secret(centre: RunningCentre, administrator: httpx.Client) -> str:
    """A machine's token, with fifty days of readings to read."""
    centre.measured_days(f"{STATION}/{CODE}", 50, 0.25)
    centre.measured(f"{STATION}/{CODE}", [0.01, None], cause=Cause.UNDETECTED)
    found: str = made(administrator)["secret"]
    return found


def test_stations_are_points_with_their_state(deputy: httpx.Client, catalogue: Catalogue) -> None:
    """For a map of any program."""
    answer = deputy.get("/api/v1/stations.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    assert [of["id"] for of in found["features"]] == list(catalogue.stations)
    states = {of["id"]: of for of in deputy.get("/api/v1/stations").json()}
    for feature in found["features"]:
        state = states[feature["id"]]
        position = state.pop("position")
        assert feature["geometry"] == {"type": "Point", "coordinates": position}
        assert feature["properties"] == state


def test_pandas_reads_csv_by_its_address(centre: RunningCentre, address: str, secret: str) -> None:
    """With a token in the header; every reading of the days, with unit, flag and cause."""
    span = "?from_day=2026-10-05&to_day=2026-11-24"
    headers = {**bearer(secret), "User-Agent": "pandas"}
    found = pd.read_csv(f"{address}{PATH}.csv{span}", storage_options=headers)
    track = centre.services.store.track(f"{STATION}/{CODE}", 0, NOW_MS + 1)
    assert len(found) == len(track)
    t = pd.to_datetime(found["time"], utc=True, format="ISO8601").dt.as_unit("ms")
    assert (t.astype("int64").to_numpy() == track.t).all()
    assert np.array_equal(found["value"].to_numpy(), track.value, equal_nan=True)
    assert set(found["unit"]) == {"mg/L"}
    flags = [Quality(of).name.lower() for of in track.quality.tolist()]
    assert found["quality"].tolist() == flags


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_duckdb_reads_either_form_alike(
    centre: RunningCentre, address: str, secret: str, tmp_path: Path, form: str
) -> None:
    """The last thirty days, where none are named."""
    asked = urllib.request.Request(f"{address}{PATH}.{form}", headers=bearer(secret))
    file = tmp_path / f"readings.{form}"
    with urllib.request.urlopen(asked) as answer:
        file.write_bytes(answer.read())
    reading = "read_csv" if form == "csv" else "read_parquet"
    query = f"select count(*), sum(value), min(epoch_ms(time::timestamptz)) from {reading}(?)"
    count, total, first = duckdb.sql(query, params=[str(file)]).fetchall()[0]
    begin = NOW_MS - 29 * 86_400_000 - 12 * 3_600_000
    track = centre.services.store.track(f"{STATION}/{CODE}", begin, NOW_MS + 1)
    assert (count, first) == (len(track), begin)
    assert total == pytest.approx(float(np.nansum(track.value)))


def test_excel_knows_the_text_for_utf_8(deputy: httpx.Client, secret: str) -> None:
    """By its mark."""
    assert secret
    assert deputy.get(f"{PATH}.csv").content.startswith(b"\xef\xbb\xbfstation,")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (PATH.replace(CODE, "a34004") + ".csv", 404),
        (PATH.replace(STATION, "none") + ".csv", 404),
        (f"{PATH}.csv?from_day=2026-11-02&to_day=2026-11-01", 422),
        (f"{PATH}.parquet?from_day=2024-01-01&to_day=2026-01-01", 422),
        (f"{PATH}.xlsx", 422),
    ],
)
def test_a_file_that_cannot_be_is_refused(deputy: httpx.Client, path: str, status: int) -> None:
    """In words."""
    answer = deputy.get(path)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_nothing_is_left_behind_of_a_file(
    deputy: httpx.Client, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parquet is written to a folder of its own, which is gone before the answer begins."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = deputy.get(f"{PATH}.parquet")
    assert answer.content.startswith(b"PAR1")
    assert answer.content.endswith(b"PAR1")
    assert secret
    assert list(tmp_path.glob("tmp*")) == []
