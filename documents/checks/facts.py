"""Days and terms of a document, as its heading, its articles and its signature say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from documents.laws.dates import Day, days
from documents.text.numerals import number_of
from documents.text.records import Article, Document

_N = "[一二三四五六七八九十两\\d]{1,3}"
_PUBLISHED = re.compile(r"^(?:公布|发布|印发|成文|签发|通过)(?:日期|时间)\s*[：:]")
_FORCE_FIELD = re.compile(r"^(?:施行|实施|生效)(?:日期|时间)\s*[：:]")
_HISTORY = re.compile(r"^[（(].*(?:发布|公布|印发|通过|修订|修正).*[）)]$")
_D = r"[\d〇零○一二三四五六七八九十]{4}\s*年[^，。；、至]{2,12}?日"
_FORCE = re.compile(
    rf"(?:自|从|于)\s*({_D})(?:起|开始)?(?:正式)?(?:试行|施行|实施|执行|生效|至|到|有效)"
    rf"|(?:施行|实施|生效|执行)(?:日期|时间)?(?:为|是|自)\s*({_D})"
    rf"|({_D})(?:起|开始)(?:正式)?(?:试行|施行|实施|执行|生效)"
)
_AT_ONCE = re.compile(
    r"(?:自|从)?(?:印发|发布|公布|颁布|下发|发文|签发)之?日(?:起|后)?(?:即)?(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_AFTER = re.compile(rf"(?:印发|发布|公布|颁布)之日起({_N})日后(?:正式)?(?:施行|实施|执行|生效)")
_TERM = re.compile(
    r"(?:有效期|施行期|试行期|执行期|实施期|有效|试行|暂行|暂定|施行)[^。；\d一二三四五六七八九十两]{0,14}?"
    rf"(?<![\d〇零一二三四五六七八九十])({_N})\s*(年|周年|个月)(?!\s*[\d一二三四五六七八九十]{{1,3}}\s*月)"
)
_UNTIL = re.compile(
    rf"(?:有效|施行|实施|执行|试行|期限|起)[^。；]{{0,16}}?(?:至|到|截至|截止)\s*({_D})"
    rf"|({_D})(?:起)?(?:自动|自行)?(?:废止|失效|终止)"
)
_LONGER = re.compile(r"延长|延续|延期|展期")
_OF_OTHERS = re.compile(
    r"^《[^》]*》(?:（[^）]*）)?[^，。]{0,4}(?:自|从|于|有效期|施行期)|过渡期|普查时点"
)
_BLANK = re.compile(r"自[\s\u3000×xX_＿＊*]*年[\s\u3000×xX_＿＊*]*月[\s\u3000×xX_＿＊*]*日")
_OTHER_TERMS = re.compile(r"过渡期|整改|申报|受理|公示|报名|许可证|合同|证书|满[^。，]{1,4}年")
_TERMS = re.compile(r"有效|期限|试行期|施行期|执行期|实施期|施行|实施|执行|试行|废止|失效")
_PRINTED = re.compile(rf"{_D}\s*(?:印发|公布|发布)\s*$")
_ITSELF = re.compile(
    r"(?:本|此|该)(?:办法|规定|细则|规则|意见|通知|方案|制度|措施|决定|通告|公告|文件|条例|规范|章程|标准"
    r"|指南|计划|规程|政策)"
)
_LASTING = re.compile(
    r"长期(?:有效|施行|执行)|有效期限?为?(?:不限|不定|长期)|(?:不设|未设定|无)有效期"
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


def lines(document: Document) -> list[str]:
    """Lines outside of articles, and those behind the last article's first."""
    last = document.articles[-1].text.split("\n")[1:] if document.articles else []
    return [of.strip() for of in (*document.preamble, *last, *document.closing)]


def published(document: Document) -> tuple[Said, ...]:
    """Days of publication: of the heading, then of the signature."""
    found: list[Said] = []
    for plain in lines(document):
        named = list(days(plain))
        if named and (_PUBLISHED.match(plain) or _HISTORY.match(plain)):
            found.append(Said(named[-1].day, plain))
        elif named and not _FORCE_FIELD.match(plain) and _alone(plain, named[0]):
            found.append(Said(named[0].day, plain))
    if not found:
        found = [
            Said(of.day, text)
            for text in lines(document)
            if (match := _PRINTED.search(text))
            for of in days(match[0])
        ]
    return tuple(found)


def _alone(text: str, day: Day) -> bool:
    return (
        len(text) <= len(day.words) + 30
        and text.endswith(day.words)
        and not re.search("[，：:。]|有效", text)
    )


def in_force(document: Document) -> tuple[Said, ...]:
    """Days from which it is in force; day None where that is the day of publication."""
    found: list[Said] = []
    made = next((of.day for of in published(document) if of.day), None)
    for article, text in texts(document):
        if _OF_OTHERS.search(text):
            continue
        if _FORCE_FIELD.match(text.strip()):
            found += [Said(of.day, text.strip(), article) for of in days(text)]
            continue
        if match := _FORCE.search(text):
            day = next(days(match[1] or match[2] or match[3]), None)
            found += [Said(day.day, text.strip(), article)] if day else []
        elif match := _AFTER.search(text):
            later = days_later(made, number_of(match[1]) or 0) if made else None
            found.append(Said(later, text.strip(), article))
        elif _AT_ONCE.search(text) and _own(text, article, document):
            found.append(Said(None, text.strip(), article, at_once=True))
    return tuple(found)


def days_later(day: date, days: int) -> date:
    """A day some days later; the last day that there is, where it lies behind that."""
    return day + min(timedelta(days=days), date.max - day)


def terms(document: Document) -> tuple[Term, ...]:
    """How long it says to hold; empty where it does not say."""
    found = []
    for article, text in texts(document):
        words = text.strip()
        if not _about_itself(words, article, document):
            continue
        if _LASTING.search(words):
            found.append(Term(words, article, lasting=True))
        elif (match := _UNTIL.search(words)) and (named := list(days(match[1] or match[2]))):
            longer = bool(_LONGER.search(words))
            until = list(days(words))[-1] if longer else named[0]
            found.append(Term(words, article, until=until.day, longer=longer))
        elif match := _TERM.search(words):
            count = number_of(match[1]) or 0
            found.append(Term(words, article, months=count * (12 if "年" in match[2] else 1)))
    return tuple(found)


def _own(text: str, article: Article | None, document: Document) -> bool:
    """Appointments come into force at once, too: this names the document, or is the last."""
    if article is None or article is document.articles[-1]:
        return True
    return bool(_ITSELF.search(text)) or text.startswith(("自", "从"))


def _about_itself(words: str, article: Article | None, document: Document) -> bool:
    """A licence has a term, too: what counts is said of the document, or with its first day."""
    if _OF_OTHERS.search(words) or not _TERMS.search(words) or _OTHER_TERMS.search(words):
        return False
    if re.match(r"(?:有效期|施行期限|试行期)\s*[：:]", words):
        return True
    own = _ITSELF.search(words)
    force = _AT_ONCE.search(words) or _FORCE.search(words)
    last = article is not None and bool(document.articles) and article is document.articles[-1]
    return bool(force or own or last)


def blank(document: Document) -> tuple[Said, ...]:
    """Days of force that were left open: 自　　年　　月　　日起."""
    return tuple(
        Said(None, text.strip(), article)
        for article, text in texts(document)
        if _BLANK.search(text)
    )
