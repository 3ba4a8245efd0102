"""The browser and the device of a visitor as people call them."""

from __future__ import annotations

import re
from typing import Literal

from config.catalogue.words import Words

Browser = Literal["wechat", "edge", "firefox", "chrome", "safari", "program"]
Device = Literal["harmony", "android", "iphone", "ipad", "windows", "mac", "linux", "other"]

_BROWSERS: tuple[tuple[Browser, str], ...] = (
    # Each calls itself by the names of those below it too.
    ("wechat", "MicroMessenger"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("firefox", "Firefox/|FxiOS/"),
    ("chrome", "Chrome/|CriOS/"),
    ("safari", "Safari/"),
)
_DEVICES: tuple[tuple[Device, str], ...] = (
    ("harmony", "OpenHarmony|HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac", "Macintosh"),
    ("linux", "Linux|X11"),
)


def device(words: Words, named: str) -> str:
    """A browser on a device, by the name that it gives itself: a hint and no proof."""
    browser: Browser = next((of for of, sign in _BROWSERS if re.search(sign, named)), "program")
    on: Device = next((of for of, sign in _DEVICES if re.search(sign, named)), "other")
    return words("device.browser", browser=words(f"browser.{browser}"), on=words(f"device.{on}"))
