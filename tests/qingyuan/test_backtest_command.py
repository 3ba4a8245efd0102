"""`qingyuan backtest`: rules tried on a file or on the store."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alerting.alert import Alert, Change, Level, State, Transition, Verdict
from alerting.record.repository import Repository
from config.settings import Settings
from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause, quality_of
from ingest.journal.columns import Columns
from ingest.state.database import open_state
from ingest.store.duckdb.store import DuckDBStore
from qingyuan.commands.records import importing as importing_command
from qingyuan.commands.rules import backtest as backtest_command
from qingyuan.maintenance import backtest

EAST = timezone(timedelta(hours=8))
RULE = """
[[rule]]
id = "pm25-heavy"
name = "细颗粒物重污染"
kind = "threshold"
indicator = "a34004"
stations = {{ kind = "air"{where} }}
reason = "HJ 633 heavy pollution"
[[rule.level]]
level = "warning"
above = {above}
for = "3h"
clear = {{ below = 115, for = "2h" }}
"""


def rules(folder: Path, name: str = "rules.toml", *, above: int = 150, where: str = "") -> Path:
    """A rules file with one threshold."""
    file = folder / name
    file.write_text(RULE.format(above=above, where=where), encoding="utf-8")
    return file


def hours(folder: Path, values: list[float | None], *, name: str = "pm.csv") -> Path:
    """A file of one value an hour from 2026-03-01, Asia/Shanghai; None is NA."""
    begin = datetime(2026, 3, 1, tzinfo=EAST)
    lines = [
        f"{begin + timedelta(hours=at):%Y-%m-%d %H:%M},{'NA' if value is None else value}"
        for at, value in enumerate(values)
    ]
    file = folder / name
    file.write_text("\n".join(["time,PM2.5", *lines]), encoding="utf-8")
    return file


def tried(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What the command prints of a file."""
    of_file = ["--time", "time", "--map", "PM2.5=a34004", "--station", "Dongsi"]
    assert backtest_command.run([*argv, *of_file]) == 0
    return capsys.readouterr().out


def test_lines_without_a_time_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line for all of them."""
    file = hours(tmp_path, [100.0, 160.0])
    file.write_text(file.read_text(encoding="utf-8") + "\nsoon,170\n2026-13-01 00:00,1\n")
    given = [str(rules(tmp_path)), "--csv", str(file), "--time", "time", "--map", "PM2.5=a34004"]
    assert backtest_command.run([*given, "--station", "Dongsi"]) == 0
    assert "2 rows are not evaluated; their time cannot be read" in capsys.readouterr().err


def plainly(values: list[float | None]) -> list[tuple[int, int, int | None, float]]:
    """The rule read aloud, hour by hour: beginning, firing, end and peak of each alert."""
    found = []
    good = [(at, value) for at, value in enumerate(values) if value is not None]
    began = fired = clear = last = None
    peak = 0.0
    for at, value in good:
        gap = 0 if last is None else at - last
        last = at
        if fired is None:
            if began is not None and gap > 3:
                began = None
            if value <= 150:
                began = None
                continue
            began, peak = (at, value) if began is None else (began, max(peak, value))
            fired = at if at - began >= 3 else None
            continue
        peak = max(peak, value)
        if gap > 2.5:
            clear = None
        if value > 115:
            clear = None
            continue
        clear = at if clear is None else clear
        if at - clear >= 2:
            found.append((began, fired, at, peak))
            began = fired = clear = None
    if fired is not None:
        found.append((began, fired, None, peak))
    return found  # type: ignore[return-value]


def iso(at: int | None) -> str | None:
    """An hour of the file."""
    begin = datetime(2026, 3, 1, tzinfo=EAST)
    return None if at is None else (begin + timedelta(hours=at)).isoformat()


@pytest.mark.parametrize("seed", range(4))
def test_alerts_are_those_of_the_definition_read_aloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """With holes, on a thousand hours that wander about the limits."""
    draw = random.Random(seed)
    level, values = 120.0, list[float | None]()
    for _ in range(1000):
        level = min(max(level + draw.uniform(-30, 30), 60), 240)
        values.append(None if draw.random() < 0.08 else round(level))

    text = tried(capsys, str(rules(tmp_path)), "--csv", str(hours(tmp_path, values)), "--json")

    alerts = json.loads(text)["alerts"]
    expected = plainly(values)
    assert len(expected) > 3
    assert [(a["began"], a["fired"], a["resolved"], a["peak"]) for a in alerts] == [
        (iso(began), iso(fired), iso(end), peak) for began, fired, end, peak in expected
    ]
    assert {(a["rule"], a["station"], a["level"]) for a in alerts} == {
        ("pm25-heavy", "Dongsi", "warning")
    }


def test_an_alert_that_stands_is_resolved_null(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And tells where its peak was."""
    file = hours(tmp_path, [100, 160, 170, 180, 175, 170])
    text = tried(capsys, str(rules(tmp_path)), "--csv", str(file), "--json")

    (alert,) = json.loads(text)["alerts"]
    assert (alert["resolved"], alert["peak"], alert["peak_at"]) == (None, 180.0, iso(3))


