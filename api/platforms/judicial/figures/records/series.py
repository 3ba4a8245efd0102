"""Months of one body over time: runs between breaks, and what may be compared. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.judicial.figures.records.templates import (
    TOTAL,
    Figures,
    Template,
    cell,
    month_after,
    year_earlier,
)


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of a month that count, and the names of the cells that are not shown."""

    month: str
    values: Figures
    hidden: frozenset[str] = frozenset()

    def shown(self, row: str, column: str) -> int | None:
        """A count, or None where it is hidden or was never sent."""
        name = cell(row, column)
        return None if name in self.hidden else self.values.get(name)


def runs(months: Sequence[Month], breaks: Collection[str]) -> Sequence[Sequence[Month]]:
    """Months in their order, cut where a definition changed: across a cut nothing is compared.
    ``breaks`` are the first months that count otherwise.
    """
    found: list[list[Month]] = []
    last = ""
    for one in sorted(months, key=lambda of: of.month):
        if not found or any(last < of <= one.month for of in breaks):
            found.append([])
        found[-1].append(one)
        last = one.month
    return found


def year_before(months: Sequence[Month], breaks: Collection[str]) -> Mapping[str, Month]:
    """By month the one a year earlier, where both count alike."""
    found = {}
    for run in runs(months, breaks):
        of_run = {of.month: of for of in run}
        for month in of_run:
            if (earlier := year_earlier(month)) in of_run:
                found[month] = of_run[earlier]
    return found


def make_up(template: Template, month: Month) -> Mapping[str, float | None]:
    """The share of each row in what came in, in percent; None where a count is hidden or nothing
    came. The shares of a body with hidden counts would tell them, and are never given.
    """
    total = month.shown(TOTAL, "new")
    if template.small or not total:
        return dict.fromkeys(template.rows)
    found = {row: month.shown(row, "new") for row in template.rows}
    return {row: None if new is None else 100 * new / total for row, new in found.items()}


def following(month: str, until: str) -> Sequence[str]:
    """The months from one up to before another."""
    found = []
    while month < until:
        found.append(month)
        month = month_after(month)
    return found
