"""Debt by year and kind, held against its limit. Pure; money is fen."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, StringConstraints

from budget.detection.books import Debt
from budget.detection.budgets.debts import Break


class Asked(BaseModel):
    """The year whose rows are shown; an empty one is the newest."""

    year: Annotated[str, StringConstraints(pattern=r"^(|\d{4})$")] = ""

    def query(self, **changes: str) -> str:
        """As part of an address."""
        return urlencode(self.model_dump(exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Balance:
    """Debt of a kind in a year. ``limit`` is None where nobody gave one. ``added_up``: there is no
    row for the kind as a whole, and the sums are those of its projects.
    """

    year: int
    kind: str
    limit: int | None
    beginning: int
    issued: int
    repaid: int
    interest: int
    end: int
    added_up: bool

    @property
    def beyond(self) -> int:
        """Of the balance, what is beyond the limit."""
        return max(0, self.end - self.limit) if self.limit is not None else 0

    @property
    def used(self) -> float | None:
        """The share of the limit, of 1; None without a limit above 0."""
        return self.end / self.limit if self.limit else None


@dataclass(frozen=True, slots=True)
class Found:
    """Balances of all years, the newest first; rows of the year, and what does not add up in all
    years. ``projects`` are codes of rows that have a page.
    """

    year: int | None
    years: Sequence[int]
    balances: Sequence[Balance]
    rows: Sequence[Debt]
    breaks: Sequence[Break]
    projects: Collection[str]


def is_whole(of: Debt) -> bool:
    """Whether a row is of a kind as a whole and of no project."""
    return not of.project and not of.name


def balances(debts: Iterable[Debt]) -> list[Balance]:
    """By year, the newest first, and kind: the row of the kind as a whole where there is one,
    else the sum of its projects.
    """
    found: dict[tuple[int, str], list[Debt]] = defaultdict(list)
    for of in debts:
        found[of.year, unicodedata.normalize("NFKC", of.kind).strip()].append(of)
    return [
        _balance(year, kind, rows)
        for (year, kind), rows in sorted(found.items(), key=lambda of: (-of[0][0], of[0][1]))
    ]


def _balance(year: int, kind: str, rows: Sequence[Debt]) -> Balance:
    whole = [of for of in rows if is_whole(of)]
    counted = whole or rows
    limits = [of.limit_cents for of in counted if of.limit_cents is not None]
    return Balance(
        year,
        kind,
        sum(limits) if len(limits) == len(counted) else None,
        sum(of.beginning_cents for of in counted),
        sum(of.issued_cents for of in counted),
        sum(of.repaid_cents for of in counted),
        sum(of.interest_cents for of in counted),
        sum(of.end_cents for of in counted),
        not whole,
    )
