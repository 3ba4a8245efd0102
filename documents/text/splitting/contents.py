"""The table of contents, whose lines are no headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.text.labels import article_of, heading_of, is_heading
from documents.text.lines import Line

_NAMES = ("目录", "目次")
_PAGE = re.compile(r"[\s.…·．‥⋯]*[.…·．‥⋯]{2,}[\s.…·．‥⋯]*[（(]?\d{1,4}[）)]?$|\s+\d{1,4}$")
_LEADER = re.compile(r"[.…·．‥⋯]{2,}\s*[（(]?\d{1,4}[）)]?$")
_MOST = 400
"""Lines of a table of contents."""
_LONGEST = 200
"""Characters of an entry, with dots and page."""


def without(lines: Sequence[Line]) -> list[Line]:
    """The lines of a document without those of its table of contents."""
    kept = list(lines)
    for at, line in enumerate(kept):
        if not line.apart and "".join(line.text.split()).strip("：:") in _NAMES:
            kept = [*kept[:at], *kept[_end(kept, at + 1) :]]
            break
    return [line for line in kept if not _is_led(line)]


def _is_led(line: Line) -> bool:
    """Whether dots lead from a line to the number of a page."""
    return len(line.text) <= _LONGEST and bool(_LEADER.search(line.text))


def _end(lines: Sequence[Line], at: int) -> int:
    """The first line behind the contents: where their first entry comes again.

    Where it does not, a reader has left them out, and only lines with page numbers are theirs.
    """
    first = _key(lines[at].text) if at < len(lines) else ""
    for here in range(at + 1, min(len(lines), at + _MOST)):
        if _key(lines[here].text) == first:
            return here
        if lines[here].apart or not is_heading(_entry(lines[here].text)):
            break
    while at < len(lines) and lines[at].text != _entry(lines[at].text):
        at += 1
    return at


def _key(text: str) -> str:
    label = heading_of(text) or article_of(text)
    return label.label if label else "".join(_entry(text).split())


def _entry(text: str) -> str:
    """An entry without its page."""
    return _PAGE.sub("", text) if len(text) <= _LONGEST else text
