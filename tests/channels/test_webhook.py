"""A webhook: the event a receiver gets, the signature it checks, and the settings."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Never, Outgoing, Taken
from alerting.channels.webhook import signature
from config.settings import load
from tests.channels.cases import LINK, NOW_MS, made, to
from tests.channels.providers import Reply, Request, provider, trusted

KEY = bytes(range(32))
MESSAGE = to(data={"level": "alarm"})
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


def verified(request: Request) -> None:
    """Check a request as the standard tells a receiver to, by its own hand."""
    identity, sent_s = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    signed = b".".join([identity.encode(), sent_s.encode(), request.body])
    mac = hmac.new(KEY, signed, hashlib.sha256).digest()
    version, _, given = request.headers["webhook-signature"].partition(",")
    assert version == "v1"
    assert hmac.compare_digest(base64.b64decode(given), mac)
    assert abs(int(sent_s) - NOW_MS // 1000) < 300


def received(outgoing: Outgoing, secret: str = SECRET) -> Request:
    """The request of an attempt that succeeds."""
    with provider(Reply(204, b"")) as found:
        assert made("webhook", f"{found.url}/hook?a=1", secret).send(outgoing) == Taken()
    [request] = found.requests
    return request


def test_the_signature_is_that_of_the_standards_own_libraries() -> None:
    """Their test vector."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestAReceiver:
    def test_gets_a_cloud_event(self) -> None:
        """Every attribute that CloudEvents 1.0 requires, and the message in words."""
        data = {"level": "alarm", "entries": [{"event": "e-7", "kind": "begun"}]}
        request = received(to(data=data))
        assert (request.method, request.path, request.query) == ("POST", "/hook", {"a": "1"})
        assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert request.json == {
            "specversion": "1.0",
            "id": MESSAGE.key,
            "source": "https://renda.example",
            "type": "qingyuan.event-begun",
            "subject": "e-7",
            "time": "2026-11-30T14:10:00.000Z",
            "datacontenttype": "application/json",
            "data": {
                **data,
                "title": MESSAGE.title,
                "text": MESSAGE.text,
                "link": LINK,
                "language": "zh-CN",
            },
        }

    @pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_")])
    def test_checks_the_signature_with_the_shared_secret(self, secret: str) -> None:
        verified(received(MESSAGE, secret))

    def test_gets_the_same_event_at_each_attempt(self) -> None:
        """So that it can leave out what it has; the time of the attempt alone is another."""
        first, second = received(MESSAGE), received(MESSAGE)
        assert first.body == second.body
        assert first.headers["webhook-id"] == second.headers["webhook-id"] == MESSAGE.key

    def test_gets_an_event_without_subject_where_a_message_tells_of_none(self) -> None:
        assert "subject" not in received(MESSAGE).json

    def test_gets_the_head_of_the_audits_chain(self) -> None:
        """Whatever is to be kept elsewhere: its kind and its data, signed as everything."""
        head = {"position": 4711, "digest": "9f" * 32}
        request = received(to(data=head, kind="audit-head", link=""))
        verified(request)
        assert request.json["type"] == "qingyuan.audit-head"
        assert request.json["data"]["position"] == 4711
        assert request.json["data"]["digest"] == "9f" * 32

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (200, Taken()),
            (202, Taken()),
            (302, Later("302 words")),
            (401, Later("401 words")),
            (404, Later("404 words")),
            (410, Never("410 words")),
            (413, Never("413 words")),
            (422, Never("422 words")),
            (429, Later("429 words", 30.0)),
            (503, Later("503 words", 30.0)),
        ],
    )
    def test_says_by_its_status_what_becomes_of_it(
        self, status: int, outcome: Taken | Later | Never
    ) -> None:
        with provider(Reply(status, b"words", {"retry-after": "30"})) as found:
            assert made("webhook", found.url, SECRET).send(MESSAGE) == outcome

    def test_may_have_an_authority_of_its_own(self, tmp_path: Path) -> None:
        certificate = trusted(tmp_path)
        with provider(certificate=certificate) as found:
            channel = made("webhook", found.url, SECRET, ca=str(certificate[0]))
            assert channel.send(MESSAGE) == Taken()


class TestTheSettings:
    @pytest.mark.parametrize(
        ("secret", "what"),
        [
            ("", "is missing"),
            ("not base64!", "is no base64"),
            ("密码密码", "is no base64"),
            (base64.b64encode(bytes(23)).decode(), "has fewer than 24 or more than 64 bytes"),
            (base64.b64encode(bytes(65)).decode(), "has fewer than 24 or more than 64 bytes"),
        ],
    )
    def test_need_a_secret_of_the_standards_form(self, secret: str, what: str) -> None:
        with pytest.raises(WrongChannelError) as refused:
            made("webhook", "https://hook.example/", secret)
        assert (refused.value.field, refused.value.what) == ("secret", what)
        assert "openssl rand" in refused.value.remedy

    @pytest.mark.parametrize(
        ("url", "private"),
        [
            ("http://hook.example/", False),
            ("http://127.0.0.1/", False),
            ("https://169.254.169.254/", False),
            ("http://1.1.1.1/", True),
            ("", True),
        ],
    )
    def test_name_an_address_that_may_be_asked(self, url: str, private: bool) -> None:
        with pytest.raises(WrongChannelError) as refused:
            made("webhook", url, SECRET, private=private)
        assert refused.value.field == "url"

    @pytest.mark.parametrize("kind", ["webhook", "apprise"])
    @pytest.mark.parametrize(
        ("written", "reads"), [("", "officer"), ('reads = "deputy"', "deputy")]
    )
    def test_give_the_officers_messages_where_they_name_no_role(
        self, kind: str, written: str, reads: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "settings.toml"
        file.write_text(f'[[channel]]\nname = "out"\nkind = "{kind}"\n{written}\n')
        [channel] = load(file, {}).channel
        assert channel.reads == reads
