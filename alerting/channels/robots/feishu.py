"""The robot of a Feishu group chat (飞书自定义机器人), signed (签名校验)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from html import escape

from alerting.channels.http import Provider
from alerting.channels.making import Surroundings
from alerting.channels.parameters import parameters, secret
from alerting.channels.protocol import Channel, Limit, Outgoing
from alerting.channels.robots.robot import Code, Robot
from alerting.channels.robots.text import in_chat
from alerting.channels.verdicts import Verdicts
from config.settings import ChannelSettings

EXAMPLE = "https://open.feishu.cn/open-apis/bot/v2/hook/…"
MOST_BYTES = 16_000
"""Of 20 KB that the whole document may have."""
FULL_S = 60.0
LIMIT = Limit(5, 3.0)
"""Keeps both of the provider's: 5 a second and 100 a minute."""
VERDICTS = Verdicts(after={"9499": FULL_S, "11232": FULL_S, "99991400": FULL_S})


def signature(secret_text: str, at_s: int) -> str:
    """The ``sign`` of an instant: what others sign is the key here, and nothing is signed."""
    key = f"{at_s}\n{secret_text}".encode()
    return base64.b64encode(hmac.digest(key, b"", "sha256")).decode()


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """A robot by its address and the secret of its signature.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    address, _ = parameters(settings, EXAMPLE, ())
    token, key = address.rpartition("/")[2], secret(settings, "the secret beside 签名校验")

    def form(outgoing: Outgoing) -> tuple[str, Mapping[str, object]]:
        at_s = around.now_ms() // 1000
        text = in_chat(outgoing, MOST_BYTES)
        called = "".join(f'<at user_id="{escape(each)}"></at> ' for each in outgoing.addresses[:1])
        return address, {
            "timestamp": str(at_s),
            "sign": signature(key, at_s),
            "msg_type": "text",
            "content": {"text": called + text},
        }

    provider = Provider(settings.ca, private=settings.private)
    return Robot("feishu", LIMIT, form, Code, VERDICTS, provider, [token, key])
