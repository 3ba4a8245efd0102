"""Attachments, which have articles of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.text.labels import LONGEST_HEADING, article_of, heading_of, is_heading
from documents.text.lines import Line
from documents.text.numerals import CHARACTERS
from documents.text.splitting.chains import Candidate, articles, candidates
from documents.text.splitting.closings import is_date
from documents.text.splitting.fronts import is_title

_N = rf"(?:[\d{CHARACTERS}]{{1,3}}(?:[-－]\d{{1,2}})?|[A-Z])"
_MARK = re.compile(rf"(附\s*[件录表图]\s*{_N}?|附)\s*(?=([:：.、．\s]|$))[:：.、．]?\s*(.*)$")
_NEAR = 8
"""Lines behind a list of attachments within which a document is signed."""
_BEFORE_FIRST = 12
"""Lines in front of a first article among which its document's title is sought."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one document; ``label`` is that of an attachment."""

    label: str
    lines: tuple[Line, ...]


def sections(lines: Sequence[Line]) -> list[Section]:
    """The document itself, and its attachments."""
    found, label, begin = list[Section](), "", 0
    for at in range(len(lines)):
        if at >= begin and (mark := _marked(lines, at, begin)):
            found.append(Section(label, tuple(lines[begin:at])))
            label, begin = mark[0], at + (not mark[1])
    found.append(Section(label, tuple(lines[begin:])))
    first, *others = found
    return [*_apart(first), *(part for other in others for part in _apart(other))]


def _marked(lines: Sequence[Line], at: int, begin: int) -> tuple[str, str] | None:
    """Label and title where an attachment begins."""
    line = lines[at]
    found = None if line.apart else _MARK.match(line.text)
    if found is None or not is_heading(found[3]) or (found[1] == "附" and not found[2].strip()):
        return None
    label = "".join(found[1].split())
    listed = found[3] or found[2] in (":", "：")
    if listed and (_signed(lines, at) or _marked_again(lines, at, label)):
        return None
    if _goes_on(lines, begin, at) or len(found[3]) > LONGEST_HEADING:
        return None
    return label, found[3]


def _signed(lines: Sequence[Line], at: int) -> bool:
    for line in lines[at + 1 : at + _NEAR]:
        if is_date(line):
            return True
        if article_of(line.text) or heading_of(line.text):
            return False
    return False


def _marked_again(lines: Sequence[Line], at: int, label: str) -> bool:
    for line in lines[at + 1 :]:
        found = None if line.apart else _MARK.match(line.text)
        if found and "".join(found[1].split()).startswith(label):
            return True
    return False


def _goes_on(lines: Sequence[Line], begin: int, at: int) -> bool:
    """Whether the articles in front of a mark go on behind it."""
    before, behind = articles(candidates(lines[begin:at])), articles(candidates(lines[at + 1 :]))
    if not before or not behind:
        return False
    return behind[0].label.number == before[-1].label.number + 1


def _apart(section: Section) -> list[Section]:
    """A section cut where a second document begins with its title and a first article."""
    lines = section.lines
    found, chain = candidates(lines), list[Candidate]()
    for here, candidate in enumerate(found):
        if candidate.label.number != 1 or candidate.label.inserted or here == 0:
            continue
        chain = articles(found[:here])
        if len(chain) < 2 or candidate.weight < 6:
            continue
        begin = _begins(lines, candidate.at, chain[-1].at + 1)
        if begin is not None:
            first = Section(section.label, lines[:begin])
            return [first, *_apart(Section(section.label or "附", lines[begin:]))]
    return [section]


def _begins(lines: Sequence[Line], at: int, least: int) -> int | None:
    """The line where the document of a first article begins."""
    for here in range(at - 1, max(least, at - _BEFORE_FIRST) - 1, -1):
        line = lines[here]
        if is_title(line) and not heading_of(line.text):
            return here
    return None
