"""`qingyuan search rebuild`: what can be found is written anew, with or without a running centre."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.accounts.records import Account, Reach
from api.platforms.environment.permission import EnvironmentPermission
from api.search.index import Asked, SearchIndex
from config.settings import Settings
from ingest.state.database import open_state
from qingyuan.commands.records import search

VIEWER = Account("x", "x", reaches=(Reach(frozenset({EnvironmentPermission.SEE_STATIONS})),))


def test_given_an_empty_index_when_it_is_rebuilt_then_the_stations_are_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As often as somebody likes."""
    for _ in range(2):
        assert search.run(["rebuild", "--data", str(tmp_path)]) == 0
        assert "environment: 10 entries" in capsys.readouterr().out
    state = open_state(Settings(data_dir=tmp_path))
    assert SearchIndex(state).found(VIEWER, Asked("tonglv-pingchao")).total == 1
    state.close()
