"""Laws that are cited: repealed, in an older version, or without that article; and the document's
own articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from documents.checks.dating import NoParameters
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.citing.citations import citations
from documents.citing.points import points_at
from documents.citing.records import Citation, Point
from documents.laws.records import Law, Moved, Version
from documents.laws.table import contains
from documents.text.labels import ARTICLE
from documents.text.numerals import CHARACTERS, counted, number_of
from documents.text.records import Article, Document, Item, Paragraph, Part

_YEAR = r"(\d{4}|[〇零○一二三四五六七八九]{4})"
_MADE = r"(?:修订|修正|修改|公布|颁布|发布|制定|施行|通过|实施)"
_EDITION = re.compile(
    rf"^《?[^》]*?》?\s*[（(]{_YEAR}年?[^）)]{{0,8}}[）)]|^《[^》]*》\s*{_YEAR}年?{_MADE}?(?:版|本|文本|{_MADE})"
)
_EDITION_BEFORE = re.compile(
    rf"{_YEAR}年?(?:[\d一二三四五六七八九十]{{1,2}}月)?(?:[\d一二三四五六七八九十]{{1,3}}日)?"
    rf"(?:{_MADE}后?的?(?:新)?(?:版|本|文本)?的?|版的?|的)$"
)
_REFERS = re.compile(
    r"(?:^|[，。；：、（“\n]|违反|[依按参遵对]照|依|[依根]据|[符适]合|达到|未达|满足|具备|具有|适用|遵守|执行|履行"
    r"|落实|援引|引用|属于?|不服|按|照|除|有|因|以|由|在|受|见|与|对|将|把|经|凡)\s*$"
)
"""What stands before 第三条 where it is the document's own; behind a noun it is of that paper."""
_PAPERS = re.compile(r"协议|合同|纪要|章程|公约|示范文本|范本|审议意见|建议书|委托书|》")
_OWN_POINT = re.compile(
    rf"本(?:意见|通知|方案|措施|规定|办法|决定|文件|通告)(?:中|的)?第([{CHARACTERS}\d]{{1,4}})(?:部分|大?点|大项)"
)
_OWN_PARAGRAPH = re.compile(
    rf"本条(?:中|的)?第([{CHARACTERS}\d]{{1,3}})款(?:第?[（(]?([{CHARACTERS}\d]{{1,3}})[）)]?项)?"
)
_NEAR = 30
"""Signs beside a citation among which its matter is named."""
_LATER = re.compile(r"^(?:已|现已|现行|已经|自)[^，。；]{0,20}(?:废止|失效|修订|修改)")
_STOP = re.compile(r"[。\n]")
_SPOKEN_OF = re.compile(
    r"清理以|清理依据|对照表|并列|施行期间|有效期间|从旧兼从轻|更正|替换|历史沿革|修[订改](?:之)?前"
    r"|当时的(?:规定|法律)|曾(?:经)?(?:依据|依照|根据)|学习参考|不再(?:援引|引用|适用)|历史文本|历史资料|仅供查考|供查阅|老合同|旧合同|签订的(?:老|旧)"
    r"|已于?[^，。；]{0,12}(?:废止|失效)|已(?:经)?被[^，。；]{0,20}(?:废止|取代|代替)|以前[^，。；]{0,8}按"
    r"|(?:之|以)前(?:已经?)?(?:订立|签订|签署|作出|受理|发生|终结|办结|缔结)|施行[前时]"
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
        year, version = _year(citation), law.at(examined.on)
        if version is None or law.is_repealed(examined.on):
            continue
        moved = _moved(citation, law) if year is None else None
        if year and year < version.year:
            why = f"《{law.title}》现行的是{version.year}年的版本，自{version.since}起施行。"
            yield _question(examined.document, citation, why)
        elif moved:
            why = f"这是《{law.title}》旧版本的条序，现行版本在第{counted(moved.now)}条。"
            yield _question(examined.document, citation, why)


def _moved(citation: Citation, law: Law) -> Moved | None:
    """The article of the older text whose matter the sentence names beside its number."""
    for of in law.moved:
        if (of.article, 0) == (citation.point.article, citation.point.inserted) and any(
            word in _beside(citation) for word in of.words
        ):
            return of
    return None


def _beside(citation: Citation) -> str:
    """The words of the clause (；) beside a citation, without the names of laws."""
    end = citation.begin + len(citation.words)
    before = re.split("[。；\n]", citation.text[: citation.begin])[-1]
    behind = re.split("[。；\n]", citation.text[end:])[0]
    return re.sub("《[^》]*》?", "", f"{before[-_NEAR:]}，{behind[:_NEAR]}")


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
    articles = document.articles or _points(document.parts)
    if not articles:
        return
    this = Version(since=examined.on, text=articles)
    for citation in citations(document):
        point = citation.point if document.articles else replace(citation.point, paragraph=None)
        if citation.role == "own" and contains(this, point) == "missing":
            yield _question(document, citation, f"本文件没有{written(point)}。")
    if document.articles:
        yield from _bare(examined, this)
        yield from _paragraphs(document)
    else:
        yield from _sections(document, len(articles))


def _points(parts: Sequence[Part]) -> tuple[Article, ...]:
    """Points 一、 as articles, with （一） as their items."""
    found: list[Article] = []
    for part in parts:
        if part.kind != "point":
            continue
        if part.level == 1:
            found.append(
                Article(part.number, 0, part.label, part.text, (Paragraph(1, part.text),))
            )
        elif part.level == 2 and found:
            item = Item(part.number, part.label, part.title)
            items = (*found[-1].paragraphs[0].items, item)
            found[-1] = replace(found[-1], paragraphs=(Paragraph(1, found[-1].text, items),))
    return tuple(found)


def _sections(document: Document, most: int) -> Iterator[Question]:
    """本意见第九部分, where there are fewer."""
    for part in document.parts:
        for match in _OWN_POINT.finditer(f"{part.title}\n{part.text}"):
            if (number_of(match[1]) or 0) > most:
                yield Question(None, match[0], f"本文件只有{counted(most)}个部分。")


def _paragraphs(document: Document) -> Iterator[Question]:
    """本条第三款, where the article has fewer."""
    for article in document.articles:
        this = Version(since=date.min, text=(article,))
        for match in _OWN_PARAGRAPH.finditer(article.text):
            item = number_of(match[2]) if match[2] else None
            point = Point(article.number, article.inserted, number_of(match[1]), item)
            if contains(this, point) == "missing":
                yield Question(article, match[0], f"本条没有{match[0].removeprefix('本条')}。")


def _bare(examined: Examined, this: Version) -> Iterator[Question]:
    """References that name no document: 达到第二十六条条件的. Behind the name of a law in the same
    sentence they are of that law.
    """
    taken = citations(examined.document, examined.table.known())
    for at, article in enumerate(examined.document.articles):
        text = article.text
        spans = [(of.begin, of.begin + len(of.words)) for of in taken if of.article == at]
        laws = [of.begin for of in taken if of.article == at and of.law]
        behind = 0
        for match in ARTICLE.finditer(text):
            begin = match.start()
            if begin < behind:
                continue
            found, behind = points_at(text, begin)
            sentence = max(text.rfind(of, 0, begin) for of in "。\n") + 1
            if any(a <= begin < b for a, b in spans) or not _REFERS.search(text[:begin]):
                continue
            if any(sentence <= of < begin for of in laws) or _PAPERS.search(text[sentence:begin]):
                continue
            for point in found:
                if contains(this, point) == "missing":
                    yield Question(article, text[begin:behind], f"本文件没有{written(point)}。")


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
    excluded = _ENDED.get(citation.role) or _described(citation)
    return Question(_article(document, citation), citation.words, why, excluded)


def _described(citation: Citation) -> str | None:
    """A law that the sentence does not apply, but of which it speaks."""
    end = citation.begin + len(citation.words)
    text = citation.text
    if _LATER.match(text[end:]):
        return "文中说明该法已经废止或者修改"
    begin = max(text.rfind(of, 0, citation.begin) for of in "。；\n") + 1
    stop = _STOP.search(text, end)
    sentence = text[begin : stop.start() if stop else len(text)]
    return "说的是清理、对照或者以往的行为" if _SPOKEN_OF.search(sentence) else None


def _article(document: Document, citation: Citation) -> Article | None:
    return document.articles[citation.article] if citation.article is not None else None


def _year(citation: Citation) -> int | None:
    """The year by which a citation calls a version: in brackets behind the name, or before it."""
    text, at = citation.text, citation.begin
    match = _EDITION.search(text[at : at + len(citation.words) + 16])
    match = match or _EDITION_BEFORE.search(text[max(0, at - 20) : at])
    return number_of(next(filter(None, match.groups()))) if match else None


KINDS: Kinds = {
    "repealed-law": CheckKind(NoParameters, repealed),
    "older-version": CheckKind(NoParameters, older),
    "missing-article": CheckKind(NoParameters, absent),
    "own-article": CheckKind(NoParameters, own),
}
