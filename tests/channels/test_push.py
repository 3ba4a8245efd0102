"""Web push: read by the browser for which it is meant alone, from a sender who shows who it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from alerting.channels.http import Provider
from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Never, Outgoing, Taken
from alerting.channels.push import MOST_PAYLOAD_BYTES, PURPOSE, Push, payload
from alerting.channels.push_encryption import (
    MOST_PLAIN_BYTES,
    Receiver,
    Sender,
    encrypted,
    from_text,
    to_text,
)
from alerting.channels.registry import MAKERS
from config.settings import ChannelSettings
from tests.channels.outgoings import surroundings
from tests.channels.providers import Provider as Service
from tests.channels.providers import Reply, nobody, of_another, provider, trusted
from tests.channels.push_service import Browser, claims, private, proof, read

NOW_S = 1_795_492_800
SUBJECT = "mailto:admin@example.org"
KEY = b"k" * 32
ALARM = Outgoing(
    key="17:daibiao",
    addresses=(),
    kind="fired",
    title="【警报】通吕运河氨氮超标",
    text="通吕运河平潮站氨氮 2.5 mg/L，超过Ⅲ类标准。",
    short="通吕运河平潮站氨氮 2.5 mg/L，超过Ⅲ类",
    link="https://renda.example/m/abc",
    at_ms=NOW_S * 1000,
    language="zh-CN",
    data={"level": "alarm", "entries": [{"kind": "begun", "event": "e-42"}]},
)


def to(*addresses: str, **changes: object) -> Outgoing:
    """The alarm for some browsers."""
    values: Mapping[str, object] = {"addresses": addresses, **changes}
    return replace(ALARM, **values)  # type: ignore[arg-type]


def channel(ca: str = "", timeout_s: float = 5.0) -> Push:
    """The channel where push services may lie on this machine."""
    requests = Provider(ca, timeout_s, private=True)
    return Push(requests, Sender(KEY), SUBJECT, private=True, now_ms=lambda: NOW_S * 1000)


@pytest.fixture
def service() -> Iterator[Service]:
    """A push service that takes everything."""
    with provider(Reply(201)) as found:
        yield found


class TestStandards:
    """The examples that the standards print."""

    PLAIN = b"When I grow up, I want to be a watermelon"
    BODY = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )
    BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
    SALT = "DGv6ra1nlYgDCS1FRnbzlw"
    SIGNED = (
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHA"
        "iOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
    )
    SIGNATURE = (
        "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
    )
    PUBLIC = (
        "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    )

    def test_the_body_of_rfc_8291_appendix_a_is_ours_to_the_byte(self) -> None:
        """And the browser of the tests reads it."""
        browser = Browser(private(self.BROWSER), read(self.AUTH))
        receiver = Receiver.read(**browser.keys)
        body = encrypted(self.PLAIN, receiver, private(self.SENDER), read(self.SALT))
        assert to_text(body) == self.BODY
        assert browser.decrypted(body) == self.PLAIN

    def test_what_we_sign_is_that_of_rfc_8292_section_2_4_to_the_byte(self) -> None:
        """A signature is another each time: theirs holds for whoever checks ours."""
        sender = Sender(KEY)
        ours = sender.authorization(
            "https://push.example.net", "mailto:push@example.com", 1453523768
        )
        assert ours.startswith(f"vapid t={self.SIGNED}.")
        found, key = proof(ours)
        assert found == claims(f"{self.SIGNED}.{self.SIGNATURE}", self.PUBLIC)
        assert key == sender.public
        with pytest.raises(InvalidSignature):
            claims(f"{self.SIGNED}.{self.SIGNATURE}", sender.public)


class TestKeys:
    """The pair of a site."""

    def test_given_one_key_of_a_site_then_its_pair_is_the_same_after_each_start(self) -> None:
        """Browsers subscribe to a sender; another could reach them no more."""
        assert Sender(KEY).public == Sender(KEY).public
        assert Sender(KEY).public != Sender(b"l" * 32).public
        assert len(read(Sender(KEY).public)) == 65

    @given(st.binary(min_size=32, max_size=32))
    def test_every_key_of_a_site_has_a_pair_that_signs(self, secret: bytes) -> None:
        """Whatever was drawn."""
        sender = Sender(secret)
        found, _ = proof(sender.authorization("https://push.example", SUBJECT, 1))
        assert found["aud"] == "https://push.example"

    @pytest.mark.parametrize(
        ("p256dh", "auth"),
        [
            ("", "BTBZMqHH6r4Tts7J_aSIgg"),
            ("BCVx", "BTBZMqHH6r4Tts7J_aSIgg"),
            (to_text(b"\4" + b"\1" * 64), "BTBZMqHH6r4Tts7J_aSIgg"),
            ("+/==", "BTBZMqHH6r4Tts7J_aSIgg"),
            ("键", "BTBZMqHH6r4Tts7J_aSIgg"),
            (TestStandards.PUBLIC, "BTBZ"),
            (TestStandards.PUBLIC, ""),
            (TestStandards.PUBLIC, "BTBZMqHH6r4Tts7J_aSI*g"),
        ],
    )
    def test_keys_that_are_none_are_refused(self, p256dh: str, auth: str) -> None:
        """A point beside the curve would give the secret of the sender away."""
        with pytest.raises(ValueError, match=r"\w"):
            Receiver.read(p256dh, auth)


class TestEncryption:
    """Whatever is said, only the browser for which it is meant reads it."""

    @given(st.binary(max_size=MOST_PLAIN_BYTES))
    def test_a_browser_reads_what_was_meant_for_it(self, plain: bytes) -> None:
        """Of any bytes and length, also such as end like the padding."""
        browser = Browser()
        body = encrypted(plain, Receiver.read(**browser.keys))
        assert browser.decrypted(body) == plain
        assert len(body) <= 4096

    def test_no_other_browser_does_and_no_two_bodies_are_alike(self) -> None:
        """Key and salt are drawn for each."""
        browser = Browser()
        receiver = Receiver.read(**browser.keys)
        first, second = encrypted(b"a", receiver), encrypted(b"a", receiver)
        assert first[:16] != second[:16]
        assert first[21:86] != second[21:86]
        with pytest.raises(InvalidTag):
            Browser().decrypted(first)

    def test_more_than_a_record_holds_is_refused(self) -> None:
        """A push service would refuse it, or a browser."""
        with pytest.raises(ValueError, match="more than 3993"):
            encrypted(b"a" * (MOST_PLAIN_BYTES + 1), Receiver.read(**Browser().keys))

    @given(st.text(), st.text(), st.text(), st.text(max_size=200))
    def test_a_notification_keeps_its_bound_and_is_whole_json(
        self, title: str, short: str, link: str, key: str
    ) -> None:
        """A link is whole or not there; a text is cut."""
        long = to(title=title * 40, short=short * 300, link=link * 40, key=key)
        written = payload(long, "t" * 32)
        found = json.loads(written)
        assert len(written) <= MOST_PAYLOAD_BYTES
        assert long.title.startswith(found["title"])
        assert long.short.startswith(found["body"])
        assert found["link"] in ("", long.link)
        assert (found["tag"], found["key"]) == ("t" * 32, key)


class TestSending:
    """A request to the push service that the browser named."""

    def test_the_browser_reads_the_notification_and_the_service_knows_the_sender(
        self, service: Service
    ) -> None:
        """For the origin of the service, for less than a day."""
        browser = Browser()
        found = channel().send(to(browser.address(f"{service.url}/push/abc?d=1")))
        assert found == Taken()
        (request,) = service.requests
        assert (request.method, request.path, request.query) == ("POST", "/push/abc", {"d": "1"})
        notification = browser.notification(request)
        tag = notification.pop("tag")
        assert notification == {
            "title": ALARM.title,
            "body": ALARM.short,
            "link": ALARM.link,
            "key": ALARM.key,
        }
        assert request.headers["content-encoding"] == "aes128gcm"
        assert request.headers["ttl"] == "86400"
        assert request.headers["topic"] == tag
        said, key = proof(request.headers["authorization"])
        assert (said["aud"], said["sub"], key) == (service.url, SUBJECT, Sender(KEY).public)
        assert 0 < said["exp"] - NOW_S <= 24 * 3600

    @pytest.mark.parametrize(
        ("level", "urgency"),
        [("notice", "normal"), ("warning", "normal"), ("alarm", "high"), ("critical", "high")],
    )
    def test_what_is_grave_wakes_a_device_that_saves_power(
        self, service: Service, level: str, urgency: str
    ) -> None:
        """The rest waits for it."""
        channel().send(to(Browser().address(service.url), data={"level": level}))
        assert service.requests[0].headers["urgency"] == urgency

    def test_a_newer_message_of_an_event_takes_the_older_ones_place(
        self, service: Service
    ) -> None:
        """Those of others, of several at once, and of none, stand beside it."""
        address = Browser().address(service.url)
        for n, events in enumerate((["e-42"], ["e-42"], ["e-43"], ["e-42", "e-43"], [""], [])):
            data = {"entries": [{"kind": "risen", "event": of} for of in events]}
            channel().send(to(address, data=data, key=f"{n}:daibiao"))
        first, second, *others = [of.headers["topic"] for of in service.requests]
        assert first == second
        assert len({first, *others}) == 5
        assert all(len(read(of)) == 24 and len(of) == 32 for of in (first, *others))

    def test_every_browser_of_a_person_gets_its_own(self, service: Service) -> None:
        """Each encrypted for it alone."""
        browsers = {f"/{n}": Browser() for n in range(3)}
        channel().send(to(*(of.address(service.url + at) for at, of in browsers.items())))
        found = {of.path: browsers[of.path].notification(of)["key"] for of in service.requests}
        assert found == dict.fromkeys(browsers, ALARM.key)

    def test_a_service_with_a_certificate_of_ones_own_is_trusted_by_its_authority_alone(
        self, tmp_path: Path
    ) -> None:
        """One of another name is not."""
        certificate = trusted(tmp_path)
        with provider(Reply(201), certificate) as service:
            address = Browser().address(service.url)
            assert channel(ca=str(certificate[0])).send(to(address)) == Taken()
            assert isinstance(channel().send(to(address)), Later)
        another = of_another(tmp_path)
        with provider(Reply(201), another) as service:
            address = Browser().address(service.url)
            assert isinstance(channel(ca=str(another[0])).send(to(address)), Later)


class TestFailures:
    """Each way in which a push service fails."""

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_browser_that_takes_no_more_is_gone(self, service: Service, status: int) -> None:
        """Alone it is the end of the message."""
        service.answers = Reply(status, b"push subscription has unsubscribed or expired")
        address = Browser().address(service.url)
        found = channel().send(to(address))
        assert isinstance(found, Never)
        assert found.gone == (address,)
        assert str(status) in found.why

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_service_that_is_full_or_ill_is_asked_later(
        self, service: Service, status: int
    ) -> None:
        """Not before it says."""
        service.answers = Reply(status, b"slow down", {"retry-after": "7"})
        found = channel().send(to(Browser().address(service.url)))
        assert isinstance(found, Later)
        assert (found.after_s, str(status) in found.why, found.of_reader) == (7.0, True, True)

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_service_that_does_not_know_us_is_asked_later(
        self, service: Service, status: int
    ) -> None:
        """That is put right in the settings; the browser stays."""
        service.answers = Reply(status, b"BadJwtToken")
        found = channel().send(to(Browser().address(service.url)))
        assert isinstance(found, Later)
        assert "BadJwtToken" in found.why
        assert not found.of_reader

    @pytest.mark.parametrize("status", [400, 413])
    def test_a_refusal_is_for_good_and_the_browser_stays(
        self, service: Service, status: int
    ) -> None:
        """Other messages may go through."""
        service.answers = Reply(status, b"no")
        found = channel().send(to(Browser().address(service.url)))
        assert isinstance(found, Never)
        assert found.gone == ()

    @pytest.mark.parametrize("fails", ["cut", "silent"])
    def test_a_service_that_hangs_up_or_says_nothing_is_asked_later(
        self, service: Service, fails: str
    ) -> None:
        """And what it was asked for is a secret of the browser's."""
        service.answers = Reply(201, fails=fails)  # type: ignore[arg-type]
        found = channel(timeout_s=0.2).send(to(Browser().address(f"{service.url}/secret")))
        assert isinstance(found, Later)
        assert "secret" not in found.why

    def test_a_service_that_gave_no_answer_is_not_asked_for_a_minute_and_keeps_nobody_waiting(
        self, service: Service
    ) -> None:
        """Those who use another are told meanwhile; then it is asked again."""
        now_ms = [NOW_S * 1000]
        requests = Provider(timeout_s=0.2, private=True)
        sent = Push(requests, Sender(KEY), SUBJECT, private=True, now_ms=lambda: now_ms[0])
        with provider(Reply(fails="silent")) as away:
            theirs, ours = (to(Browser().address(of.url)) for of in (away, service))
            for waits in (0.0, 60.0, 60.0):
                found = sent.send(theirs)
                assert isinstance(found, Later)
                assert (found.of_reader, found.after_s) == (True, waits)
            assert len(away.requests) == 1
            assert sent.send(ours) == Taken()
            now_ms[0] += 60_000
            away.answers = Reply(201)
            assert [sent.send(theirs), sent.send(theirs)] == [Taken(), Taken()]

    def test_nobody_there_is_later(self) -> None:
        """As where the network is away."""
        found = channel().send(to(Browser().address(f"{nobody()}/secret")))
        assert isinstance(found, Later)
        assert "secret" not in found.why

    def test_given_several_browsers_then_one_that_took_it_is_enough(
        self, service: Service
    ) -> None:
        """A repeat would come twice to that one; those that are gone are named."""
        status = {"/gone": 410, "/full": 503, "/here": 201}
        service.answers = lambda request: Reply(status[request.path])
        gone, full, here = (Browser().address(service.url + path) for path in status)
        assert channel().send(to(gone, full, here)) == Taken(gone=(gone,))

    def test_given_several_and_none_took_it_then_one_that_may_later_keeps_it_waiting(
        self, service: Service
    ) -> None:
        """No longer than the first of them says."""
        status = {"/gone": "1", "/full": "60", "/slow": "5"}
        service.answers = lambda of: Reply(
            410 if of.path == "/gone" else 503, headers={"retry-after": status[of.path]}
        )
        found = channel().send(to(*(Browser().address(service.url + path) for path in status)))
        assert isinstance(found, Later)
        assert found.after_s == 5.0

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "https://push.example/abc",
            '{"endpoint":"https://push.example"}',
            Browser().address("https://[push.example"),
            json.dumps({"endpoint": "https://push.example", "p256dh": "BCVx", "auth": "BTBZ"}),
        ],
    )
    def test_an_address_that_cannot_be_read_is_gone(self, address: str) -> None:
        """Nobody is asked, nothing is raised."""
        found = channel().send(to(address))
        assert isinstance(found, Never)
        assert found.gone == (address,)


