"""The units for systemd."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import need

UNITS = sorted((Path(__file__).parents[2] / "deploy").glob("*.service"))
BELOW = 25
"""Of 100 by systemd's own reckoning; without any of its directives a unit has 96."""


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_may_do_little_more_than_it_must(unit: Path) -> None:
    """And none of its directives is unknown."""
    command = [
        need("systemd-analyze"),
        "security",
        "--offline=yes",
        f"--threshold={BELOW}",
        str(unit),
    ]
    looked_over = subprocess.run(command, capture_output=True, text=True, check=False)
    assert looked_over.stderr == ""
    assert looked_over.returncode == 0, looked_over.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_keeps_is_read_by_nobody_else(unit: Path) -> None:
    """Its folder and every file in it."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert {"StateDirectoryMode=0700", "UMask=0077"} <= set(lines)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_runs_away_in_a_unit_ends_before_the_machine_does(unit: Path) -> None:
    """Its memory, first slowed and then ended; its tasks; its open files."""
    names = {line.partition("=")[0] for line in unit.read_text(encoding="utf-8").splitlines()}
    assert {"MemoryHigh", "MemoryMax", "TasksMax", "LimitNOFILE"} <= names
