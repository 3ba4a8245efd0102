"""Hits in words for people: the clause with its words marked, the rule, what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.platforms.documents.rulebook.records import Examined, Hit, Judgement, Precision
from config.catalogue.words import Words
from documents.text.records import Document


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit for a page: its paragraph before, in and behind the words."""

    hit: Hit
    where: str
    before: str
    words: str
    after: str
    rule: str
    false_alarms: Sequence[str]
    precision: str
    judged: str


@dataclass(frozen=True, slots=True)
class Groups:
    """Hits of a text: those that nobody and nothing answered yet, those found worth a review,
    those found no fault, and those that an exclusion excuses.
    """

    open: Sequence[Shown]
    faults: Sequence[Shown]
    clear: Sequence[Shown]
    excused: Sequence[Shown]


def groups(t: Words, of: Examined) -> Groups:
    """Every hit of a text."""
    shown = [_shown(t, of, hit) for hit in sorted(of.hits, key=_position)]
    judged = {name: [one for one in shown if _verdict(one.hit) == name] for name in _VERDICTS}
    return Groups(*(judged[name] for name in _VERDICTS))


def precision(t: Words, of: Precision) -> str:
    """How often people said that a check was right, with the counts."""
    if of.share is None:
        return t("documents.hits.precision-none")
    n, right = of.faults + of.clear, of.faults
    return t("documents.hits.precision", n=n, right=right, share=f"{of.share:.0%}")


_VERDICTS = ("open", "fault", "clear", "excused")


def _verdict(hit: Hit) -> str:
    if hit.judged is not None:
        return hit.judged.verdict
    return "excused" if hit.excluded is not None else "open"


def _position(hit: Hit) -> tuple[int, int]:
    return (hit.article or 0, hit.inserted)


def _shown(t: Words, of: Examined, hit: Hit) -> Shown:
    before, words, after = _marked(of.document, hit)
    check = of.checks[hit.check]
    return Shown(
        hit,
        hit.label or t("documents.hits.outside"),
        before,
        words,
        after,
        f"{hit.law}{hit.clause}",
        check.false_alarms,
        precision(t, of.precisions.get(hit.check, Precision())),
        _judged(t, hit.judged) if hit.judged else "",
    )


def _judged(t: Words, of: Judgement) -> str:
    return t(f"documents.hits.judged-{of.verdict}", who=of.author, why=of.reason)


def _marked(document: Document, hit: Hit) -> tuple[str, str, str]:
    """The paragraph in which the words stand; the words alone where none has them whole."""
    for text in _paragraphs(document, hit):
        at = text.find(hit.words)
        if at >= 0:
            return text[:at], hit.words, text[at + len(hit.words) :]
    return "", hit.words, ""


def _paragraphs(document: Document, hit: Hit) -> Iterator[str]:
    for of in (document, *document.attachments):
        if hit.article is not None:
            for article in of.articles:
                if (article.number, article.inserted) == (hit.article, hit.inserted):
                    yield from article.text.splitlines()
            continue
        yield from of.preamble
        yield from of.closing
        for part in of.parts:
            yield from (part.title, *part.text.splitlines())
