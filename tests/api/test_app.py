"""The application around its rooms: files, headers, errors, and what the API says of itself."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from api.app import create_app
from api.web.assets import FILES
from config.vocabulary.errors import Refused
from config.vocabulary.reports import Pulse
from ingest.annotations.overlay import Overlaid
from ingest.store.protocol import StoreAway
from qingyuan.runtime.connections import Bounded
from tests.api.conftest import RunningCentre
from tests.api.test_access_walk import written


def test_the_centre_is_healthy_for_anybody(centre: RunningCentre, stranger: httpx.Client) -> None:
    """No session is needed to ask whether the core speaks, and how far the store is."""
    pulse = Pulse(v=1, t=centre.clock.now_ms, journal=3, stored=2, judged=3)
    centre.services.centre.hear("", msgspec.json.encode(pulse))
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"core": True, "stored": 2})


@pytest.mark.parametrize(
    "path",
    ["/environment/", "/sign-in", "/docs", "/openapi.json", "/static/0/app.css", "/nothing"],
)
def test_nothing_may_be_fetched_from_outside(deputy: httpx.Client, path: str) -> None:
    """The policy names ourselves only, on every answer."""
    policy = deputy.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


@pytest.mark.parametrize(
    "path", ["/environment/", "/environment/alerts", "/environment/stations/air-jinsha", "/docs"]
)
def test_pages_name_no_other_host(deputy: httpx.Client, path: str) -> None:
    """Scripts, styles and pictures are this house's own; pages have no inline script."""
    page = deputy.get(path).text
    assert "//" not in page.replace("http://www.w3.org", "").replace("://127.0.0.1", "")
    assert path == "/docs" or "<script>" not in page


def test_pages_stay_out_of_caches(deputy: httpx.Client) -> None:
    """After signing out nothing can be read back."""
    assert deputy.get("/environment/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", FILES)
def test_the_libraries_that_pages_need_are_answered(stranger: httpx.Client, name: str) -> None:
    """Exactly these files of the packages, beside our own."""
    prefix = re.search(r"/static/[0-9a-f]+/", stranger.get("/sign-in").text)
    assert prefix
    assert stranger.get(prefix[0] + name.rpartition("/")[2]).status_code == 200


def test_missing_libraries_stop_the_start_with_the_remedy(
    centre: RunningCentre, tmp_path: Path
) -> None:
    """One line that names the file and what to do."""
    with pytest.raises(Refused, match=r"charts.js.*is missing; run `make setup`"):
        create_app(replace(centre.services, libraries=tmp_path / "nothing"))


@pytest.mark.parametrize(
    "path", ["/nothing", "/environment/stations/nowhere", "/environment/alerts/none"]
)
def test_a_person_who_lost_the_way_reads_words(deputy: httpx.Client, path: str) -> None:
    """A page in Chinese with a way back."""
    answer = deputy.get(path)
    assert answer.status_code == 404
    assert "没有找到您要看的内容" in answer.text
    assert 'href="/"' in answer.text


def test_the_workbench_stands_behind_the_door(deputy: httpx.Client) -> None:
    """It needs no address of its own."""
    assert "等您办理" in deputy.get("/").text


def test_a_broken_form_reads_words_too(stranger: httpx.Client) -> None:
    """A missing field is answered with a page, not with JSON."""
    answer = stranger.post("/sign-in", data={"username": "daibiao"})
    assert answer.status_code == 422
    assert "请返回后重试" in answer.text


def test_a_program_that_lost_the_way_reads_json(deputy: httpx.Client) -> None:
    """Below /api answers are JSON, errors too."""
    answer = deputy.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_the_api_describes_itself(deputy: httpx.Client) -> None:
    """Every address of the API stands in the description, no page does."""
    paths = deputy.get("/openapi.json").json()["paths"]
    ours = {path.replace(":path}", "}") for _, path in written() if path.startswith("/api/")}
    assert set(paths) == ours | {"/healthz", "/metrics"}


OWN_REFUSALS = {("/healthz", "503"), ("/api/v1/administration/imports", "422")}
"""Refusals with more in them than the rest."""


def test_every_operation_says_who_may_ask_and_how_it_refuses(deputy: httpx.Client) -> None:
    """Nobody needs a session for what is open; every other one wants it, or a machine's token."""
    described = deputy.get("/openapi.json").json()
    components = described["components"]
    assert components["securitySchemes"].keys() == {"session", "token"}
    problem = {"$ref": "#/components/schemas/Problem"}
    for refusal in components["responses"].values():
        assert refusal["content"]["application/json"]["schema"] == problem
    open_ones = set()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            responses = operation["responses"]
            if operation.get("security", described["security"]) == []:
                open_ones.add(path)
            elif path.startswith("/api/"):
                assert {"401", "403", "422", "429", "503"} <= responses.keys(), (method, path)
            for status, answer in responses.items():
                ours = {"$ref": f"#/components/responses/{status}"}
                own = (path, status) in OWN_REFUSALS
                assert status < "400" or own or answer == ours, (method, path)
    session = described["paths"]["/api/v1/session"]["post"]["responses"]
    assert session["401"] == {"$ref": "#/components/responses/401"}
    assert open_ones == {
        "/api/v1/session",
        "/api/v1/open/suggestions",
        "/api/v1/open/suggestions/{number}",
        "/healthz",
        "/metrics",
    }


def test_a_store_that_is_away_is_said_in_plain_words(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To people on a page, to programs as 503; neither is a fault of ours."""

    def away() -> None:
        raise StoreAway("store_url http://nowhere: away; start it")

    assert isinstance(centre.services.store, Overlaid)
    monkeypatch.setattr(centre.services.store.original, "latest", away)

    page = deputy.get("/environment/")
    assert (page.status_code, "数据不会丢失" in page.text) == (503, True)
    answer = deputy.get("/api/v1/stations")
    assert (answer.status_code, "nothing is lost" in answer.text) == (503, True)


def test_no_answer_waits_until_the_client_says_that_it_has_heard_the_one_before(
    stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Head and body are two packets: with Nagle's algorithm the second waits 40 ms for an ack."""
    at_once: list[int] = []
    made = Bounded.connection_made

    def noted(connection: Bounded, transport: asyncio.BaseTransport) -> None:
        accepted: socket.socket = transport.get_extra_info("socket")
        at_once.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        made(connection, transport)

    monkeypatch.setattr(Bounded, "connection_made", noted)
    stranger.get("/healthz")

    assert at_once
    assert all(at_once)
