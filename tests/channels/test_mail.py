"""Mail: what a mailbox finds, what may be set, and the meaning of each failure."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

from alerting.channels.mail import made, written
from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Never, Outcome, Taken
from config.settings import ChannelSettings
from tests.channels.mail_servers import PASSWORD, USER, Exim, Scripted, scripted
from tests.channels.outgoings import KEY, PNG, TEXT, outgoing, surroundings
from tests.channels.providers import deaf, of_another, trusted
from tests.conftest import free_port

READER = "daibiao@example.org"
SOON_S = 0.5
"""So long an attempt may take that is meant to take longer."""


def settings(url: str, **more: object) -> ChannelSettings:
    return ChannelSettings(name="mail", kind="mail", url=url, **more)  # type: ignore[arg-type]


def sent(
    port: int,
    *,
    query: str = "",
    user: str = "",
    timeout_s: float = 20,
    key: str = KEY,
    **more: object,
) -> Outcome:
    """One attempt by the channel of these settings."""
    at = f"{user.replace('@', '%40')}@" if user else ""
    url = f"smtp://{at}127.0.0.1:{port}?from=alarm@example.org{query}"
    channel = made(settings(url, **more), surroundings(Path()))
    channel._timeout_s = timeout_s
    return channel.send(outgoing(READER, key=key, picture=lambda: PNG))


def failed(says: Mapping[str, str], timeout_s: float = 20) -> Outcome:
    """What comes of an attempt at a server that says this."""
    with scripted(says) as server:
        return sent(server.port, query="&security=none", timeout_s=timeout_s)


@pytest.fixture(scope="module")
def post() -> Iterator[Exim]:
    server = Exim()
    yield server
    server.remove()


class TestAtARealServer:
    """Exim takes it, and it lies in the mailbox as it was meant."""

    @pytest.mark.parametrize("way", ["bare", "starttls", "tls"])
    def test_mail_arrives_as_it_was_written(self, post: Exim, way: str) -> None:
        """By each way, signed in where TLS protects the password."""
        port = getattr(post, way)
        if way == "bare":
            outcome = sent(port, query="&security=none", key=way)
        else:
            way_in = {"user": USER, "secret": PASSWORD, "ca": str(post.ca)}
            outcome = sent(port, query=f"&security={way}", key=way, **way_in)
        assert isinstance(outcome, Taken)
        assert not outcome.delivered
        mail = post.kept(outcome.provider_id)
        assert str(mail["from"]) == "清源监督中心 <alarm@example.org>"
        assert mail["to"] == READER
        assert mail["subject"] == "【警告】通吕运河 氨氮超标"
        assert mail["date"].datetime.isoformat() == "2023-11-15T06:13:20+08:00"
        assert mail["auto-submitted"] == "auto-generated"
        assert mail["content-language"] == "zh-CN"
        plain, page, picture = parts(mail)
        assert plain == f"{TEXT}\n\nhttps://renda.example/e/abc?a=1&b=2\n"
        assert "<p>通吕运河 金沙站 氨氮超标。</p>" in page
        assert picture == PNG

    def test_a_reader_whom_it_does_not_know_is_refused_for_good(self, post: Exim) -> None:
        url = f"smtp://127.0.0.1:{post.bare}?from=alarm@example.org&security=none"
        outcome = made(settings(url), surroundings(Path())).send(outgoing("nobody@example.org"))
        assert outcome == Never("550 no such user here")

    def test_a_wrong_password_is_a_matter_of_the_settings(self, post: Exim) -> None:
        outcome = sent(post.starttls, user=USER, secret="not that one", ca=str(post.ca))
        assert outcome == Later("535 Incorrect authentication data")

    def test_a_server_that_insists_on_tls_gets_nothing_without(self, post: Exim) -> None:
        outcome = sent(post.starttls, query="&security=none")
        assert outcome == Later("550 Must issue a STARTTLS command first")

    @pytest.mark.parametrize("way", ["starttls", "tls"])
    def test_an_authority_that_is_not_ours_gets_nothing(self, post: Exim, way: str) -> None:
        outcome = sent(getattr(post, way), query=f"&security={way}")
        assert outcome == Later("its certificate does not hold: self-signed certificate")


def parts(mail: EmailMessage) -> tuple[str, str, bytes | None]:
    """Text, page and picture of a mail."""
    plain = cast("EmailMessage", mail.get_body(("plain",))).get_content()
    body = cast("EmailMessage", mail.get_body(("html",)))
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    page = body.get_content()
    for part in pictures:
        assert f'src="cid:{part["content-id"][1:-1]}"' in page
    return plain.replace("\r\n", "\n"), page, pictures[0].get_content() if pictures else None


class TestTheMail:
    """As it is written, before any server."""

    def test_has_no_picture_where_there_is_nothing_to_draw(self) -> None:
        mail = written(outgoing(READER), "alarm@example.org", "清源")
        assert parts(mail)[2] is None
        assert "cid:" not in parts(mail)[1]

    def test_goes_without_a_picture_that_cannot_be_drawn(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken() -> bytes:
            raise OSError("the store is away")

        mail = written(outgoing(READER, picture=broken), "alarm@example.org", "清源")
        assert parts(mail)[2] is None
        assert READER not in caplog.text

    def test_ends_with_its_text_where_there_is_no_link(self) -> None:
        plain, page, _ = parts(written(outgoing(READER, link=""), "alarm@example.org", "清源"))
        assert plain == f"{TEXT}\n"
        assert "href" not in page

    def test_has_its_link_once_where_the_text_has_it(self) -> None:
        """And whoever reads the page can follow it there."""
        link = "https://renda.example/m/a?b=1&c=2"
        mail = written(outgoing(READER, text=f"警告。\n详情：{link}。", link=link), "a@b.cn", "x")
        plain, page, _ = parts(mail)
        assert plain == f"警告。\n详情：{link}。\n"
        shown = link.replace("&", "&amp;")
        assert page.count(shown) == 2
        assert f'<p>详情：<a href="{shown}"' in page
        assert f">{shown}</a>。</p>" in page

    def test_is_the_same_mail_at_each_attempt_and_another_for_each_reader(self) -> None:
        def identity(to: str, key: str) -> str:
            return str(written(outgoing(to, key=key), "alarm@example.org", "清源")["message-id"])

        assert identity(READER, KEY) == identity(READER, KEY)
        assert identity(READER, KEY).endswith("@example.org>")
        assert len({identity(READER, KEY), identity(READER, "k"), identity("a@b.cn", KEY)}) == 3

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\0"])
    def test_has_no_header_that_a_title_brings_along(self, end: str) -> None:
        """Also not through the site's name."""
        lie = f"title{end}Bcc: thief@example.org{end}{end}<b>body</b>"
        raw = written(outgoing(READER, title=lie), "alarm@example.org", lie).as_bytes()
        mail = message_from_string(raw.decode(), policy=default)
        assert mail["bcc"] is None
        assert mail["subject"] == "title Bcc: thief@example.org <b>body</b>"
        assert [name.lower() for name in mail.keys()] == [  # noqa: SIM118  a header comes twice
            "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version",
            "content-type", "content-language",
        ]  # fmt: skip

    def test_shows_signs_of_html_as_they_are(self) -> None:
        bad = '<script>alert("1")</script>&amp;'
        _, page, _ = parts(
            written(outgoing(READER, title=bad, text=bad, link=f'"{bad}'), "a@b.cn", "x")
        )
        assert "<script" not in page
        assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;") == 5
        assert 'href="&quot;&lt;' in page

    @pytest.mark.parametrize(
        "address",
        [
            "", "daibiao", "a@", "@b.cn", "a b@c.cn", "a@b.cn\r\nRCPT TO:<c@d.cn>", "<a@b.cn>",
            "a@b.cn,c@d.cn", "代表@example.org", '"a b"@c.cn', "a..b@c.cn", "a@b..cn", "a@b.cn\n",
        ],
    )  # fmt: skip
    def test_goes_to_nothing_but_an_address(self, address: str) -> None:
        with scripted() as server:
            url = f"smtp://127.0.0.1:{server.port}?from=a@b.cn&security=none"
            outcome = made(settings(url), surroundings(Path())).send(outgoing(address))
        assert outcome == Never("this is no mail address")
        assert server.heard == []


