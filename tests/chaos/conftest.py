"""What the chaos tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def quiet_district(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Path:
    """The demonstration district without the rule on silence, which depends on the hour."""
    folder = tmp_path_factory.mktemp("district") / "tongzhou"
    shutil.copytree(district, folder)
    rules = (folder / "rules.toml").read_text(encoding="utf-8")
    (folder / "rules.toml").write_text(rules[: rules.index('[[rule]]\nid = "station-silent"')])
    return folder
