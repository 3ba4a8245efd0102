"""A message, a reader and the settings that the tests of channels share."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from alerting.channels.making import Surroundings
from alerting.channels.protocol import Channel, Outgoing
from alerting.channels.registry import MAKERS
from config.catalogue.words import Words
from config.settings import ChannelKind, ChannelSettings

NOW_MS = 1_796_047_860_000
"""2026-11-30 22:11 in the district."""
TEXT = "潮白河 东关大桥：溶解氧 3.1 mg/L，低于Ⅲ类标准 5 mg/L，已持续 40 分钟。\n值班：王芳。"
LINK = "https://renda.example/m/8f3kQ2xT"
MESSAGE = Outgoing(
    key="018f-delivery-1",
    addresses=(),
    kind="event",
    title="潮白河溶解氧偏低 警告",
    text=TEXT,
    short="潮白河东关大桥溶解氧3.1mg/L，低于Ⅲ类，40分钟",
    link=LINK,
    at_ms=NOW_MS - 60_000,
    language="zh-CN",
    data={},
)


def to(*addresses: str, **changes: Any) -> Outgoing:
    """The message for a person; without an address for a group chat."""
    return replace(MESSAGE, addresses=addresses, **changes)


def made(
    kind: str, url: str, secret: str = "", now_ms: Callable[[], int] = lambda: NOW_MS, **more: Any
) -> Channel:
    """A channel as its settings make it, of a provider on this machine."""
    assert kind in get_args(ChannelKind)
    settings = ChannelSettings(
        name="tried", kind=kind, url=url, secret=secret, **({"private": True} | more)
    )
    around = Surroundings(
        site_name="通州",
        source="https://renda.example",
        data_dir=Path(),
        words=Words.load("zh-CN"),
        key=lambda _: bytes(32),
        screen=io.StringIO(),
        now_ms=now_ms,
    )
    return MAKERS[settings.kind](settings, around)