class TestSettings:
    """Made out of the settings of a site."""

    def made(self, **values: object) -> Push:
        """By the registry's maker."""
        settings = ChannelSettings("phones", "push", **{"url": SUBJECT, **values})  # type: ignore[arg-type]
        around = surroundings(Path())
        found = MAKERS["push"](settings, replace(around, key={PURPOSE: KEY}.__getitem__))
        assert isinstance(found, Push)
        return found

    def test_it_sends_with_the_key_of_the_site(self, service: Service) -> None:
        """The one that pages give to browsers."""
        assert self.made(private=True).send(to(Browser().address(service.url))) == Taken()
        assert proof(service.requests[0].headers["authorization"])[1] == Sender(KEY).public

    @pytest.mark.parametrize("url", ["", "admin@example.org", "mailto:", "http://renda.example"])
    def test_whoever_may_be_asked_about_us_is_named(self, url: str) -> None:
        """Push services refuse a sender who is nobody."""
        with pytest.raises(WrongChannelError, match=r"^url ") as refused:
            self.made(url=url)
        assert "mailto:" in refused.value.remedy

    def test_no_group_chat_reads_it(self) -> None:
        """It reaches persons in their browsers."""
        with pytest.raises(WrongChannelError, match=r"^reads "):
            self.made(reads="officer")
        assert self.made().reaches == "push"

    def test_browsers_name_no_address_of_ours_nor_one_in_clear(self, tmp_path: Path) -> None:
        """Whoever may subscribe could else ask within the network; ``private`` allows it."""
        certificate = trusted(tmp_path)
        with provider(Reply(201), certificate) as near, provider(Reply(201)) as plain:
            ca = str(certificate[0])
            to_near, to_plain = (to(Browser().address(of.url)) for of in (near, plain))
            assert isinstance(self.made(ca=ca).send(to_near), Later)
            assert isinstance(self.made().send(to_plain), Never)
            assert near.requests == plain.requests == []
            assert self.made(ca=ca, private=True).send(to_near) == Taken()
            assert self.made(private=True).send(to_plain) == Taken()


def test_an_address_is_written_as_urls_have_it() -> None:
    """Without padding, and read with and without."""
    assert to_text(b"\xff\xfe") == "__4"
    assert from_text("__4") == from_text("__4=") == b"\xff\xfe"
