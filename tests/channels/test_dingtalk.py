"""The robot of a DingTalk group chat, against a server that checks what the provider's pages of
custom robots (自定义机器人接入, 安全设置) ask for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import deque

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Limit, Never, Outcome, Taken
from tests.channels.cases import LINK, NOW_MS, made, to
from tests.channels.providers import Reply, Request, in_json, provider

TOKEN = "566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887"
SECRET = "SEC000000000000000000000000000000000000000000000000000000000000"
HOUR_MS = 3_600_000
OK = in_json({"errcode": 0, "errmsg": "ok"})


class DingTalk:
    """As the provider: its own clock, a signature of an instant within the hour, 20 a minute, and
    ten minutes of silence for whoever sends more.
    """

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self._taken_ms: deque[int] = deque()
        self._banned_until_ms = 0

    def __call__(self, request: Request) -> Reply:
        if request.query.get("access_token") != TOKEN:
            return in_json({"errcode": 300001, "errmsg": "token is not exist"})
        if not self._signed(request.query):
            return in_json({"errcode": 310000, "errmsg": "sign not match"})
        if self._too_fast():
            return in_json({"errcode": 130101, "errmsg": "send too fast, exceed 20 times"})
        assert request.headers["content-type"] == "application/json; charset=utf-8"
        body = request.json
        assert body["msgtype"] == "text"
        assert body["text"]["content"]
        assert len(request.body) <= 20_000
        assert all(f"@{each}" in body["text"]["content"] for each in body["at"]["atUserIds"])
        return OK

    def _signed(self, query: dict[str, str]) -> bool:
        """The worked lines of the page: timestamp, line feed, secret; signed by the secret."""
        at = query["timestamp"]
        key, text = SECRET.encode(), f"{at}\n{SECRET}".encode()
        wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return query["sign"] == wanted and abs(int(at) - self.now_ms) < HOUR_MS

    def _too_fast(self) -> bool:
        while self._taken_ms and self._taken_ms[0] <= self.now_ms - 60_000:
            self._taken_ms.popleft()
        if len(self._taken_ms) == 20:
            self._banned_until_ms = self.now_ms + 600_000
        self._taken_ms.append(self.now_ms)
        return self.now_ms < self._banned_until_ms


def test_a_group_chat_reads_a_signed_message() -> None:
    """Title, text and link; nobody is called."""
    with provider(DingTalk()) as found:
        robot = made("dingtalk", f"{found.url}/robot/send?access_token={TOKEN}", SECRET)
        assert robot.send(to()) == Taken()
    [request] = found.requests
    assert (request.method, request.path) == ("POST", "/robot/send")
    content = request.json["text"]["content"]
    assert content.startswith("潮白河溶解氧偏低 警告\n潮白河 东关大桥")
    assert content.endswith(LINK)
    assert request.json["at"] == {"atUserIds": [], "isAtAll": False}


def test_a_person_is_called_by_userid() -> None:
    """The call stands in the text too: the provider shows no other. The person's link does not,
    for all can read it.
    """
    with provider(DingTalk()) as found:
        robot = made("dingtalk", f"{found.url}/robot/send?access_token={TOKEN}", SECRET)
        assert robot.send(to("manager7")) == Taken()
    body = found.requests[0].json
    assert body["at"]["atUserIds"] == ["manager7"]
    assert body["text"]["content"].endswith("值班：王芳。\n@manager7")
    assert LINK not in body["text"]["content"]


def test_each_attempt_is_signed_anew() -> None:
    """A signature holds for an hour: one kept from the start would end the channel then."""
    server = DingTalk()
    with provider(server) as found:
        url = f"{found.url}/robot/send?access_token={TOKEN}"
        robot = made("dingtalk", url, SECRET, lambda: server.now_ms)
        assert robot.send(to()) == Taken()
        server.now_ms += 2 * HOUR_MS
        assert robot.send(to()) == Taken()


def test_a_clock_that_is_off_is_told_and_tried_again() -> None:
    """Nobody but the administrator can mend it, and then the message goes."""
    server = DingTalk()
    with provider(server) as found:
        url = f"{found.url}/robot/send?access_token={TOKEN}"
        robot = made("dingtalk", url, SECRET, lambda: server.now_ms - 2 * HOUR_MS)
        assert robot.send(to()) == Later("310000 sign not match")


def test_whoever_sends_more_than_20_a_minute_waits_ten() -> None:
    """The limit that the channel tells keeps the provider's."""
    server = DingTalk()
    with provider(server) as found:
        url = f"{found.url}/robot/send?access_token={TOKEN}"
        robot = made("dingtalk", url, SECRET, lambda: server.now_ms)
        assert (robot.limit, robot.reaches) == (Limit(20, 60.0), "dingtalk")
        assert [robot.send(to()) for _ in range(20)] == [Taken()] * 20
        banned = Later("130101 send too fast, exceed 20 times", 600.0)
        assert robot.send(to()) == banned
        server.now_ms += 599_000
        assert robot.send(to()) == banned
        server.now_ms += 601_000
        assert robot.send(to()) == Taken()


def test_a_long_text_keeps_the_document_within_20000_bytes() -> None:
    """Link or call remain."""
    with provider(DingTalk()) as found:
        robot = made("dingtalk", f"{found.url}/robot/send?access_token={TOKEN}", SECRET)
        assert robot.send(to("manager7", text="溶" * 9000)) == Taken()
        assert robot.send(to(text="溶" * 9000)) == Taken()
    first, second = (each.json["text"]["content"] for each in found.requests)
    assert first.endswith("溶…\n@manager7")
    assert second.endswith(f"溶…\n{LINK}")


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        (-1, "系统繁忙", Later("-1 系统繁忙")),
        (300001, "token is not exist", Later("300001 token is not exist")),
        (310000, "keywords not in content", Later("310000 keywords not in content")),
        (410100, "发送速度太快而限流", Later("410100 发送速度太快而限流", 600.0)),
        (430101, "含有不安全的外链", Never("430101 含有不安全的外链")),
        (430102, "含有不合适的文本", Never("430102 含有不合适的文本")),
        (460101, f"too long {SECRET} {TOKEN} @manager7", Never("460101 too long … … @…")),
    ],
)
def test_an_error_is_told_in_the_providers_words(code: int, words: str, outcome: Outcome) -> None:
    """Also behind a status of 200; secrets and the person are left out."""
    with provider(in_json({"errcode": code, "errmsg": words})) as found:
        robot = made("dingtalk", f"{found.url}/robot/send?access_token={TOKEN}", SECRET)
        assert robot.send(to("manager7")) == outcome


@pytest.mark.parametrize(
    ("url", "secret", "field", "what"),
    [
        ("https://oapi.dingtalk.com/robot/send", SECRET, "url", "has no access_token"),
        ("https://oapi.dingtalk.com/robot/send?access_token=", SECRET, "url", "has no access"),
        ("https://oapi.dingtalk.com/robot/send?access_token=t&sign=s", SECRET, "url", "other"),
        ("https://oapi.dingtalk.com/robot/send?access_token=hush", "", "secret", "is missing"),
    ],
)
def test_settings_that_do_not_hold_are_named(url: str, secret: str, field: str, what: str) -> None:
    """Field, fault and remedy, and nothing of what was written."""
    with pytest.raises(WrongChannelError) as raised:
        made("dingtalk", url, secret)
    assert raised.value.field == field
    assert what in raised.value.what
    assert raised.value.remedy
    assert "hush" not in f"{raised.value} {raised.value.remedy}"
