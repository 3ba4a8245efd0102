"""Problems of an audit that come back in a later year (屡审屡犯)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import AuditProblem, Books
from budget.detection.budgets.matching.coding import Floats, bare, percent, plain, units
from budget.detection.budgets.matching.phrases import Pattern, pattern
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
NUMBERS = re.compile(r"\d[\d,.，]*\s*(?:万元|亿元|元|年度|年|月|日|%|个|笔|项|份|辆|台|次)?")


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """How alike the texts of two problems must be, from 0 to 1: ``alike`` where the audit gave
    them the same type, ``alike_of_others`` where not, within ``years``. Problems of one type are
    also alike where they share half of the ``topics`` that their words name or more.
    """

    alike: Share
    alike_of_others: Share
    years: Annotated[int, Meta(ge=1, le=20)]
    topics: Mapping[str, tuple[str, ...]]
    followed_up: tuple[str, ...]
    """Words of a text that reports on an old problem and finds no new one."""


@dataclass(frozen=True, slots=True)
class _Read:
    problem: AuditProblem
    topics: frozenset[str]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each problem that is like one of the same unit in an earlier year."""
    yield from returned(books.problems, books.units, by)


def returned(
    given: Sequence[AuditProblem], names_of: Mapping[str, str], by: Parameters
) -> Iterator[Question]:
    """The same of problems alone, with the names of units by their codes."""
    unit = units(names_of)
    problems = sorted(given, key=lambda of: (of.year, of.id, of.unit, of.text))
    named = [unit.spelt(of.unit) for of in problems]
    names = [names_of.get(of, "") for of in named]
    weights = _weights([_words(of, name) for of, name in zip(problems, names, strict=True)])
    topics = {name: pattern(words) for name, words in by.topics.items()}
    of_units: dict[str, list[int]] = {}
    for at, name in enumerate(named):
        of_units.setdefault(name, []).append(at)
    for name, own in of_units.items():
        read = [_Read(problems[at], _topics(problems[at], topics)) for at in own]
        yield from _returned(name, read, weights[own], by)


def _topics(of: AuditProblem, topics: Mapping[str, Pattern]) -> frozenset[str]:
    text = plain(of.text)
    return frozenset(name for name, words in topics.items() if words and words.search(text))


def _returned(
    unit: str, read: Sequence[_Read], weights: Floats, by: Parameters
) -> Iterator[Question]:
    likeness = weights @ weights.T
    for later, of in enumerate(read):
        if any(word in of.problem.text for word in by.followed_up):
            continue
        earlier = [
            at for at in range(later) if _is_like(of, read[at], float(likeness[later, at]), by)
        ]
        if earlier:
            closest = max(earlier, key=lambda at: (likeness[later, at], -at))
            times = len({read[at].problem.year for at in earlier}) + 1
            alike = float(likeness[later, closest])
            yield _question(unit, of.problem, read[closest].problem, times, alike)


def _is_like(of: _Read, earlier: _Read, likeness: float, by: Parameters) -> bool:
    if not 0 < of.problem.year - earlier.problem.year <= by.years:
        return False
    kind = plain(of.problem.kind)
    if not kind or kind != plain(earlier.problem.kind):
        return likeness >= by.alike_of_others
    shared, either = of.topics & earlier.topics, of.topics | earlier.topics
    return likeness >= by.alike or (bool(shared) and 2 * len(shared) >= len(either))


def _question(
    unit: str, of: AuditProblem, first: AuditProblem, times: int, alike: float
) -> Question:
    return Question(
        grade=2 if plain(of.kind) == plain(first.kind) else 3,
        unit=unit,
        subject=f"{of.id}/{first.id}",
        cents=of.cents,
        rows=(),
        facts={
            "records": f"{first.id},{of.id}",
            "problem": of.id,
            "year": of.year,
            "text": of.text,
            "first": first.id,
            "first_year": first.year,
            "first_text": first.text,
            "times": times,
            "alike_percent": percent(alike, 1),
        },
    )


def _words(of: AuditProblem, name: str) -> Counter[str]:
    """Pairs of signs in a problem's text without numbers and the unit's own name."""
    text = NUMBERS.sub("", plain(of.text))
    text = bare(text.replace(name, "") if name else text)
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def _weights(texts: Sequence[Counter[str]]) -> Floats:
    """Each text's pairs, the rarer in all texts the heavier, as a vector of length one."""
    in_texts = Counter(pair for of in texts for pair in of)
    at = {pair: number for number, pair in enumerate(sorted(in_texts))}
    weights = np.zeros((len(texts), len(at)))
    for row, of in enumerate(texts):
        for pair, n in of.items():
            rarity = np.log((1 + len(texts)) / (1 + in_texts[pair])) + 1
            weights[row, at[pair]] = (1 + np.log(n)) * rarity
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    scaled: Floats = weights / np.maximum(length, 1e-12)
    return scaled


AUDIT_PROBLEM_RETURNS = RuleKind(
    name="audit-problem-returns",
    parameters=Parameters,
    needs=frozenset({"problems"}),
    find=find,
)
