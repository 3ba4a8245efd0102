"""What holds of every answer and of every route, whoever adds one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa

from api.app import create_app
from api.tables import AUDIT
from tests.api.conftest import RunningCentre, entered, spill
from tests.api.test_access_walk import VALUES, written
from tests.conftest import wait_until

ELSEWHERE = {"Origin": "https://evil.example"}
SHOWN_ONCE = {"secret", "first_password", "first_passwords"}
"""When they are made: to the person whose authenticator it is for, or to the administrator."""
SECRET = re.compile(r"password|secret|sealed|token_hash", re.IGNORECASE)


def walked(client: httpx.Client, methods: set[str], **options: Any) -> Iterator[httpx.Response]:
    """The head of each route's answer to an officer; a stream's body never ends."""
    gone = True
    for method, path in written():
        if method in methods:
            # Anew after each change: some of them end the session.
            if gone:
                client.cookies.clear()
                entered(client, "huanbao")
            gone = method != "GET"
            where = path.replace(":path}", "}").format(**VALUES)
            with client.stream(method, where, **options) as answer:
                yield answer


def test_no_answer_may_be_sniffed_framed_or_read_by_another_site(stranger: httpx.Client) -> None:
    """Refusals, redirects, files and streams too; nor kept by a cache, and no page fetches anything
    of another host.
    """
    for answer in walked(stranger, {"GET", "POST", "DELETE"}, headers=ELSEWHERE):
        told = answer.headers
        assert told["x-content-type-options"] == "nosniff", answer.url
        by_link = answer.url.path.startswith("/e/")  # whose address opens something by itself
        own = ("same-origin", "no-referrer") if by_link else ("same-origin",)
        assert told["referrer-policy"] in own, answer.url
        assert told["content-security-policy"].startswith("default-src 'self'; "), answer.url
        assert "://" not in told["content-security-policy"], answer.url
        assert "frame-ancestors 'none'" in told["content-security-policy"], answer.url
        assert "base-uri 'none'" in told["content-security-policy"], answer.url
        assert "object-src 'none'" in told["content-security-policy"], answer.url
        assert "script-src" not in told["content-security-policy"] or answer.url.path == "/docs"
        assert not [name for name in told if name.startswith("access-control-")], answer.url
        assert told["cache-control"] == "no-store" or answer.url.path.startswith(FOR_CACHES)


def test_the_description_of_the_api_runs_its_own_starter_and_no_other_inline_script(
    officer: httpx.Client,
) -> None:
    """The only page with a script in itself names that one by its hash."""
    page = officer.get("/docs")
    (starter,) = re.findall(rb"<script>(.*?)</script>", page.content, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(starter).digest()).decode()
    scripts = page.headers["content-security-policy"].rpartition("script-src ")[2]
    assert scripts == f"'self' 'sha256-{digest}'"


OUTSIDE = (
    "/sign-in",
    "/docs",
    "/open/suggestions",
    "/open/opinions",
    "/open/proposals",
    "/open/proposals/status",
)
"""Pages of which those who read them need no account."""
FOR_CACHES = (
    *("/static/", "/service-worker.js", "/manifest.webmanifest", "/icon-"),
    *("/open/suggestions", "/open/feed.xml", "/api/v1/open/suggestions"),
)
"""What everybody may read."""
WHOLE_SCREEN = "/wall/"
"""The hall's page: a link leads back to one with a header."""


def test_every_page_has_the_way_out(stranger: httpx.Client) -> None:
    """In its header, wherever one is."""
    for answer in walked(stranger, {"GET"}, headers={"Accept": "text/html"}):
        where = answer.url.path
        page = answer.headers.get("content-type", "").startswith("text/html")
        if page and answer.status_code == 200:
            shown = answer.read().decode()
            way_out = 'href="/"' if where == WHOLE_SCREEN else 'action="/sign-out"'
            assert way_out in shown or where in OUTSIDE, where


