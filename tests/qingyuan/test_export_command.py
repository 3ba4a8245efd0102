"""`qingyuan export`: what people see, in a file that is whole or not there."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import pytest

from config.settings import Settings
from config.vocabulary.errors import FaultyInput, Refused
from config.vocabulary.quality import Quality
from ingest.store import csv_lines
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.protocol import StoreAway, Track
from qingyuan.commands.records import export as export_command
from qingyuan.commands.records import importing as importing_command
from qingyuan.maintenance import export
from qingyuan.runtime.site import open_shared

STATION, OTHER = "tonglv-jinsha", "tonglv-erjia"
T = 1_772_323_200_000
"""2026-03-01 08:00 in Asia/Shanghai."""


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A centre with readings of two stations around the turn of a month."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = ["2026-02-28 08:00,0.4,", "2026-03-01 08:00,0.5,7.25", "2026-03-02 00:00,0.6,99"]
    file = tmp_path / "in.csv"
    file.write_text("\n".join(["time,NH4,DO", *rows]))
    for station in (STATION, OTHER):
        where = [str(file), "--data", str(folder), "--station", station, "--time", "time"]
        assert importing_command.run([*where, "--map", "NH4=w21003", "DO=w01009"]) == 0
    capsys.readouterr()
    return folder


def exported(data: Path, file: Path, *more: str) -> int:
    """The exit status."""
    stations = [] if "--station" in more else ["--station", STATION]
    return export_command.run([str(file), "--data", str(data), *stations, *more])


def rows_of(file: Path) -> list[dict[str, str]]:
    """What a program reads."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_a_csv_says_what_was_measured_when_in_which_unit_and_how_good(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Times with their offset; a missing value is empty and has its cause."""
    assert exported(data, tmp_path / "out.csv") == 0

    rows = rows_of(tmp_path / "out.csv")
    assert [(r["indicator"], r["time"], r["value"], r["quality"], r["cause"]) for r in rows] == [
        ("w01009", "2026-02-28T08:00:00+08:00", "", "missing", "sentinel"),
        ("w01009", "2026-03-01T08:00:00+08:00", "7.25", "good", "normal"),
        ("w01009", "2026-03-02T00:00:00+08:00", "99.0", "bad", "range"),
        ("w21003", "2026-02-28T08:00:00+08:00", "0.4", "good", "normal"),
        ("w21003", "2026-03-01T08:00:00+08:00", "0.5", "good", "normal"),
        ("w21003", "2026-03-02T00:00:00+08:00", "0.6", "good", "normal"),
    ]
    assert {(row["station"], row["unit"]) for row in rows} == {(STATION, "mg/L")}
    assert all(row["received"].endswith("+08:00") for row in rows)
    assert "out.csv: 6 readings of 8 series" in capsys.readouterr().out


def test_a_parquet_file_says_the_same(data: Path, tmp_path: Path) -> None:
    """By the file's name; times are instants."""
    assert exported(data, tmp_path / "out.csv") == 0
    assert exported(data, tmp_path / "out.parquet") == 0

    with duckdb.connect() as db:
        found = db.execute(
            "select station, indicator, epoch_ms(time), value, unit, quality, cause"
            f" from '{tmp_path / 'out.parquet'}'"
        ).fetchall()
    assert found[1] == (STATION, "w01009", T, 7.25, "mg/L", "good", "normal")
    plain = [
        (row["station"], row["indicator"], float(row["value"] or "nan"), row["cause"])
        for row in rows_of(tmp_path / "out.csv")
    ]
    same = [(row[0], row[1], np.nan if row[3] is None else row[3], row[6]) for row in found]
    assert str(same) == str(plain)


