"""Days and terms of a document, as its heading, its articles and its signature say them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from documents.laws.dates import Day, days
from documents.laws.titles import plain as plain_title
from documents.text.numerals import number_of
from documents.text.records import Article, Document

_FIGURES = "一二三四五六七八九十百零〇两半\\d"
_N = f"[{_FIGURES}]{{1,5}}"
_D = (
    r"(?:[\d〇零○一二三四五六七八九十]{4}\s*年[^，。；、至到]{2,12}?日|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
    r"(?:零时|0时|24时|二十四时)?"
)
_PUBLISHED = re.compile(
    r"^(?:公布|发布|印发|成文|签发|签署|颁布|发文|制发|落款|通过)?(?:日期|时间)\s*[：:\t]"
)
_FORCE_FIELD = re.compile(r"^(?:施行|实施|生效|执行)(?:日期|时间)\s*[：:\t]")
_HISTORY = re.compile(
    r"^[（(].*(?:发布|公布|印发|通过|修订|修正|审定|批准|同意).*[）)]$"
    r"|^[（(]?\d{4}年\d{1,2}月\d{1,2}日[^，。；：《]{0,60}(?:发布|公布|印发|通过|修订|修正|批准)[）)]?$"
)
_ISSUED = re.compile(r"发布|公布|印发|修订|修正")
_BEGINS = (
    r"(?:在[^，。；]{1,8})?(?:正式|开始|全面|同步|统一)*"
    r"(?:试行|施行|实施|执行|实行|生效|推行|推开|启用|适用|落实)"
)
_FORCE = re.compile(
    rf"(?:自|从|于|由|打)\s*({_D})\s*(?:之?日?起|开始|以?后)?(?:{_BEGINS}|至|到|有效|算起|起?计算)"
    rf"|(?:施行|实施|生效|执行|起始|追溯|回溯|溯及|倒溯)(?:的?(?:日期|时间|之日))?"
    rf"(?:定?为|是|自|从|定?于|追溯|回溯|溯及|提前|至|到|适用)+\s*({_D})"
    rf"|({_D})\s*(?:之?日?起|开始){_BEGINS}"
    rf"|(?:有效|施行|试行|执行|实施|适用)(?:期限?|期间|时间)(?:为|是|自|从|：)*\s*({_D})起?\s*(?:至|到|[—－~～-])"
)
_TO_BEGIN_WITH = re.compile(rf"({_D}){_BEGINS}")
_MADE = r"(?:印发|发布|公布|颁布|下发|发文|签发|发出|出台|公告|成文|签署|张贴|通过)"
_AT_ONCE = re.compile(
    rf"(?:自|从|于)?{_MADE}(?:之|的)?(?:当?日|时)(?:起|后|即)?(?:即|就|立即)?{_BEGINS}"
    rf"|自?即日起{_BEGINS}|(?:{_MADE}(?:之?后)|发下来)(?:，)?(?:即|就|立即|马上|即刻){_BEGINS}"
)
_AFTER = re.compile(
    rf"{_MADE}之?日?(?:起|后)(?:满|第)?({_N})\s*(日|天|个月)(?:之?后|起|期满后?){_BEGINS}"
    rf"|{_MADE}(?:之日)?的?(次)(日)起?{_BEGINS}"
)
_PERIOD = r"(?:有效|施行|试行|执行|实施|适用|实行)(?:期限?|期间|时间|年限)"
_YEAR = 4
"""Figures of a year of the calendar."""
_UNIT = r"(年半|周年|年度?|个月)"
_TERM = re.compile(
    rf"(?:{_PERIOD}|为期|有效|试行|暂行|暂定|施行|实施|执行|适用|管用?|满|期限)"
    rf"(?:自{_D}(?:之日)?起)?[^。；，{_FIGURES}]{{0,14}}?(?<![{_FIGURES}])({_N})\s*{_UNIT}"
    rf"(?:[零又]?({_N})个月)?(?!\s*[{_FIGURES}]{{1,3}}\s*月)"
    rf"|(?<![{_FIGURES}])({_N})\s*{_UNIT}(?:之?内|之?后|期满|届满|到期)?(?:的?同日)?(?:前一日)?(?:即|自动|自行|自然)*"
    r"(?:有效|失效|废止|终止|停止(?:执行|施行))"
)
_TERM_OF_DAYS = re.compile(rf"{_PERIOD}[^。；，{_FIGURES}]{{0,10}}?({_N})\s*[天日](?!起|后)")
_ENDS = (
    r"(?:废止|失效|终止|作废|到期|截止|为止|期满|届满|不再(?:有效|执行|适用|施行|实施)"
    r"|停止(?:执行|施行|适用|实施))"
)
_UNTIL = re.compile(
    rf"(?<!追溯)(?<!回溯)(?<!溯及)(?<!提前)(?:至|到|截[至止](?:到|于)?|止于|终止于)\s*({_D})"
    rf"|({_D})(?:之?后|以后|起|止|期满|届满)?，?(?:即|自动|自行|自然|届时|同时)*{_ENDS}"
    rf"|(?:失效|废止|终止|截止)(?:日期|时间)?(?:为|是|[：:\t])\s*({_D})"
    rf"|{_D}\s*[—－~～-]+\s*({_D})"
)
_UNTIL_MONTH = re.compile(
    r"(?:[施执试]行|实施|有效|适用|期限?)[^，。；\d]{0,6}(?:至|到|截[至止](?:到|于)?)\s*(\d{4})\s*年"
    r"(?:\s*(\d{1,2})\s*月)?(?:份|底|末|年底)*(?![\d份的]|\s*\d)"
)

_LONGER = re.compile(r"延长|延续|延期|展期")
_NOUN = (
    r"(?:暂行|试行|实施|管理)?(?:办法|规定|细则|规则|意见|通知|方案|制度|措施|决定|通告|公告|文件|条例|规范|章程"
    r"|标准|指南|计划|规程|政策|准则|公约|守则|预案|批复|决议|指引|导则|要求)"
)
_ITSELF = re.compile(
    rf"(?:[本此](?:法典|法(?![院律定规人])|{_NOUN})|该(?:办法|规定|细则|意见|通知|方案))"
    r"(?!附件|附表|附录|所|第|规定的|要求的|施行[前后]|印发[前后]|实施[前后]|公布[前后])"
)
_ALL_OF_IT = re.compile(r"^(?:以上|上述|前述)[^，。；]{0,8}$")
_BRIDGE = re.compile(
    r"^(?:现予?|并|特此|予以|正式|同时|经[^，]{0,20}(?:同意|批准|通过)后?|通过后|公布后|印发后|效力|即)*$"
)
_NAMES_OTHERS = re.compile(
    r"《|原[^，。；]{0,16}(?:办法|细则|规定|意见|通知|文件|标准)|协议|合同|旧办法|旧标准"
)
_OTHER_TERMS = re.compile(
    r"过渡|整改|申报|受理|公示|报名|许可|合同|协议|[凭书证]证?(?:件|书)|证明|执照|资质|报告|租|承包|保存|保管|档案"
    r"|质保|保修|规划|目录|名单|名录|药品|试剂|食品|疫苗|票据|密码|试点|攻坚|汛期|上一轮|前一轮|任期|聘期|服务期"
    r"|附件|附表|所列|批文|补贴|结论|承诺|申请|卡|普查时点|满[^，。]{1,4}年的|旧"
    r"|原(?:《|[^，。；]{0,16}(?:办法|细则|规定|意见|通知|文件))"
)
_TERMS = re.compile(
    r"有效|期限|期间|[试施执实]行|实施|适用|废止|失效|终止|截止|作废|止[，。]?$|管|为期|停止|不再|期满|到期"
)
_TERM_FIELD = re.compile(
    rf"^(?:{_PERIOD}|有效期限?|(?:失效|废止|截止|终止)(?:日期|时间))\s*[：:\t]"
)
_PRINTED = re.compile(rf"{_D}\s*(?:印发|公布|发布|印制)\s*[）)]?$")
_LASTING = re.compile(
    r"(?:长期|永久|一直|持续)(?:有效|施行|执行|适用)(?!的)|有效期限?为?(?:不限|不定|长期|永久)"
    r"|(?:不设定?|未设定?|没有|无)(?:固定)?有效期"
    r"|(?:有效期?|[施执]行|实施|期限)至(?:[^，。；\d]{0,14}(?:废止|修订|修改|出台|取消|替代))"
)
_OPEN = "[\\s\u3000×xX_＿＊*…〇○－-]"
_BLANK = re.compile(rf"(?:自|从|于)(?:\d{{4}})?{_OPEN}*年{_OPEN}*(?:\d{{1,2}})?月{_OPEN}*日")
_BLANK_LINE = re.compile(
    rf"[^，。；《》]{{0,40}}?年{_OPEN}*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})?{_OPEN}*月{_OPEN}*日?\s*(?:印发)?[）)]?$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A day that the document gives, with the words that give it, and the article they are of."""

    day: date | None
    words: str
    article: Article | None = None
    at_once: bool = False
    """Whether the day is that of publication."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a document holds: months, or until a day; ``lasting`` where it says for ever."""

    words: str
    article: Article | None
    months: int | None = None
    until: date | None = None
    lasting: bool = False
    longer: bool = False
    """Whether it was made longer since."""


