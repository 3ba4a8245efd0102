"""A rule tried on a year, in force and as somebody would have it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from budget.detection.books import Books
from budget.detection.engine import Outcome, chosen
from budget.detection.records import Finding, Input

SHOWN = 50
"""Findings of a difference that are listed."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Tried:
    """A version on a year: its findings, and the inputs without which it could not be asked."""

    findings: tuple[Finding, ...]
    missing: tuple[Input, ...] = ()

    @property
    def cents(self) -> int:
        """The money that is asked about."""
        return sum(of.cents for of in self.findings)

    @property
    def units(self) -> int:
        """How many units are asked."""
        return len({of.unit for of in self.findings})


@dataclass(frozen=True, slots=True)
class Trial:
    """The version in force and a draft on the payments of a year; ``fresh`` are found by the draft
    alone, ``gone`` by the version in force alone, ``both`` is how many they share.
    """

    year: str
    payments: int
    now: Tried
    draft: Tried
    fresh: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    both: int
    units: Mapping[str, str]
    """Names of units by their codes."""


def until(books: Books, year: str) -> Books:
    """As much as was known of payments when a year ended."""
    kept = books.payments.days < _begins(int(year) + 1)
    return replace(books, payments=chosen(books.payments, kept))


def trial(year: str, books: Books, now: Outcome, draft: Outcome) -> Trial:
    """Two outcomes on books up to the end of a year: their questions of that year."""
    own = _of_year(books, year)
    first, second = (_tried(of, own, year) for of in (now, draft))
    fresh, gone = difference(first.findings, second.findings)
    both = len(first.findings) - len(gone)
    return Trial(year, len(own), first, second, fresh, gone, both, books.units)


def difference(
    first: Sequence[Finding], second: Sequence[Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Questions of the second alone, and of the first alone. Two are the same that are about the
    same subject of a unit; where payments name them, too, they have one in common.
    """
    left: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for of in first:
        left[of.unit, of.subject].append(of)
    fresh = []
    for of in second:
        others = left[of.unit, of.subject]
        same = next((other for other in others if _alike(of, other)), None)
        if same is None:
            fresh.append(of)
        else:
            others.remove(same)
    gone = {id(of) for others in left.values() for of in others}
    return tuple(fresh), tuple(of for of in first if id(of) in gone)


def _alike(one: Finding, other: Finding) -> bool:
    if one.by_subject or not one.payments or not other.payments:
        return one.by_subject or one.payments == other.payments
    return not set(one.payments).isdisjoint(other.payments)


def _of_year(books: Books, year: str) -> frozenset[int]:
    days = books.payments.days
    own = (days >= _begins(int(year))) & (days < _begins(int(year) + 1))
    return frozenset(books.payments.ids[own].tolist())


def _begins(year: int) -> int:
    """The first day of a year, in days since 1970."""
    return (date(year, 1, 1) - EPOCH).days


def _tried(outcome: Outcome, own: frozenset[int], year: str) -> Tried:
    found = tuple(of for of in outcome.findings if _asked_in(of, own, year))
    return Tried(found, tuple(name for of in outcome.deferred for name in of.missing))


def _asked_in(of: Finding, own: frozenset[int], year: str) -> bool:
    """Whether a question is of a year: by its payments, or what it says itself."""
    if of.payments:
        return not own.isdisjoint(of.payments)
    return str(of.facts.get("year", year)) == year
