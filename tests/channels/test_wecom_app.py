"""Messages of a WeCom application to a person, against a server that checks what the provider's
pages (获取access_token, 发送应用消息) ask for.
"""

from __future__ import annotations

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import TIMEOUT_S, Later, Never, Outcome, Taken
from alerting.channels.robots.wecom_app import WecomApp
from tests.channels.cases import LINK, NOW_MS, made, to
from tests.channels.providers import Reply, Request, in_json, provider

CORP, SECRET = "ww7e42424723224ba8", "we0YB-secret-of-the-application"
MEMBERS = {"wangfang"}


class WeCom:
    """As the provider: gives tokens for 7200 s, and takes messages with the last of them."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.tokens = 0
        self._until_ms = 0
        self.shown: list[bytes] = []

    def __call__(self, request: Request) -> Reply:
        if request.path == "/cgi-bin/gettoken":
            return self._token(request)
        assert (request.method, request.path) == ("POST", "/cgi-bin/message/send")
        if request.query["access_token"] != f"token-{self.tokens}-of-the-provider":
            return in_json({"errcode": 40014, "errmsg": "invalid access_token"})
        if self.now_ms >= self._until_ms:
            return in_json({"errcode": 42001, "errmsg": "access_token expired"})
        return self._message(request)

    def forget(self) -> None:
        """Every token ends before its time, as the provider may do."""
        self._until_ms = 0

    def _token(self, request: Request) -> Reply:
        assert request.method == "GET"
        if request.query != {"corpid": CORP, "corpsecret": SECRET}:
            return in_json({"errcode": 40001, "errmsg": f"invalid credential {SECRET}"})
        self.tokens += 1
        self._until_ms = self.now_ms + 7_200_000
        token = f"token-{self.tokens}-of-the-provider"
        return in_json({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200})

    def _message(self, request: Request) -> Reply:
        body = request.json
        assert body["msgtype"] == "text"
        assert body["agentid"] == 1000002
        assert 0 < len(body["text"]["content"].encode()) <= 2048
        if body["touser"] not in MEMBERS:
            words = f"user & party & tag all invalid, {body['touser'].lower()}"
            return in_json({"errcode": 81013, "errmsg": words})
        if body["enable_duplicate_check"] != 1 or request.body not in self.shown:
            self.shown.append(request.body)
        return in_json({"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.shown)}"})


def application(url: str, server: WeCom | None = None, secret: str = SECRET) -> WecomApp:
    clock = server or WeCom()
    app = made("wecom-app", f"{url}?corp={CORP}&agent=1000002", secret, lambda: clock.now_ms)
    assert isinstance(app, WecomApp)
    return app


def test_a_member_reads_title_text_and_link() -> None:
    """The provider's name of the message is kept."""
    with provider(WeCom()) as found:
        assert application(found.url).send(to("wangfang")) == Taken("m1")
    _, request = found.requests
    assert request.json["touser"] == "wangfang"
    content = request.json["text"]["content"]
    assert content.startswith("潮白河溶解氧偏低 警告\n")
    assert content.endswith(LINK)


def test_a_token_is_kept_until_it_ends() -> None:
    """One for many messages, another before the provider refuses the first."""
    server = WeCom()
    with provider(server) as found:
        app = application(found.url, server)
        assert [app.send(to("wangfang", key=f"k{n}", title=f"{n}")) for n in range(3)] == [
            Taken("m1"),
            Taken("m2"),
            Taken("m3"),
        ]
        assert server.tokens == 1
        server.now_ms += 7_200_000 - 60_000
        assert app.send(to("wangfang", title="4")) == Taken("m4")
        assert server.tokens == 2


def test_a_token_that_the_provider_no_longer_takes_is_renewed_within_the_attempt() -> None:
    """Ended early (42001), or replaced by another program's (40014)."""
    server = WeCom()
    with provider(server) as found:
        app = application(found.url, server)
        assert app.send(to("wangfang")) == Taken("m1")
        server.forget()
        assert app.send(to("wangfang", title="2")) == Taken("m2")
        server.tokens += 1
        assert app.send(to("wangfang", title="3")) == Taken("m3")


