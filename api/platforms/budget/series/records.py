"""A line of the budget. Pure; money is whole fen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was changed last; texts that it lacks are empty."""

    year: int
    unit_code: str
    unit: str
    project_code: str
    project: str
    function: str
    amount: int
