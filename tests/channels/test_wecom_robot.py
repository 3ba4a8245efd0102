"""The robot of a WeCom group chat, against a server that checks what the provider's page of group
robots (群机器人配置说明) asks for.
"""

from __future__ import annotations

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Limit, Never, Outcome, Taken
from tests.channels.cases import LINK, made, to
from tests.channels.providers import Reply, Request, in_json, provider

KEY = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"
TAKEN = in_json({"errcode": 0, "errmsg": "ok"})


def asked_of(request: Request) -> Reply:
    """As the provider answers: it wants its key, JSON, text of 2048 bytes at most."""
    if request.query != {"key": KEY}:
        return in_json({"errcode": 93000, "errmsg": "invalid webhook url"})
    assert (request.method, request.path) == ("POST", "/cgi-bin/webhook/send")
    assert request.headers["content-type"].startswith("application/json")
    body = request.json
    if body["msgtype"] != "text" or set(body) != {"msgtype", "text"}:
        return in_json({"errcode": 40008, "errmsg": "invalid message type"})
    if not 0 < len(body["text"]["content"].encode()) <= 2048:
        return in_json({"errcode": 45002, "errmsg": "content size out of limit"})
    assert set(body["text"]) <= {"content", "mentioned_list", "mentioned_mobile_list"}
    assert all(isinstance(each, str) for each in body["text"]["mentioned_list"])
    return TAKEN


def test_a_group_chat_reads_title_text_and_link() -> None:
    """Nobody is called."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}", reads="deputy")
        assert robot.send(to()) == Taken()
    [request] = found.requests
    assert request.json["text"]["content"].split("\n") == [
        "潮白河溶解氧偏低 警告",
        "潮白河 东关大桥：溶解氧 3.1 mg/L，低于Ⅲ类标准 5 mg/L，已持续 40 分钟。",
        "值班：王芳。",
        LINK,
    ]
    assert request.json["text"]["mentioned_list"] == []


def test_a_link_stands_once_and_last() -> None:
    """Also where the text has it, in its own words."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}", reads="deputy")
        assert robot.send(to(text=f"低于Ⅲ类。\n查看：{LINK}\n值班：王芳。")) == Taken()
    lines = found.requests[0].json["text"]["content"].split("\n")
    assert lines[1:] == ["低于Ⅲ类。", "值班：王芳。", f"查看：{LINK}"]


@pytest.mark.parametrize("text", ["低于Ⅲ类。", f"低于Ⅲ类。\n查看：{LINK}"])
def test_a_persons_link_is_not_for_a_chat(text: str) -> None:
    """Wherever it stands: with it anybody could act in that person's name."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}")
        assert robot.send(to("wangfang", text=text)) == Taken()
    content = found.requests[0].json["text"]["content"]
    assert content.split("\n")[1:] == ["低于Ⅲ类。"]


def test_a_person_is_called_by_userid() -> None:
    """In the same chat; the key may stand as the secret."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send", KEY)
        assert robot.send(to("wangfang")) == Taken()
    assert found.requests[0].json["text"]["mentioned_list"] == ["wangfang"]


@pytest.mark.parametrize("link", [LINK, ""])
@pytest.mark.parametrize(("letter", "least"), [("溶", 2046), ("x", 2048)])
def test_a_long_text_is_cut_and_its_link_is_whole(link: str, letter: str, least: int) -> None:
    """2048 bytes, in whole characters."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}", reads="deputy")
        assert robot.send(to(text=letter * 3000, link=link)) == Taken()
    content = found.requests[0].json["text"]["content"]
    assert least <= len(content.encode()) <= 2048
    assert content.endswith(f"{letter}…\n{link}" if link else f"{letter}…")


def test_words_of_a_message_call_nobody() -> None:
    """``<@all>`` is a call in the provider's texts; a comparison stays as it is."""
    with provider(asked_of) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}", reads="deputy")
        assert robot.send(to(title="<@all>", text='DO < 5, <a href="x">')) == Taken()
    content = found.requests[0].json["text"]["content"]
    assert content.startswith('\uff1c@all>\nDO < 5, \uff1ca href="x">\n')


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        (45009, "api freq out of limit", Later("45009 api freq out of limit", 60.0)),
        (45033, "api concurrent out of limit", Later("45033 api concurrent out of limit", 5.0)),
        (-1, "system busy", Later("-1 system busy")),
        (93000, "invalid webhook url", Later("93000 invalid webhook url")),
        (40058, "content exceed max length", Never("40058 content exceed max length")),
        (45002, "content size out of limit", Never("45002 content size out of limit")),
        (93000, f"no robot\n of {KEY}", Later("93000 no robot of …")),
    ],
)
def test_an_error_is_told_in_the_providers_words(code: int, words: str, outcome: Outcome) -> None:
    """Also behind a status of 200, and never with the key."""
    with provider(in_json({"errcode": code, "errmsg": words})) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}")
        assert robot.send(to("wangfang")) == outcome


def test_a_provider_in_trouble_refuses_no_message() -> None:
    """Whatever code stands beside a status of 500."""
    with provider(in_json({"errcode": 45002, "errmsg": "out of limit"}, 500)) as found:
        robot = made("wecom-robot", f"{found.url}/cgi-bin/webhook/send?key={KEY}")
        assert isinstance(robot.send(to("wangfang")), Later)


def test_it_takes_20_a_minute() -> None:
    """As the provider's page says."""
    robot = made("wecom-robot", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k")
    assert (robot.limit, robot.reaches) == (Limit(20, 60.0), "wecom")


@pytest.mark.parametrize(
    ("url", "secret", "field", "what"),
    [
        ("", "", "url", "is missing"),
        ("http://qyapi.weixin.qq.com/x?key=hush-hush", "", "url", "is not protected by TLS"),
        ("https://qyapi.weixin.qq.com/x?hush-hush", "", "url", "has other parameters than key"),
        ("https://qyapi.weixin.qq.com/x?key=a&key=hush-hush", "", "url", "or one twice"),
        ("https://qyapi.weixin.qq.com/x", "", "secret", "is missing"),
        ("https://qyapi.weixin.qq.com/x?key=hush-hush", "s", "secret", "beside the key"),
    ],
)
def test_settings_that_do_not_hold_are_named(url: str, secret: str, field: str, what: str) -> None:
    """Field, fault and remedy, and nothing of what was written."""
    with pytest.raises(WrongChannelError) as raised:
        made("wecom-robot", url, secret, private=False)
    assert raised.value.field == field
    assert what in raised.value.what
    assert raised.value.remedy
    assert "hush" not in f"{raised.value} {raised.value.remedy}"
