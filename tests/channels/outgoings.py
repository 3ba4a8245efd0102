"""Messages of the tests, and the surroundings of their channels."""

from __future__ import annotations

import io
from pathlib import Path

from alerting.channels.making import Surroundings
from alerting.channels.protocol import Outgoing
from config.catalogue.words import Words

AT_MS = 1_700_000_000_000
KEY = "7f3c-event-12-1"
TEXT = "通吕运河 金沙站 氨氮超标。\n2.4 mg/L，限值 1.0 mg/L，自 06:13 起。"
PNG = b"\x89PNG\r\n\x1a\n of the readings"


def outgoing(*addresses: str, **changes: object) -> Outgoing:
    """To these addresses; to a group chat where there is none."""
    given: dict[str, object] = {
        "key": KEY,
        "addresses": addresses,
        "kind": "event-begun",
        "title": "【警告】通吕运河 氨氮超标",
        "text": TEXT,
        "short": "【警告】通吕运河 金沙站 氨氮 2.4 mg/L",
        "link": "https://renda.example/e/abc?a=1&b=2",
        "at_ms": AT_MS,
        "language": "zh-CN",
        "data": {"event": 12, "level": "alarm", "river": "通吕运河"},
    }
    return Outgoing(**(given | changes))  # type: ignore[arg-type]


def surroundings(folder: Path) -> Surroundings:
    """Of a site whose channels need no words."""
    return Surroundings(
        site_name="清源监督中心",
        source="https://renda.example",
        data_dir=folder,
        words=Words({}, "zh-CN", {}, None),
        key=lambda purpose: purpose.encode().ljust(32, b"."),
        screen=io.StringIO(),
    )
