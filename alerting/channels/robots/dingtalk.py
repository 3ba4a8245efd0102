"""The robot of a DingTalk group chat (钉钉自定义机器人), signed (加签)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from alerting.channels.http import Provider
from alerting.channels.making import Surroundings
from alerting.channels.parameters import parameters, secret
from alerting.channels.protocol import Channel, Limit, Outgoing
from alerting.channels.robots.robot import Errcode, Robot
from alerting.channels.robots.text import in_chat
from alerting.channels.verdicts import Verdicts
from config.settings import ChannelSettings

EXAMPLE = "https://oapi.dingtalk.com/robot/send?access_token=…"
MOST_BYTES = 16_000
"""Of 20,000 that the whole document may have."""
BANNED_S = 600.0
VERDICTS = Verdicts(
    never=frozenset({"400105", "430101", "430102", "430103", "430104", "460101"}),
    after={"130101": BANNED_S, "410100": BANNED_S},
)


def signature(secret_text: str, at_ms: int) -> str:
    """The ``sign`` of an instant."""
    signed = f"{at_ms}\n{secret_text}".encode()
    return base64.b64encode(hmac.digest(secret_text.encode(), signed, "sha256")).decode()


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """A robot by its address and the secret of its signature.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    address, given = parameters(settings, EXAMPLE, ("access_token",))
    token, key = given["access_token"], secret(settings, "the secret beside 加签 (SEC…)")

    def form(outgoing: Outgoing) -> tuple[str, Mapping[str, object]]:
        at_ms = around.now_ms()
        query = {"access_token": token, "timestamp": at_ms, "sign": signature(key, at_ms)}
        text = in_chat(outgoing, MOST_BYTES)
        called = "".join(f"\n@{each}" for each in outgoing.addresses[:1])
        return f"{address}?{urlencode(query)}", {
            "msgtype": "text",
            "text": {"content": text + called},
            "at": {"atUserIds": outgoing.addresses[:1], "isAtAll": False},
        }

    provider = Provider(settings.ca, private=settings.private)
    return Robot("dingtalk", Limit(20, 60.0), form, Errcode, VERDICTS, provider, [token, key])