def test_a_token_that_is_never_taken_ends_the_attempt() -> None:
    """Four requests, no circle."""

    def refusing(request: Request) -> Reply:
        if request.path.endswith("gettoken"):
            return in_json({"errcode": 0, "access_token": "a-token-of-theirs", "expires_in": 7200})
        return in_json({"errcode": 40014, "errmsg": "invalid access_token a-token-of-theirs"})

    with provider(refusing) as found:
        assert application(found.url).send(to("wangfang")) == Later("40014 invalid access_token …")
    assert len(found.requests) == 4


def test_an_attempt_whose_answer_was_lost_shows_no_second_message() -> None:
    """The provider leaves out the same words within half an hour."""
    server = WeCom()
    with provider(server) as found:
        app = application(found.url, server)
        assert app.send(to("wangfang")) == Taken("m1")
        assert app.send(to("wangfang")) == Taken("m1")
    assert len(server.shown) == 1


def test_who_may_not_see_the_application_keeps_the_address() -> None:
    """As an error, and as a remark beside a success: the company may have narrowed whom it shows
    it to, and widens that again. Neither names the person.
    """
    with provider(WeCom()) as found:
        app = application(found.url)
        assert app.send(to("Zhang-San")) == Never("81013 user & party & tag all invalid, …")
        found.answers = in_json({"errcode": 0, "errmsg": "ok", "invaliduser": "wangfang"})
        said = "the member may not see the application, or is none"
        assert app.send(to("wangfang")) == Never(said)
        found.answers = in_json({"errcode": 0, "errmsg": "ok", "unlicenseduser": "wangfang"})
        said = "the member has no licence for messages of applications"
        assert app.send(to("wangfang")) == Never(said)


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        (45009, "api freq out of limit", Later("45009 api freq out of limit", 60.0)),
        (-1, "system busy", Later("-1 system busy")),
        (
            60020,
            "not allow to access from your ip",
            Later("60020 not allow to access from your ip"),
        ),
        (
            301002,
            "not allow operate another agent",
            Later("301002 not allow operate another agent"),
        ),
        (45002, "content size out of limit", Never("45002 content size out of limit")),
        (60111, "userid wangfang not found", Never("60111 userid … not found", ("wangfang",))),
    ],
)
def test_an_error_is_told_in_the_providers_words(code: int, words: str, outcome: Outcome) -> None:
    """Of the message, where the token is taken."""
    with provider(WeCom()) as found:
        app = application(found.url)
        app.send(to("wangfang"))
        found.answers = in_json({"errcode": code, "errmsg": words})
        assert app.send(to("wangfang")) == outcome


def test_a_page_of_an_error_is_told_without_the_person() -> None:
    """Where a gateway answers the message and repeats it."""
    with provider(WeCom()) as found:
        app = application(found.url)
        app.send(to("wangfang"))
        found.answers = Reply(502, b"502: to wangfang, with token-1-of-the-provider")
        assert app.send(to("wangfang")) == Later("502 502: to …, with …")


def test_a_wrong_secret_is_told_without_it() -> None:
    """A matter of the settings: the message waits."""
    with provider(WeCom()) as found:
        app = application(found.url, secret="another-secret-of-theirs")
        found.answers = in_json({"errcode": 40001, "errmsg": "bad another-secret-of-theirs"})
        assert app.send(to("wangfang")) == Later("40001 bad …")


def test_an_attempt_of_four_requests_ends_in_time() -> None:
    """Each of them has its part of it."""
    app = application("https://qyapi.weixin.qq.com")
    assert app._provider._timeout_s * 4 <= TIMEOUT_S


@pytest.mark.parametrize(
    ("url", "secret", "more", "field"),
    [
        ("https://qyapi.weixin.qq.com?corp=ww1", SECRET, {}, "url"),
        ("https://qyapi.weixin.qq.com?corp=ww1&agent=one", SECRET, {}, "url"),
        ("https://qyapi.weixin.qq.com?corp=ww1&agent=1", "", {}, "secret"),
        ("https://qyapi.weixin.qq.com?corp=ww1&agent=1", SECRET, {"reads": "deputy"}, "reads"),
    ],
)
def test_settings_that_do_not_hold_are_named(
    url: str, secret: str, more: dict[str, str], field: str
) -> None:
    """A message of an application goes to a person alone."""
    with pytest.raises(WrongChannelError) as raised:
        made("wecom-app", url, secret, **more)
    assert raised.value.field == field
    assert raised.value.remedy
