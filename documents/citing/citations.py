"""The citations of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from documents.citing.names import DECLARED, declared, named
from documents.citing.points import points_at
from documents.citing.records import Citation, Point, Role
from documents.text.records import Document

_OWN = re.compile(
    r"本(?:法典|法|(?:暂行|实施|管理)?(?:条例|办法|规定|细则|规则|方案|意见)|决定|通知|章程|制度|规范|规程"
    r"|指南|标准|措施|准则|公告|通告|导则|预案|公约|守则|文件)(?:中|的|之)?(?=\s*第)"
)
_SAME = re.compile(r"(?:同|该|前述|上述)(?:法典|法|条例|办法|规定)(?=\s*第)")
_OF = re.compile(r"\s*(?:中|的|之)?\s*(?=第)")
_HISTORY = re.compile(
    r"[（(](?=[^（）()]*\d{4}年)[^（）()]*(?:通过|修正|修订|发布|公布)[^（）()]*[)）]"
)
_AMENDED = re.compile(r"《[^《》]*》\s*(?:第[一二三四五六七八九十]+次)?(?:修正|修订)")
_BASIS = re.compile(r"(?:制定|制订|订立)(?:本|了本|如下|以下)")
_ENDS = re.compile(r"(?:同时|予以|即行)?(?:废止|失效|停止执行)")
_SENTENCE = re.compile(r"[。；\n]")


def citations(document: Document, known: Collection[str] = ()) -> tuple[Citation, ...]:
    """Laws that a document names, with every place in them, in the order of its words.

    ``known`` are short titles of laws (行政处罚法) that are seen without 《》 too. The history of
    a document under its title, and attachments, are left out. A range (第三条至第五条)
    is a citation for each place.
    """
    outside = [_AMENDED.sub("", _HISTORY.sub("", text)) for text in document.preamble]
    inside = [article.text for article in document.articles]
    points = [f"{part.title}\n{part.text}" for part in document.parts if part.kind == "point"]
    short = declared([*outside, *inside, *points, *document.closing])
    found: list[Citation] = []
    for text in (*outside, *points):
        found += _of(text, None, short, known)
    for at, text in enumerate(inside):
        found += _of(text, at, short, known)
    return tuple(found)


def _of(
    text: str, article: int | None, short: Mapping[str, str], known: Collection[str]
) -> Iterator[Citation]:
    laws = [(name.law, name.begin, name.end) for name in named(text, short, known)]
    for match in _SAME.finditer(text):
        before = [of for of in laws if of[2] <= match.start()]
        if before:
            laws.append((max(before, key=lambda of: of[1])[0], match.start(), match.end()))
    own = [("", match.start(), match.end()) for match in _OWN.finditer(text)]
    for law, begin, end in sorted([*laws, *own], key=lambda of: of[1]):
        form = DECLARED.match(text, end)
        behind = _behind(text, form.end() + 1) if form else end
        of = _OF.match(text, behind)
        found, stop = points_at(text, of.end() if of else behind)
        words = text[begin : stop if found else end]
        role = _role(text, law, begin, end)
        for point in found or ((Point(),) if law else ()):
            yield Citation(article, law, point, words, begin, role, text)


def _behind(text: str, end: int) -> int:
    """Behind the bracket that declares a short form."""
    closed = re.compile(r"[^）)]*[）)]").match(text, end - 1)
    return closed.end() if closed else end


def _role(text: str, law: str, begin: int, end: int) -> Role:
    if not law:
        return "own"
    if text[max(0, begin - 1) : begin] == "原":
        return "former"
    stop = _SENTENCE.search(text, end)
    rest = text[end : stop.start() if stop else len(text)]
    if _ENDS.search(rest):
        return "repealed"
    return "basis" if _BASIS.search(rest) else "cited"
