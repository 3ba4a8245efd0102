"""The end of a document: signature, date, list of attachments, and who gets it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.text.labels import is_heading
from documents.text.lines import Line

_DATE = re.compile(
    r"[（(]?\s*[\d〇○零一二三四五六七八九Ｏ]{4}\s*年[\s\d一二三四五六七八九十]+月[\s\d一二三四五六七八九十]+日\s*[)）]?$"
)
_END = re.compile(
    r"附\s*件?\s*[:：]|附件\s*\d*$|抄\s*[送报]\s*[:：]|主题词|分\s*送\s*[:：]"
    r"|[（(]\s*(?:此件|信息公开|公开属性|联系人)|.{2,30}[\d〇零一二三四五六七八九]{4}年.{2,6}日\s*印发$"
)
_OFFICE = re.compile(r".*[府会局委办室院厅部处站所社司团队科校]$|.*(?:中心|公章|盖章|小组)[)）]?$")
_LONGEST_OFFICE = 40


def is_date(line: Line) -> bool:
    """Whether a line is nothing but a date."""
    return not line.apart and bool(_DATE.match(line.text))


def begin(lines: Sequence[Line]) -> int:
    """The index of the first line of the end, their number where there is none."""
    for at, line in enumerate(lines):
        if line.cells and _DATE.match(line.cells[-1]) and len(line.cells) == 2:
            return at  # an office and a date on one line of a PDF
        if line.apart:
            continue
        if is_date(line) or _END.match(line.text) or _signs(lines[at : at + 4]):
            return at
    return len(lines)


def _signs(lines: Sequence[Line]) -> bool:
    """Whether offices sign here, and a date follows."""
    for at, line in enumerate(lines):
        if is_date(line):
            return at > 0
        plain = "".join(line.text.split())
        if line.apart or len(plain) > _LONGEST_OFFICE or not is_heading(plain):
            return False
        if not _OFFICE.match(plain):
            return False
    return False
