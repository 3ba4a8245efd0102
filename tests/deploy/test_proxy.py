"""The pages behind nginx as deploy/nginx.conf sets it up."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest

from api.accounts.limits import MOST_FAILURES
from api.web.public_address import PublicAddress
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    entered,
    kind,
    libraries,
    light_hashes,
    roster,
    settings,
)
from tests.conftest import free_port, need, wait_until
from tests.deploy.servers import hung_up, listens, of_tls_1_2, self_signed

FILE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
AROUND = """daemon off;
user root;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    {bodies}
    include {folder}/pages.conf;
}}
"""
BODIES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
WRONG = {"username": "daibiao", "password": "wrong"}


class Proxy:
    """nginx before the pages; ``url`` is theirs, and a client trusts its certificate."""

    def __init__(self, folder: Path, plain: int, port: int, ca: Path) -> None:
        self.folder, self.plain, self.port = folder, plain, port
        self.url = f"https://127.0.0.1:{port}"
        self.trusted = ssl.create_default_context(cafile=str(ca))

    def client(self) -> httpx.Client:
        """Somebody who has not signed in."""
        return httpx.Client(base_url=self.url, verify=self.trusted, timeout=60)


@contextmanager
def before(
    centre: RunningCentre,  # noqa: F811
    folder: Path,
    changes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Proxy]:
    """The proxy with ports and certificate of a test; in ``changes`` a figure of the file for
    another.
    """
    certificate, key = self_signed(folder, "renda", "IP:127.0.0.1")
    proxy, behind = Proxy(folder, free_port(), free_port(), certificate), free_port()
    text = FILE.read_text(encoding="utf-8")
    for said, meant in {
        "listen 80;": f"listen {proxy.plain};",
        "listen 443 ": f"listen {proxy.port} ",
        "server_name renda.example;": "server_name 127.0.0.1;",
        "/etc/qingyuan/renda.crt": str(certificate),
        "/etc/qingyuan/renda.key": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "/var/log/nginx/": f"{folder}/",
        **changes,
    }.items():
        assert said in text
        text = text.replace(said, meant)
    (folder / "pages.conf").write_text(text, encoding="utf-8")
    bodies = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in BODIES)  # noqa: F811
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, bodies=bodies))
    parts = replace(centre.services, public=PublicAddress(proxy.url))
    command = [need("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", f"{folder}/error.log"]
    with (
        served(parts, "127.0.0.1", behind),
        subprocess.Popen(command, stderr=subprocess.DEVNULL) as running,
    ):
        try:
            listens(proxy.port)
            yield proxy
        finally:
            running.terminate()


@pytest.fixture
def proxy(centre: RunningCentre, tmp_path: Path) -> Iterator[Proxy]:  # noqa: F811
    """With the figures of the file."""
    with before(centre, tmp_path) as found:
        yield found


@pytest.fixture
def deputy(proxy: Proxy) -> Iterator[httpx.Client]:
    """Signed in through it."""
    with proxy.client() as client:
        yield entered(client, "daibiao")


def test_a_session_stays_on_tls_and_on_this_host(proxy: Proxy, deputy: httpx.Client) -> None:
    """And browsers are told to come by https only."""
    (cookie,) = deputy.cookies.jar
    assert (cookie.name, cookie.secure) == ("__Host-qingyuan_session", True)
    page = deputy.get("/environment/")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    origin = {"Origin": proxy.url}
    assert deputy.post("/sign-out", headers=origin).headers["location"] == "/sign-in"


def test_who_comes_without_tls_is_led_to_it(proxy: Proxy) -> None:
    """With the path that was asked for."""
    answer = httpx.get(f"http://127.0.0.1:{proxy.plain}/environment/alerts?show=all")
    assert answer.status_code == 301
    assert answer.headers["location"] == "https://127.0.0.1/environment/alerts?show=all"


def test_a_program_that_comes_without_tls_is_refused(proxy: Proxy) -> None:
    """Led on it would send its token in clear each time, and nobody would notice."""
    answer = httpx.get(f"http://127.0.0.1:{proxy.plain}/api/v1/stations")
    assert answer.status_code == 403


def test_an_event_passes_as_it_comes(
    centre: RunningCentre,  # noqa: F811
    deputy: httpx.Client,
) -> None:
    """None waits for the next to fill a buffer, nor for a compressor."""
    with deputy.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        centre.services.live.hear("qy/v1/tongzhou/alerts", b'{"id":"a"}')
        assert "event: alert" in [next(lines), next(lines)]


def test_a_body_that_no_route_takes_ends_at_the_proxy(deputy: httpx.Client) -> None:
    """A smaller one is bounded by the pages, in words."""
    assert "nginx" in deputy.post("/sign-in", content=b"x" * (61 << 20)).text
    refused = deputy.post("/sign-in", content=b"x" * 900_000)
    assert (refused.status_code, "提交的内容过大" in refused.text) == (413, True)


def test_figures_for_a_monitoring_system_are_not_the_worlds(deputy: httpx.Client) -> None:
    """Not even of those who have signed in."""
    assert deputy.get("/metrics").status_code == 404


def test_the_address_that_failed_is_the_one_the_proxy_saw(proxy: Proxy) -> None:
    """Whoever claims another at each try is known all the same."""
    statuses = []
    with proxy.client() as client:
        for at in range(MOST_FAILURES + 1):
            claimed = {"X-Forwarded-For": f"192.0.2.{at}", "Forwarded": f"for=192.0.2.{at}"}
            answer = client.post("/api/v1/session", json=WRONG, headers=claimed)
            statuses.append(answer.status_code)
    assert statuses == [401] * MOST_FAILURES + [429]


def test_who_holds_too_many_connections_is_asked_to_wait(
    centre: RunningCentre,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Those that stand open go on."""
    with (
        before(centre, tmp_path, {"qingyuan_connections 400": "qingyuan_connections 2"}) as proxy,
        ExitStack() as opened,
    ):
        client = entered(opened.enter_context(proxy.client()), "daibiao")
        streams = [opened.enter_context(client.stream("GET", "/api/v1/live")) for _ in range(2)]
        assert [stream.status_code for stream in streams] == [200, 200]
        assert client.get("/environment/").status_code == 429