class TestAFailure:
    """Its meaning for a retry, in the server's words and without an address."""

    @pytest.mark.parametrize(
        ("says", "outcome"),
        [
            ({"greeting": "421 too busy"}, Later("421 too busy")),
            ({"greeting": "554 not you"}, Later("554 not you")),
            ({"greeting": "not SMTP"}, Later("-1 SMTP")),
            ({"EHLO": "502 what", "HELO": "550 no"}, Later("550 no")),
            ({"MAIL": "451 later"}, Later("451 later")),
            ({"MAIL": "553 not by you"}, Later("553 not by you")),
            ({"RCPT": "450 greylisted"}, Later("450 greylisted")),
            ({"RCPT": "421 going down"}, Later("421 going down")),
            ({"RCPT": f"550 5.1.1 <{READER}> unknown"}, Never("550 5.1.1 <…> unknown")),
            ({"RCPT": "554 5.7.1 Relay access denied"}, Later("554 5.7.1 Relay access denied")),
            ({"DATA": "451 disk full"}, Later("451 disk full")),
            ({"DATA": "554 no"}, Later("554 no")),
            ({"message": "421 going down"}, Later("421 going down")),
            ({"message": "451 try again"}, Later("451 try again")),
            ({"message": "550 spam"}, Never("550 spam")),
            ({"message": "552-too\r\n552 large"}, Never("552 too large")),
            ({"greeting": "cut"}, Later("cut off")),
            ({"RCPT": "cut"}, Later("cut off")),
            ({"DATA": "cut"}, Later("cut off")),
            ({"message": "cut"}, Later("cut off")),
        ],
        ids=str,
    )
    def test_of_a_server_that_talks(self, says: Mapping[str, str], outcome: Outcome) -> None:
        assert failed(says) == outcome

    @pytest.mark.parametrize("how", ["silent", "dripping"])
    @pytest.mark.parametrize("where", ["greeting", "EHLO", "RCPT", "message"])
    def test_of_a_slow_server_ends_in_time(self, where: str, how: str) -> None:
        assert failed({where: how}, SOON_S) == Later("no whole answer in time")

    def test_of_nobody(self) -> None:
        assert sent(free_port(), query="&security=none") == Later("Connection refused")

    @pytest.mark.parametrize("security", ["none", "tls"])
    def test_of_one_that_takes_no_connection(self, security: str) -> None:
        with deaf() as address:
            port = int(address.rpartition(":")[2])
            outcome = sent(port, query=f"&security={security}", timeout_s=SOON_S)
        assert outcome == Later("no whole answer in time")

    @pytest.mark.parametrize("how", ["cut", "silent", "500 what"])
    def test_after_a_server_has_taken_it_is_none(self, how: str) -> None:
        """Else it would be sent twice."""
        assert isinstance(failed({"QUIT": how}, 2.0), Taken)


