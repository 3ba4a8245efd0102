"""The means by which channels are made out of settings, and the word for settings that do not
hold.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from alerting.channels.protocol import Channel
from config.catalogue.words import Words
from config.settings import ChannelSettings


class WrongChannelError(ValueError):
    """A setting of a channel does not hold: ``field`` of it, what is wrong, and the remedy."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(f"{field} {what}")
        self.field, self.what, self.remedy = field, what, remedy


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The means of every channel. ``key`` gives the site's secret key for a purpose, 32 bytes;
    ``source`` names the site to machines.
    """

    site_name: str
    source: str
    data_dir: Path
    words: Words
    key: Callable[[str], bytes]
    screen: TextIO
    now_ms: Callable[[], int] = _wall_ms
    """UTC epoch ms; signatures carry it."""


Maker = Callable[[ChannelSettings, Surroundings], Channel]
"""Makes a channel of its kind.

Raises:
    WrongChannelError: a setting does not hold.
"""
