"""Names of laws in a text: in 《》, in a short form that the text declared, or bare."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from documents.citing.points import points_at

QUOTED = re.compile(r"《([^《》]{2,120})》(?:\s*[（(](?:\d{4}年[^）)]{0,12}|[试暂]行)[)）])?")
DECLARED = re.compile(
    r"\s*[（(]以下(?:统|简)称[:：]?\s*[“\"「『《〈]?([^”\"」』》〉（）()、，。]{2,20})[”\"」』》〉]?"
)
_BEFORE = (
    "依照", "依据", "根据", "按照", "违反", "适用", "参照", "符合", "执行", "触犯", "遵守", "贯彻",
    "落实", "遵照", "以及", "或者", "和", "及", "与", "、", "，", "。", "；", "：",
)  # fmt: skip
_TRIGGER = "|".join(_BEFORE)
_BARE = re.compile(
    rf"(?:{'|'.join(f'(?<={of})' for of in _BEFORE)}|^)"
    r"((?:中华人民共和国)?(?:(?!第|依|按|根据|违反|规定)[一-龥]){1,24}?(?:法典|民法[通总]则|法|条例))"
    r"(?=\s*(?:的)?\s*第[^，。；]{1,8}条)",
    re.MULTILINE,
)
_NO_NAME = re.compile(
    r"^(?:本|该|此|上述|前述|其他|有关|相关|原|各项|国家|现行)|"
    r"(?:办|方|做|依|合|执|司|违|非|用|语|看|想|说|守|立|普|书|手)法$|法律法$|(?:本|该|此)(?:法|条例)$"
)
_LAW = re.compile(
    r"(?:法典|法|条例|宪法|民法[通总]则|规定|办法|细则|规则)"
    r"(?:\s*[（(〔](?:(?:\d{4}年?)?(?:试行|暂行|修订|修正|修改|草案|公布|通过|发布)?(?:版|本)?)[）)〕])?$"
)
_ACT = re.compile(
    r"(?:决定|决议|解释|通知|意见|命令|批复|公告|通告|实施方案|若干措施)"
    r"(?:\s*[（(](?:试行|暂行)[）)])?$"
)
_LONG = 10
_NOT_LAWS = re.compile(r"(?:[^办]法院|反馈意见|审查意见|处理意见|执法|书法|方法|语法|疗法)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A law that is named: its title as written, in full where it had a short form."""

    law: str
    begin: int
    end: int


def is_law(title: str) -> bool:
    """Whether a title in 《》 is that of a law or a normative document, and no form or plan."""
    if _NOT_LAWS.search(title):
        return False
    return bool(_LAW.search(title)) or (
        bool(_ACT.search(title)) and ("关于" in title or len(title) >= _LONG)
    )


def declared(texts: Collection[str]) -> Mapping[str, str]:
    """Short forms by which a document calls laws from their first mention on."""
    found: dict[str, str] = {}
    for text in texts:
        for quoted in QUOTED.finditer(text):
            form = DECLARED.match(text, quoted.end())
            if form and is_law(quoted[1]):
                found.setdefault(form[1].strip(), quoted[1])
    return found


def named(text: str, short: Mapping[str, str], known: Collection[str]) -> Iterator[Name]:
    """The laws that a text names, in the order of their words.

    ``known`` are titles that need no 《》 to be seen where the words show that they are cited.
    """
    taken: list[tuple[int, int]] = []
    found = [*_quoted(text, short)]
    taken += [(name.begin, name.end) for name in found]
    for name in (*_known(text, short, known), *_bare(text)):
        if all(name.end <= begin or name.begin >= end for begin, end in taken):
            found.append(name)
            taken.append((name.begin, name.end))
    yield from sorted(found, key=lambda of: of.begin)


def _quoted(text: str, short: Mapping[str, str]) -> Iterator[Name]:
    for quoted in QUOTED.finditer(text):
        title = quoted[1].strip()
        if title in short:
            yield Name(short[title], quoted.start(), quoted.end())
        elif is_law(title):
            yield Name(title, quoted.start(), quoted.end())


def _known(text: str, short: Mapping[str, str], known: Collection[str]) -> Iterator[Name]:
    """Names without 《》: cited where an article follows, or the words around say so."""
    for title in sorted({*short, *known}, key=len, reverse=True):
        at = text.find(title)
        while at >= 0:
            end = at + len(title)
            before, behind = text[max(0, at - 2) : at], text[end : end + 8]
            cited = re.match(r"\s*(?:的)?\s*第|(?:的|等)?(?:有关|相关)?(?:规定|所称)", behind)
            if points_at(text, end)[0] or (cited and re.search(rf"(?:{_TRIGGER})$", before)):
                yield Name(short.get(title, title), at, end)
            at = text.find(title, end)


def _bare(text: str) -> Iterator[Name]:
    for match in _BARE.finditer(text):
        if not _NO_NAME.search(match[1]):
            yield Name(match[1], match.start(1), match.end(1))