def test_a_table_to_be_kept_has_its_name_from_us(administrator: httpx.Client) -> None:
    """Whatever was asked for."""
    asked = {"filename": "x.exe", "name": "x.exe", "text": 'a";filename="x.exe'}
    ends = (".csv", ".{form}")
    tables = [path for method, path in written() if method == "GET" and path.endswith(ends)]
    assert len(tables) > 20
    for path in tables:
        head = administrator.get(path.format(**VALUES), params=asked).headers.get(
            "content-disposition", ""
        )
        assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.csv"|', head), path


def test_every_text_names_its_encoding(stranger: httpx.Client) -> None:
    """JSON is UTF-8 by its own standard; a picture is no text."""
    known = (
        "application/json",
        "application/geo+json",
        "application/manifest+json",
        "image/png",
        "",
    )
    for answer in walked(stranger, {"GET"}):
        kind = answer.headers.get("content-type", "")
        assert kind in known or "charset=utf-8" in kind, answer.url
        assert kind or answer.headers.get("content-length") == "0", answer.url


def test_every_change_looks_where_it_was_asked_for(stranger: httpx.Client) -> None:
    """Every route that is not for reading refuses what a page of another site sends."""
    for answer in walked(stranger, {"POST", "PUT", "PATCH", "DELETE"}, headers=ELSEWHERE):
        assert answer.status_code == 403, answer.url


def test_reading_changes_nothing(centre: RunningCentre, stranger: httpx.Client) -> None:
    """A GET leaves no row in the audit but of what was taken away or refused; a change leaves one."""
    for _ in walked(stranger, {"GET"}):
        pass
    with centre.services.state.read() as connection:
        found = set(connection.scalars(sa.select(AUDIT.c.action)))
    left = {action for action in found if not action.endswith((".export", ".refused"))}
    assert left == {"sign-in"}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT"])
def test_other_methods_are_not_allowed(stranger: httpx.Client, method: str) -> None:
    """And no header makes one out of another."""
    assert stranger.request(method, "/sign-in").status_code == 405
    override = {"X-HTTP-Method-Override": "DELETE"}
    assert stranger.get("/api/v1/session", headers=override).status_code == 401


def test_no_folder_is_listed(stranger: httpx.Client) -> None:
    """Neither that of the files nor one of those that a careless copy brings along."""
    prefix = re.search(r"/static/[0-9a-f]+/", stranger.get("/sign-in").text)
    assert prefix
    for path in (prefix[0], f"{prefix[0]}css/", "/static/", "/.git/config", "/.env"):
        assert stranger.get(path).status_code == 404, path


