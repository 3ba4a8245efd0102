"""Progress behind what is usual for the same money at the same time of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import MISSING, NO_DAY, Books
from budget.detection.budgets.matching.approved import Approved, approved
from budget.detection.budgets.matching.coding import (
    MONTHS,
    Flags,
    Floats,
    Grouped,
    Ints,
    bare,
    calendar,
    percent,
    plain,
    project_fact,
    units,
)
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
Month = Annotated[int, Meta(ge=1, le=12)]
LAST_DAYS = 4
"""A month counts as over when books reach its last days: the very last may have no payment."""


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """When a project is called slow at the end of a year, or at the last end of a month that an
    unfinished year has reached: ``behind`` below the middle of its own years and not above that
    of its fund class, and ``below_lowest`` below the worst of its own, of later ones too where
    books have them: what turned out to be usual is not asked about.
    """

    behind: Share
    below_lowest: Share
    from_month: Month
    """Earlier in an unfinished year nothing is asked."""
    carried: str
    """The source of indicators of money carried over."""
    history: Annotated[int, Meta(ge=1, le=20)]
    """Other years that there must be."""
    at_least_cents: Annotated[int, Meta(ge=0)]
    left_out: tuple[str, ...]
    """Sources of indicators whose time of the year is not the unit's own doing."""
    issued_until: Month
    """Indicators of later months are left out."""
    year_starts: Month = 1


@dataclass(frozen=True, slots=True)
class _Judged:
    """By group and year: the share paid, what was usual, and who is behind, at the end of the
    year's ``months``, 0 to 11 and -1 where nothing is asked.
    """

    share: Floats
    own: Floats
    fund: Floats
    behind: Flags
    months: Ints


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each project and year that ran behind. What contracts with payments in the
    year still hold back counts as paid, as it waits for others; and so does what was carried
    into the next year, which is a rule of its own.
    """
    money = approved(books, by.left_out, by.issued_until, by.year_starts)
    judged = _judged(money, _months(books, by, money), by)
    contracts, carried = _Contracts(books), _carried(books, by)
    for group, year in np.argwhere(judged.behind).tolist():
        rows = money.rows(group, year)
        rows = rows[money.months[rows] <= judged.months[year]]
        held = contracts.held_back(rows)
        held = max(held, carried.get((money.groups[group], money.first_year + year + 1), 0))
        gap = judged.own[group, year] - judged.share[group, year]
        if gap - held / money.base[group, year] >= by.behind:
            yield _question(money, judged, group, year, held, rows)


def _question(
    money: Approved, judged: _Judged, group: int, year: int, held: int, rows: Ints
) -> Question:
    share, own, fund = (float(of[group, year]) for of in (judged.share, judged.own, judged.fund))
    base, month = int(money.base[group, year]), int(judged.months[year])
    named = money.first_year + year
    return Question(
        grade=2,
        unit=money.unit(group),
        subject=f"{money.project(group)}/{named}",
        cents=round((own - share) * base),
        rows=tuple(rows.tolist()),
        by_subject=True,
        facts={
            "project": project_fact(money.project(group)),
            "year": named,
            "month": month + 1,
            "base_cents": base,
            "paid_cents": int(money.paid[group, year, : month + 1].sum()),
            "held_cents": held,
            "paid_percent": percent(share, 1),
            "own_percent": percent(own, 1),
            "fund_percent": percent(fund, 1),
            "time_percent": percent(month + 1, MONTHS),
            "fund": money.fund(group),
        },
    )


def _carried(books: Books, by: Parameters) -> dict[tuple[tuple[str, str], int], int]:
    """Money carried into a year, by unit and project, and year."""
    unit = units(books.units)
    carried: dict[tuple[tuple[str, str], int], int] = {}
    for of in books.indicators:
        if plain(of.source) == by.carried:
            key = (unit.spelt(of.unit), plain(of.project)), of.year
            carried[key] = carried.get(key, 0) + of.cents
    return carried


class _Contracts:
    def __init__(self, books: Books) -> None:
        self._books = books
        self._cents = {bare(of.id): of.cents for of in books.contracts}
        self._paid = Grouped(books.payments.contract.codes.astype(np.int64))

    def held_back(self, rows: Ints) -> int:
        """The part of the contracts of some payments not yet paid on the day of the last."""
        payments, held = self._books.payments, 0
        if not len(rows):
            return 0
        day = payments.days[rows].max()
        for code in set(payments.contract.codes[rows].tolist()) - {MISSING}:
            cents = self._cents.get(bare(payments.contract.values[code]), 0)
            paid = self._paid.rows(code)
            paid = paid[payments.days[paid] <= day]
            held += max(0, cents - int(payments.cents[paid].sum()))
        return held


def _months(books: Books, by: Parameters, money: Approved) -> Ints:
    """The month at whose end each year is judged, 0 to 11, -1 for a year not so far."""
    months = np.full(money.base.shape[1], MONTHS - 1, dtype=np.int64)
    days = books.payments.days
    last = days[days != NO_DAY].max() + LAST_DAYS
    year, month = calendar(np.array([last], dtype=np.int32), by.year_starts)
    reached = int(year[0]) - money.first_year
    months[reached:] = int(month[0]) - 1 if month[0] >= by.from_month else -1
    months[reached + 1 :] = -1
    return months


def _judged(money: Approved, months: Ints, by: Parameters) -> _Judged:
    known = money.base >= max(by.at_least_cents, 1)
    paid = np.cumsum(money.paid, axis=2) / np.maximum(money.base, 1)[:, :, None]
    share = np.where(known, paid[:, np.arange(len(months)), months], np.nan)
    own, fund = np.full_like(share, np.nan), np.full_like(share, np.nan)
    behind = np.zeros(share.shape, dtype=bool)
    full = months == MONTHS - 1
    for year, month in enumerate(months.tolist()):
        others = _others(known & full, year, by.history)
        judged = known[:, year] & (others.sum(axis=1) >= by.history)
        if month < 0 or not judged.any():
            continue
        now = share[judged, year]
        usual = np.where(others[judged], paid[judged, :, month], np.nan)
        own[judged, year] = np.nanmedian(usual, axis=1)
        fund[judged, year] = _of_funds(share[:, year], known[:, year], money.funds)[judged]
        ever = np.where(_all_others(known & full, year)[judged], paid[judged, :, month], np.inf)
        behind[judged, year] = (
            (own[judged, year] - now >= by.behind)
            & (ever.min(axis=1) - now >= by.below_lowest)
            & (now <= fund[judged, year])
        )
    return _Judged(share, own, fund, behind, months)


def _others(known: Flags, year: int, history: int) -> Flags:
    """The years, by group, that a year is held against: those before it, or, where they are too
    few, as in the first years of books, all others.
    """
    others = _all_others(known, year)
    enough = others[:, :year].sum(axis=1) >= history
    others[enough, year + 1 :] = False
    return others


def _all_others(known: Flags, year: int) -> Flags:
    others = known.copy()
    others[:, year] = False
    return others


def _of_funds(share: Floats, known: Flags, funds: Ints) -> Floats:
    """The middle of each group's fund class in a year."""
    middle = np.full_like(share, np.nan)
    for fund in np.unique(funds[known]):
        alike = funds == fund
        middle[alike] = np.median(share[alike & known])
    return middle


SLOW_PROGRESS = RuleKind(
    name="slow-progress",
    parameters=Parameters,
    needs=frozenset({"unit", "days"}),
    either=frozenset({"indicators", "lines"}),
    find=find,
)
