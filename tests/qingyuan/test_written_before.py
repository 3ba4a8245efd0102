"""A data folder and a backup that a centre wrote on 2026-11-30 open as they are.

The archive was written before modules and names were moved: 60 samples of a station with an alert,
a refused message and a review, settled, stored and judged; ``known.json`` says what was in it.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from qingyuan.commands.records import restore
from qingyuan.runtime.site import SiteResources, opened
from tests.qingyuan.test_backup import _message, _record, _settled, _stored, at_work

ARCHIVE = Path(__file__).parent / "written_2026_11_30.tar.xz"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The archive's folder: ``data``, ``backup`` and ``known.json``."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def known(written: Path) -> dict[str, Any]:
    """What the centre that wrote it gave back."""
    found: dict[str, Any] = json.loads((written / "known.json").read_text())
    return found


def assert_holds(resources: SiteResources, expected: dict[str, Any]) -> None:
    """Readings, record and people's words are those that were written; what comes again is none."""
    readings = [[*key, *value] for key, value in sorted(_stored(resources).items())]
    assert readings == expected["readings"]
    assert [list(row) for row in _record(resources, expected["last"])] == expected["record"]
    listed = resources.shared.repository.listing()
    assert [[of.alert.id, of.alert.rule_id] for of in listed] == [
        row[:2] for row in expected["alerts"]
    ]
    refused = resources.deadletters.newest(10)
    assert [refusal.details.fault for refusal in refused] == expected["refused"]
    again = resources.committer.take([_message(expected["base_ms"], 0)])
    assert len(again.columns) == 0


def test_given_a_data_folder_of_before_when_it_is_opened_then_all_is_there(written: Path) -> None:
    """Journal, ledger, store, state and dead letters."""
    with at_work(Settings(data_dir=written / "data")) as (resources, rule_worker):
        _settled(resources, rule_worker)
        assert_holds(resources, known(written))


def test_given_a_backup_of_before_when_it_is_restored_then_all_is_there(written: Path) -> None:
    """Into an empty folder."""
    data = written / "empty"
    assert restore.run([str(written / "backup"), "--data", str(data), "--unverified"]) == 0
    with at_work(Settings(data_dir=data)) as (resources, rule_worker):
        _settled(resources, rule_worker)
        assert_holds(resources, known(written))


def test_given_a_data_folder_of_before_when_it_is_opened_twice_then_nothing_is_made_anew(
    written: Path,
) -> None:
    """Its tables are brought up to date once."""
    settings = Settings(data_dir=written / "data")
    with opened(settings) as resources:
        last = resources.journal.last
    with opened(settings) as resources:
        assert resources.journal.last == last == known(written)["last"]
