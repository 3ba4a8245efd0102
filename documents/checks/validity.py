"""How long a document holds: not said, longer than makers may, or over."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from documents.checks.facts import Term, in_force, published, terms
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question


class ValidityParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """``years`` at most, ``trial_years`` of documents whose title has one of ``trial``; documents
    whose title ends like one of ``lasting`` need no term.
    """

    years: int = 5
    trial_years: int = 2
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
    found = terms(document)
    if any(not of.lasting for of in found):
        return
    force = in_force(document)
    at = force[-1] if force else None
    words = found[0].words if found else at.words if at else document.title
    article = found[0].article if found else at.article if at else None
    yield Question(article, words, excluded=_excuse(document.title, found, parameters))


def _excuse(title: str, found: Sequence[Term], parameters: ValidityParameters) -> str | None:
    if found:
        return "写明长期有效，是否允许由制定机关的规定决定"
    if title.rstrip("）)").endswith(parameters.lasting):
        return "这类文件可以不定有效期"
    return None


def over(
    examined: Examined, parameters: ValidityParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """A term that is longer than the limit, from the first day in force on."""
    document = examined.document
    trial = any(of in document.title for of in parameters.trial)
    limit = 12 * (parameters.trial_years if trial else parameters.years)
    begin = _begin(examined)
    for term in terms(document):
        end = _end(term, begin)
        too_long = (term.months or 0) > limit or (
            begin is not None and end is not None and end > _later(begin, limit)
        )
        if too_long:
            yield Question(term.article, term.words, f"有效期超过{limit // 12}年。")


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
    """The same day some months later, the month's last where it has none such."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


KINDS: Kinds = {
    "validity-missing": CheckKind(ValidityParameters, missing, whole=True),
    "validity-over": CheckKind(ValidityParameters, over, whole=True),
    "validity-expired": CheckKind(ValidityParameters, expired, whole=True),
}