def texts(document: Document) -> Iterator[tuple[Article | None, str]]:
    """Sentences of a document, with the article of each."""
    for text in document.preamble:
        yield from ((None, of) for of in _sentences(text))
    for article in document.articles:
        yield from ((article, of) for of in _sentences(article.text))
    for part in document.parts:
        if part.kind == "point":
            yield from ((None, of) for of in _sentences(f"{part.title}\n{part.text}"))
    for text in document.closing:
        yield from ((None, of) for of in _sentences(text))


def _sentences(text: str) -> list[str]:
    return [of for of in re.findall(r"[^。\n]+。?", text) if of.strip()]


def _last(document: Document) -> str:
    """The words of the last article, or of the last point."""
    if document.articles:
        return document.articles[-1].text
    points = [of for of in document.parts if of.kind == "point"]
    return f"{points[-1].title}\n{points[-1].text}" if points else ""


def lines(document: Document) -> list[str]:
    """Lines outside of articles, and those behind the last article's first."""
    last = document.articles[-1].text.split("\n")[1:] if document.articles else []
    return [of.strip() for of in (*document.preamble, *last, *document.closing)]


def published(document: Document) -> tuple[Said, ...]:
    """Days of publication: of the heading, then of the signature; where neither gives one, that
    of the imprint, or the day on which it was adopted.
    """
    found: list[Said] = []
    history: list[Said] = []
    for plain in lines(document):
        named = list(days(plain))
        if not named or _FORCE_FIELD.match(plain):
            continue
        if _HISTORY.match(plain):
            history += [Said(named[-1].day, plain)] if _ISSUED.search(plain) else []
        elif _PUBLISHED.match(plain):
            found.append(Said(named[-1].day, plain))
        elif _alone(plain, named[0]):
            found.append(Said(named[0].day, plain))
    return (*history[-1:], *found) or printed(document) or adopted(document)[-1:]


