"""Number, title, maker and date of a document, where it says them twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from documents.checks.facts import adopted, days_later, in_force, lines, printed, published
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.laws.titles import plain
from documents.text.records import Document

_CODE = r"([一-龥]{1,12})"
_NUMBER = re.compile(_CODE + r"[〔［\[（(【]\s*(\d{4})\s*[〕］\])）】]\s*第?\s*\d{1,4}\s*号")
_NOUNS = (
    "实施办法|实施细则|管理办法|办法|规定|细则|规则|条例|意见|通知|方案|制度|决定"
    "|通告|公告|章程|规范"
)
_OWN = re.compile(
    r"本(实施办法|实施细则|办法|规定|细则|规则|条例|意见|通知|方案|制度|决定|通告|公告|章程|规范)"
)
_NAMES_ITSELF = re.compile(
    rf"(?:(?:制定|制订|形成|出台|特制定)(?:了)?本(?:{_NOUNS})"
    rf"|本(?:{_NOUNS})(?:自|从|于)[^，。；]{{0,16}}(?:施行|实施|执行|生效|印发|公布)"
    rf"|本(?:{_NOUNS})(?:由[^，。；]{{2,24}}(?:负责)?解释|适用于|所称|有效期))"
)
"""Where a document says what it is, and does not only refer to itself."""
_NOUN_OF_TITLE = re.compile(rf"({_NOUNS})(?:[（(][^）)]*[）)])?$")
_OFFICE = re.compile(
    r"^[^，。：:《》\d]{2,40}(?:人民政府|人民政府办公室|办公室|委员会|办事处|人民法院|人民检察院|局|人民代表大会|主席团|中心|监察委员会|常务委员会)$"
)
_MAKER_FIELD = re.compile(r"^(?:制定机关|发文机关|制发机关|发布机关|印发机关)\s*[：:]\s*(.+)$")
_TITLE_FIELD = re.compile(
    r"(?:现将|现印发|现公布|现发布|印发|公布|发布|转发|制定了)《([^《》]+(?:《[^《》]+》[^《》]*)?)》"
)
_ISSUED = re.compile(r"^([^，。：:《》]{2,40}?)关于(?:印发|公布|发布|转发)")
_JUDICIAL = re.compile(r"^([一-龥]{2,12}?(?:人民法院|人民检察院|监察委员会))")
_PRINTER = re.compile(
    r"^([^，。：:《》\d]{2,40}?)[\s\u3000]*[\d〇零○一二三四五六七八九]{4}\s*年.{2,10}日\s*印发$"
)
_PLACE = re.compile(r"^([一-龥]{2,8}?(?:街道|[区县镇乡]))")
_OTHER_PLACE = re.compile(
    r"(?:结合|立足|针对|符合)([一-龥]{2,6}?(?:街道|[区县镇乡]))(?:的)?(?:实际|区情|县情|镇情|情况)"
    r"|(?:适用于|适用于在|凡在|在)([一-龥]{2,6}?(?:街道|[区县镇乡]))(?:行政区域|辖区|行政辖区|境内|范围|区域)"
    r"|由([一-龥]{2,6}?(?:街道|[区县镇乡]))[^，。；]{2,20}(?:负责)?解释"
)
_NO_PLACE = re.compile(
    r"关于|^(?:[本全我该各辖城社园景片库郊新整]|其他|开发|农村|试点|重点|山|牧)|(?:地|社|园|景|片|辖|城|市|郊)区$|各[区县镇乡]"
)
_PURPOSE = re.compile(
    r"(?:为了?|围绕|就)(?:进一步|切实|全面|深入|依法|持续)*(?:规范和加强|加强和规范|规范|加强|推进|做好|强化|促进|推动|完善|优化|深化)"
    r"([一-龥（）、]{4,30}?)(?=[，。；])"
)
_FRAME = re.compile(
    r"人民法院|人民检察院|监察委员会|工作|管理|暂行|试行|实施|办法|规定|细则|意见|方案|通知|规则|制度|措施|关于|进一步|服务|规范|加强|做好|推进"
)


_LEAST = 5
"""Articles of a document that has a matter."""


class IdentityParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """``printed_days`` after the signature a document may be printed at the latest; ``codes`` are
    endings of 机关代字, each with words (|) of which an office that uses it has one: 法=法院.
    """

    printed_days: int = 15
    codes: tuple[str, ...] = ()

    def offices(self) -> Mapping[str, tuple[str, ...]]:
        """Words of offices by the code's ending."""
        rows = (of.partition("=") for of in self.codes)
        return {code: tuple(words.split("|")) for code, _, words in rows}


