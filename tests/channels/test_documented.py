"""The page of notifications shows settings that hold, and every code that decides something."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import config
from alerting.channels.robots import dingtalk, feishu, wecom, wecom_app
from alerting.channels.sms import aliyun, tencent
from alerting.channels.verdicts import Verdicts
from tests.channels.cases import made

PAGE = "".join(
    path.read_text(encoding="utf-8")
    for path in (Path(config.__file__).parents[1] / "docs").glob("notifications*.md")
)
KINDS = ("wecom-robot", "wecom-app", "dingtalk", "feishu", "sms-aliyun", "sms-tencent")
SHOWN = [
    channel
    for block in re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    for channel in tomllib.loads(block).get("channel", [])
    if channel["kind"] in KINDS
]


def test_every_kind_is_shown() -> None:
    """Once at least."""
    assert {channel["kind"] for channel in SHOWN} == set(KINDS)


@pytest.mark.parametrize("channel", SHOWN, ids=lambda channel: channel["kind"])
def test_the_settings_that_the_page_shows_hold(channel: dict[str, str]) -> None:
    """With a key in the place of its dots, and the secret that the file would hold."""
    url, reads = channel["url"].replace("…", "0"), channel.get("reads", "")
    made(channel["kind"], url, "a-secret", reads=reads, private=False)


@pytest.mark.parametrize("module", [wecom, wecom_app, dingtalk, feishu, aliyun, tencent])
def test_every_code_that_decides_something_has_a_row(module: object) -> None:
    """By its last part, where a row names several of one beginning."""
    verdicts: Verdicts = module.VERDICTS  # type: ignore[attr-defined]
    rows = "".join(line for line in PAGE.splitlines() if line.startswith("|"))
    codes = verdicts.never | verdicts.gone | verdicts.after.keys() | verdicts.each.keys()
    assert {code for code in codes if code.rpartition(".")[2] not in rows} == set()
