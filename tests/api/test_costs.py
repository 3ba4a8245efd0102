"""What an account may ask of what costs much: enough for people, and no more of one of them."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.limits import Admission
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of
from api.app import create_app
from api.authentication.costs import CHART, COSTLY, HEAVY, Spending, allowance_of
from config.vocabulary.time import DAY_MS
from qingyuan.runtime.page_server import served
from tests.api.conftest import RunningCentre, entered
from tests.architecture.test_rooms import ROOT
from tests.conftest import free_port

PAGE = ROOT / "docs" / "security.md"
SEARCH = "/api/v1/search?q=water"
steps_ms = st.lists(st.integers(0, 400), max_size=80)


@given(limit=st.integers(1, 5), span_ms=st.integers(10, 1000), steps=steps_ms)
def test_in_any_time_a_key_is_let_in_as_often_as_it_may_and_waits_no_longer_than_it_is_told(
    limit: int, span_ms: int, steps: list[int]
) -> None:
    """At once, and as many again in each span; what is refused counts for nothing."""
    admission, now_ms, let_in = Admission(limit, span_ms), 0, list[int]()
    for step in steps:
        now_ms += step
        wait_ms = admission.wait_ms("key", now_ms)
        if wait_ms:
            now_ms += wait_ms
            assert admission.wait_ms("key", now_ms) == 0
        let_in.append(now_ms)
    for first, from_ms in enumerate(let_in):
        for count, at_ms in enumerate(let_in[first:], 1):
            assert count <= limit * (1 + (at_ms - from_ms) / span_ms) + 1e-6
    assert admission.wait_ms("another", now_ms) == 0


def test_given_an_account_that_asks_too_often_then_it_is_told_when_and_nobody_else_waits(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words on a page; a machine has an allowance of its own, and time gives it back."""
    monkeypatch.setattr("api.app.Spending", Spending)
    port, now_ms = free_port(), centre.clock.now_ms
    with centre.services.state.begin() as connection:
        rights = ("environment.see_stations",)
        Tokens(centre.services.state).add(
            connection, hash_of("s"), "display", rights, "", "huanbao", now_ms, now_ms + DAY_MS
        )
    with (
        served(centre.services, "127.0.0.1", port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as deputy,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as officer,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as machine,
    ):
        entered(deputy, "daibiao")
        entered(officer, "huanbao")
        machine.headers["Authorization"] = "Bearer s"
        answers = [deputy.get(SEARCH).status_code for _ in range(COSTLY.at_once)]
        assert answers == [200] * COSTLY.at_once

        refused = deputy.get(SEARCH)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert "wait 1 s" in refused.json()["detail"]
        page = deputy.get("/environment/stations.csv")
        assert (page.status_code, page.headers["retry-after"]) == (429, "1")
        assert "请等待 1 秒后再试" in page.text
        assert deputy.get("/environment/").status_code == 200
        assert [each.get(SEARCH).status_code for each in (officer, machine)] == [200, 200]

        centre.clock.now_ms += 1000
        assert deputy.get(SEARCH).status_code == 200


def test_what_is_handed_out_and_whatever_tries_or_makes_something_has_an_allowance(
    centre: RunningCentre,
) -> None:
    """Every table, and what docs/security.md names with its figures."""
    found = {
        (method, str(route.path)): allowance_of(route)
        for route in iter_route_contexts(create_app(centre.services).routes)
        for method in route.methods or ()
    }
    assert all(of for (_, path), of in found.items() if path.endswith(".{form}"))
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \| (\d+) \| (\d+) s \|$", page, re.MULTILINE)
    documented = [(int(at_once), int(span_s) * 1000) for at_once, span_s in rows]
    assert documented == [(of.at_once, of.span_ms) for of in (CHART, COSTLY, HEAVY)]
    heavy = {path for (_, path), of in found.items() if of == HEAVY}
    assert {"/reports/", "/imports/new", "/api/v1/documents/checks/{check_id}/trials"} <= heavy
