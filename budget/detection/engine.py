"""Runs rules on books: one engine for the latest load, for earlier years, for a rule not saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.documents import checked
from budget.detection.kinds import KINDS
from budget.detection.records import (
    Deferred,
    Exclusion,
    Finding,
    Input,
    Question,
    RuleDocument,
    RuleKind,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings, the gravest first, and the rules that could not be asked."""

    findings: tuple[Finding, ...]
    deferred: tuple[Deferred, ...]


def run(books: Books, rules: Iterable[RuleDocument]) -> Outcome:
    """Every rule that is on. Raises msgspec.ValidationError for parameters that a kind has not."""
    findings: list[Finding] = []
    deferred: list[Deferred] = []
    for rule in rules:
        if not rule.on:
            continue
        kind = KINDS[rule.kind]
        left = _without(books, rule.exclusions)
        missing = _missing(left, kind)
        if missing:
            deferred.append(Deferred(rule.id, missing))
        else:
            findings += _found(rule, kind, left)
    findings.sort(key=lambda of: (of.grade, -of.cents, of.rule, of.unit, of.subject, of.payments))
    return Outcome(tuple(findings), tuple(deferred))


def _missing(books: Books, kind: RuleKind[Any]) -> tuple[Input, ...]:
    missing = {of for of in kind.needs if not _given(books, of)}
    if not any(_given(books, of) for of in kind.either):
        missing |= kind.either
    return tuple(sorted(missing))


def _found(rule: RuleDocument, kind: RuleKind[msgspec.Struct], books: Books) -> list[Finding]:
    parameters = checked(rule)
    return [_finding(rule, books.payments, of) for of in kind.find(books, parameters)]


def _finding(rule: RuleDocument, payments: Payments, of: Question) -> Finding:
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        grade=of.grade,
        unit=of.unit,
        subject=of.subject,
        cents=of.cents,
        payments=tuple(sorted(int(payments.ids[row]) for row in of.rows)),
        facts=of.facts,
        by_subject=of.by_subject,
    )


def _given(books: Books, needed: Input) -> bool:
    if needed == "days":
        return bool((books.payments.days != NO_DAY).any())
    if hasattr(books.payments, needed):
        column: Texts = getattr(books.payments, needed)
        return column.known
    return bool(getattr(books, needed))


def _without(books: Books, exclusions: Iterable[Exclusion]) -> Books:
    kept = np.ones(len(books.payments), dtype=bool)
    for of in exclusions:
        kept &= ~_excluded(getattr(books.payments, of.column), of)
    if kept.all():
        return books
    return replace(books, payments=chosen(books.payments, kept))


def _excluded(column: Texts, by: Exclusion) -> NDArray[np.bool_]:
    hits = [by.text == text if by.whole else by.text in text for text in column.values]
    return np.array([*hits, False])[np.where(column.codes == MISSING, len(hits), column.codes)]


def chosen(payments: Payments, kept: NDArray[np.bool_]) -> Payments:
    """Some of the payments."""
    parts: dict[str, Any] = {}
    for field in fields(payments):
        column = getattr(payments, field.name)
        parts[field.name] = (
            Texts(column.codes[kept], column.values) if isinstance(column, Texts) else column[kept]
        )
    return Payments(**parts)