def printed(document: Document) -> tuple[Said, ...]:
    """Days of the imprint: 某某局 2026年4月1日印发."""
    return tuple(
        Said(of.day, text)
        for text in lines(document)
        if not _HISTORY.match(text) and (match := _PRINTED.search(text))
        for of in days(match[0])
    )


def adopted(document: Document) -> tuple[Said, ...]:
    """Days of the note under the title on which a meeting adopted it."""
    return tuple(
        Said(of.day, text)
        for text in lines(document)
        if _HISTORY.match(text) and not _ISSUED.search(text)
        for of in list(days(text))[-1:]
    )


def unfilled(document: Document) -> str:
    """The line of a day of publication that was left open (年　月　日), or nothing."""
    for text in lines(document):
        if not any(days(text)) and (
            _BLANK_LINE.fullmatch(text) or re.fullmatch(r"(?:成文)?日期\s*[：:]?", text)
        ):
            return text
    return ""


def _alone(text: str, day: Day) -> bool:
    return (
        len(text) <= len(day.words) + 30
        and text.endswith((day.words, f"{day.words}）", f"{day.words})"))
        and not re.search("[，：:。]|有效", text)
    )


def in_force(document: Document) -> tuple[Said, ...]:
    """Days from which it is in force; day None where that is the day of publication."""
    found: list[Said] = []
    made = next((of.day for of in published(document) if of.day), None)
    for article, text in texts(document):
        words = text.strip()
        if _FORCE_FIELD.match(words):
            found += [Said(of.day, words, article) for of in days(words)]
            continue
        match = _force(document, words)
        if match:
            day = next(days(next(filter(None, match.groups()))), None)
            found += [Said(day.day, words, article)] if day else []
        elif (match := _AFTER.search(words)) and _of_itself(document, words, match):
            later = days_later(made, _left(match)) if made else None
            found.append(Said(later, words, article))
        elif (match := _AT_ONCE.search(words)) and _of_itself(document, words, match):
            found.append(Said(None, words, article, at_once=True))
    return tuple(found)


def _force(document: Document, words: str) -> re.Match[str] | None:
    for match in _FORCE.finditer(words):
        if _of_itself(document, words, match):
            return match
    return next(
        (
            of
            for of in _TO_BEGIN_WITH.finditer(words)
            if _ITSELF.search(_clause(words, of)) and _of_itself(document, words, of)
        ),
        None,
    )


def _left(match: re.Match[str]) -> int:
    if match[3]:
        return 1
    return (number_of(match[1]) or 0) * (30 if match[2] == "个月" else 1)


