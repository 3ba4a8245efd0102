"""Days that are missing or impossible, and the days between publication and force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from documents.checks.facts import Said, blank, in_force, lines, published, texts, unfilled
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.laws.dates import days, yearless


class NoParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind that takes none."""


class SoonParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Days at least between publication and force; words that give a reason for fewer."""

    days: int = 30
    reasons: tuple[str, ...] = (
        "立即施行",
        "公共安全",
        "公共利益",
        "紧急",
        "应急",
        "有碍",
        "上级要求",
        "不马上",
        "不及时",
        "不尽快",
        "不抓紧",
        "以免",
        "否则",
        "紧迫",
        "迫切",
        "急需",
        "亟需",
        "鉴于",
        "由于",
        "考虑到",
        "为及时",
        "为避免",
        "为防止",
        "为应对",
        "防汛",
        "抗旱",
        "救灾",
        "抢险",
        "疫情",
        "国家安全",
        "减免",
        "减轻",
        "惠企",
        "便民",
    )


def missing(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """A document without a day of publication, or without a day of force."""
    document = examined.document
    if not published(document):
        open_line = unfilled(document)
        signed = next((of for of in reversed(lines(document)) if of), "")
        why = "成文日期没有填写。" if open_line else "没有成文或者公布日期。"
        yield Question(None, open_line or signed or document.title, why)
    for said in blank(document):
        yield Question(said.article, said.words, "施行日期没有填写。")
    if document.articles and not in_force(document) and not blank(document):
        last = document.articles[-1]
        yield Question(last, last.text.split("\n")[0], "没有写明施行日期。")


def impossible(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """Days that the calendar has not: 2月30日."""
    for article, text in texts(examined.document):
        for of in days(text):
            if of.day is None:
                yield Question(article, text.strip(), f"{of.words}不存在。")
        for words in yearless(text):
            yield Question(article, text.strip(), f"{words}不存在。")


def early(examined: Examined, _: NoParameters, __: Sequence[Exclusion]) -> Iterator[Question]:
    """In force before it was published."""
    for made, force in _pairs(examined):
        if force.day is not None and force.day < made:
            yield Question(force.article, force.words, f"公布于{made}，却自{force.day}起施行。")


def soon(
    examined: Examined, parameters: SoonParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """In force sooner after publication than makers should leave."""
    for made, force in _pairs(examined):
        if force.day is None and not force.at_once:
            continue
        left = (force.day - made).days if force.day else 0
        if 0 <= left < parameters.days:
            reason = next((of for of in parameters.reasons if of in force.words), None)
            excluded = f"写明了理由（{reason}）" if reason else None
            why = f"公布后{left}日即施行，不足{parameters.days}日。"
            yield Question(force.article, force.words, why, excluded)


def _pairs(examined: Examined) -> Iterator[tuple[date, Said]]:
    """The day of publication with each sentence that puts the document in force."""
    made = [of.day for of in published(examined.document) if of.day]
    if made:
        yield from ((made[-1], force) for force in in_force(examined.document)[-1:])


KINDS: Kinds = {
    "date-missing": CheckKind(NoParameters, missing, whole=True),
    "date-impossible": CheckKind(NoParameters, impossible),
    "force-before-published": CheckKind(NoParameters, early, whole=True),
    "force-too-soon": CheckKind(SoonParameters, soon, whole=True),
}
