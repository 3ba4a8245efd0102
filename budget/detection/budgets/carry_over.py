"""Money carried over and not used for two years running (预算法第42条)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books
from budget.detection.budgets.matching.coding import (
    MONTHS,
    Codebook,
    calendar,
    percent,
    plain,
    sums,
    units,
)
from budget.detection.budgets.matching.linking import by_id
from budget.detection.records import Question, RuleKind

Key = tuple[str, str, str]
Share = Annotated[float, Meta(ge=0, le=1)]


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Carried money of which more than ``left`` and ``at_least_cents`` are unused at the end of
    the year into which it was carried. ``source`` is that of indicators of carried money.
    """

    source: str
    left: Share
    at_least_cents: Annotated[int, Meta(ge=0)]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit, project, fund and year into which money was carried: what was
    carried less what was paid of it, or, where payments name no indicator, less all that was paid
    for the project, as the oldest money is used first. Of a year after which more years follow
    only that counts which was carried again: the rest was taken back.
    """
    carried = _carried(books, by)
    linked, free = _paid(books, by)
    last = _last_full_year(books)
    for (key, year), cents in sorted(carried.items()):
        if year > last:
            continue
        used = linked.get((key, year), 0)
        used += max(0, free.get((key[:2], year), 0))
        again = carried.get((key, year + 1), 0)
        left = min(cents - used, again) if year < last else cents - used
        if left < by.at_least_cents or left <= by.left * cents:
            continue
        unit, project, fund = key
        yield Question(
            grade=1 if again else 2,
            unit=unit,
            subject=f"{project}/{fund}/{year}",
            cents=left,
            rows=(),
            facts={
                "project": project,
                "fund": fund,
                "year": year,
                "carried_cents": cents,
                "used_cents": used,
                "left_cents": left,
                "left_percent": percent(left, cents),
                "again_cents": again,
            },
        )


def _carried(books: Books, by: Parameters) -> dict[tuple[Key, int], int]:
    carried: dict[tuple[Key, int], int] = {}
    unit = units(books.units)
    for of in books.indicators:
        if plain(of.source) == by.source:
            named = unit.spelt(of.unit)
            key = ((named, plain(of.project), plain(of.fund)), of.year)
            carried[key] = carried.get(key, 0) + of.cents
    return carried


def _paid(
    books: Books, by: Parameters
) -> tuple[dict[tuple[Key, int], int], dict[tuple[tuple[str, ...], int], int]]:
    """What was paid of carried money, and what was paid for projects without an indicator."""
    payments, indicators = books.payments, books.indicators
    of = by_id(payments.indicator, indicators).of
    paid = sums(payments.cents[of >= 0], of[of >= 0], len(indicators))
    unit, project = units(books.units), Codebook()
    linked: dict[tuple[Key, int], int] = {}
    for row, cents in zip(indicators, paid.tolist(), strict=True):
        if plain(row.source) == by.source:
            named = unit.spelt(row.unit)
            key = ((named, plain(row.project), plain(row.fund)), row.year)
            linked[key] = linked.get(key, 0) + cents
    years, _ = calendar(payments.days)
    alone = of < 0
    codes = unit.column(payments.unit)[alone], project.column(payments.project)[alone]
    cell = (codes[0] * len(project) + codes[1]) * 10000 + np.maximum(years[alone], 0)
    known, at = np.unique(cell, return_inverse=True)
    total = sums(payments.cents[alone], at.reshape(-1), len(known)).tolist()
    free: dict[tuple[tuple[str, ...], int], int] = {}
    for number, cents in zip(known.tolist(), total, strict=True):
        pair, year = divmod(number, 10000)
        names = unit.texts[pair // len(project)], project.texts[pair % len(project)]
        free[names, year] = cents
    return linked, free


def _last_full_year(books: Books) -> int:
    days = books.payments.days
    year, month = calendar(np.array([days[days != NO_DAY].max()], dtype=np.int32))
    return int(year[0]) - (0 if month[0] == MONTHS - 1 else 1)


CARRY_OVER = RuleKind(
    name="carry-over-two-years",
    parameters=Parameters,
    needs=frozenset({"indicators", "days", "unit"}),
    find=find,
)
