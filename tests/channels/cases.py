"""A message and the settings that the tests of robots and SMS share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from alerting.channels.protocol import Channel, Outgoing
from alerting.channels.registry import MAKERS
from config.settings import ChannelKind, ChannelSettings
from tests.channels.outgoings import outgoing, surroundings

NOW_MS = 1_796_047_860_000
"""2026-11-30 22:11 in the district."""
LINK = "https://renda.example/m/8f3kQ2xT"
_OF_A_RIVER: dict[str, object] = {
    "key": "018f-delivery-1",
    "title": "潮白河溶解氧偏低 警告",
    "text": "潮白河 东关大桥：溶解氧 3.1 mg/L，低于Ⅲ类标准 5 mg/L，已持续 40 分钟。\n值班：王芳。",
    "short": "潮白河东关大桥溶解氧3.1mg/L，低于Ⅲ类，40分钟",
    "link": LINK,
    "at_ms": NOW_MS - 60_000,
}


def to(*addresses: str, **changes: object) -> Outgoing:
    """The message for a person; without an address for a group chat."""
    return outgoing(*addresses, **(_OF_A_RIVER | changes))


def made(
    kind: str, url: str, secret: str = "", now_ms: Callable[[], int] = lambda: NOW_MS, **more: Any
) -> Channel:
    """A channel as its settings make it, of a provider on this machine."""
    assert kind in get_args(ChannelKind)
    settings = ChannelSettings(
        name="tried", kind=kind, url=url, secret=secret, **({"private": True} | more)
    )
    return MAKERS[settings.kind](settings, replace(surroundings(Path()), now_ms=now_ms))