def test_a_second_version_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table and for programs: what only one of them would have raised."""
    values: list[float | None] = [100, *[170] * 6, *[100] * 6, *[220] * 6, *[100] * 6]
    at = [str(rules(tmp_path)), "--csv", str(hours(tmp_path, values))]
    other = ["--against", str(rules(tmp_path, "higher.toml", above=200))]

    answer: dict[str, Any] = json.loads(tried(capsys, *at, *other, "--json"))
    table = tried(capsys, *at, *other)

    assert len(answer["alerts"]) == 2
    assert "reviewed" not in answer
    told = answer["summary"]["messages"]
    assert told == {"deputy": 3, "officer": 4}, "deputies hear of both ends the next morning"
    assert [a["began"] for a in answer["against"]["only_here"]] == [iso(1)]
    assert (answer["against"]["in_both"], answer["against"]["only_there"]) == (1, [])
    assert "2 alerts (2 warning)" in table
    assert "only here: 1" in table


def test_a_rule_of_some_river_or_area_is_tried_on_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is taken to be from there; a rule of another station by id is not tried."""
    file = hours(tmp_path, [100, *[170] * 6])
    there = rules(tmp_path, where=', area = "金沙街道"')
    assert json.loads(tried(capsys, str(there), "--csv", str(file), "--json"))["alerts"]

    elsewhere = rules(tmp_path, where=', id = "air-jinsha"')
    with pytest.raises(FaultyInput, match="no rule for what the file measures"):
        tried(capsys, str(elsewhere), "--csv", str(file))


DEFAULTS = Path(backtest.__file__).parents[2] / "config/data/rules/defaults.toml"


def water(folder: Path, columns: list[str], value: float = 5) -> list[str]:
    """A file of four days of hours, with a column for each code, and how it is asked."""
    begin = datetime(2026, 3, 1, tzinfo=EAST)
    lines = [
        f"{begin + timedelta(hours=at):%Y-%m-%d %H:%M}{f',{value}' * len(columns)}"
        for at in range(96)
    ]
    file = folder / "water.csv"
    file.write_text("\n".join([f"time,{','.join(columns)}", *lines]), encoding="utf-8")
    maps = [f"{code}={code}" for code in columns]
    return ["--csv", str(file), "--time", "time", "--map", *maps, "--station", "S"]


