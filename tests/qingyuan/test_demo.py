"""The demonstration, run as its user runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.arrival import intake
from ingest.arrival.intake import Message
from qingyuan.demo import demonstration
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]


def command(data: Path, *more: str) -> list[str]:
    """The demonstration on a free port."""
    port = str(free_port())
    return [sys.executable, "-m", "qingyuan", "demo", "--data", str(data), "--port", port, *more]


def report_of(folder: Path, seconds: int, *more: str) -> dict[str, Any]:
    """Run it for a time; it must end well and say nothing on stderr."""
    path = folder / "report.json"
    spoken = command(folder / "data", "--for", str(seconds), "--report", str(path), *more)
    done = subprocess.run(
        spoken, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_in_ninety_seconds_nothing_is_lost_and_the_spill_is_found_where_and_when_it_began(
    tmp_path: Path,
) -> None:
    """Within two cadences of its label, at the first station below it."""
    report = report_of(tmp_path, 90)

    samples = report["samples"]
    assert samples["lost"] == 0
    assert samples["made"] == samples["stored"] + samples["refused"]
    assert samples["made"] > 15_600
    (incident,) = report["incidents"]
    found = [
        alert
        for alert in report["alerts"]
        if alert["rule"] == "ammonia-over-class" and alert["station"] == incident["station"]
    ]
    assert {alert["level"] for alert in found} == {"alarm", "critical"}
    began = min(datetime.fromisoformat(alert["began"]) for alert in found)
    late = (began - datetime.fromisoformat(incident["began"])).total_seconds()
    assert -2 <= late <= 2
    assert sum(alert["notified"] for alert in found) > 0
    assert report["notifications"] > 0


def test_without_an_incident_no_pollution_alert_fires(tmp_path: Path) -> None:
    """Nature alone stays within the rules, past included."""
    report = report_of(tmp_path, 25, "--no-incident")

    assert report["incidents"] == []
    assert [a for a in report["alerts"] if a["rule"] != "station-silent"] == []


def working() -> set[threading.Thread]:
    """Threads but those that check passwords, which a process has once and keeps."""
    return {one for one in threading.enumerate() if not one.name.startswith("passwords")}


def test_an_intake_that_drops_samples_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It settles every 50th message without keeping it: the loss counter is no witness of its own."""
    real = intake.Intake.take
    seen = 0

    def dropping(self: intake.Intake, messages: list[Message], now_ms: int) -> intake.Taken:
        nonlocal seen
        taken = real(self, messages, now_ms)
        seen += len(messages)
        if seen < 50 or not len(taken.columns):
            return taken
        seen = 0
        return intake.Taken(intake.Columns.empty(), taken.settled, taken.touched)

    monkeypatch.setattr(intake.Intake, "take", dropping)
    threads = working()

    status = demonstration.run(
        ["--for", "12", "--data", str(tmp_path), "--port", str(free_port()), "--no-incident"]
    )

    assert status > 0
    assert working() <= threads


def test_interrupted_it_ends_cleanly_and_started_again_it_goes_on(tmp_path: Path) -> None:
    """Ctrl-C; the second start answers on / and keeps the accounts."""
    for _ in range(2):
        spoken = command(tmp_path, "--no-incident")
        with subprocess.Popen(
            spoken, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            try:
                assert running.stdout is not None
                address = running.stdout.readline().strip()
                with urllib.request.urlopen(address, timeout=60) as answer:
                    assert answer.status == 200
                running.send_signal(signal.SIGINT)
                _, complaints = running.communicate(timeout=60)
                assert (running.returncode, complaints) == (0, "")
            finally:
                running.kill()
    assert (tmp_path / "demo-passwords.json").stat().st_mode & 0o777 == 0o600
