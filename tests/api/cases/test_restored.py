"""Cases that were shared and that came stand in a backup: after a restore they open as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from alerting.record.repository import Repository
from config import site_key
from config.settings import Settings
from ingest.state.database import open_state
from qingyuan.commands.records import backup, restore
from qingyuan.runtime.page_server import served
from qingyuan.runtime.site import files_of
from tests.api.cases.test_cases import API, MATTER, TITLE, joined, opened, step
from tests.api.cases.test_sharing import REASON, WHY, package, sent, signed
from tests.api.conftest import BOTH, RunningCentre, entered, spill
from tests.conftest import Postgres, free_port


@pytest.fixture
def emptied(
    kind: str, tmp_path: Path, settings: Settings, request: pytest.FixtureRequest
) -> Settings:
    """Those of an empty centre of the same kind."""
    folder = tmp_path / "second"
    if kind == "sqlite":
        return Settings(data_dir=folder)
    postgres: Postgres = request.getfixturevalue("postgres")
    return msgspec.structs.replace(settings, data_dir=folder, state_url=postgres.database())


def given(settings: Settings) -> list[str]:
    """The options by which a command finds a centre."""
    file = settings.data_dir.with_suffix(".toml")
    file.write_text(f'state_url = "{settings.state_url}"\n')
    return ["--data", str(settings.data_dir), "--settings", str(file)]


@contextmanager
def supervising(centre: RunningCentre, settings: Settings) -> Iterator[httpx.Client]:
    """Somebody who decides on cases, at the pages of a centre with these settings."""
    port = free_port()
    with closing(open_state(settings)) as state:
        services = replace(
            centre.services, state=state, alerts=Repository(state), files=files_of(settings)
        )
        with (
            served(services, "127.0.0.1", port),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            yield entered(client, "daigongwei")


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_shared_case_and_one_that_came_when_restored_then_both_open_as_before(
    centre: RunningCentre,
    supervisor: httpx.Client,
    clerk: httpx.Client,
    city: int,
    settings: Settings,
    emptied: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package to the byte, its receipt, frozen copies, the plan of its means, what came."""
    case = opened(supervisor)
    assert joined(supervisor, case, centre.put(spill()).id, WHY).status_code == 201
    chosen = {"means": "inquiry", "means_why": "问清楚", "body": "water", "topic": "进度"}
    assert step(supervisor, case, "choose", **chosen).is_success
    share, content = package(supervisor, case, city)
    received = sent(clerk, content).json()["id"]
    receipt = clerk.get(f"{API}/shared/{received}/receipt").content
    assert signed(clerk, case, share, receipt).is_success
    paths = [f"{API}/{case}{of}" for of in ("", "/items", "/story", "/measures", "/shares")]
    paths += [f"{API}/shared/{received}", f"{API}/receivers"]
    before = [supervisor.get(path).json() for path in paths]

    folder = str(tmp_path / "backup")
    assert backup.run([folder, *given(settings)]) == 0
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(site_key.key_path(settings)))
    assert restore.run([folder, *given(emptied)]) == 0

    with supervising(centre, emptied) as restored:
        assert [restored.get(path).json() for path in paths] == before
        assert restored.get(f"{API}/{case}/shares/{share}/package").content == content
        page = restored.get(f"/cases/shared/{received}").text
        assert [of for of in (TITLE, MATTER, REASON, WHY) if of not in page] == []
        assert sent(restored, content).json()["id"] == received, "known again, not taken twice"
        assert opened(restored) > case