class TestProtection:
    """Nothing of a message, and no password, goes where it could be read."""

    def test_is_not_given_up_where_a_server_offers_none(self) -> None:
        with scripted() as server:
            outcome = sent(server.port, user=USER, secret=PASSWORD)
        assert outcome == Later("STARTTLS extension not supported by server.")
        assert server.heard[0] == "ehlo example.org"
        assert not said_secrets(server)

    def test_is_not_given_up_where_a_server_refuses_it(self, tmp_path: Path) -> None:
        certificate = trusted(tmp_path)
        with scripted({"STARTTLS": "454 not now"}, certificate) as server:
            outcome = sent(server.port, user=USER, secret=PASSWORD, ca=str(certificate[0]))
        assert outcome == Later("454 not now")
        assert not said_secrets(server)

    def test_holds_for_the_name_in_the_settings(self, tmp_path: Path) -> None:
        certificate = of_another(tmp_path)
        with scripted(certificate=certificate) as server:
            outcome = sent(server.port, user=USER, secret=PASSWORD, ca=str(certificate[0]))
        assert isinstance(outcome, Later)
        assert "certificate is not valid for '127.0.0.1'" in outcome.why
        assert not said_secrets(server)

    def test_goes_before_the_password(self, tmp_path: Path) -> None:
        certificate = trusted(tmp_path)
        with scripted(certificate=certificate) as server:
            outcome = sent(server.port, user=USER, secret=PASSWORD, ca=str(certificate[0]))
        assert isinstance(outcome, Taken)
        words = [line.partition(" ")[0] for line in server.heard]
        assert words[:6] == ["ehlo", "STARTTLS", "ehlo", "AUTH", "mail", "rcpt"]

    def test_of_the_password_goes_as_far_as_the_reason(self, tmp_path: Path) -> None:
        """Given a server that repeats who signs in, then the reason does not."""
        certificate = trusted(tmp_path)
        said = {"AUTH": f"535 {USER} / {PASSWORD} is wrong"}
        with scripted(said, certificate) as server:
            outcome = sent(server.port, user=USER, secret=PASSWORD, ca=str(certificate[0]))
        assert outcome == Later("535 … / … is wrong")


