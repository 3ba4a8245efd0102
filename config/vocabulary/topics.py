"""The topics that messages travel on; version 1.

Everything lies below ``qy/v1/{site}/{station}/``. The station is the topic's, never the
payload's: the broker's access list binds a user to its own topics.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from config.vocabulary.bounds import MOST
from config.vocabulary.wire import Malformed

ROOT = "qy/v1"

_BOOT = re.compile(r"[0-9a-f]{32}")
_SPAN = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message came from: the parts of its topic."""

    site: str
    station: str
    kind: Literal["readings", "history", "status"]
    boot: str = ""
    first: int = 0
    last: int = 0


def station_topic(site: str, station: str, *rest: str) -> str:
    """Topic below a station, e.g. ``ack``, ``status``, ``live``."""
    return "/".join((ROOT, site, station, *rest))


def health_topic(site: str, station: str) -> str:
    """Where an agent says how it and its sensors are, retained."""
    return station_topic(site, station, "health")


def alerts_topic(site: str) -> str:
    """Where alert transitions of a site are told to browsers."""
    return f"{ROOT}/{site}/alerts"


def platforms_topic(site: str) -> str:
    """Where browsers hear of changes on the platforms."""
    return f"{ROOT}/{site}/platforms"


def pulse_topic(site: str) -> str:
    """Where the core of a site says how it is, retained."""
    return f"{ROOT}/{site}/pulse"


def readings_topic(site: str, station: str, boot: str, seq: int) -> str:
    """Topic of one live sample."""
    return station_topic(site, station, "readings", boot, str(seq))


def history_topic(site: str, station: str, boot: str, first: int, last: int) -> str:
    """Topic of a batch of backlog."""
    return station_topic(site, station, "history", boot, f"{first}-{last}")


def parse_topic(topic: str) -> Address:
    """Address of what a station may send.

    Raises:
        Malformed: the topic is not one of ours.
    """
    match topic.split("/"):
        case ["qy", "v1", site, station, "status"]:
            return Address(site, station, "status")
        case ["qy", "v1", site, station, ("readings" | "history") as kind, boot, span]:
            found = _SPAN.fullmatch(span)
            if not _BOOT.fullmatch(boot) or not found:
                raise Malformed(f"topic {topic!r} has no boot or no seq")
            first = int(found[1])
            last = int(found[2] or first)
            if last > MOST:
                raise Malformed(f"topic names seq {last}; the last that there is is {MOST}")
            if kind == "readings":
                return Address(site, station, "readings", boot, first, last)
            return Address(site, station, "history", boot, first, last)
    raise Malformed(f"topic {topic!r} is not one that a station sends on")
