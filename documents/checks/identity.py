"""Number, title, maker and date of a document, where it says them twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from documents.checks.dating import NoParameters
from documents.checks.facts import in_force, lines, published
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.laws.titles import plain
from documents.text.records import Document

_NUMBER = re.compile(r"[一-龥]{1,12}[〔［\[（(]\s*(\d{4})\s*[〕］\])）]\s*第?\s*\d{1,4}\s*号")
_NOUNS = (
    "实施办法|实施细则|管理办法|办法|规定|细则|规则|条例|意见|通知|方案|制度|决定"
    "|通告|公告|章程|规范"
)
_OWN = re.compile(
    r"本(实施办法|实施细则|办法|规定|细则|规则|条例|意见|通知|方案|制度|决定|通告|公告|章程|规范)"
)
_NOUN_OF_TITLE = re.compile(rf"({_NOUNS})(?:[（(][^）)]*[）)])?$")
_OFFICE = re.compile(
    r"^[^，。：:《》\d]{2,40}(?:人民政府|人民政府办公室|办公室|委员会|办事处|人民法院|人民检察院|局|人民代表大会|主席团|中心|监察委员会|常务委员会)$"
)
_MAKER_FIELD = re.compile(r"^(?:制定机关|发文机关|制发机关|发布机关|印发机关)\s*[：:]\s*(.+)$")
_TITLE_FIELD = re.compile(
    r"(?:现将|现印发|现公布|现发布|关于印发|关于公布|关于发布|制定了)《([^《》]+(?:《[^《》]+》[^《》]*)?)》"
)
_ISSUED = re.compile(r"^([^，。：:《》]{2,40}?)关于(?:印发|公布|发布|转发)")


def find(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """What a document says of itself in two ways."""
    document = examined.document
    yield from _numbers(document)
    yield from _titles(document)
    yield from _makers(document)
    yield from _dates(document)


def _numbers(document: Document) -> Iterator[Question]:
    """Numbers that stand as lines of their own; those of other documents stand in sentences."""
    found: dict[str, str] = {}
    for text in (document.number, *lines(document)):
        match = _NUMBER.search(text)
        if match and (len(text) <= len(match[0]) + 8 or re.match(r"[（(].*[）)]$", text)):
            written = re.sub(r"\s", "", match[0]).translate(
                str.maketrans("［[（(］])）", "〔〔〔〔〕〕〕〕")
            )
            found.setdefault(re.sub(r"^(?:文号|发文字号|.*日)", "", written), text)
    if len(found) > 1:
        yield Question(None, list(found.values())[1], f"文号不一致：{'、'.join(found)}。")
    made = [of.day for of in published(document) if of.day]
    year = _NUMBER.search(document.number)
    if year and made and all(int(year[1]) != of.year for of in made):
        yield Question(None, document.number, f"文号的年份与日期（{made[-1]}）不一致。")


def _titles(document: Document) -> Iterator[Question]:
    for text in document.preamble:
        for match in _TITLE_FIELD.finditer(text):
            near = _NOUN_OF_TITLE.search(match[1])
            if near and not _same_title(match[1], document.title):
                yield Question(None, text, f"标题不一致：《{match[1]}》与《{document.title}》。")
    noun = _NOUN_OF_TITLE.search(document.title)
    if noun is None:
        return
    used = Counter(of for article in document.articles for of in _OWN.findall(article.text))
    own = sum(count for of, count in used.items() if _same_noun(of, noun[1]))
    for article in document.articles:
        for match in _OWN.finditer(article.text):
            if not _same_noun(match[1], noun[1]):
                why = f"标题是“{noun[1]}”，文中称“{match[0]}”。"
                rare = "只是个别地方，多数称呼与标题一致" if used[match[1]] < own else None
                yield Question(article, match[0], why, rare)
                return


def _same_noun(one: str, other: str) -> bool:
    """实施细则 calls itself 本细则, too."""
    return one.endswith(other) or other.endswith(one)


def _same_title(one: str, other: str) -> bool:
    return plain(one) in plain(other) or plain(other) in plain(one)


def _makers(document: Document) -> Iterator[Question]:
    offices = [of for of in lines(document) if _OFFICE.match(of)]
    fields = [match[1].strip() for of in lines(document) if (match := _MAKER_FIELD.match(of))]
    titles = (document.title, *document.preamble)
    issued = [match[1].strip() for of in titles if (match := _ISSUED.match(of.strip()))]
    said = list(dict.fromkeys([*fields, *issued, document.maker, *offices[-1:]]))
    said = [of for of in said if of]
    for other in said[1:]:
        if not any(_same_office(other, of) for of in said[:1]):
            yield Question(None, other, f"制定机关不一致：{said[0]}与{other}。")
            return


def _same_office(one: str, other: str) -> bool:
    """An office with the name of its city and district, and without."""
    one, other = ("".join(of.split()) for of in (one, other))
    return one.endswith(other) or other.endswith(one)


def _dates(document: Document) -> Iterator[Question]:
    made = list(dict.fromkeys(of.day for of in published(document) if of.day))
    if len(made) > 1 and max(made).toordinal() - min(made).toordinal() > 0:
        second = [of for of in published(document) if of.day == made[-1]]
        yield Question(None, second[0].words, f"成文或者公布日期不一致：{made[0]}与{made[-1]}。")
    force = list(dict.fromkeys(of.day for of in in_force(document) if of.day))
    if len(force) > 1:
        last = next(of for of in in_force(document) if of.day == force[-1])
        yield Question(last.article, last.words, f"施行日期不一致：{force[0]}与{force[-1]}。")


KINDS: Kinds = {"identity": CheckKind(NoParameters, find, whole=True)}
