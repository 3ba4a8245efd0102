"""The chain of a year over the API. Money is whole fen."""

from __future__ import annotations

from pydantic import BaseModel

from budget.chain import Stage, Way


class TallyState(BaseModel):
    """Rows and their sum."""

    count: int
    amount_fen: int


class HopState(BaseModel):
    """A stage and the next. ``ways`` add up to ``below``; ``left_fen`` is what is above less
    ``onward``. That a row could not be matched says nothing of whether it had a budget.
    """

    from_stage: Stage
    to_stage: Stage
    above: TallyState
    below: TallyState
    ways: dict[Way, TallyState]
    unmatched_share: float
    onward: TallyState
    elsewhere: TallyState
    over: TallyState
    unused: TallyState
    left_fen: int


class ChainState(BaseModel):
    """A year; ``up_to_date`` is false, and there are no hops, while its chain is being made."""

    year: int | None
    years: list[int]
    up_to_date: bool
    adjusted: TallyState
    hops: list[HopState]


class RowState(BaseModel):
    """A row behind a figure: ``names`` is the id that it gives of the stage before, ``matched``
    the one that it was matched with. A source has no ``way``, and ``onward_fen`` instead.
    """

    id: int
    number: str
    names: str
    matched: str
    way: Way | None
    unit: str
    amount_fen: int
    onward_fen: int | None


class RowsState(BaseModel):
    """Fifty rows at most, those with the most money first, of so many."""

    count: int
    pages: int
    rows: list[RowState]
