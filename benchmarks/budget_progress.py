"""The rule on slow progress and the naive one on a city's departments and quarters.

    python -m benchmarks.budget_progress --data DIR

DIR holds ``department-obligations.csv`` of the City of Philadelphia: what each department spent by
the end of a quarter, and its target of the whole year. Nobody labelled what was slow, so this
counts how much each rule asks. At the end of each quarter the rule is run on what was known by
then; the naive one asks about whoever is ten points behind the share of the year that is gone.
Fiscal months stand as months of the calendar, so that a year has one number.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np

from budget.detection.books import MISSING, Books, BudgetLine, Payments, Texts
from budget.detection.documents import FOLDER, load
from budget.detection.engine import run
from budget.detection.records import Column, RuleDocument

FILE = "department-obligations.csv"
NAIVE_BEHIND = 0.1
QUARTERS = 4
EPOCH = date(1970, 1, 1)
ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class Reported:
    """A department at the end of a quarter: spent since the year began, and the year's target."""

    department: str
    year: int
    quarter: int
    actual_cents: int
    target_cents: int

    @property
    def is_naively_slow(self) -> bool:
        """Ten points behind the share of the year that is gone."""
        share = self.actual_cents / self.target_cents
        return share < self.quarter / QUARTERS - NAIVE_BEHIND


@dataclass(frozen=True, slots=True)
class Count:
    """Departments at the ends of a quarter of all years, and how many each rule asks about."""

    quarter: int
    reported: int
    naive: int
    ours: int


def main() -> None:
    """Print a line a quarter and one of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    counts = counted(read(parser.parse_args().data / FILE))
    total = Count(
        0, *(sum(getattr(of, name) for of in counts) for name in ("reported", "naive", "ours"))
    )
    print("quarter  departments  naive          rule")
    for of in (*counts, total):
        naive, ours = 100 * of.naive / of.reported, 100 * of.ours / of.reported
        print(
            f"{of.quarter or 'all':>7}  {of.reported:11}  {of.naive:4} {naive:5.1f} %  "
            f"{of.ours:4} {ours:5.1f} %"
        )


def read(path: Path) -> tuple[Reported, ...]:
    """The quarters of a file. A department without a target of more than nothing is left out."""
    actual: dict[tuple[str, int, int], int] = {}
    target: dict[tuple[str, int, int], int] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["report_fiscal_year"] != row["fiscal_year"]:
                continue
            key = row["dept_name"], int(row["fiscal_year"]), int(row["report_quarter"])
            cents = int(Decimal(row["total"] or 0) * 100)
            match row["variable"], row["time_period"]:
                case "Actual", "YTD":
                    actual[key] = actual.get(key, 0) + cents
                case "Target Budget", "Full Year":
                    target[key] = target.get(key, 0) + cents
    return tuple(
        Reported(*key, actual[key], target[key])
        for key in sorted(actual)
        if target.get(key, 0) > 0
    )


def counted(reported: Iterable[Reported]) -> list[Count]:
    """How much the naive rule and ours ask, by quarter. The first years have no history and are
    counted all the same.
    """
    rows = list(reported)
    rule = _rule()
    counts = []
    for quarter in range(1, QUARTERS + 1):
        of_quarter = [of for of in rows if of.quarter == quarter]
        ours = sum(
            _asked([of for of in rows if (of.year, of.quarter) <= (year, quarter)], rule)
            for year in sorted({of.year for of in of_quarter})
        )
        naive = sum(of.is_naively_slow for of in of_quarter)
        counts.append(Count(quarter, len(of_quarter), naive, ours))
    return counts


def _rule() -> RuleDocument:
    """The rule as it comes, for reports by quarter instead of by month."""
    (rule,) = (of for of in load(FOLDER) if of.id == "slow-progress")
    by_quarter = {**rule.parameters, "from_month": 3}
    return msgspec.structs.replace(rule, parameters=by_quarter)


def _asked(known: list[Reported], rule: RuleDocument) -> int:
    """How many departments the rule asks about at the end of the last quarter that is known."""
    year = max(of.year for of in known)
    found = run(_books(known), (rule,)).findings
    return sum(1 for of in found if of.facts["year"] == year)


def _books(known: list[Reported]) -> Books:
    """Lines of targets as last known, and a payment of each quarter's own money at its end."""
    latest: dict[tuple[str, int], Reported] = {}
    cents, days, units = [], [], []
    for of in sorted(known, key=lambda of: (of.department, of.year, of.quarter)):
        before = latest.get((of.department, of.year))
        cents.append(of.actual_cents - (before.actual_cents if before else 0))
        days.append((date(of.year, *ENDS[of.quarter - 1]) - EPOCH).days)
        units.append(of.department)
        latest[of.department, of.year] = of
    lines = tuple(
        BudgetLine(
            year=of.year,
            unit=of.department,
            project="",
            function="",
            economic="",
            basic=True,
            approved_cents=of.target_cents,
            adjusted_cents=of.target_cents,
        )
        for of in latest.values()
    )
    return Books(payments=payments(cents, days, units), lines=lines)


def payments(cents: list[int], days: list[int], units: list[str]) -> Payments:
    """Payments of which nothing else is known."""
    names = sorted(set(units))
    nothing = Texts(np.full(len(cents), MISSING, dtype=np.int32))
    columns = dict.fromkeys((of for of in get_args(Column) if of != "unit"), nothing)
    return Payments(
        ids=np.arange(len(cents)),
        cents=np.array(cents, dtype=np.int64),
        days=np.array(days, dtype=np.int32),
        unit=Texts(np.array([names.index(of) for of in units], dtype=np.int32), tuple(names)),
        **columns,
    )


if __name__ == "__main__":
    main()
