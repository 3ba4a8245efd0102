"""Judicial figures that are not there: the same from the same seed, and they add up where nobody
broke them.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from simulators.judicial.faults import PLANTS
from simulators.judicial.flows import due, totalled
from simulators.judicial.records import Judicial, Sheet
from simulators.judicial.simulation import judicial

SEEDS = (3, 4, 5)
OF_SHEETS = {
    "wrong-sum",
    "broken-carry",
    "wrong-total",
    "wrong-parts",
    "late-month",
    "missing-month",
    "break-of-definition",
}


@cache
def made(seed: int) -> Judicial:
    return judicial(seed)


def planted(seed: int, kind: str) -> set[tuple[str, str]]:
    """Files and keys of its faults."""
    return {
        (label.file, label.key)
        for label in made(seed).labels
        if label.kind == kind and not label.innocent
    }


def standing(seed: int) -> dict[tuple[str, date], Sheet]:
    """The sheet of a body and month that holds: a revision, where there is one."""
    return {(one.body, one.month): one for one in made(seed).sheets}


def test_a_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    folders = [tmp_path / salt for salt in ("1", "2")]
    for folder in folders:
        command = [sys.executable, "-m", "simulators.judicial", str(folder), "--seed", "3"]
        environment = os.environ | {"PYTHONHASHSEED": folder.name}
        subprocess.run(command, check=True, env=environment)
    first, second = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert first == second
    rows = list(csv.reader(first["police/2023-05.csv"].decode().splitlines()))
    assert rows[2] == ["类别", "期初在办数", "新立（受理）数", "办结数", "期末在办数"]


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_and_totals_add_up_but_where_a_fault_was_planted(seed: int) -> None:
    sums, totals, parts = (planted(seed, f"wrong-{of}") for of in ("sum", "total", "parts"))
    for sheet in made(seed).sheets:
        for row in sheet.rows:
            assert min(row.figures) >= 0
            fits = row.old + row.new - row.closed == row.pending
            assert fits is ((sheet.file, row.kind) not in sums)
            if row.parts:
                assert (sum(row.parts) == row.closed) is ((sheet.file, row.kind) not in parts)
        assert (totalled(sheet.rows) == sheet.total) is ((sheet.file, "合计") not in totals)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_month_goes_on_from_the_one_before_but_where_a_fault_was_planted(seed: int) -> None:
    """After a wrong sum it goes on from the right one."""
    breaks = {
        (label.file, label.key)
        for label in made(seed).labels
        if label.kind == "break-of-definition"
    }
    broken = planted(seed, "broken-carry") | breaks
    sheets = standing(seed)
    for (body, month), sheet in sheets.items():
        before = sheets.get((body, (month.replace(day=1) - date.resolution).replace(day=1)))
        if before is None:
            continue
        for last, row in zip(before.rows, sheet.rows, strict=True):
            carried = last.old + last.new - last.closed == row.old
            original = sheet.file.removesuffix("-修订")
            assert carried is ((original, row.kind) not in broken), (sheet.file, row.kind)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_kind_of_fault_is_planted_and_late_is_late(seed: int) -> None:
    for kind in OF_SHEETS:
        assert len(planted(seed, kind)) == PLANTS
    late = {file for file, _ in planted(seed, "late-month")}
    missing = {file for file, _ in planted(seed, "missing-month")}
    for sheet in made(seed).sheets:
        if not sheet.revised:
            assert (sheet.sent_on > due(sheet.month)) is (sheet.file in late)
            assert sheet.missing is (sheet.file in missing)


@pytest.mark.parametrize("seed", SEEDS)
def test_letters_and_hearings_keep_their_days_but_where_a_fault_was_planted(seed: int) -> None:
    late = planted(seed, "passed-on-late")
    told = planted(seed, "told-late") | planted(seed, "never-told")
    assert late
    for letter in made(seed).letters:
        assert letter.passed_on is not None
        days = (letter.passed_on - letter.received_on).days
        assert (days > 15) is (("letters", letter.number) in late)
    for hearing in made(seed).hearings:
        days = (hearing.held_on - hearing.notified_on).days
        assert (days < 3) is (("hearings", hearing.number) in told)
