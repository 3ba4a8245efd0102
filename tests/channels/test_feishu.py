"""The robot of a Feishu group chat, against a server that checks what the provider's page of
custom robots (自定义机器人使用指南) asks for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Outcome, Taken
from tests.channels.cases import LINK, NOW_MS, made, to
from tests.channels.providers import Reply, Request, in_json, provider

HOOK = "/open-apis/bot/v2/hook/0d3e6a2c-token-of-the-robot"
SECRET = "hB5vK2pQ7rT9wX1zC4dF"
OK = in_json({"code": 0, "msg": "success", "data": {}})


def asked_of(request: Request) -> Reply:
    """As the provider answers at ``NOW_MS``."""
    if request.path != HOOK:
        words = "param invalid: incoming webhook access token invalid"
        return in_json({"code": 19001, "msg": words, "data": {}})
    body = request.json
    at = body["timestamp"]
    # The worked lines of the page: the key is timestamp, line feed, secret; nothing is signed.
    key = f"{at}\n{SECRET}".encode()
    sign = base64.b64encode(hmac.new(key, b"", digestmod=hashlib.sha256).digest()).decode()
    if body["sign"] != sign or abs(int(at) - NOW_MS // 1000) > 3600:
        words = "sign match fail or timestamp is not within one hour from current time"
        return in_json({"code": 19021, "msg": words, "data": {}})
    if body["msg_type"] != "text" or len(request.body) > 20 * 1024:
        return in_json({"code": 9499, "msg": "Bad Request", "data": {}})
    assert (request.method, request.query) == ("POST", {})
    assert isinstance(at, str)
    assert set(body["content"]) == {"text"}
    return OK


def test_a_group_chat_reads_a_signed_message() -> None:
    """Title, text and link; nobody is called."""
    with provider(asked_of) as found:
        assert made("feishu", f"{found.url}{HOOK}", SECRET, reads="deputy").send(to()) == Taken()
    text = found.requests[0].json["content"]["text"]
    assert text.startswith("潮白河溶解氧偏低 警告\n潮白河 东关大桥")
    assert text.endswith(f"\n{LINK}")


def test_a_person_is_called_by_open_id() -> None:
    """An address cannot break out of the call. The person's link is not for all to read."""
    with provider(asked_of) as found:
        robot = made("feishu", f"{found.url}{HOOK}", SECRET)
        assert robot.send(to("ou_18eac85d")) == Taken()
        assert robot.send(to('"></at><at user_id="all')) == Taken()
    first, second = (each.json["content"]["text"] for each in found.requests)
    assert first.startswith('<at user_id="ou_18eac85d"></at> 潮白河')
    assert '<at user_id="all' not in second
    assert LINK not in first


def test_words_of_a_message_call_nobody() -> None:
    """A tag in a text is none."""
    with provider(asked_of) as found:
        robot = made("feishu", f"{found.url}{HOOK}", SECRET, reads="deputy")
        assert robot.send(to(text='<at user_id="all">所有人</at>')) == Taken()
    assert "<at" not in found.requests[0].json["content"]["text"]


def test_a_long_text_keeps_the_document_within_20_kb() -> None:
    """The link remains."""
    with provider(asked_of) as found:
        robot = made("feishu", f"{found.url}{HOOK}", SECRET, reads="deputy")
        assert robot.send(to(text="溶" * 9000)) == Taken()
    assert found.requests[0].json["content"]["text"].endswith(f"溶…\n{LINK}")


def test_a_clock_that_is_off_is_told_and_tried_again() -> None:
    """An hour and a second."""
    with provider(asked_of) as found:
        robot = made("feishu", f"{found.url}{HOOK}", SECRET, lambda: NOW_MS - 3_601_000)
        said = "19021 sign match fail or timestamp is not within one hour from current time"
        assert robot.send(to()) == Later(said)


def test_its_limit_keeps_5_a_second_and_100_a_minute() -> None:
    """One limit for both of the provider's."""
    limit = made("feishu", f"https://open.feishu.cn{HOOK}", SECRET).limit
    assert limit is not None
    assert limit.most <= 5
    assert limit.within_s >= 1
    assert limit.most * 60 / limit.within_s <= 100


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (
            in_json({"code": 11232, "msg": "frequency limited"}),
            Later("11232 frequency limited", 60.0),
        ),
        (in_json({"code": 9499, "msg": "too many request"}), Later("9499 too many request", 60.0)),
        (
            in_json({"code": 19024, "msg": "Key Words Not Found"}),
            Later("19024 Key Words Not Found"),
        ),
        (in_json({"code": 19022, "msg": "Ip Not Allowed"}, 400), Later("19022 Ip Not Allowed")),
        (
            in_json({"code": 19001, "msg": f"no {HOOK}"}),
            Later("19001 no /open-apis/bot/v2/hook/…"),
        ),
    ],
)
def test_an_answer_is_told_in_the_providers_words(reply: Reply, outcome: Outcome) -> None:
    """The last part of the address is a secret."""
    with provider(reply) as found:
        assert made("feishu", f"{found.url}{HOOK}", SECRET).send(to("ou_18eac85d")) == outcome


@pytest.mark.parametrize(
    ("url", "secret", "field", "what"),
    [
        (f"https://open.feishu.cn{HOOK}?key=hush", SECRET, "url", "other parameters than none"),
        (f"https://open.feishu.cn{HOOK}", "", "secret", "is missing"),
    ],
)
def test_settings_that_do_not_hold_are_named(url: str, secret: str, field: str, what: str) -> None:
    """Field, fault and remedy, and nothing of what was written."""
    with pytest.raises(WrongChannelError) as raised:
        made("feishu", url, secret)
    assert raised.value.field == field
    assert what in raised.value.what
    assert "token-of" not in f"{raised.value} {raised.value.remedy}"
