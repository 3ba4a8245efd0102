"""`qingyuan check` says that a district holds, or every fault of its files at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.vocabulary.errors import FaultyInput
from qingyuan.commands.centre import check


@pytest.fixture
def copy(tmp_path: Path, district: Path) -> Path:
    return shutil.copytree(district, tmp_path / "copy")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(FaultyInput):
        check.run([str(folder)])
    return capsys.readouterr().out.splitlines()


def test_the_demonstration_district_holds(
    district: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line counts what was found."""
    assert check.run([str(district)]) == 0
    assert "2 rivers, 10 stations" in capsys.readouterr().out


def test_rules_and_people_are_not_asked_of_every_folder(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of stations alone is a catalogue too."""
    (copy / "rules.toml").unlink()
    (copy / "people.toml").unlink()
    assert check.run([str(copy)]) == 0
    assert "rules" not in capsys.readouterr().out


def test_faults_of_several_files_are_reported_at_once(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stations and people are mended in one go; each fault is a line of its own."""
    change(copy / "stations.toml", 'river = "tonglv"', 'river = "styx"')
    change(copy / "stations.toml", 'target = "III"', 'target = "VII"')
    change(copy / "people.toml", 'roles = ["deputy"]', 'roles = ["king"]')
    found = lines(copy, capsys)
    assert [line.split(":")[0] for line in found] == ["stations.toml"] * 2 + ["people.toml"]


def test_a_rule_about_an_unknown_indicator_is_reported(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules are looked at against the catalogue they stand beside."""
    change(copy / "rules.toml", 'indicator = "w21003"', 'indicator = "w99999"')
    (line,) = lines(copy, capsys)
    assert line.startswith("rules.toml: ")
    assert "w99999" in line
