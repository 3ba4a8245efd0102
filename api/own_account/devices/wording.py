"""The browser of a session as people call it."""

from __future__ import annotations

import re
from typing import Literal

from config.catalogue.words import Words

Program = Literal["wechat", "edge", "firefox", "chrome", "safari", "program"]
System = Literal["harmony", "android", "iphone", "ipad", "windows", "mac", "linux", "system"]

_PROGRAMS: tuple[tuple[Program, str], ...] = (
    # Each calls itself by the names of those below it too.
    ("wechat", "MicroMessenger"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("firefox", "Firefox/|FxiOS/"),
    ("chrome", "Chrome/|CriOS/"),
    ("safari", "Safari/"),
)
_SYSTEMS: tuple[tuple[System, str], ...] = (
    ("harmony", "OpenHarmony|HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac", "Macintosh"),
    ("linux", "Linux|X11"),
)


def device(words: Words, browser: str) -> str:
    """A browser and its system, by what it says of itself: a hint for the person, and no proof."""
    program: Program = next((of for of, sign in _PROGRAMS if re.search(sign, browser)), "program")
    system: System = next((of for of, sign in _SYSTEMS if re.search(sign, browser)), "system")
    return words(
        "account.device", program=words(f"browser.{program}"), system=words(f"system.{system}")
    )
