"""A provider's words without the addresses and secrets that may stand in them. Pure."""

from __future__ import annotations

import re

_MAIL = re.compile(r"([^\s@<>\"'(,:;])[^\s@<>\"'(,:;]*@")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_QUERY = re.compile(r"\?\S+")
_LONG = re.compile(r"\b(?=[\w-]*\d)[\w-]{24,}\b")
"""A key or a token of somebody."""


def masked(text: str) -> str:
    """The words with as much of an address as its owner needs to know it."""
    text = _QUERY.sub("?…", text)
    text = _MAIL.sub(r"\1…@", text)
    text = _MOBILE.sub(r"\1****\2", text)
    return _LONG.sub(lambda found: f"{found[0][:4]}…", text)
