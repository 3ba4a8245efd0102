"""The robot of a WeCom group chat (企业微信群机器人)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from alerting.channels.http import Provider
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.parameters import parameters, secret
from alerting.channels.protocol import Channel, Limit, Outgoing
from alerting.channels.robots.robot import Errcode, Robot
from alerting.channels.robots.text import in_chat
from alerting.channels.verdicts import Verdicts
from config.settings import ChannelSettings

EXAMPLE = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"
MOST_BYTES = 2048
VERDICTS = Verdicts(
    never=frozenset({"40008", "40058", "44004", "45002"}),
    after={"45009": 60.0, "45033": 5.0},
)


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """A robot by its address. Its key is the secret, and may stand as such.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    del around
    address, given = parameters(settings, EXAMPLE, (), ("key",))
    if "key" in given and settings.secret:
        what = "stands beside the key in the address"
        raise WrongChannelError("secret", what, "take one of the two out")
    key = given.get("key") or secret(settings, "the key of the robot's address")
    url = f"{address}?{urlencode({'key': key})}"

    def form(outgoing: Outgoing) -> tuple[str, Mapping[str, object]]:
        text = {
            "content": in_chat(outgoing, MOST_BYTES),
            "mentioned_list": outgoing.addresses[:1],
        }
        return url, {"msgtype": "text", "text": text}

    provider = Provider(settings.ca, private=settings.private)
    return Robot("wecom", Limit(20, 60.0), form, Errcode, VERDICTS, provider, [key])
