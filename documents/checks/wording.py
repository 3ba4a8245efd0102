"""Checks of a clause's words: what it sets, and what excuses it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from msgspec import Struct

from documents.checks.clauses import Clause
from documents.checks.phrases import compiled
from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question, Within
from documents.text.records import Document

_STOPS = "，。；：！？\n"
_PLACE = re.compile(
    r"(?:(?!中共|关于)[\u4e00-\u9fff]){2,3}?"
    r"(?:开发区|街道|(?<![社园小街城地库景林校片辖山郊住])区|县|(?<!城)市|(?<![城乡村])镇|乡)"
)
_LOCAL = "local"
_Words = tuple[tuple[str, tuple[str, ...]], ...]


class WordingParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that are asked about, and lists of words that phrases name in ``{}``. The document's
    own place (青沙区 of 青沙区某局关于…) joins the list that is named ``local``.
    """

    phrases: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class _Excuse:
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    within: Within
    reason: str


def find(
    examined: Examined, parameters: WordingParameters, exclusions: Sequence[Exclusion]
) -> Iterator[Question]:
    """At most one question of a clause, one that nothing excuses where there is one."""
    words = _words_for(parameters, examined.document)
    asked = _compiled(parameters.phrases, words)
    excuses = _excuses(words, exclusions)
    for clause in examined.clauses:
        questions = list(_in(clause, asked, excuses, examined.document.title))
        if questions:
            yield next((of for of in questions if of.excluded is None), questions[0])


def verify(parameters: WordingParameters, exclusions: Sequence[Exclusion]) -> None:
    """Raises ValueError where a phrase does not hold."""
    if not parameters.phrases:
        raise ValueError("there are no phrases; write one at least")
    words = _frozen(parameters.words)
    _compiled(parameters.phrases, words)
    _excuses(words, exclusions)


def _words_for(parameters: WordingParameters, document: Document) -> _Words:
    if _LOCAL not in parameters.words:
        return _frozen(parameters.words)
    own = (*parameters.words[_LOCAL], *_own_places(document))
    return _frozen({**parameters.words, _LOCAL: own})


def _own_places(document: Document) -> tuple[str, ...]:
    """The places at the head of the title, of the maker and of the signature."""
    found = set()
    for head in (document.title, document.maker, *document.closing):
        begin = 0
        while place := _PLACE.match(head.strip(), begin):
            found.add(place.group())
            begin = place.end()
    return tuple(sorted(found))


def _excuses(words: _Words, exclusions: Sequence[Exclusion]) -> list[_Excuse]:
    return [
        _Excuse(_compiled(of.phrases, words), _compiled(of.unless, words), of.within, of.reason)
        for of in exclusions
    ]


def _frozen(words: Mapping[str, tuple[str, ...]]) -> _Words:
    return tuple(sorted((name, tuple(of)) for name, of in words.items()))


@lru_cache(maxsize=1_000)
def _compiled(phrases: tuple[str, ...], words: _Words) -> re.Pattern[str]:
    return compiled(phrases, dict(words))


def _in(
    clause: Clause, asked: re.Pattern[str], excuses: Sequence[_Excuse], title: str
) -> Iterator[Question]:
    """What stands in the lead alone is asked where the lead itself is a clause."""
    whole = clause.lead + clause.text
    begin = len(clause.lead)
    for match in asked.finditer(whole):
        if match.end() <= begin:
            continue
        reason = _reason(clause, whole, match, excuses, title)
        yield Question(clause.article, _around(whole, max(match.start(), begin), match.end()),
                       excluded=reason)  # fmt: skip


def _reason(
    clause: Clause, whole: str, match: re.Match[str], excuses: Sequence[_Excuse], title: str
) -> str | None:
    for excuse in excuses:
        if excuse.unless.search(whole):
            continue
        if excuse.within == "words":
            spans = [(of.start(), of.end()) for of in excuse.pattern.finditer(whole)]
            if any(a < match.end() and b > match.start() for a, b in spans):
                return excuse.reason
        elif excuse.pattern.search(_range(clause, whole, match, excuse.within, title)):
            return excuse.reason
    return None


def _range(clause: Clause, whole: str, match: re.Match[str], within: Within, title: str) -> str:
    match within:
        case "before":
            return whole[_begin(whole, match.start()) : match.end()]
        case "sentence":
            return clause.before + whole
        case "article":
            return clause.article.text if clause.article else clause.before + whole
        case "title":
            return title
        case _:
            return whole


def _begin(text: str, at: int) -> int:
    return max((text.rfind(stop, 0, at) for stop in _STOPS), default=-1) + 1


def _around(text: str, begin: int, end: int) -> str:
    """Words from comma to comma, that people can find them."""
    stops = [of for of in (text.find(stop, end) for stop in _STOPS) if of >= 0]
    return text[_begin(text, begin) : min(stops, default=len(text))].strip(" \u3000“”")


KINDS: Kinds = {"wording": CheckKind(WordingParameters, find, verify)}
