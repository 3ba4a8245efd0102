"""Papers out of frozen figures: made, seen, handed out in three forms, compared with today's data."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from alerting.alert import Level, State
from tests.api.conftest import NOW_MS, RunningCentre, spill

ROOT = Path(__file__).parents[2]
KIND = "environment.month-alerts"
HOUR_MS = 3_600_000
API = "/api/v1/reports"


@pytest.fixture(scope="session")
def libraries(libraries: Path) -> Path:
    """With the fonts, as `make setup` installs them."""
    fonts = libraries / "@embedpdf"
    if not fonts.exists():
        fonts.symlink_to(ROOT / "node_modules" / "@embedpdf")
    return libraries


@pytest.fixture
def month(centre: RunningCentre) -> RunningCentre:
    """Seven alerts of November at two stations, one of them of equipment."""
    for n in range(6):
        centre.put(
            spill(
                id=f"{n:020}",
                level=Level(1 + n % 4),
                station="tonglv-pingchao" if n % 2 else "tonglv-jinsha",
                fired_ms=NOW_MS - n * 24 * HOUR_MS,
                began_ms=NOW_MS - n * 24 * HOUR_MS - 60_000,
                state=State.RESOLVED if n else State.FIRING,
                resolved_ms=NOW_MS - n * 24 * HOUR_MS + HOUR_MS if n else None,
            )
        )
    centre.put(spill(id="9" * 20, about="maintenance", rule_id="station-silent", indicator=""))
    return centre


def made(client: httpx.Client, month: str = "2026-11") -> int:
    """The id of a new paper."""
    answer = client.post(API, json={"kind": KIND, "parameters": {"month": month}})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_end_to_end(month: RunningCentre, officer: httpx.Client) -> None:
    """x"""
    snapshot = made(officer)
    page = officer.get(f"/reports/{snapshot}")
    assert page.status_code == 200, page.text
    Path("/tmp/reports-out").mkdir(exist_ok=True)
    Path("/tmp/reports-out/page.html").write_text(page.text)
    for form in ("docx", "xlsx", "pdf"):
        answer = officer.get(f"/reports/{snapshot}/paper.{form}")
        assert answer.status_code == 200, (form, answer.text)
        Path(f"/tmp/reports-out/paper.{form}").write_bytes(answer.content)
