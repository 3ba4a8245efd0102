"""Reference ranges with their source, in place of targets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import TOTAL
from config.files import read_toml

Measure = Literal["clearance", "pending-share"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
"""结案率 已结/新收, and 未结 in (旧存 + 新收), each in percent."""
MOST = 1_000_0
"""A thousand percent, in tenths of a percent point."""


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both among them, in tenths of a percent point; who says so, and of
    which day. ``mark`` is how well the source of a shipped one was read; empty: the office's.
    """

    body: str
    measure: Measure
    low: int
    high: int
    source: str
    day: str
    mark: str = ""


@cache
def shipped() -> Sequence[Range]:
    """Those that come with the product."""
    rows = read_toml(Path(__file__).parents[1] / "data" / "ranges.toml", "mend the file")["range"]
    return [
        Range(
            body=row["body"],
            measure=row["measure"],
            low=tenths(str(row["low"])) or 0,
            high=tenths(str(row["high"])) or 0,
            source=row["source"],
            day=str(date.fromisoformat(str(row["date"]))),
            mark=row["mark"],
        )
        for row in rows
    ]


def tenths(given: str) -> int | None:
    """A percentage with at most one decimal, in tenths; None: it is none."""
    try:
        value = Decimal(given.strip().removesuffix("%").strip()) * 10
    except InvalidOperation:
        return None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= MOST:
        return None
    return int(value)


def measured(month: Month, measure: Measure) -> int | None:
    """A measure of the sums of a month in tenths of a percent point, rounded down; None where a
    count is hidden or there is nothing to divide by.
    """
    old, new, closed, pending = (
        month.shown(TOTAL, of) for of in ("old", "new", "closed", "pending")
    )
    if old is None or new is None or closed is None or pending is None:
        return None
    above, below = (closed, new) if measure == "clearance" else (pending, old + new)
    return above * 1000 // below if below else None
