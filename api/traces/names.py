"""Names found in a text: the longest one at a position counts, and covers what it holds. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from api.traces.records import Name

_HEAD = 2
"""Characters by which names are filed; shorter ones are none."""
_FORM = re.compile(r"(?:股份|集团)?有限(?:责任)?公司$")
_SHORTEST_BRAND = 4
_BLANK = re.compile(r"[\s“”\"'「」《》〈〉()（）·、，。:：-]+")
_YEAR = re.compile(r"^(?:19|20)\d\d年度?")


def plain(name: str) -> str:
    """A name of a payee or a project without what differs between two ways of writing it."""
    return _YEAR.sub("", _BLANK.sub("", unicodedata.normalize("NFKC", name)))


def brand(name: str, regions: Iterable[str]) -> str:
    """A firm's name as people say it: without its region and its form; empty where what is left
    is so short that it may mean something else.
    """
    region = re.compile(rf"^(?:{'|'.join(map(re.escape, regions))})[省市区县]?")
    rest, before = _FORM.sub("", name.strip()), ""
    while rest != before:
        rest, before = region.sub("", rest), rest
    return rest if len(rest) >= _SHORTEST_BRAND else ""


class Dictionary:
    """Names by their first characters."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names: dict[str, dict[str, Name]] = {}
        for of in names:
            if len(of.text) >= _HEAD:
                self._names.setdefault(of.text[:_HEAD], {}).setdefault(of.text, of)
        # The longest first: 东社区 is seen before 东社.
        self._filed = {
            head: sorted(of.values(), key=lambda name: -len(name.text))
            for head, of in self._names.items()
        }

    def found(self, text: str) -> tuple[Name, ...]:
        """The names that stand in a text, each once, in its order."""
        found: dict[str, Name] = {}
        at, filed = 0, self._filed
        while at < len(text) - 1:
            some = filed.get(text[at : at + _HEAD], ())
            name = next((of for of in some if text.startswith(of.text, at)), None)
            if name is not None and name.marks:
                found.setdefault(name.text, name)
            at += len(name.text) if name is not None else 1
        return tuple(found.values())
