"""Labels in front of a line: 第六条之一, 第二章, 一、（一）1.（1）."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from documents.text.numerals import CHARACTERS, number_of
from documents.text.records import PartKind

_ONE = rf"[{CHARACTERS}\d]"
_NUMBER = rf"({_ONE}(?:[{CHARACTERS}\d\s]{{0,14}}{_ONE})?)"
_INSERTED = rf"(?:\s*之\s*({_ONE}{{1,3}})(?![般律切项款百千]))?"
ARTICLE = re.compile(rf"第\s*{_NUMBER}\s*条{_INSERTED}")
"""第六条, 第六条之一, wherever it stands; any blanks between."""
_HEADING = re.compile(rf"第\s*{_NUMBER}\s*(分编|部分|编|章|节){_INSERTED}")
_HEADINGS: dict[str, tuple[PartKind, int]] = {
    "编": ("book", 1), "部分": ("book", 1), "分编": ("book", 2),
    "章": ("chapter", 3), "节": ("section", 4),
}  # fmt: skip
_POINTS = (
    (1, re.compile(rf"([{CHARACTERS}]{{1,4}})\s*[、．.]")),
    (2, re.compile(rf"[（(〔]\s*([{CHARACTERS}]{{1,4}})\s*[）)〕]")),
    (3, re.compile(r"(\d{1,3})\s*(?:[.．](?!\d)|、|[)）])")),
    (4, re.compile(r"[（(]\s*(\d{1,3})\s*[）)]")),
    (2, re.compile("([㈠-㈩])")),
    (3, re.compile("([⒈-⒛])")),
    (4, re.compile("([①-⑳⑴-⒇])")),
)
_CITED = re.compile(
    rf"第{_ONE}+[款项目条章节、和]|[、，,；]\s*第{_ONE}|[、，,；]"
    rf"|(?:和|或者?|及|以及|与|至|到|[-－—–~～]+)\s*(?:本\w{{1,4}})?第{_ONE}"
    "|之?规定|的|所(?:称|列|述|指|规定|涉)|中(?:的|所|关于|“|，)"
    "|关于|修改|删[去除]|改为|内容|作为|等|已经?|不再?适用|不作|适用于|另有|同样|明确|要求"
)
_GRADE = re.compile(rf"[{CHARACTERS}\d]+(?:、[{CHARACTERS}\d]+)+[级类等期层档号款项条产次种]")
"""一、二级保护区 is no point."""
LONGEST_HEADING = 50
ENDS = "。；;：:，,、！？!?"


@dataclass(frozen=True, slots=True)
class Label:
    """A label and the ``rest`` of its line; ``parted`` where something stands between them, or
    nothing follows. ``level`` counts headings and points as ``records.Part`` does.
    """

    number: int
    label: str
    rest: str
    parted: bool
    inserted: int = 0
    kind: PartKind = "point"
    level: int = 0

    @property
    def cited(self) -> bool:
        """Whether the line reads like a sentence about the article: 第二十条规定的…"""
        return bool(_CITED.match(self.rest))


def article_of(text: str) -> Label | None:
    """The label of an article in front of a text, whether it is one or cites one."""
    found = ARTICLE.match(text)
    number = number_of(found[1]) if found else None
    if found is None or not number:
        return None
    rest = text[found.end() :]
    parted = not rest or rest[0].isspace() or rest[0] in "：:【［[（(「〔.．"
    if rest[:1] == "、" and not rest[1:].lstrip().startswith("第"):
        parted, rest = True, rest[1:]
    inserted = number_of(found[2]) if found[2] else 0
    label = "".join(found[0].split())
    return Label(number, label, rest.lstrip(" 　：:．.").strip(), parted, inserted or 0)


def heading_of(text: str, *, surely: bool = False) -> Label | None:
    """The label of 编, 章 or 节 in front of a text that is no sentence."""
    found = _HEADING.match(text)
    number = number_of(found[1]) if found else None
    if found is None or number is None:
        return None
    rest = text[found.end() :]
    kind, level = _HEADINGS[found[2]]
    inserted = number_of(found[3]) if found[3] else 0
    parted = not rest or rest[0].isspace()
    title = rest.strip(" 　：:")
    title = within(title) if is_heading(title) else title
    label = Label(number, "".join(found[0].split()), title, parted, inserted or 0, kind, level)
    return label if surely or (is_heading(title) and not label.cited) else None


def point_of(text: str) -> Label | None:
    """The label of a point or an item in front of a text."""
    for level, pattern in _POINTS:
        if (found := pattern.match(text)) and not _GRADE.match(text):
            plain = unicodedata.normalize("NFKC", found[1]).strip("().")
            number = number_of(plain)
            if number is not None:
                rest = text[found.end() :].strip()
                return Label(number, "".join(found[0].split()), rest, parted=True, level=level)
    return None


def is_heading(text: str) -> bool:
    """Whether a text may be a title: short, and no sentence."""
    return len(text) <= LONGEST_HEADING and "。" not in text and not text.endswith(tuple(ENDS))


def within(title: str) -> str:
    """A title without the blanks that set its characters apart: 总　　则."""
    return re.sub(r"(?<=[^\x00-\xff])\s+(?=[^\x00-\xff])", "", title)


def begins_with_label(text: str) -> bool:
    """Whether a line begins with a label, and does not only speak of an article."""
    article = article_of(text)
    if article:
        return article.parted or not article.cited
    return bool(heading_of(text) or point_of(text))