@pytest.mark.parametrize("columns", [["w01009"], ["w21003", "w01009", "w01001"], ["w01014"]])
@pytest.mark.parametrize("more", [[], ["--qc"], ["--against", str(DEFAULTS)]])
def test_the_rules_to_start_from_are_tried_on_any_file_and_those_that_do_not_fit_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], columns: list[str], more: list[str]
) -> None:
    """With why: another kind of station, a column that is not there, states, a neighbour."""
    asked = [str(DEFAULTS), *water(tmp_path, columns), *more]
    assert backtest_command.run(asked) == 0
    text = capsys.readouterr().out
    assert backtest_command.run([*asked, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)

    why = {row["rule"]: row["why"] for row in answer["untried"]}
    assert all(f"not tried: {rule} {reason}" in text for rule, reason in why.items())
    assert "states" in why["sensor-not-measuring"]
    assert "air" in why["ozone-high"]
    assert "station-silent" not in why
    assert ("oxygen-low" in why) == ("w01009" not in columns)
    assert ("sewage-signature" in why) == (not {"w21003", "w01009"} <= {*columns})
    assert "upstream" in why["ammonia-downstream"] or "w21003" in why["ammonia-downstream"]
    if more[:1] == ["--against"]:
        assert answer["against"]["untried"] == answer["untried"]


@pytest.mark.parametrize(("lake", "worse"), [([], 0), (["--lake"], 1)])
def test_a_file_of_a_lake_is_judged_by_the_limits_of_lakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lake: list[str], worse: int
) -> None:
    """0.15 mg/L of total phosphorus; the threshold to start from is of rivers."""
    asked = [str(DEFAULTS), *water(tmp_path, ["w21011"], 0.15), *lake, "--json"]
    assert backtest_command.run(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    assert len({row["rule"] for row in answer["alerts"]} & {"water-class-day"}) == worse
    untried = {row["rule"] for row in answer["untried"]}
    assert ("phosphorus-high" in untried) is bool(lake)


def test_readings_that_quality_control_doubts_can_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty hours of one value are a fault of the instrument."""
    values: list[float | None] = [100 + at % 7 for at in range(30)]
    values += [170] * 30 + [100 + at % 7 for at in range(30)]
    at = [str(rules(tmp_path)), "--csv", str(hours(tmp_path, values)), "--json"]

    assert len(json.loads(tried(capsys, *at))["alerts"]) == 1
    assert json.loads(tried(capsys, *at, "--qc"))["alerts"] == []


def test_a_picture_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside what is printed."""
    picture = tmp_path / "alerts.png"
    file = hours(tmp_path, [100, *[170] * 6])
    tried(capsys, str(rules(tmp_path)), "--csv", str(file), "--plot", str(picture))

    assert picture.read_bytes().startswith(b"\x89PNG")


DISTRICT = Path(backtest.__file__).parents[2] / "config/data/districts/tongzhou/rules.toml"


def stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A data directory with a minute of ammonia, high from its twentieth second on."""
    data = tmp_path / "data"
    data.mkdir()
    begin = datetime(2026, 3, 1, tzinfo=EAST)
    lines = [
        f"{begin + timedelta(seconds=at):%Y-%m-%d %H:%M:%S},{1.5 if at >= 20 else 0.4}"
        for at in range(60)
    ]
    file = tmp_path / "in.csv"
    file.write_text("\n".join(["time,NH4", *lines]))
    where = ["--data", str(data), "--station", "tonglv-jinsha", "--time", "time"]
    assert importing_command.run([str(file), *where, "--map", "NH4=w21003"]) == 0
    capsys.readouterr()
    return data


def test_rules_are_tried_on_what_the_store_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Readings of the field as judged and corrected, of the span that is asked for."""
    data = stored(tmp_path, capsys)
    asked = [str(DISTRICT), "--data", str(data), "--json"]

    assert backtest_command.run([*asked, "--from", "2026-03-01", "--to", "2026-03-01"]) == 0
    inside = json.loads(capsys.readouterr().out)["alerts"]
    assert backtest_command.run([*asked, "--from", "2026-03-02", "--to", "2026-03-03"]) == 0
    outside = json.loads(capsys.readouterr().out)["alerts"]

    assert [a["began"] for a in inside if a["level"] == "alarm"] == ["2026-03-01T00:00:20+08:00"]
    assert outside == []


def test_a_state_is_tried_on_what_the_store_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It looks at readings that are not good, too."""
    data = tmp_path / "data"
    begin = datetime(2026, 3, 1, tzinfo=EAST)
    readings = DuckDBStore(data / "readings.duckdb")
    t = int(begin.timestamp() * 1000) + np.arange(600, dtype=np.int64) * 60_000
    count = len(t)
    columns = Columns(
        ("tonglv-jinsha/w21003",), np.zeros(count, np.uint32), t, np.full(count, 0.4),
        np.full(count, quality_of(Cause.MAINTENANCE), np.uint8),
        np.full(count, Cause.MAINTENANCE, np.uint8), t, ("ab" * 16,),
        np.zeros(count, np.uint16), np.arange(count),
    )  # fmt: skip
    readings.put(columns)
    readings.close()
    rule = tmp_path / "state.toml"
    rule.write_text(
        '[[rule]]\nid = "busy"\nname = "x"\nkind = "state"\nreason = "x"\n'
        '[[rule.level]]\nlevel = "warning"\nfor = "4h"\n'
    )
    span = ["--from", "2026-03-01", "--to", "2026-03-01"]

    assert backtest_command.run([str(rule), "--data", str(data), "--json", *span]) == 0

    (alert,) = json.loads(capsys.readouterr().out)["alerts"]
    assert alert["began"] == "2026-03-01T00:00:00+08:00"


def reviewed(data: Path, *verdicts: tuple[str, int, Verdict]) -> None:
    """Alerts on record of ammonia at stations, from so many seconds into the minute on, each
    with what people found it to be.
    """
    state = open_state(Settings(data_dir=data))
    begin_ms = int(datetime(2026, 3, 1, tzinfo=EAST).timestamp() * 1000)
    repository = Repository(state)
    with state.begin() as connection:
        for n, (station, at, verdict) in enumerate(verdicts):
            began = begin_ms + at * 1000
            where = "pollution", station, "w21003", State.RESOLVED
            named = f"{n:020}", "ammonia-over-class", 1, Level.ALARM
            alert = Alert(*named, *where, began, began, began + 5000)
            repository.record(connection, 1, [Transition(Change.FIRED, alert, began, "")])
            repository.review(connection, alert.id, verdict, "李岚", "huanbao", began, "")
    state.close()


def test_of_reviewed_alerts_each_version_says_how_many_it_keeps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the span and station that are asked for; the same ones for both."""
    data = stored(tmp_path, capsys)
    calm = str(rules(tmp_path))
    asked = ["--data", str(data), "--from", "2026-03-01", "--to", "2026-03-01"]
    here = [str(DISTRICT), *asked, "--against", calm, "--station", "tonglv-jinsha"]
    assert backtest_command.run(here) == 0
    assert "reviewed" not in capsys.readouterr().out
    reviewed(
        data,
        ("tonglv-jinsha", 20, Verdict.TRUE),
        ("tonglv-jinsha", 2, Verdict.PLANNED),
        ("tonglv-jinsha", 86_400, Verdict.TRUE),
        ("tonglv-pingchao", 20, Verdict.FALSE),
    )

    assert backtest_command.run([*here, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert backtest_command.run([str(DISTRICT), *asked]) == 0
    everywhere = capsys.readouterr().out

    counts = {"true_all": 1, "false_kept": 0, "false_all": 1}
    assert answer["reviewed"] == {"true_kept": 1, **counts}
    assert answer["against"]["reviewed"] == {"true_kept": 0, **counts}
    assert "reviewed alerts that it keeps: 1/1 true, 0/2 false" in everywhere


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--map", "PM10=a34002"], "no column 'PM10'"),
        (["--map", "PM2.5=a99999"], "unknown indicator 'a99999'"),
        (["--zone", "Mars/Olympus"], "unknown 'Mars/Olympus'"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, change: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, with the option and the remedy."""
    file = hours(tmp_path, [100])
    with pytest.raises(FaultyInput, match=message):
        tried(capsys, str(rules(tmp_path)), "--csv", str(file), *change)


def test_a_file_needs_to_be_reported_what_it_holds(tmp_path: Path) -> None:
    """Time, columns and the station's name."""
    with pytest.raises(FaultyInput, match="--time: is missing"):
        backtest_command.run([str(rules(tmp_path)), "--csv", str(hours(tmp_path, [100]))])
