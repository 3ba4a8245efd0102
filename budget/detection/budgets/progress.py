"""Progress behind what is usual for the same money at the same time of the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books
from budget.detection.budgets.matching.approved import Approved, approved
from budget.detection.budgets.matching.coding import MONTHS, Flags, Floats, Ints, calendar, percent
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
Month = Annotated[int, Meta(ge=1, le=12)]
LAST_DAYS = 4
"""A month counts as over when books reach its last days: the very last may have no payment."""


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """When a project is called slow: ``behind`` below the middle of its own earlier years and of
    its fund class, and ``below_lowest`` below the worst of its own, at ``running`` ends of months
    in a row from ``from_month`` to ``to_month`` of the budget year.
    """

    behind: Share
    below_lowest: Share
    from_month: Month
    to_month: Month
    running: Annotated[int, Meta(ge=1, le=12)]
    history: Annotated[int, Meta(ge=1, le=20)]
    """Earlier years that there must be."""
    at_least_cents: Annotated[int, Meta(ge=0)]
    left_out: tuple[str, ...]
    """Sources of indicators whose time of the year is not the unit's own doing."""
    issued_until: Month
    """Indicators of later months are left out."""
    year_starts: Month = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """Of groups, years and ends of months: the share paid, what was usual, and who is behind."""

    share: Floats
    own: Floats
    fund: Floats
    behind: Flags


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each project and year that ran behind, at the end of the worst month."""
    money = approved(books, by.left_out, by.issued_until, by.year_starts)
    judged = _judged(money, _over(books, by, money), by)
    for group, year in np.argwhere(judged.behind.any(axis=2)):
        gaps = np.where(judged.behind, judged.own - judged.share, -np.inf)[group, year]
        yield _question(money, judged, int(group), int(year), int(gaps.argmax()))


def _question(money: Approved, judged: Judged, group: int, year: int, month: int) -> Question:
    share, own, fund = (
        float(of[group, year, month]) for of in (judged.share, judged.own, judged.fund)
    )
    base = int(money.base[group, year])
    named = money.first_year + year
    return Question(
        grade=2,
        unit=money.unit(group),
        subject=f"{money.project(group)}/{named}",
        cents=round((own - share) * base),
        rows=(),
        facts={
            "project": money.project(group),
            "year": named,
            "month": month + 1,
            "months": ",".join(str(of + 1) for of in np.flatnonzero(judged.behind[group, year])),
            "base_cents": base,
            "paid_cents": int(money.paid[group, year, : month + 1].sum()),
            "paid_percent": percent(share, 1),
            "own_percent": percent(own, 1),
            "fund_percent": percent(fund, 1),
            "time_percent": percent(month + 1, MONTHS),
            "fund": money.fund(group),
        },
    )


def _over(books: Books, by: Parameters, money: Approved) -> Flags:
    """The ends of months, by year, that books have seen and that are judged."""
    size = money.base.shape[1]
    over = np.zeros((size, MONTHS), dtype=bool)
    over[:, by.from_month - 1 : by.to_month] = True
    days = books.payments.days
    last = days[days != NO_DAY].max() + LAST_DAYS
    year, month = calendar(np.array([last], dtype=np.int32), by.year_starts)
    reached = int(year[0]) - money.first_year
    if reached < size:
        over[reached, int(month[0]) :] = False
    return over


def _judged(money: Approved, over: Flags, by: Parameters) -> Judged:
    base = money.base[:, :, None]
    known = money.base >= max(by.at_least_cents, 1)
    share = np.where(
        known[:, :, None], np.cumsum(money.paid, axis=2) / np.maximum(base, 1), np.nan
    )
    own, fund = np.full_like(share, np.nan), np.full_like(share, np.nan)
    behind = np.zeros(share.shape, dtype=bool)
    for year in range(share.shape[1]):
        others = _others(known, over[:, by.to_month - 1], year, by.history)
        judged = known[:, year] & (others.sum(axis=1) >= by.history)
        if not judged.any():
            continue
        now = share[judged, year]
        usual = np.where(others[judged, :, None], share[judged], np.nan)
        own[judged, year] = np.nanmedian(usual, axis=1)
        fund[judged, year] = _of_funds(share[:, year], known[:, year], money.funds)[judged]
        behind[judged, year] = (
            (own[judged, year] - now >= by.behind)
            & (np.nanmin(usual, axis=1) - now >= by.below_lowest)
            & (now <= fund[judged, year])
            & over[year]
        )
    return Judged(share, own, fund, _in_a_row(behind, by.running, over))


def _others(known: Flags, full: Flags, year: int, history: int) -> Flags:
    """The years, by group, that a year is held against: those before it, or, where they are too
    few, as in the first years of books, all others that are over.
    """
    others = known & full
    others[:, year] = False
    enough = others[:, :year].sum(axis=1) >= history
    others[enough, year + 1 :] = False
    return others


def _of_funds(share: Floats, known: Flags, funds: Ints) -> Floats:
    """The middle of each group's fund class in a year, by ends of months."""
    middle = np.full_like(share, np.nan)
    for fund in np.unique(funds[known]):
        alike = funds == fund
        middle[alike] = np.median(share[alike & known], axis=0)
    return middle


def _in_a_row(behind: Flags, running: int, over: Flags) -> Flags:
    """Only where it lasts."""
    lasting = np.zeros_like(behind)
    for last in range(running - 1, MONTHS):
        run = behind[:, :, last - running + 1 : last + 1].all(axis=2)
        for month in range(last - running + 1, last + 1):
            lasting[:, :, month] |= run
    return lasting & over


SLOW_PROGRESS = RuleKind(
    name="slow-progress",
    parameters=Parameters,
    needs=frozenset({"unit", "days"}),
    either=frozenset({"indicators", "lines"}),
    find=find,
)