def _of_itself(document: Document, words: str, match: re.Match[str]) -> bool:
    """Whether the document is what comes into force: contracts, lists and other rules do, too."""
    if words[match.end() :].startswith("的"):
        return False
    begin = _clause_begin(words, match.start())
    subject = words[begin : match.start()].strip(" \u3000（(、")
    quoted = re.search(r"《([^《》]*)》", words[: match.start()])
    if quoted and plain_title(quoted[1]) in plain_title(document.title):
        return True
    if _ITSELF.search(subject) or _ALL_OF_IT.match(subject):
        return not re.search(r"[》）]?(?:附件|附表)", subject)
    if not _BRIDGE.match(subject):
        return False
    before = words[:begin]
    if _ITSELF.search(before) or not before.strip(" \u3000（("):
        return True
    return not _NAMES_OTHERS.search(before)


def _clause_begin(words: str, at: int) -> int:
    return max(words.rfind(of, 0, at) for of in "，；：。（\n") + 1


def _clause(words: str, match: re.Match[str]) -> str:
    """The clause of a match, between commas."""
    end = re.compile(r"[，；。\n]").search(words, match.end())
    return words[_clause_begin(words, match.start()) : end.start() if end else len(words)]


def days_later(day: date, days: int) -> date:
    """A day some days later; the last day that there is, where it lies behind that."""
    return day + min(timedelta(days=days), date.max - day)


def terms(document: Document) -> tuple[Term, ...]:
    """How long it says to hold; empty where it does not say."""
    found, last = [], _last(document)
    for article, text in texts(document):
        words = text.strip()
        if not _about_itself(words, document, final=bool(words) and words in last):
            continue
        own = plain_title(document.title)
        term = (
            _lasting(words, article, own)
            or _until(words, article, own)
            or _for(words, article, own)
        )
        if term:
            found.append(term)
    return tuple(found)


def _of_others(words: str, match: re.Match[str], own: str) -> bool:
    """Whether the term of a clause is that of a contract, a paper, or another document."""
    begin = max(words.rfind(of, 0, match.start()) for of in "，；。") + 1
    before = words[begin : match.start()]
    quoted = [of for of in re.findall(r"《([^《》]*)》", before) if plain_title(of) not in own]
    return bool(quoted or _OTHER_TERMS.search(_clause(words, match)))


def _lasting(words: str, article: Article | None, own: str) -> Term | None:
    match = _LASTING.search(words)
    if match and not _of_others(words, match, own):
        return Term(words, article, lasting=True)
    return None


def _until(words: str, article: Article | None, own: str) -> Term | None:
    for match in _UNTIL.finditer(words):
        clause = _clause(words, match)
        if _of_others(words, match, own) or not (_TERMS.search(clause) or "起" in clause):
            continue
        named = list(days(next(filter(None, match.groups()))))
        if named:
            longer = bool(_LONGER.search(words))
            until = list(days(words))[-1] if longer else named[0]
            return Term(words, article, until=until.day, longer=longer)
    month = _UNTIL_MONTH.search(words)
    if month and not _of_others(words, month, own) and 1 <= int(month[2] or 12) <= 12:
        year, of = max(int(month[1]), 1), int(month[2] or 12)
        return Term(words, article, until=date(year, of, calendar.monthrange(year, of)[1]))
    return None


def _for(words: str, article: Article | None, own: str) -> Term | None:
    for match in _TERM.finditer(words):
        if not _of_others(words, match, own):
            count, unit = match[1] or match[4], match[2] or match[5]
            if len(count) == _YEAR and count.isdigit():
                continue
            months = _months(count, unit) + (number_of(match[3] or "") or 0)
            return Term(words, article, months=months)
    few = _TERM_OF_DAYS.search(words)
    if few and not _of_others(words, few, own):
        return Term(words, article, months=(number_of(few[1]) or 0) // 30)
    return None


def _months(count: str, unit: str) -> int:
    number = number_of(count)
    if unit == "个月":
        return number or 0
    half = 6 if unit == "年半" or count == "半" else 0
    return 12 * (number or 0) + half


def _about_itself(words: str, document: Document, *, final: bool) -> bool:
    """A licence has a term, too: what counts is said of the document, or with its first day."""
    if _TERM_FIELD.match(words):
        return True
    if not _TERMS.search(words):
        return False
    force = _force(document, words)
    once = _AT_ONCE.search(words)
    begun = force or (once and _of_itself(document, words, once))
    return bool(begun or _ITSELF.search(words) or (final and re.search(_PERIOD, words)))


def blank(document: Document) -> tuple[Said, ...]:
    """Days of force that were left open: 自　　年　　月　　日起."""
    return tuple(
        Said(None, text.strip(), article)
        for article, text in texts(document)
        if _BLANK.search(text)
    )