def test_who_asks_too_often_is_asked_to_wait(
    centre: RunningCentre,  # noqa: F811
    tmp_path: Path,
) -> None:
    """After the burst that a page with all its files is."""
    slow = {"rate=50r/s": "rate=1r/m", "burst=400": "burst=3"}
    with before(centre, tmp_path, slow) as proxy, proxy.client() as client:
        assert [client.get("/healthz").status_code for _ in range(5)] == [503] * 4 + [429]


def test_who_sends_half_a_request_is_cut_off(
    centre: RunningCentre,  # noqa: F811
    tmp_path: Path,
) -> None:
    """The pages do not even hear of it."""
    with (
        before(
            centre, tmp_path, {"client_header_timeout 10s": "client_header_timeout 1s"}
        ) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), 60) as bare,
        proxy.trusted.wrap_socket(bare, server_hostname="127.0.0.1") as link,
    ):
        link.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert hung_up(link)


def test_the_log_has_no_secret_of_an_address(proxy: Proxy) -> None:
    """Neither of a link that opens something by itself, nor of what is asked behind a path."""
    links = ("/e/", "/s/", "/deadlines/feed/", "/environment/duty/feed/")
    with proxy.client() as client, httpx.Client() as bare:
        for link in links:
            client.get(f"{link}hidden", headers={"Referer": f"{proxy.url}/e/hidden"})
            bare.get(f"http://127.0.0.1:{proxy.plain}{link}hidden?to=hidden")
        client.get("/sign-in?to=/e/hidden")
    log = proxy.folder / "qingyuan.log"
    wait_until(lambda: len(log.read_text().splitlines()) == 2 * len(links) + 1)
    text = log.read_text()
    assert "hidden" not in text
    assert all(text.count(f'GET "{link}*"') == 2 for link in links)
    assert text.count('GET "/sign-in" 200') == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(proxy: Proxy, version: ssl.TLSVersion) -> None:
    """Whatever the client would take."""
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = old.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", proxy.port), 60) as bare,
        pytest.raises(ssl.SSLError, match="alert protocol version|ALERT_PROTOCOL_VERSION"),
    ):
        old.wrap_socket(bare)


def test_a_cipher_without_forward_secrecy_is_refused(proxy: Proxy) -> None:
    """Or one that does not authenticate what it hides; the strongest comes first."""
    assert of_tls_1_2(proxy.port, "AES128-GCM-SHA256") == ""
    assert of_tls_1_2(proxy.port, "ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA") == ""
    assert "AES256-GCM" in of_tls_1_2(proxy.port, "ECDHE+AES128+AESGCM:ECDHE+AESGCM")
