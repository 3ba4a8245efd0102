"""One request to a provider: only where we may ask, ended in time, and nothing of it given away."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from alerting.channels.connecting import is_public
from alerting.channels.http import LONGEST_WAIT_S, Answer, Provider, provider_url, refusal
from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Never
from config.settings import ChannelSettings
from tests.channels.providers import (
    Reply,
    Request,
    deaf,
    in_json,
    nobody,
    of_another,
    provider,
    trusted,
)

KEY = "e7c1b0ff-a-key-of-a-robot"
SOON_S = 0.4
"""So long an attempt may take that is meant to take longer."""
MUCH_LATER_S = 20.0


def asked(url: str, ca: str = "", timeout_s: float = MUCH_LATER_S) -> Answer | Later:
    return Provider(ca, timeout_s, private=True).ask("POST", url, b"{}", {"a": "b"})


class TestAnAnswer:
    """Where there is one."""

    def test_is_handed_on_whatever_its_status(self) -> None:
        with provider(in_json({"errcode": 0}, 418, retry_after="7")) as found:
            answer = asked(f"{found.url}/send?key={KEY}")
        assert isinstance(answer, Answer)
        assert (answer.status, answer.body) == (418, b'{"errcode": 0}')
        assert answer.headers["retry-after"] == "7"
        [request] = found.requests
        assert (request.method, request.path, request.query) == ("POST", "/send", {"key": KEY})
        assert request.headers["a"] == "b"
        assert request.body == b"{}"

    def test_comes_over_tls_of_an_authority_of_ones_own(self, tmp_path: Path) -> None:
        certificate, key = trusted(tmp_path)
        with provider(certificate=(certificate, key)) as found:
            answer = asked(found.url, str(certificate))
        assert isinstance(answer, Answer)
        assert found.requests[0].path == "/"

    def test_is_read_up_to_a_bound(self) -> None:
        with provider(Reply(body=b"x" * 1_000_000)) as found:
            answer = asked(found.url)
        assert isinstance(answer, Answer)
        assert len(answer.body) == 65536

    def test_that_leads_elsewhere_is_not_followed(self) -> None:
        with provider() as other, provider(Reply(302, headers={"location": other.url})) as found:
            answer = asked(found.url)
        assert isinstance(answer, Answer)
        assert answer.status == 302
        assert other.requests == []

    def test_comes_past_every_proxy_of_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, nobody())
        with provider() as found:
            assert isinstance(asked(found.url), Answer)


class TestNoAnswer:
    """Every failure is ``Later``, says why, and takes no longer than an attempt may."""

    @pytest.mark.parametrize(
        ("fails", "why"),
        [
            ("silent", "no whole answer in time"),
            ("dripping", "no whole answer in time"),
            ("cut", "Remote end closed connection without response"),
            ("half", "IncompleteRead"),
        ],
    )
    def test_where_a_provider_fails(self, fails: str, why: str) -> None:
        with provider(Reply(fails=fails)) as found:  # type: ignore[arg-type]
            before = time.monotonic()
            assert asked(f"{found.url}/{KEY}?key={KEY}", timeout_s=SOON_S) == Later(why)
            assert time.monotonic() - before < MUCH_LATER_S

    def test_where_nobody_listens(self) -> None:
        assert asked(f"{nobody()}/{KEY}") == Later("Connection refused")

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_where_nobody_takes_the_connection(self, scheme: str) -> None:
        with deaf() as address:
            assert asked(f"{scheme}://{address}/", timeout_s=SOON_S) == Later(
                "no whole answer in time"
            )

    def test_where_a_name_is_not_known(self) -> None:
        assert asked("https://nobody.invalid/") == Later("its name is not known")

    def test_where_a_resolver_is_silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        over = threading.Event()

        def silent(*_: object, **__: object) -> list[object]:
            over.wait(60)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", silent)
        assert asked("https://provider.example/", timeout_s=SOON_S) == Later(
            "no whole answer in time"
        )
        over.set()

    def test_where_the_authority_is_not_ours(self, tmp_path: Path) -> None:
        with provider(certificate=trusted(tmp_path)) as found:
            assert asked(found.url) == Later(
                "its certificate does not hold: self-signed certificate"
            )
        assert found.requests == []

    def test_where_the_certificate_is_for_another_name(self, tmp_path: Path) -> None:
        certificate, key = of_another(tmp_path)
        with provider(certificate=(certificate, key)) as found:
            answer = asked(found.url, str(certificate))
        assert isinstance(answer, Later)
        assert "certificate is not valid for '127.0.0.1'" in answer.why
        assert found.requests == []

    def test_where_the_other_side_speaks_no_tls(self) -> None:
        with provider() as found:
            answer = asked(found.url.replace("http:", "https:"))
        assert isinstance(answer, Later)
        assert answer.why.startswith("TLS fails: ")

    @pytest.mark.parametrize(
        "url",
        [
            "https://host:port/", "https:///path", f"http://127.0.0.1/{KEY} x", "https://[::/",
            f"ftp://127.0.0.1/{KEY}", f"file:///{KEY}", f"//127.0.0.1/{KEY}", KEY, "",
        ],
    )  # fmt: skip
    def test_where_the_address_is_none(self, url: str) -> None:
        answer = asked(url)
        assert isinstance(answer, Later)
        assert KEY not in answer.why


def resolved(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A resolver that gives these addresses at each look-up; the names that were looked up."""
    names: list[str] = []

    def given(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        names.append(host)
        found = answers[min(len(names), len(answers)) - 1]
        return [
            (
                socket.AF_INET6 if ":" in each else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (each, port),
            )
            for each in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", given)
    return names


class TestAForbiddenAddress:
    """Nobody makes the centre ask a machine that only the centre reaches."""

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
            "169.254.169.254", "100.64.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255",
            "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%2", "fc00::1",
            "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::",
        ],
    )  # fmt: skip
    def test_is_any_that_is_not_of_one_machine_of_the_internet(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert not is_public(address)
        resolved(monkeypatch, [address])
        answer = Provider().ask("GET", "https://rebound.example/", None, {})
        assert isinstance(answer, Later)
        assert "private = true" in answer.why

    @pytest.mark.parametrize("address", ["1.1.1.1", "2400:3200::1", "::ffff:1.1.1.1"])
    def test_is_no_public_one(self, address: str) -> None:
        assert is_public(address)

    def test_among_public_ones_forbids_the_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        resolved(monkeypatch, ["1.1.1.1", "127.0.0.1"])
        answer = Provider().ask("GET", "https://rebound.example/", None, {})
        assert isinstance(answer, Later)
        assert "private = true" in answer.why

    def test_is_not_reached_by_a_name_that_changes_its_mind(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given a name that is public when looked up and this machine a moment later, then the
        connection goes to the address that was checked, after one look-up.
        """
        names = resolved(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
        reached: list[object] = []

        class Line(socket.socket):
            def connect(self, address: object) -> None:
                reached.append(address)
                raise ConnectionRefusedError(111, "Connection refused")

        monkeypatch.setattr(socket, "socket", Line)
        Provider().ask("GET", "https://rebound.example:8443/", None, {})
        assert names == ["rebound.example"]
        assert reached == [("1.1.1.1", 8443)]

    def test_is_any_public_one_without_tls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also where the settings allow private ones: nothing of ours crosses the Internet bare."""
        resolved(monkeypatch, ["1.1.1.1"])
        assert asked("http://provider.example/") == Later("leads to a public address without TLS")

    def test_is_tried_no_longer_than_the_next_one_needs(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Given a name with two addresses of which the first refuses, then the second is asked."""
        with provider() as found:
            port = int(found.url.rpartition(":")[2])
            resolved(monkeypatch, ["127.0.0.9", "127.0.0.1"])
            assert isinstance(asked(f"http://provider.example:{port}/"), Answer)


class TestTheMeaningOfAStatus:
    """Taken, again, or never."""

    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_is_taken(self, status: int) -> None:
        assert refusal(Answer(status, b"", {})) is None

    @pytest.mark.parametrize(
        "status", [301, 302, 401, 403, 404, 405, 407, 408, 425, 429, 500, 502, 503, 504]
    )
    def test_is_later(self, status: int) -> None:
        assert refusal(Answer(status, b"not  now\n", {})) == Later(f"{status} not now")

    @pytest.mark.parametrize("status", [400, 410, 413, 415, 422])
    def test_is_never(self, status: int) -> None:
        assert refusal(Answer(status, b"not so", {})) == Never(f"{status} not so")

    @pytest.mark.parametrize(
        ("after", "seconds"),
        [("7", 7.0), ("9" * 500, LONGEST_WAIT_S), ("soon", 0.0), ("-3", 0.0), ("²", 0.0),
         ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("Wed, 21 Oct 2115 07:28:00 GMT", LONGEST_WAIT_S)],
    )  # fmt: skip
    def test_is_later_by_as_much_as_the_provider_says(self, after: str, seconds: float) -> None:
        answer = Answer(429, b"", {"retry-after": after})
        assert refusal(answer) == Later("429", seconds)


def test_an_answer_that_repeats_the_request_gives_no_secret_away() -> None:
    """Given a provider that shows what it was asked, when it refuses, then the reason has neither
    the key in the address nor the one in a header, and stays in one line.
    """

    def repeats(request: Request) -> Reply:
        said = f"POST {request.path} {request.query} {request.headers}\r\n\x1b[31m"
        return Reply(400, said.encode())

    with provider(repeats) as found:
        url = f"{found.url}/hooks/{KEY}?access_token=t-{KEY}"
        answer = Provider(private=True).ask("POST", url, b"", {"Authorization": f"Bearer {KEY}2"})
    assert isinstance(answer, Answer)
    assert KEY.encode() in answer.body
    refused = refusal(answer)
    assert isinstance(refused, Never)
    assert KEY not in refused.why
    assert refused.why.isprintable()


class TestTheAddressInTheSettings:
    """Looked at before the first message."""

    @pytest.mark.parametrize(
        ("url", "what"),
        [
            ("", "is no http address"),
            ("ftp://provider.example/", "is no http address"),
            ("https:///hook", "is no http address"),
            ("https://provider.example:99999/", "is no http address"),
            ("https://provider.example/a b", "is no http address"),
            ("https://provider.example/\r\nx:y", "is no http address"),
            ("https://河长.example/", "is no http address"),
            ("https://me:pw@provider.example/", "has a user name or a password"),
            ("http://provider.example/", "is not protected by TLS"),
            ("https://10.0.0.8/hook", "leads to this machine or a private network"),
            ("https://[::1]/hook", "leads to this machine or a private network"),
        ],
    )
    def test_is_refused_with_field_fault_and_remedy(self, url: str, what: str) -> None:
        with pytest.raises(WrongChannelError) as refused:
            provider_url(ChannelSettings(name="hook", kind="webhook", url=url))
        assert refused.value.field == "url"
        assert refused.value.what.startswith(what)
        assert refused.value.remedy

    def test_without_tls_is_refused_where_it_is_public(self) -> None:
        settings = ChannelSettings("hook", "webhook", "http://1.1.1.1/hook", private=True)
        with pytest.raises(WrongChannelError, match="public address without TLS"):
            provider_url(settings)

    @pytest.mark.parametrize(
        ("url", "private"),
        [
            ("https://provider.example/hook?key=k", False),
            ("https://1.1.1.1:8443/", False),
            ("http://127.0.0.1:8080/hook", True),
            ("http://printer.lan/", True),
            ("https://10.0.0.8/", True),
        ],
    )
    def test_is_accepted(self, url: str, private: bool) -> None:
        settings = ChannelSettings("hook", "webhook", url, private=private)
        assert provider_url(settings).geturl() == url

    @pytest.mark.parametrize("file", ["nowhere.pem", "words.pem"])
    def test_names_a_file_of_authorities_that_can_be_read(self, file: str, tmp_path: Path) -> None:
        (tmp_path / "words.pem").write_text("not one certificate")
        with pytest.raises(WrongChannelError) as refused:
            Provider(str(tmp_path / file))
        assert refused.value.field == "ca"
