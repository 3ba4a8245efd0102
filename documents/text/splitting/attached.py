"""Attachments, which have articles of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.text.labels import article_of, heading_of, is_heading, point_of
from documents.text.lines import Line
from documents.text.numerals import CHARACTERS
from documents.text.splitting.chains import Chains, candidates
from documents.text.splitting.closings import is_date
from documents.text.splitting.fronts import is_title

_N = rf"(?:[\d{CHARACTERS}]{{1,3}}(?:[-－]\d{{1,2}})?|[A-Z])"
_MARK = re.compile(rf"(附\s*[件录表图]\s*{_N}?|附)\s*(?=([:：.、．\s]|$))[:：.、．]?\s*(.*)$")
_NEAR = 8
"""Lines behind a list of attachments within which a document is signed."""
_BEFORE_FIRST = 12
"""Lines in front of a first article among which its document's title is sought."""
_MOST = 200
"""Attachments; more are no paper's."""
_SURE = 6
"""The weight of a label that begins a document."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one document; ``label`` is that of an attachment."""

    label: str
    lines: tuple[Line, ...]


def sections(lines: Sequence[Line]) -> list[Section]:
    """The document itself, and its attachments."""
    found, label, begin = list[Section](), "", 0
    for at in range(len(lines)):
        mark = _MARK.match(lines[at].text) if at >= begin and not lines[at].apart else None
        if mark and len(found) < _MOST and _begins_with(lines, at, mark):
            found.append(Section(label, tuple(lines[begin:at])))
            label = "".join(mark[1].split())
            begin = at + (not mark[3])
            if mark[3]:
                lines = [*lines[:at], Line(mark[3]), *lines[at + 1 :]]
    found.append(Section(label, tuple(lines[begin:])))
    return [part for section in found for part in _apart(section)]


def _begins_with(lines: Sequence[Line], at: int, mark: re.Match[str]) -> bool:
    """Whether a mark begins an attachment, and is none of a list of them."""
    separator, title = mark[2], mark[3]
    if not is_heading(title) or (mark[1] == "附" and not separator.strip()):
        return False
    listed = title or separator in (":", "：")
    if listed and (_signed(lines, at) or _marked_again(lines, at, "".join(mark[1].split()))):
        return False
    return not _goes_on(lines, at)


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


def _goes_on(lines: Sequence[Line], at: int) -> bool:
    """Whether the articles in front of a mark go on behind it."""
    before = next(filter(None, (_number(line) for line in reversed(lines[:at]))), 0)
    behind = next(filter(None, (_number(line) for line in lines[at + 1 :])), 0)
    return before > 0 and behind == before + 1


def _number(line: Line) -> int:
    """The number of the article that a line surely begins."""
    label = None if line.apart else article_of(line.text)
    return label.number if label and label.parted and not label.cited else 0


def _apart(section: Section) -> list[Section]:
    """A section cut where a second document begins with its title and a first article."""
    found, label, lines = list[Section](), section.label, section.lines
    while len(found) < _MOST and (begin := _second(lines)) is not None:
        found.append(Section(label, lines[:begin]))
        label, lines = label or "附", lines[begin:]
    return [*found, Section(label, lines)]


def _second(lines: Sequence[Line]) -> int | None:
    """The line where a second document begins."""
    labels = candidates(lines)
    chains = Chains(labels)
    for here, candidate in enumerate(labels):
        first = candidate.label.number == 1 and not candidate.label.inserted
        if not first or candidate.weight < _SURE:
            continue
        chain = chains.articles(here)
        least = chain[-1].at + 1 if chain else _behind_points(lines[: candidate.at])
        begin = _begins(lines, candidate.at, least) if len(chain) != 1 and least else None
        if begin is not None:
            return begin
    return None


def _behind_points(lines: Sequence[Line]) -> int:
    """The line behind the points 一、二、 of a decision, 0 where it has none."""
    labels = [(at, point_of(line.text)) for at, line in enumerate(lines) if not line.apart]
    points = [at for at, label in labels if label and label.level == 1]
    return points[-1] + 1 if len(points) > 1 else 0


def _begins(lines: Sequence[Line], at: int, least: int) -> int | None:
    """The line where the document of a first article begins."""
    for here in range(at - 1, max(least, at - _BEFORE_FIRST) - 1, -1):
        line = lines[here]
        if is_title(line) and not heading_of(line.text):
            return here
    return None
