"""The front of a document: its title, 文号 and maker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.text.labels import is_heading, within
from documents.text.lines import Line
from documents.text.splitting.closings import is_date

_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{1,20}\s*(?:第\s*\d{1,5}\s*号"
    r"|[〔［\[（(【﹝]\s*(?:19|20)\d\d\s*[〕］\]）)】﹞]\s*第?\s*\d{1,5}\s*号))"
)
_NAMED = re.compile(r"(文\s*号|发文字号|制定机关|发文机关|发布机关|制发机关)\s*[:：]\s*(.+)")
_KIND = re.compile(
    r".*(?:办法|规定|细则|条例|意见|通知|决定|决议|规则|指引|方案|制度|章程|公告|通告|规范|准则|措施|法|通则"
    r"|计划|规程|标准|守则|指南|公约|预案|批复|函|纪要|规划|要求)"
    r"(?:[（(〔][^（()）]{1,30}[）)〕])?$"
)
_ISSUES = re.compile(r".*(?:印发|发布|公布|颁布|颁发|转发)")
_OFFICE = re.compile(
    r"[^《》，。：]{2,40}?(?:政府|委员会|办公室|局|厅|院|常委会|办事处|办公厅|部|委)"
)
_DATED = re.compile(r"[（(].*(?:19|20)\d\d年.*[)）]$")
_MOST_LINES = 4
"""Lines of a title."""
_LONGEST_OFFICE = 60


@dataclass(frozen=True, slots=True)
class Front:
    """``preamble`` are all paragraphs but the title."""

    title: str
    number: str
    maker: str
    preamble: tuple[str, ...]


def is_title(line: Line) -> bool:
    """Whether a line is the title of a document by its words."""
    if line.apart or not is_heading(line.text):
        return False
    plain = within(line.text)
    return len(plain) >= 3 and bool(_KIND.match(plain)) and not _NAMED.match(plain)


def issues(lines: Sequence[Line]) -> bool:
    """Whether a document puts another one into force: 关于印发《…》的通知."""
    return any(_ISSUES.match(line.text) and "《" in line.text for line in lines)


def front_of(lines: Sequence[Line]) -> Front:
    """The front out of all lines before the first part or article."""
    begin, end = _title(lines)
    title = within("".join(within(line.text) for line in lines[begin:end]))
    others = [line.text for at, line in enumerate(lines) if not begin <= at < end]
    named = {"".join(of[1].split()): of[2].strip() for of in map(_NAMED.match, others) if of}
    number = named.get("文号") or named.get("发文字号") or _number(others)
    makers = (named.get(name) for name in ("制定机关", "发文机关", "发布机关", "制发机关"))
    maker = next(filter(None, makers), "") or _maker(lines, title)
    return Front(title, "".join(number.split()), maker, tuple(others))


def _title(lines: Sequence[Line]) -> tuple[int, int]:
    """Where the title begins and ends."""
    titled = [at for at, line in enumerate(lines) if is_title(line)]
    headed = [at for at, line in enumerate(lines) if line.level and not line.apart]
    if headed and not any(at in titled for at in headed):
        titled = headed[:1]
    elif headed:
        titled = [at for at in titled if at in headed]
    if not titled:
        return (0, 1) if lines and is_heading(lines[0].text) else (0, 0)
    end = titled[-1] if issues(lines) else titled[0]
    begin = end
    while begin and end - begin < _MOST_LINES and _goes_on(lines[begin - 1], lines[begin]):
        begin -= 1
    return begin, end + 1


def _goes_on(earlier: Line, later: Line) -> bool:
    """Whether a title goes on from one line to the next."""
    plain = earlier.text
    if earlier.apart or not is_heading(plain) or is_title(earlier) or is_date(earlier):
        return False
    if _NUMBER.search(plain) or _NAMED.match(plain) or _DATED.match(plain):
        return False
    if earlier.level == later.level > 0:
        return True
    if plain.startswith(("（", "(")) or plain.endswith("文件") or earlier.level != later.level:
        return False
    return later.text.startswith(("关于", "的", "《")) or len(plain) >= 8


def _number(texts: Sequence[str]) -> str:
    for text in texts:
        found = _NUMBER.search(text)
        if found and len(text) <= len(found[1]) + 30:
            return found[1]
    return ""


def _maker(lines: Sequence[Line], title: str) -> str:
    """By the head of the paper, else by the title: 某某局关于…"""
    for line in lines:
        plain = within(line.text)
        if plain.endswith("文件") and (found := _OFFICE.fullmatch(plain.removesuffix("文件"))):
            return found[0]
    for text in (title, *(line.text for line in lines)):
        office, about, _ = within(text[:_LONGEST_OFFICE]).partition("关于")
        if about and (found := _OFFICE.fullmatch(office)):
            return found[0]
    return ""
