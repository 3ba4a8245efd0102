"""Old records of hours in a station of seconds: judged the same from their file as from the store."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import ZONE
from qingyuan.commands.records import importing as importing_command
from qingyuan.commands.rules import backtest as backtest_command

STATION = "air-jinsha"
CODES = {"a34004": 60, "a34002": 90, "a21026": 20, "a21004": 40, "a21005": 1, "a05024": 80}
FADING = 0.9 ** np.arange(24)
BEGIN = datetime(2024, 1, 1, tzinfo=ZONE)
RULES = """
[[rule]]
id = "aqi-hour"
name = "AQI"
kind = "standard"
averaging = "hour"
stations = { kind = "air" }
reason = "HJ 633"
[[rule.level]]
level = "warning"
above = 100

[[rule]]
id = "aqi-day"
name = "AQI"
kind = "standard"
averaging = "day"
stations = { kind = "air" }
reason = "HJ 633"
[[rule.level]]
level = "warning"
above = 80

[[rule]]
id = "pm-unusual"
name = "PM2.5"
kind = "baseline"
indicator = "a34004"
window = "7d"
stations = { kind = "air" }
reason = "unusual"
[[rule.level]]
level = "notice"
above = 1.5

[[rule]]
id = "pm-jump"
name = "PM2.5"
kind = "rate"
indicator = "a34004"
window = "10m"
stations = { kind = "air" }
reason = "jump"
[[rule.level]]
level = "notice"
above = 10
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Forty days of hours that come and go, with some missing."""
    random, count = np.random.default_rng(34), 40 * 24
    rows = [["time", *CODES]]
    wander = {code: np.exp(np.convolve(random.normal(0, 0.3, count), FADING)) for code in CODES}
    for at in range(count):
        values = (f"{usual * wander[code][at]:.3f}" for code, usual in CODES.items())
        kept = (text if random.random() > 0.04 else "" for text in values)
        rows.append([f"{BEGIN + timedelta(hours=at):%Y-%m-%d %H:%M}", *kept])
    found = tmp_path / "hours.csv"
    found.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    return found


def columns() -> list[str]:
    """How the file is read."""
    return ["--time", "time", "--map", *(f"{code}={code}" for code in CODES)]


def imported(file: Path, data: Path, *more: str) -> None:
    """Into a new folder of data."""
    data.mkdir(exist_ok=True)
    where = [str(file), "--data", str(data), "--station", STATION]
    assert importing_command.run([*where, *columns(), *more]) == 0


def alerts(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict[str, Any]]:
    """What a back-test finds; of a file the last hour is not over, so what stands is left out."""
    capsys.readouterr()
    assert backtest_command.run([*argv, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["alerts"]
    names = ("rule", "level", "began", "fired", "resolved", "peak", "peak_at")
    return [{name: row[name] for name in names} for row in found if row["resolved"]]


def test_hours_of_a_file_are_judged_the_same_once_they_are_imported(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hour and day, against the usual, and as changes; the summary says the cadence."""
    rules, data = tmp_path / "rules.toml", tmp_path / "data"
    rules.write_text(RULES, encoding="utf-8")
    by_file = alerts(capsys, str(rules), "--csv", str(file), "--station", STATION, *columns())
    assert {row["rule"] for row in by_file} == {"aqi-hour", "aqi-day", "pm-unusual", "pm-jump"}

    imported(file, data)
    assert "cadence 1h of a34004, a34002" in capsys.readouterr().out
    span = ["--from", "2024-01-01", "--to", "2024-02-09", "--data", str(data)]
    assert alerts(capsys, str(rules), "--station", STATION, *span) == by_file

    imported(file, data, "--cadence", "2s")
    assert "cadence 2s" in capsys.readouterr().out
    none = alerts(capsys, str(rules), "--station", STATION, *span)
    assert not none, "one reading of seconds is no hour, and changes nothing"


@pytest.mark.parametrize("text", ["hourly", "0s", "2d"])
def test_a_cadence_that_is_none_is_refused_with_what_to_write(
    tmp_path: Path, file: Path, text: str
) -> None:
    with pytest.raises(FaultyInput, match="--cadence") as refused:
        imported(file, tmp_path / "data", "--cadence", text)
    assert "1h" in str(refused.value) or "3h" in str(refused.value)
