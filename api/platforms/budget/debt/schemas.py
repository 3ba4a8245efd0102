"""Government debt over the API. Money is whole fen."""

from __future__ import annotations

from pydantic import BaseModel

from api.platforms.budget.debt.records import Balance
from budget.detection.books import Debt
from budget.detection.budgets.debts import Break, Figure


class BalanceState(BaseModel):
    """Debt of a kind in a year; ``added_up``: there is no row for the kind as a whole. ``used`` is
    the share of the limit, of 1.
    """

    year: int
    kind: str
    limit_fen: int | None
    beginning_fen: int
    issued_fen: int
    repaid_fen: int
    interest_fen: int
    end_fen: int
    beyond_fen: int
    used: float | None
    added_up: bool


class DebtState(BaseModel):
    """A row as it was sent; ``project`` is a code, and empty of the kind as a whole."""

    year: int
    kind: str
    project: str
    name: str
    limit_fen: int | None
    beginning_fen: int
    issued_fen: int
    repaid_fen: int
    interest_fen: int
    end_fen: int


class BreakState(BaseModel):
    """A balance that the other figures contradict."""

    year: int
    kind: str
    project: str
    name: str
    figure: Figure
    says_fen: int
    should_fen: int


class DebtsState(BaseModel):
    """Balances of all years, the newest first; rows of the year; what does not add up in all."""

    year: int | None
    years: list[int]
    balances: list[BalanceState]
    rows: list[DebtState]
    breaks: list[BreakState]


def balance_state(of: Balance) -> BalanceState:
    """A kind in a year."""
    return BalanceState(
        year=of.year,
        kind=of.kind,
        limit_fen=of.limit,
        beginning_fen=of.beginning,
        issued_fen=of.issued,
        repaid_fen=of.repaid,
        interest_fen=of.interest,
        end_fen=of.end,
        beyond_fen=of.beyond,
        used=of.used,
        added_up=of.added_up,
    )


def debt_state(of: Debt) -> DebtState:
    """A row."""
    return DebtState(
        year=of.year,
        kind=of.kind,
        project=of.project,
        name=of.name,
        limit_fen=of.limit_cents,
        beginning_fen=of.beginning_cents,
        issued_fen=of.issued_cents,
        repaid_fen=of.repaid_cents,
        interest_fen=of.interest_cents,
        end_fen=of.end_cents,
    )


def break_state(of: Break) -> BreakState:
    """A contradiction."""
    return BreakState(
        year=of.debt.year,
        kind=of.debt.kind,
        project=of.debt.project,
        name=of.debt.name,
        figure=of.figure,
        says_fen=of.says_cents,
        should_fen=of.should_cents,
    )
