"""Requests that were refused stand in the log by address and route."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from api import app as application
from api.accounts.attempt_log import MOST_KINDS, of_requests
from api.bodies import MAX_BODY_BYTES
from tests.api.conftest import RunningCentre
from tests.api.test_public_address import NAME, answering
from tests.conftest import wait_until

ELSEWHERE = {"Origin": "https://evil.example"}


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Lines of the log about requests."""
    lines = [record.getMessage() for record in caplog.records]
    return [line for line in lines if line.startswith("refused from")]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the next minute's line."""
    monkeypatch.setattr(application, "SAID_EACH_S", 0.02)


def test_what_was_refused_is_a_line_a_minute_and_address(
    often: None, centre: RunningCentre, deputy: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The first at once; by the form of the address, for the address itself may hold a secret."""
    review = "POST /environment/alerts/{alert_id}/review"
    for _ in range(3):
        deputy.post("/environment/alerts/hidden/review", headers=ELSEWHERE)
    deputy.post("/environment/alerts/hidden/review", content=b" " * (MAX_BODY_BYTES + 1))
    deputy.get("/environment/silences")
    assert said(caplog) == [f"refused from 127.0.0.1: 403 {review} (1)"]
    centre.clock.now_ms += 60_000
    wait_until(lambda: len(said(caplog)) == 2)
    others = f"413 {review} (1), 403 GET /environment/silences (1)"
    assert said(caplog)[1] == f"refused from 127.0.0.1: 403 {review} (2), {others}"


def test_a_request_under_another_name_is_in_the_log(
    centre: RunningCentre, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the name, which is whatever somebody sent."""
    with answering(centre, f"https://{NAME}") as proxied:
        proxied.get("/healthz", headers={"Host": "evil.example"})
    assert said(caplog) == ["refused from 127.0.0.1: 421 (1)"]


def test_a_walk_through_all_routes_is_one_short_line() -> None:
    """The commonest by name, the others by number."""
    counts = Counter({f"403 GET /{n}": 2 for n in range(MOST_KINDS + 3)})
    line = of_requests("192.0.2.1", counts)
    assert line.count("403") == MOST_KINDS
    assert line.endswith(", others (6)")