def find(
    examined: Examined, parameters: IdentityParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """What a document says of itself in two ways."""
    document = examined.document
    yield from _numbers(document)
    yield from _titles(document)
    yield from _makers(document, parameters)
    yield from _places(document)
    yield from _matter(document)
    yield from _dates(document, parameters)


def _numbers(document: Document) -> Iterator[Question]:
    """Numbers that stand as lines of their own; those of other documents stand in sentences."""
    found: dict[str, str] = {}
    for text in (document.number, *lines(document)):
        match = _NUMBER.search(text)
        if match and (len(text) <= len(match[0]) + 8 or re.match(r"[（(].*[）)]$", text)):
            written = re.sub(r"\s", "", match[0]).translate(
                str.maketrans("［[（(【］])）】", "〔〔〔〔〔〕〕〕〕〕")
            )
            written = written.replace("第", "")
            found.setdefault(re.sub(r"^(?:版记|文号|发文字号|.*日)", "", written), text)
    if len(found) > 1:
        yield Question(None, list(found.values())[1], f"文号不一致：{'、'.join(found)}。")
    made = [of.day for of in published(document) if of.day]
    year = _NUMBER.search(document.number)
    if year and made and all(int(year[2]) != of.year for of in made):
        yield Question(None, document.number, f"文号的年份与日期（{made[-1]}）不一致。")


def _titles(document: Document) -> Iterator[Question]:
    noun = _NOUN_OF_TITLE.search(document.title)
    for text in document.preamble:
        for match in _TITLE_FIELD.finditer(text):
            if _NOUN_OF_TITLE.search(match[1]) and not _same_title(match[1], document.title):
                why = f"标题不一致：《{match[1]}》与《{document.title}》。"
                yield Question(None, document.title, why)
                return
    if noun is None:
        return
    used = Counter(of for article in document.articles for of in _OWN.findall(article.text))
    own = sum(count for of, count in used.items() if _same_noun(of, noun[1]))
    for article in document.articles:
        for match in _OWN.finditer(article.text):
            if not _same_noun(match[1], noun[1]):
                why = f"标题是“{noun[1]}”，文中称“{match[0]}”。"
                names = any(match[0] in of for of in _NAMES_ITSELF.findall(article.text))
                rare = used[match[1]] < own and not names
                excuse = "只是个别地方，多数称呼与标题一致" if rare else None
                yield Question(article, match[0], why, excuse)
                return


def _same_noun(one: str, other: str) -> bool:
    """实施细则 calls itself 本细则, too."""
    return one.endswith(other) or other.endswith(one)


def _same_title(one: str, other: str) -> bool:
    return plain(one) in plain(other) or plain(other) in plain(one)


def _makers(document: Document, parameters: IdentityParameters) -> Iterator[Question]:
    plain_lines = ["".join(of.split()).removesuffix("（盖章）") for of in lines(document)]
    offices = [of for of in plain_lines if _OFFICE.match(of)]
    fields = [match[1].strip() for of in lines(document) if (match := _MAKER_FIELD.match(of))]
    titles = (document.title, *document.preamble)
    issued = [match[1].strip() for of in titles if (match := _ISSUED.match(of.strip()))]
    named = [match[1] for of in (document.title,) if (match := _JUDICIAL.match(of))]
    printers = [match[1] for of in lines(document) if (match := _PRINTER.match(of))]
    said = list(
        dict.fromkeys([*fields, *issued, *named, document.maker, *offices[-1:], *printers[-1:]])
    )
    said = [of for of in said if of]
    for other in said[1:]:
        if not any(_same_office(other, of) for of in said[:1]):
            yield Question(None, other, f"制定机关不一致：{said[0]}与{other}。")
            return
    number = _NUMBER.search(document.number)
    code = re.sub(r"(?:[规发办字函通告令]|规范)+$", "", number[1]) if number else ""
    words = next((of for end, of in parameters.offices().items() if code.endswith(end)), ())
    signed = offices[-1] if offices else document.maker
    if words and signed and not any(of in signed for of in words):
        yield Question(None, signed, f"文号“{document.number}”不是{signed}的代字。")


def _same_office(one: str, other: str) -> bool:
    """An office with the name of its city and district, and without; or two that issue jointly."""
    one, other = ("".join(of.split()) for of in (one, other))
    office = one.removesuffix("办公室") == other.removesuffix("办公室")
    return office or one.endswith(other) or other.endswith(one) or other in one or one in other


def _places(document: Document) -> Iterator[Question]:
    """A district or a town that is not the maker's, where the document says where it holds."""
    own = [match[1] for of in (document.title, document.maker) if (match := _PLACE.match(of))]
    own = [of for of in own if not _NO_PLACE.search(of)]
    levels = {of[-1] for of in own}
    if len(own) > 1 and own[0][-1] == own[1][-1] and not _same_office(own[0], own[1]):
        yield Question(None, document.maker, f"地名不一致：{own[0]}与{own[1]}。")
    for article in document.articles:
        for match in _OTHER_PLACE.finditer(article.text):
            name = next(filter(None, match.groups()))
            same = any(name.endswith(of) or of.endswith(name) for of in own)
            if name[-1] in levels and not same and not _NO_PLACE.search(name):
                yield Question(article, match[0], f"地名不一致：{own[0]}与{name}。")


def _matter(document: Document) -> Iterator[Question]:
    """A first article that names another matter than the title: no sign in common, no word of it
    anywhere else in the text, where the matter of the title does stand.
    """
    if len(document.articles) < _LEAST:
        return
    first, *others = document.articles
    place = _PLACE.match(document.title)
    title = _FRAME.sub(" ", document.title[place.end() if place else 0 :])
    match = _PURPOSE.search(re.sub("《[^《》]*》", "", first.text))
    if not match:
        return
    matter = _FRAME.sub(" ", match[1])
    rest = "".join(of.text for of in others)
    if set(matter) & set(title) <= {" "} and _stands(title, rest) and not _stands(matter, rest):
        yield Question(first, match[1], f"第一条所写事项与标题“{document.title}”不一致。")


def _stands(words: str, text: str) -> bool:
    """Whether two signs of some words that stand together do so in a text."""
    return any(pair in text for word in words.split() for pair in _pairs(word))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _dates(document: Document, parameters: IdentityParameters) -> Iterator[Question]:
    said = published(document)
    made = list(dict.fromkeys(of.day for of in said if of.day))
    if len(made) > 1:
        second = [of for of in said if of.day == made[-1]]
        yield Question(None, second[0].words, f"成文或者公布日期不一致：{made[0]}与{made[-1]}。")
    for of in adopted(document):
        if made and of.day and of.day > made[-1] and "批准" not in of.words:
            yield Question(None, of.words, f"{of.day}通过，却于{made[-1]}成文。")
    for of in printed(document):
        late = days_later(made[-1], parameters.printed_days) if made else date.max
        if made and of.day and not made[-1] <= of.day <= late:
            yield Question(None, of.words, f"成文日期{made[-1]}与印发日期{of.day}不一致。")
    force = list(dict.fromkeys(of.day for of in in_force(document) if of.day))
    if len(force) > 1:
        last = next(of for of in in_force(document) if of.day == force[-1])
        yield Question(last.article, last.words, f"施行日期不一致：{force[0]}与{force[-1]}。")


KINDS: Kinds = {"identity": CheckKind(IdentityParameters, find, whole=True)}
