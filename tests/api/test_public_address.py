"""Under which name the pages answer, and what follows for cookie, origin and headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.web.public_address import PublicAddress
from ingest.annotations.overlay import Overlaid
from qingyuan.runtime.page_server import served
from tests.api.conftest import PASSWORDS, RunningCentre
from tests.conftest import free_port

NAME = "renda.example"
RIGHT = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
COOKIE = "__Host-qingyuan_session"


@contextmanager
def answering(
    centre: RunningCentre, url: str, trusted: str = "127.0.0.1"
) -> Iterator[httpx.Client]:
    """The pages under an address of the settings, and a client that asks for it at a proxy's place."""
    port, parts = free_port(), replace(centre.services, public=PublicAddress(url))
    with (
        served(parts, "127.0.0.1", port, trusted_proxies=trusted),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Host": NAME}) as client,
    ):
        yield client


@pytest.fixture
def proxied(centre: RunningCentre) -> Iterator[httpx.Client]:
    """Somebody who has not signed in, behind a proxy with TLS."""
    with answering(centre, f"https://{NAME}") as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", f"{NAME}.evil.example", "10.0.0.7", "", "[::", "a/b"]
)
def test_given_a_public_address_when_another_host_is_asked_for_then_it_is_refused_with_the_remedy(
    proxied: httpx.Client, host: str
) -> None:
    """A name that was bent towards us reads nothing, also not what needs no session."""
    answer = proxied.get("/healthz", headers={"Host": host})
    assert (answer.status_code, "public_url" in answer.text) == (421, True)
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "host", [NAME, "RENDA.example", f"{NAME}:443", "127.0.0.1:8000", "localhost"]
)
def test_given_a_public_address_then_its_own_name_and_this_machines_are_answered(
    proxied: httpx.Client, host: str
) -> None:
    """Whatever watches the pages asks for them by their loopback address."""
    assert proxied.get("/sign-in", headers={"Host": host}).status_code == 200


def test_given_no_public_address_then_every_host_is_answered(stranger: httpx.Client) -> None:
    """As in a trial, where nobody has settled a name."""
    assert stranger.get("/sign-in", headers={"Host": "anything"}).status_code == 200


def test_given_a_public_address_of_https_when_somebody_signs_in_then_the_cookie_is_bound_to_it(
    proxied: httpx.Client,
) -> None:
    """Secure, for this host and every path, also where the proxy tells no scheme; it opens, and
    goes with the session.
    """
    given = proxied.post("/sign-in", data=RIGHT).headers["set-cookie"]
    pair, *marks = given.split("; ")
    assert pair.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(marks)
    assert "Domain" not in given
    own = {"Cookie": pair}
    assert proxied.get("/api/v1/session", headers=own).status_code == 200
    assert proxied.get("/api/v1/session", headers={"Cookie": pair[7:]}).status_code == 401
    taken = proxied.post("/sign-out", headers=own).headers["set-cookie"]
    assert taken.startswith(f'{COOKIE}=""')
    assert "Secure" in taken


@pytest.mark.parametrize(
    ("trusted", "secure"), [("127.0.0.1", True), ("10.0.0.0/8", False)], ids=["named", "not named"]
)
def test_given_no_public_address_when_a_proxy_tells_of_tls_then_it_is_believed_if_it_is_named(
    centre: RunningCentre, trusted: str, *, secure: bool
) -> None:
    """The cookie is Secure; its name is the plain one."""
    with answering(centre, "", trusted) as client:
        headers = {"X-Forwarded-Proto": "https"}
        given = client.post("/sign-in", data=RIGHT, headers=headers).headers["set-cookie"]
    assert given.startswith("qingyuan_session=")
    assert ("Secure" in given) is secure


@pytest.mark.parametrize(
    ("url", "strict"), [(f"https://{NAME}", True), (f"http://{NAME}", False), ("", False)]
)
def test_only_a_public_address_of_https_binds_browsers_to_it(
    centre: RunningCentre, url: str, *, strict: bool
) -> None:
    """For a year, on every answer."""
    with answering(centre, url) as client:
        for path in ("/sign-in", "/healthz", "/static/0/app.css", "/api/v1/stations"):
            assert (
                client.get(path).headers.get("strict-transport-security", "")
                == "max-age=31536000; includeSubDomains" * strict
            )


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{NAME}", 303),
        (f"http://{NAME}", 403),
        (f"https://{NAME}:8443", 403),
        ("http://127.0.0.1", 403),
        ("https://[", 403),
    ],
)
def test_given_a_public_address_then_a_change_comes_from_its_scheme_and_host(
    proxied: httpx.Client, origin: str, status: int
) -> None:
    """A page of the same name without TLS may be anybody's."""
    answer = proxied.post("/sign-in", data=RIGHT, headers={"Origin": origin})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/environment", "/environment/alerts/", "/environment/alerts/?show=all"]
)
def test_a_path_with_or_without_its_last_slash_leads_to_no_other_host(
    deputy: httpx.Client, path: str
) -> None:
    """Whatever Host was given: browsers stay where they are."""
    to = deputy.get(path, headers={"Host": "evil.example"}).headers["location"]
    bare, _, asked = path.partition("?")
    other = bare.removesuffix("/") if bare.endswith("/") else f"{bare}/"
    assert to == (f"{other}?{asked}" if asked else other)


def test_an_answer_to_a_fault_of_ours_carries_the_headers_too(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may frame it or keep it."""

    def broken() -> None:
        raise RuntimeError("a fault of ours")

    assert isinstance(centre.services.store, Overlaid)
    monkeypatch.setattr(centre.services.store.original, "latest", broken)
    answer = deputy.get("/api/v1/stations")
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["connection"] == "close"
    monkeypatch.undo()
    assert deputy.get("/api/v1/stations").status_code == 200


def test_no_answer_names_the_program_that_serves_it(stranger: httpx.Client) -> None:
    """Who looks for a known hole is not told where."""
    assert "server" not in stranger.get("/sign-in").headers


@pytest.mark.parametrize("purpose", ["session", "oidc", "survey_1"])
def test_given_a_public_address_of_https_then_every_cookie_is_bound_to_this_host(
    purpose: str,
) -> None:
    """Given and taken: a browser drops what has the prefix without Secure and the whole path."""
    public, answer = PublicAddress("https://qingyuan.example"), Response()
    request = Request({"type": "http", "scheme": "http", "path": "/", "headers": []})
    public.give(request, answer, purpose, "x", 60)
    public.take(answer, purpose)
    given, taken = answer.headers.getlist("set-cookie")
    assert given.startswith(f"__Host-qingyuan_{purpose}=x; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(given.split("; "))
    assert taken.startswith(f'__Host-qingyuan_{purpose}=""; ')
    assert {"Secure", "Path=/"} <= set(taken.split("; "))
    assert "Domain" not in given + taken
