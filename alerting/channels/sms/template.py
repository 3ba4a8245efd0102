"""The variables of a template, and the numbers to which a message goes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Never, Outgoing
from config.vocabulary.time import ZONE

_MAINLAND = re.compile(r"(?:\+86)?(1[0-9]{10})")
_ABROAD = re.compile(r"\+([1-9][0-9]{6,14})")
NO_PATH = "."
"""Stands where there is no link, or none that fits: a cut one leads nowhere, this to the site's
first page.
"""


def _path(outgoing: Outgoing) -> str:
    parts = urlsplit(outgoing.link)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path.removeprefix('/')}{query}"


def _time(outgoing: Outgoing) -> str:
    return f"{datetime.fromtimestamp(outgoing.at_ms / 1000, ZONE):%m-%d %H:%M}"


WORDS: Mapping[str, Callable[[Outgoing], str]] = {
    "title": lambda outgoing: outgoing.title,
    "short": lambda outgoing: outgoing.short,
    "time": _time,
}
"""May be cut."""
LINKS: Mapping[str, Callable[[Outgoing], str]] = {
    "link": lambda outgoing: outgoing.link,
    "path": _path,
}
"""``path`` is the link without its scheme and host, which most providers want in the template."""


@dataclass(frozen=True, slots=True)
class Template:
    """Names of the values of a template, in its order, and the longest that one may be."""

    names: tuple[str, ...]
    longest: int

    def values(self, outgoing: Outgoing) -> list[str]:
        """The values of a message."""
        return [self._value(name, outgoing) for name in self.names]

    def _value(self, name: str, outgoing: Outgoing) -> str:
        if name in LINKS:
            link = LINKS[name](outgoing)
            return link if 0 < len(link) <= self.longest else NO_PATH
        text = ordinary(WORDS[name](outgoing))
        return text if len(text) <= self.longest else f"{text[: self.longest - 1]}…"


def template(given: Mapping[str, str], longest: int, example: str) -> Template:
    """The template that a channel's parameters ``params`` and ``longest`` describe.

    Raises:
        WrongChannelError: one of them does not hold.
    """
    known, remedy = [*WORDS, *LINKS], f"write it as {example}"
    names = tuple(given["params"].split(","))
    if not set(names) <= set(known) or len(set(names)) < len(names):
        what = f"has params other than {', '.join(known)}, or one twice"
        raise WrongChannelError("url", what, remedy)
    most = given.get("longest", str(longest))
    if not most.isdecimal() or not 4 <= int(most) <= 500:
        raise WrongChannelError("url", "has a longest that is not 4 to 500", remedy)
    return Template(names, int(most))


def ordinary(text: str) -> str:
    """The same in one line of characters that every gateway takes: ³ and Ⅴ as 3 and V, no
    brackets of a signature.
    """
    line = " ".join(text.replace("【", "[").replace("】", "]").split())
    return "".join(
        unicodedata.normalize("NFKC", each) if unicodedata.category(each) in ("No", "Nl") else each
        for each in line
    )


@dataclass(frozen=True, slots=True)
class Mobile:
    """A number by its digits, the country's first."""

    digits: str
    mainland: bool


def mobile(address: str) -> Mobile | Never:
    """The number of an address: 11 digits of the mainland, others with + and their country."""
    if home := _MAINLAND.fullmatch(address):
        return Mobile(f"86{home[1]}", mainland=True)
    if abroad := _ABROAD.fullmatch(address):
        return Mobile(abroad[1], mainland=False)
    return Never("the address is no mobile number", gone=(address,))
