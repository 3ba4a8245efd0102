"""Parts of a text for the public that may point at a person. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from api.web.declared import Declared

MarkKind = Literal["name", "phone", "identity", "address", "mail", "account", "plate", "hidden"]
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
FIELDS = ("title", "body", "answer", "unit_name")
"""The texts that the public reads."""
NEEDS = (*FIELDS, "result", "answered_day")
LONGEST_KEPT = 4000
"""Characters of all marks that are answered with yes, a line each."""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "严覃武戴莫孔向汤顾季施葛瞿缪"
)
_TITLES = (
    "先生|女士|同志|师傅|老师|医生|阿姨|大爷|大妈|代表|主任|局长|处长|科长|书记|镇长|所长|校长"
)
_DIGITS = "０１２３４５６７８９ＸｘａｂｃＡＢＣ＠．－—–‐‑―"
_PLAIN = "0123456789XxabcABC@.------"
_FLAT = str.maketrans(_DIGITS, _PLAIN)
"""Signs that stand for others, one for one: a mark lies where it lies in the text itself."""
_PATTERNS: Mapping[MarkKind, re.Pattern[str]] = {
    "identity": re.compile(
        r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)"
    ),
    "phone": re.compile(
        r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
        r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)|(?<![\d第〔（(])[2-8]\d{7}(?!\d)"
    ),
    "account": re.compile(r"(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)"),
    "mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "plate": re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        r"[A-Z][·. ]?[A-Z0-9]{5,6}"
    ),
    "address": re.compile(
        r"[\u4e00-\u9fff]{1,12}(?:路|街|巷|弄|大道|村|组|小区|花园|新村)[ ]?\d+[ ]?[-\d]*[ ]?"
        r"(?:号楼|号|幢|栋|单元|室|组)(?:[ ]?\d+[ ]?(?:幢|栋|单元|室|号楼))*"
        r"|\d+[ ]?(?:幢|栋|号楼)[ ]?\d+[ ]?(?:单元|室)(?:[ ]?\d+[ ]?室)?"
    ),
    "name": re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:{_TITLES})"),
}  # fmt: skip
_LINES = "\n"


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text that may point at a person. ``field`` is where it stands. A ``hidden`` one
    is a sign that nobody sees: it is taken out and never kept.
    """

    kind: MarkKind
    text: str
    field: str = ""


class MarksUnanswered(Declared):
    """Something in the texts may point at a person, and nobody said that it may be public."""

    status = 422
    words = "duty.publication.marks-unanswered"

    def __init__(self, marks: Sequence[Mark]) -> None:
        said = [{"field": of.field, "kind": of.kind, "text": of.text} for of in marks]
        super().__init__(
            "kept: names, numbers or addresses stand in the texts; take each out, or give it in"
            " kept, a line each",
            field="kept",
            marks=said,
        )
        self.marks = marks


class NotToPrepare(Declared):
    """The suggestion is not closed, or its deputy wishes that it is not made public."""

    status = 409
    words = "duty.publication.not-to-prepare"


def marks(texts: Mapping[str, str], names: Collection[str]) -> Sequence[Mark]:
    """Everything in some texts that may point at a person, each once.

    Args:
        texts: by field.
        names: of the people whom the centre knows.
    """
    found: dict[tuple[MarkKind, str], Mark] = {}
    for field, text in texts.items():
        for mark in (
            *_hidden(field, text),
            *_by_pattern(field, text),
            *_names(field, text, names),
        ):
            found.setdefault((mark.kind, mark.text), mark)
    return tuple(found.values())


def unanswered(found: Sequence[Mark], kept: str) -> Sequence[Mark]:
    """Those that nobody said of that they may be public. ``kept`` has a text in each line."""
    known = {line.strip() for line in kept.splitlines()}
    return [of for of in found if of.kind == "hidden" or of.text not in known]


def clean(text: str) -> str:
    """Without signs that nobody sees, and with one kind of end of line."""
    plain = text.replace("\r\n", _LINES).replace("\r", _LINES).replace("\t", " ")
    return "".join(sign for sign in plain if not _is_hidden(sign)).strip()


def _is_hidden(sign: str) -> bool:
    # Signs of format, control, private use and none; selectors and fillers carry text too.
    odd = unicodedata.category(sign) in ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp")
    selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return (odd and sign != _LINES) or selector or sign in "\u034f\u115f\u1160\u3164\uffa0"


def _hidden(field: str, text: str) -> Iterator[Mark]:
    for sign in text:
        if _is_hidden(sign):
            yield Mark("hidden", f"U+{ord(sign):04X}", field)


def _by_pattern(field: str, text: str) -> Iterator[Mark]:
    flat, taken = text.translate(_FLAT), set[int]()
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(flat):
            span = range(*match.span())
            if taken.isdisjoint(span):
                taken.update(span)
                yield Mark(kind, text[match.start() : match.end()].strip(), field)


def _names(field: str, text: str, names: Collection[str]) -> Iterator[Mark]:
    for name in sorted(names):
        if len(name) > 1 and name in text:
            yield Mark("name", name, field)
