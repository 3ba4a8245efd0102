"""Monthly flows: old and new less closed is pending, and pending is the next month's old."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from config.files import read_toml
from simulators.judicial.records import Row, Sheet

REMEDY = "install the product again, whole"
FIRST_YEAR, YEARS = 2023, 3
DUE = 10
"""Day of the next month by which a sheet is sent."""
_SEASON = (0.9, 0.6, 1.1, 1.0, 1.05, 1.0, 1.0, 0.95, 1.05, 0.9, 1.1, 1.3)


@dataclass(frozen=True, slots=True)
class Body:
    """One that reports; ``kinds`` with what usually comes in a month."""

    id: str
    name: str
    title: str
    xlsx: bool
    headers: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]


@cache
def bodies() -> tuple[Body, ...]:
    """All of the file."""
    rows = read_toml(Path(__file__).parent / "data" / "bodies.toml", REMEDY)["body"]
    return tuple(
        Body(
            id=row["id"],
            name=row["name"],
            title=row["title"],
            xlsx=row["xlsx"],
            headers=tuple(row["headers"]),
            kinds=tuple((kind, usual) for kind, usual in row["kinds"]),
        )
        for row in rows
    )


def months() -> list[date]:
    """First days of all months."""
    years = range(FIRST_YEAR, FIRST_YEAR + YEARS)
    return [date(year, month, 1) for year in years for month in range(1, 13)]


def due(month: date) -> date:
    """Until when its sheet is sent."""
    following = month.replace(day=28) + timedelta(days=4)
    return following.replace(day=DUE)


def totalled(rows: list[Row]) -> tuple[int, ...]:
    """Sums of the columns."""
    return tuple(map(sum, zip(*(row.figures for row in rows), strict=True)))


def split(closed: int, count: int, drawn: random.Random) -> tuple[int, ...]:
    """A number in so many parts."""
    if not count:
        return ()
    cuts = sorted(drawn.randint(0, closed) for _ in range(count - 1))
    return tuple(after - before for before, after in zip([0, *cuts], [*cuts, closed], strict=True))


def sheets(body: Body, drawn: random.Random) -> list[Sheet]:
    """All its months, nothing wrong in them."""
    pending = {kind: round(usual * drawn.uniform(0.5, 1.6)) for kind, usual in body.kinds}
    made: list[Sheet] = []
    for month in months():
        rows: list[Row] = []
        for kind, usual in body.kinds:
            came = round(usual * _SEASON[month.month - 1] * drawn.uniform(0.85, 1.15))
            old = pending[kind]
            share = drawn.uniform(0.9, 1.08) * (1.2 if month.month == 12 else 1)
            closed = min(round(came * share), old + came)
            pending[kind] = old + came - closed
            parts = split(closed, len(body.headers) - 5, drawn)
            rows.append(Row(kind, old, came, closed, pending[kind], parts))
        sent_on = due(month) - timedelta(days=drawn.randint(0, 6))
        made.append(Sheet(body.id, month, sent_on, rows, totalled(rows)))
    return made
