"""Money carried over and not used for two years running (预算法第42条)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books, Indicator
from budget.detection.budgets.matching.coding import (
    MONTHS,
    Codebook,
    calendar,
    percent,
    plain,
    project_fact,
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


@dataclass(frozen=True, slots=True)
class _Left:
    """Money of an earlier year at the end of the year into which it was carried."""

    year: int
    carried: int
    used: int
    returned: int
    again: int | None
    """The money carried on; None where books end with the year."""

    @property
    def cents(self) -> int:
        left = self.carried - self.used - self.returned
        if self.again is None:
            return 0 if self.returned else left
        return min(left, self.again)


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit, project and fund, and the year that begins with money two years
    old: what was carried into the year before, less what was taken back, less what was paid of
    it, or, where payments name no indicator, less all that was paid for the project, as the
    oldest money is used first. Of what could have been carried on only that counts which was:
    the rest has lapsed. At the end of books nothing is asked where some was taken back, as then
    the finance bureau has seen it. Money that lies for more years is one question.
    """
    ids: dict[tuple[Key, int], list[str]] = {}
    for of_year, indicator in _indicators(books, by):
        ids.setdefault(of_year, []).append(indicator.id)
    asked: dict[Key, list[_Left]] = {}
    for key, of in _left(books, by):
        if of.cents >= by.at_least_cents and of.cents > by.left * of.carried:
            asked.setdefault(key, []).append(of)
    for key, lying in asked.items():
        for at, of in enumerate(lying):
            if at == 0 or lying[at - 1].year != of.year - 1:
                records = ids[key, of.year] + ids.get((key, of.year + 1), [])
                yield _question(key, of, sorted(set(records)))


def _question(key: Key, of: _Left, records: Sequence[str]) -> Question:
    unit, project, fund = key
    return Question(
        grade=1 if of.again else 2,
        unit=unit,
        subject=f"{project}/{fund}/{of.year + 1}",
        cents=of.cents,
        rows=(),
        facts={
            "records": ",".join(records),
            "project": project_fact(project),
            "fund": fund,
            "year": of.year + 1,
            "origin_year": of.year - 1,
            "carried_cents": of.carried,
            "used_cents": of.used,
            "returned_cents": of.returned,
            "left_cents": of.cents,
            "left_percent": percent(of.cents, of.carried),
            "again_cents": of.again or 0,
        },
    )


def _left(books: Books, by: Parameters) -> Iterator[tuple[Key, _Left]]:
    """By unit, project and fund, each with its years in order."""
    carried, returned = _carried(books, by), _returned(books)
    linked, free = _paid(books, by)
    last = _last_full_year(books)
    for (key, year), cents in sorted(carried.items()):
        if year <= last:
            yield (
                key,
                _Left(
                    year=year,
                    carried=cents,
                    used=linked.get((key, year), 0) + max(0, free.get((key[:2], year), 0)),
                    returned=returned.get((key[:2], year), 0),
                    again=carried.get((key, year + 1), 0 if year < last else None),
                ),
            )


def _returned(books: Books) -> dict[tuple[tuple[str, str], int], int]:
    """Money that adjustments took from a unit's project in a year, on the whole."""
    unit = units(books.units)
    net: dict[tuple[tuple[str, str], int], int] = {}
    for of in books.adjustments:
        key = (unit.spelt(of.unit), plain(of.project)), of.year
        net[key] = net.get(key, 0) + of.cents
    return {key: max(0, -cents) for key, cents in net.items()}


def _carried(books: Books, by: Parameters) -> dict[tuple[Key, int], int]:
    carried: dict[tuple[Key, int], int] = {}
    for key, of in _indicators(books, by):
        carried[key] = carried.get(key, 0) + of.cents
    return carried


def _indicators(books: Books, by: Parameters) -> Iterator[tuple[tuple[Key, int], Indicator]]:
    """Indicators of carried money, with their unit, project and fund, and year."""
    unit = units(books.units)
    for of in books.indicators:
        if plain(of.source) == by.source:
            yield ((unit.spelt(of.unit), plain(of.project), plain(of.fund)), of.year), of


def _paid(
    books: Books, by: Parameters
) -> tuple[dict[tuple[Key, int], int], dict[tuple[tuple[str, str], int], int]]:
    """Payments of carried money, and those for projects that name no indicator."""
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
    free: dict[tuple[tuple[str, str], int], int] = {}
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
