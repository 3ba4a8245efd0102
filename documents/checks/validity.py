"""How long a document holds: not said, longer than makers may, or over."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from documents.checks.facts import Term, days_later, in_force, published, terms
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question

_REASONED = re.compile(r"授权|说明理由|理由|上位法|法律规定|按照.{2,20}规定")


class ValidityParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """``years`` at most, ``trial_years`` of documents whose title has one of ``trial``; documents
    whose title ends like one of ``lasting`` need no term. A last day may stand ``grace_days``
    later, as makers count from the day in force or from 30 days after publication.
    """

    years: int = 5
    trial_years: int = 2
    grace_days: int = 31
    trial: tuple[str, ...] = ("暂行", "试行")
    lasting: tuple[str, ...] = (
        "决议",
        "决定",
        "条例",
        "议事规则",
        "工作规则",
        "预案",
        "批复",
        "公告",
    )


def missing(
    examined: Examined, parameters: ValidityParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """One question of the document, with the words that put it in force."""
    document = examined.document
    if terms(document):
        return
    force = in_force(document)
    at = force[-1] if force else None
    words, article = (at.words, at.article) if at else (document.title, None)
    yield Question(article, words, excluded=_excuse(document.title, parameters))


def _excuse(title: str, parameters: ValidityParameters) -> str | None:
    allowed = title.rstrip("）)").endswith(parameters.lasting)
    return "这类文件可以不定有效期" if allowed else None


def over(
    examined: Examined, parameters: ValidityParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """A term that is longer than the limit, from the first day in force on."""
    document = examined.document
    trial = any(of in document.title for of in parameters.trial)
    limit = 12 * (parameters.trial_years if trial else parameters.years)
    begin = _begin(examined)
    latest = days_later(_later(begin, limit), parameters.grace_days) if begin else date.max
    for term in terms(document):
        if term.lasting:
            reason = "说明了长期有效的理由" if _REASONED.search(term.words) else None
            excluded = _excuse(document.title, parameters) or reason
            yield Question(term.article, term.words, "没有期限。", excluded)
            continue
        end = _end(term, begin)
        too_long = (term.months or 0) > limit or (
            begin is not None and end is not None and end > latest
        )
        if too_long:
            excluded = "有效期经评估延长" if term.longer else None
            yield Question(term.article, term.words, f"有效期超过{limit // 12}年。", excluded)


def expired(
    examined: Examined, _: ValidityParameters, __: Sequence[Exclusion]
) -> Iterator[Question]:
    """A term that ended before the day of the check."""
    begin = _begin(examined)
    for term in terms(examined.document):
        end = _end(term, begin)
        if end is not None and end < examined.on:
            yield Question(term.article, term.words, f"有效期至{end:%Y-%m-%d}，已经届满。")
            return


def _begin(examined: Examined) -> date | None:
    force = [of.day for of in in_force(examined.document) if of.day]
    made = [of.day for of in published(examined.document) if of.day]
    return force[-1] if force else made[-1] if made else None


def _end(term: Term, begin: date | None) -> date | None:
    if term.until is not None or term.months is None or begin is None:
        return term.until
    return _later(begin, term.months)


def _later(day: date, months: int) -> date:
    """The same day some months later, the month's last where it has none such; the last day that
    there is, where it lies behind that.
    """
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    if year > date.max.year:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


KINDS: Kinds = {
    "validity-missing": CheckKind(ValidityParameters, missing, whole=True),
    "validity-over": CheckKind(ValidityParameters, over, whole=True),
    "validity-expired": CheckKind(ValidityParameters, expired, whole=True),
}
