"""Laws that are cited: repealed, in an older version, or without that article; and the document's
own articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.checks.dating import NoParameters
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.citing.citations import citations
from documents.citing.points import points_at
from documents.citing.records import Citation, Point
from documents.laws.records import Law, Version
from documents.laws.table import contains
from documents.text.numerals import counted
from documents.text.records import Article, Document

_EDITION = re.compile(r"^《?[^》]*?》?\s*[（(](\d{4})年?[^）)]{0,8}[）)]")
_EDITION_BEFORE = re.compile(
    r"(\d{4})年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:修订|修正|修改|公布|颁布|发布|制定|施行|通过|实施)(?:后)?的?(?:新)?$"
)
_BARE = re.compile(r"(?<![》法例规定则律原该其令号款项条、])(?=第[^，。；第]{1,6}条)")
_LATER = re.compile(r"^(?:已|现已|现行|已经|自)[^，。；]{0,20}(?:废止|失效|修订|修改)")
_STOP = re.compile(r"[。\n]")
_SPOKEN_OF = re.compile(
    r"清理以|清理依据|对照表|并列|施行期间|有效期间|从旧兼从轻|更正|替换|历史沿革|修[订改](?:之)?前"
    r"|当时的(?:规定|法律)|曾(?:经)?(?:依据|依照|根据)|学习参考|不再(?:援引|引用|适用)"
)
_ENDED = {"former": "引用的是原法（“原”）", "repealed": "引用是为了废止或者停止执行"}


def repealed(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """Laws that had ended by the day of the check."""
    for citation, law in _laws(examined):
        if law.is_repealed(examined.on):
            by = f"，由《{law.repealed_by}》代替" if law.repealed_by else ""
            why = f"《{law.title}》自{law.repealed}起废止{by}。"
            yield _question(examined.document, citation, why)


def older(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """Laws that are cited by the year of a version which a later one replaced."""
    for citation, law in _laws(examined):
        year, version = _year(examined.document, citation), law.at(examined.on)
        if year and version and year < version.year and not law.is_repealed(examined.on):
            why = f"《{law.title}》现行的是{version.year}年的版本，自{version.since}起施行。"
            yield _question(examined.document, citation, why)


def absent(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """Articles, paragraphs and items that the law does not have in its version of the day."""
    for citation, law in _laws(examined):
        version = law.at(examined.on)
        if version is None or law.is_repealed(examined.on):
            continue
        if contains(version, citation.point) == "missing":
            why = f"《{law.title}》没有{written(citation.point)}{_count(version)}。"
            yield _question(examined.document, citation, why)


def own(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """Articles of the document itself that are not there."""
    document = examined.document
    if not document.articles:
        return
    this = Version(since=examined.on, text=document.articles)
    for citation in citations(document):
        if citation.role == "own" and contains(this, citation.point) == "missing":
            yield _question(document, citation, f"本文件没有{written(citation.point)}。")
    yield from _bare(examined, this)


def _bare(examined: Examined, this: Version) -> Iterator[Question]:
    """References that name no document: 达到第二十六条条件的."""
    taken = citations(examined.document, examined.table.known())
    for at, article in enumerate(examined.document.articles):
        spans = [(of.begin, of.begin + len(of.words)) for of in taken if of.article == at]
        for match in _BARE.finditer(article.text):
            begin = match.start()
            found, end = points_at(article.text, begin)
            if any(a <= begin < b for a, b in spans):
                continue
            for point in found:
                if contains(this, point) == "missing":
                    words = article.text[begin:end]
                    yield Question(article, words, f"本文件没有{written(point)}。")


def written(point: Point) -> str:
    """A place as people write it: 第十二条之一第二款第三项."""
    text = f"第{counted(point.article)}条" if point.article else ""
    text += f"之{counted(point.inserted)}" if point.inserted else ""
    text += f"第{counted(point.paragraph)}款" if point.paragraph else ""
    return text + (f"第{counted(point.item)}项" if point.item else "")


def _count(version: Version) -> str:
    return f"，现行版本共{version.articles}条" if version.articles else ""


def _laws(examined: Examined) -> Iterator[tuple[Citation, Law]]:
    for citation in citations(examined.document, examined.table.known()):
        law = examined.table.find(citation.law)
        if law is not None:
            yield citation, law


def _question(document: Document, citation: Citation, why: str) -> Question:
    excluded = _ENDED.get(citation.role) or _described(document, citation)
    return Question(_article(document, citation), citation.words, why, excluded)


def _described(document: Document, citation: Citation) -> str | None:
    """A law that the sentence does not apply, but of which it speaks."""
    article = _article(document, citation)
    if article is None:
        return None
    end = citation.begin + len(citation.words)
    if _LATER.match(article.text[end:]):
        return "文中说明该法已经废止或者修改"
    begin = max(article.text.rfind(of, 0, citation.begin) for of in "。\n") + 1
    stop = _STOP.search(article.text, end)
    sentence = article.text[begin : stop.start() if stop else len(article.text)]
    return "说的是清理、对照或者以往的行为" if _SPOKEN_OF.search(sentence) else None


def _article(document: Document, citation: Citation) -> Article | None:
    return document.articles[citation.article] if citation.article is not None else None


def _year(document: Document, citation: Citation) -> int | None:
    article = _article(document, citation)
    texts = [article.text] if article else list(document.preamble)
    for text in texts:
        at = citation.begin if article else text.find(citation.words)
        if at < 0:
            continue
        before = _EDITION_BEFORE.search(text[max(0, at - 20) : at])
        match = _EDITION.search(text[at : at + len(citation.words) + 16]) or before
        if match:
            return int(match[1])
    return None


KINDS: Kinds = {
    "repealed-law": CheckKind(NoParameters, repealed),
    "older-version": CheckKind(NoParameters, older),
    "missing-article": CheckKind(NoParameters, absent),
    "own-article": CheckKind(NoParameters, own),
}