def test_whatever_is_written_is_shown_as_it_was_written(
    centre: RunningCentre, officer: httpx.Client, stranger: httpx.Client
) -> None:
    """In text and in attributes, on the pages of those who read it later and of whoever wrote it."""
    alert, script = centre.put(spill()), "\"><script>alert('1')</script>{{ 7 * 7 }}{0.name}%s"
    review = {"verdict": "true-alarm", "note": script}
    assert officer.post(f"/api/v1/alerts/{alert.id}/review", json=review).is_success
    shown = officer.get(f"/environment/alerts/{alert.id}").text
    form = stranger.post("/sign-in", data={"username": script[:40], "password": "x", "to": script})
    for page in (shown, form.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    assert "{{ 7 * 7 }}{0.name}%s" in shown


@pytest.mark.parametrize("written", ["' or '1'='1", "x'; drop table alert; --", "%", "\\\\"])
def test_what_is_asked_for_is_never_part_of_the_question(
    centre: RunningCentre, officer: httpx.Client, written: str
) -> None:
    """A database is given it as a value: nothing of that name is found, and all stays."""
    alert = centre.put(spill())
    assert officer.get("/api/v1/alerts", params={"station": written}).json() == []
    assert officer.get(f"/api/v1/alerts/{quote(written, safe='')}").status_code == 404
    assert officer.get(f"/api/v1/stations/{quote(written, safe='')}/series/w21003").is_error
    assert [found["id"] for found in officer.get("/api/v1/alerts").json()] == [alert.id]


def test_an_address_in_a_header_cannot_end_it(stranger: httpx.Client) -> None:
    """A line break in where one wanted to go stays part of the address."""
    answer = stranger.get("/environment/alerts/a%0d%0aSet-Cookie:x=1")
    assert "x" not in answer.cookies
    assert "\n" not in answer.headers["location"]


def named_in(schema: Any) -> Iterator[str]:
    """The names of all shapes that a part of the description refers to, in whatever it is nested."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        for part in schema.values():
            yield from named_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from named_in(part)


def test_every_body_is_closed_to_fields_that_it_does_not_name(centre: RunningCentre) -> None:
    """Nobody sets what was not meant to be set, in the body or in any part of it."""
    described = create_app(centre.services).openapi()
    shapes = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            content = route.get("requestBody", {}).get("content", {})
            assert content.keys() <= {"application/json", "multipart/form-data"}
            body = content.get("application/json", {}).get("schema", {})
            known: set[str] = set()
            waiting = set(named_in(body))
            assert waiting or not body, (method, path)
            while waiting:
                name = waiting.pop()
                shape = shapes[name]
                closed = shape.get("additionalProperties") is False or "properties" not in shape
                assert closed, (method, path, name)
                known.add(name)
                waiting |= set(named_in(shape)) - known


def test_no_answer_of_the_api_has_a_field_for_a_secret(centre: RunningCentre) -> None:
    """Each names its fields; an account is more than that."""
    described = create_app(centre.services).openapi()
    answers = {
        kind["schema"]
        .get("$ref", kind["schema"].get("items", {}).get("$ref", ""))
        .rpartition("/")[2]
        for methods in described["paths"].values()
        for route in methods.values()
        for kind in route["responses"].get("200", {}).get("content", {}).values()
    }
    schemas = described["components"]["schemas"]
    fields = {field for name in answers - {""} for field in schemas[name].get("properties", {})}
    assert fields
    assert {field for field in fields if SECRET.search(field)} <= SHOWN_ONCE


def test_a_value_of_the_address_is_none_of_the_form(stranger: httpx.Client) -> None:
    """Each is taken from where it belongs, and of two the last counts."""
    right = {"username": "daibiao", "password": "right for the deputy"}
    assert stranger.post("/sign-in", params=right).status_code == 422
    twice = "username=nobody&username=daibiao&password=x&password=right+for+the+deputy"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert stranger.post("/sign-in", content=twice, headers=form).status_code == 303


def test_an_error_of_ours_tells_nothing_of_the_inside(
    centre: RunningCentre,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither the error nor where it was; the log has it."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("select password_hash from account")

    monkeypatch.setattr(type(centre.services.alerts), "listing", broken)
    with httpx.Client(base_url=address) as client:
        answer = entered(client, "daibiao").get("/api/v1/alerts")
    assert answer.status_code == 500
    assert not re.search(r"password|Traceback|\.py|RuntimeError", answer.text)
    # The server writes it after it has answered.
    wait_until(lambda: "select password_hash from account" in caplog.text)


def test_two_lengths_of_one_body_smuggle_no_request(address: str) -> None:
    """Chunks count where both are named, or the request is refused: what follows is answered as
    what it is.
    """
    host, _, port = address.removeprefix("http://").partition(":")
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    body = b"0\r\n\r\n"
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body + hidden)
    )
    with socket.create_connection((host, int(port)), 60) as line:
        line.sendall(head + body + hidden)
        heard = b"".join(iter(lambda: line.recv(65_536), b""))
    statuses = re.findall(rb"HTTP/1.1 (\d+)", heard)
    assert statuses in ([b"422", b"503"], [b"422", b"200"], [b"400"])


def test_a_document_nested_beyond_reason_is_refused(stranger: httpx.Client) -> None:
    """Before it costs anything; numbers beyond all bounds as well."""
    kind = {"Content-Type": "application/json"}
    for body in ("[" * 30_000, json.dumps({"username": 10**400, "password": "x"})):
        answer = stranger.post("/api/v1/session", content=body, headers=kind)
        assert answer.status_code in (400, 422)