def test_stations_codes_and_days_choose(data: Path, tmp_path: Path) -> None:
    """Both days belong to it, as people in Asia/Shanghai count them."""
    stations = ["--station", STATION, OTHER, "--code", "w21003"]
    days = ["--from", "2026-02-28", "--to", "2026-03-01"]
    assert exported(data, tmp_path / "out.csv", *stations, *days, "--format", "csv") == 0

    rows = rows_of(tmp_path / "out.csv")
    assert [(row["station"], row["indicator"], row["value"]) for row in rows] == [
        (STATION, "w21003", "0.4"),
        (STATION, "w21003", "0.5"),
        (OTHER, "w21003", "0.4"),
        (OTHER, "w21003", "0.5"),
    ]


def test_corrections_are_in_it_unless_what_was_measured_is_asked_for(
    data: Path, tmp_path: Path
) -> None:
    """What is exported is what people see."""
    with open_shared(Settings(data_dir=data)) as shared, shared.state.begin() as connection:
        why = {
            "by": "李岚",
            "account": "huanbao",
            "why": "wrong standard",
            "at_ms": T,
            "quality": Quality.SUSPECT,
        }
        shared.corrections.add(connection, f"{STATION}/w21003", T, T + 1, value=0.55, **why)
    choice = ["--code", "w21003", "--from", "2026-03-01", "--to", "2026-03-01"]

    for more, value, quality in ((), "0.55", "suspect"), (("--raw",), "0.5", "good"):
        assert exported(data, tmp_path / "out.csv", *choice, *more) == 0
        (row,) = rows_of(tmp_path / "out.csv")
        assert (row["value"], row["quality"]) == (value, quality)


def test_milliseconds_are_written_where_there_are_any() -> None:
    """And nowhere else."""
    assert csv_lines._texts(np.array([T, T + 1000])) == [
        "2026-03-01T08:00:00",
        "2026-03-01T08:00:01",
    ]
    assert csv_lines._texts(np.array([T, T + 1]))[1] == "2026-03-01T08:00:00.001"


def test_wrong_options_are_reported_all_at_once(data: Path, tmp_path: Path) -> None:
    """Each with what could be meant."""
    more = ["--station", STATION, "atlantis", "--code", "a34004", "--from", "soon"]
    with pytest.raises(FaultyInput) as told:
        exported(data, tmp_path / "none" / "out.csv", *more)
    folder, station, code, day = map(str, told.value.faults)
    assert "is no folder" in folder
    assert "--station: unknown station 'atlantis'; use one of tonglv-pingchao" in station
    assert "--code: 'a34004' is not measured there; use one of w01010" in code
    assert "--from: 'soon' is not a date; write it as 2026-03-01" in day
    with pytest.raises(FaultyInput, match="--from: lies behind --to"):
        exported(data, tmp_path / "out.csv", "--from", "2026-03-02", "--to", "2026-03-01")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_file_that_does_not_become_whole_leaves_the_one_before(
    data: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that goes away half way."""
    file = tmp_path / name
    file.write_text("before")
    there = set(tmp_path.iterdir())
    track = DuckDBStore.track

    def away(store: DuckDBStore, series: str, from_ms: int, to_ms: int) -> Track:
        if series.endswith("w21003"):
            raise StoreAway("store http://127.0.0.1:1: does not answer; start it")
        return track(store, series, from_ms, to_ms)

    monkeypatch.setattr(DuckDBStore, "track", away)
    with pytest.raises(StoreAway):
        exported(data, file)

    assert file.read_text() == "before"
    assert set(tmp_path.iterdir()) == there


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_place_that_cannot_be_written_is_reported(data: Path, tmp_path: Path, name: str) -> None:
    """In one line, with the remedy."""
    (tmp_path / name).mkdir()
    with pytest.raises(Refused, match=f"{name}: cannot be written .*; name another file"):
        exported(data, tmp_path / name)


def test_months_are_cut_without_gap_or_overlap() -> None:
    """Where the tables of the embedded store are."""
    march, april = 1_772_323_200_000, 1_775_001_600_000
    assert list(export._months(march - 5, april + 7)) == [
        (march - 5, march),
        (march, april),
        (april, april + 7),
    ]
    assert list(export._months(march, march + 1)) == [(march, march + 1)]
    assert list(export._months(march, april)) == [(march, april)]
