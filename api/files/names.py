"""Names of files as people may read, save and send them on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

LONGEST = 200
LONGEST_EXTENSION = 10
NAMELESS = "未命名"
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
"""Controls, marks of writing direction, halves of pairs, ends of lines."""
_RESERVED = re.compile(r'[<>:"|?*]')
"""Signs that Windows has in no name."""
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_ATTR_CHAR = "!#$&+-.^_`|~"
"""Of RFC 5987, beside letters and digits."""


def cleaned(name: str) -> str:
    """A name without folders, controls and marks that turn its direction; NFC, at most
    ``LONGEST`` characters, with its extension.
    """
    last = re.split(r"[/\\]", name.replace("\0", ""))[-1]
    seen = "".join(of for of in last if unicodedata.category(of) not in _UNSEEN)
    plain = _RESERVED.sub("_", unicodedata.normalize("NFC", seen))
    plain = " ".join(plain.split()).strip(". ")
    if _DEVICE.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain) or NAMELESS


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    end = f".{extension(name)}" if extension(name) else ""
    stem = name.removesuffix(name[len(name) - len(end) :]) if end else name
    return stem[: LONGEST - len(end)].rstrip(". ") + name[len(name) - len(end) :]


def extension(name: str) -> str:
    """The part behind the last dot in small letters; empty where there is none."""
    stem, dot, end = name.rpartition(".")
    known = bool(dot and stem) and end.isascii() and end.isalnum() and len(end) < LONGEST_EXTENSION
    return end.lower() if known else ""


def with_extension(name: str, wanted: str, known: Collection[str]) -> str:
    """The name with another extension instead of a ``known`` one, or behind it."""
    ending = extension(name)
    stem = name[: -len(ending) - 1] if ending in known else name
    return f"{stem[: LONGEST - len(wanted) - 1].rstrip('. ')}.{wanted}"


def disposition(name: str, *, inline: bool = False) -> str:
    """The header of RFC 6266: the name by RFC 5987, and for old programs one in ASCII."""
    plain = "".join(of if (of.isascii() and of.isalnum()) or of in "-_. " else "_" for of in name)
    shown = "inline" if inline else "attachment"
    return f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"
