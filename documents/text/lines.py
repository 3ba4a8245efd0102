"""A line: a paragraph of a document, or a row of a table, as its reader found it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufff9-\ufffb]")
_BREAKS = re.compile(r"[\t\r\n\f\v\u0085]+")


@dataclass(frozen=True, slots=True)
class Line:
    """``cells`` are those of a table's row, in which nothing is a label. ``surely`` where the
    label in front of it is certain: numbered by Word itself. ``level`` is that of a heading, 1
    the highest, 0 of none.
    """

    text: str
    level: int = 0
    surely: bool = False
    cells: tuple[str, ...] = ()


def clean(text: str) -> str:
    """A text on one line, without signs that nobody sees."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).strip()
