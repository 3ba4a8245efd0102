"""Titles of laws as they are compared: without blanks, the name of the state, and editions."""

from __future__ import annotations

import re
import unicodedata

STATE = "中华人民共和国"
_EDITION = re.compile(r"\((?:\d{4}年?[^()]*|修订|修正|修订草案)\)$")
_MARKS = str.maketrans("", "", ' 　\t《》〈〉<>“”"')


def plain(title: str) -> str:
    """A title without what differs between two ways of writing it.

    试行 and 暂行 stay: they are part of the title.
    """
    text = unicodedata.normalize("NFKC", title).translate(_MARKS).replace(STATE, "")
    text = text.replace("〔", "(").replace("〕", ")")
    return _EDITION.sub("", text)
