"""Problems of an audit that come back in a later year (屡审屡犯)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import AuditProblem, Books
from budget.detection.budgets.matching.coding import Floats, bare, plain, units
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
NUMBERS = re.compile(r"\d[\d,.，]*\s*(?:万元|亿元|元|年度|年|月|日|%|个|笔|项|份|辆|台|次)?")


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """How alike the texts of two problems must be, from 0 to 1: ``alike`` where the audit gave
    them the same type, ``alike_of_others`` where not, within ``years``.
    """

    alike: Share
    alike_of_others: Share
    years: Annotated[int, Meta(ge=1, le=20)]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each problem that is like one of the same unit in an earlier year."""
    unit = units(books.units)
    problems = sorted(books.problems, key=lambda of: (of.year, of.id, of.unit, of.text))
    named = [unit.spelt(of.unit) for of in problems]
    texts = [
        _words(of, books.units.get(name, "")) for of, name in zip(problems, named, strict=True)
    ]
    weights = _weights(texts)
    of_units: dict[str, list[int]] = {}
    for at, name in enumerate(named):
        of_units.setdefault(name, []).append(at)
    for name, own in of_units.items():
        yield from _returned(name, [problems[at] for at in own], weights[own], by)


def _returned(
    unit: str, problems: Sequence[AuditProblem], weights: Floats, by: Parameters
) -> Iterator[Question]:
    likeness = weights @ weights.T
    for later, of in enumerate(problems):
        earlier = [
            (float(likeness[later, at]), -at)
            for at in range(later)
            if 0 < of.year - problems[at].year <= by.years
            and likeness[later, at] >= _limit(of, problems[at], by)
        ]
        if not earlier:
            continue
        alike, at = max(earlier)
        first = problems[-at]
        yield Question(
            grade=2 if plain(of.kind) == plain(first.kind) else 3,
            unit=unit,
            subject=f"{of.id}/{first.id}",
            cents=of.cents,
            rows=(),
            facts={
                "problem": of.id,
                "year": of.year,
                "text": of.text,
                "first": first.id,
                "first_year": first.year,
                "first_text": first.text,
                "times": len({problems[-at].year for _, at in earlier}) + 1,
                "alike_percent": round(100 * alike, 1),
            },
        )


def _limit(one: AuditProblem, other: AuditProblem, by: Parameters) -> float:
    same = bool(plain(one.kind)) and plain(one.kind) == plain(other.kind)
    return by.alike if same else by.alike_of_others


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