def said_secrets(server: Scripted) -> bool:
    """Whether a server heard a password or a message."""
    bare = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    heard = "\n".join(server.heard)
    return bare in heard or "AUTH" in heard or "Subject" in heard


class TestTheSettings:
    """Looked at before the first message."""

    FROM = "?from=alarm@example.org"

    @pytest.mark.parametrize(
        ("url", "more", "field", "what"),
        [
            ("", {}, "url", "is no address of a mail server"),
            (f"https://post.example/{FROM}", {}, "url", "is no address of a mail server"),
            (f"smtp:///{FROM}", {}, "url", "is no address of a mail server"),
            (f"smtp://post.example:x{FROM}", {}, "url", "is no address of a mail server"),
            (f"smtp://post.example/inbox{FROM}", {}, "url", "is no address of a mail server"),
            ("smtp://post.example?from", {}, "url", "is no address of a mail server"),
            ("smtp://post.example", {}, "url", "has no from=, the mail address of the sender"),
            ("smtp://post.example?from=alarm", {}, "url", "has no from=, the mail address"),
            ("smtp://post.example?from=a@b.cn%0d%0ax:y", {}, "url", "has no from="),
            (f"smtp://post.example{FROM}&tls=1", {}, "url", "has an unknown part: tls"),
            (f"smtp://post.example{FROM}&security=ssl", {}, "url", "has security=ssl"),
            (f"smtp://me:pw@post.example{FROM}", {}, "url", "has a password"),
            (f"smtp://me@post.example{FROM}", {}, "url", "has a user without a secret"),
            (f"smtp://post.example{FROM}", {"secret": "s"}, "url", "has no user for the secret"),
            (f"smtp://me@post.example{FROM}&security=none", {"secret": "s"}, "url",
             "has a user, and with security=none anybody could read the password"),
            (f"smtp://%e5%a7%94@post.example{FROM}", {"secret": "s"}, "url", "has a user in other"),
            (f"smtp://me@post.example{FROM}", {"secret": "密码"}, "secret", "has other letters"),
            (f"smtp://post.example{FROM}", {"reads": "officer"}, "reads", "is set, and mail goes"),
            (f"smtp://post.example{FROM}", {"ca": "nowhere.pem"}, "ca", "nowhere.pem holds no"),
        ],
    )  # fmt: skip
    def test_are_refused_with_field_fault_and_remedy(
        self, url: str, more: dict[str, str], field: str, what: str
    ) -> None:
        with pytest.raises(WrongChannelError) as refused:
            made(settings(url, **more), surroundings(Path()))
        assert refused.value.field == field
        assert refused.value.what.startswith(what)
        assert refused.value.remedy
        assert "密码" not in str(refused.value)

    @pytest.mark.parametrize(
        ("host", "port", "security"),
        [
            ("post.example", 587, "starttls"),
            ("post.example:2525", 2525, "starttls"),
            ("post.example:465", 465, "tls"),
            ("post.example:25", 25, "starttls"),
            ("[::1]", 587, "starttls"),
        ],
    )
    def test_protect_unless_they_say_otherwise(self, host: str, port: int, security: str) -> None:
        server = made(settings(f"smtp://{host}{self.FROM}"), surroundings(Path()))._server
        assert (server.port, server.security) == (port, security)

    @pytest.mark.parametrize(("security", "port"), [("none", 25), ("tls", 465)])
    def test_may_leave_the_usual_port_out(self, security: str, port: int) -> None:
        url = f"smtp://post.example{self.FROM}&security={security}"
        assert made(settings(url), surroundings(Path()))._server.port == port

    def test_name_a_user_with_any_sign(self) -> None:
        url = f"smtp://alarm%40example.org@post.example{self.FROM}"
        server = made(settings(url, secret="s"), surroundings(Path()))._server
        assert (server.user, server.password) == (USER, "s")
