"""Figures of handling over the API."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from api.platforms.duty.statistics.records import (
    RATES,
    Counts,
    Group,
    Line,
    Measure,
    RateName,
    share,
)


class RateState(BaseModel):
    """A rate with its parts; ``share`` of 1 is null where there is nothing to count."""

    numerator: Measure
    denominator: Measure
    share: float | None


class GroupState(BaseModel):
    """Everything counted of a unit, a year, a session or a topic."""

    key: str
    counts: Mapping[Measure, int]
    rates: Mapping[RateName, RateState]


class StatisticsState(BaseModel):
    """Groups in their official order, and all of them together. A rate is a share of what its
    denominator counts; ``…/rows`` has the rows of each measure.
    """

    total: GroupState
    groups: list[GroupState]


class RowState(BaseModel):
    """A suggestion, or a promise, that a measure counts."""

    id: int
    suggestion: int
    number: str
    title: str
    unit: str
    state: str


class RowsState(BaseModel):
    """Fifty at most; ask again with ``before`` of ``following``, 0 at the end."""

    rows: list[RowState]
    following: int


def group_state(key: str, counts: Counts) -> GroupState:
    """A group."""
    rates = {
        name: RateState(numerator=above, denominator=below, share=share(counts, name))
        for name, (above, below) in RATES.items()
    }
    return GroupState(key=key, counts=counts, rates=rates)


def groups_state(groups: list[Group], together: Counts) -> StatisticsState:
    """All groups."""
    return StatisticsState(
        total=group_state("", together), groups=[group_state(of.key, of.counts) for of in groups]
    )


def row_state(of: Line) -> RowState:
    """A row."""
    return RowState(
        id=of.id,
        suggestion=of.suggestion,
        number=of.number,
        title=of.title,
        unit=of.unit,
        state=of.state,
    )
