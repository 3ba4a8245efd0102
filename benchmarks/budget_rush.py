"""The rule on spending at the year's end and the naive one on a city's departments.

    python -m benchmarks.budget_rush --data DIR

DIR holds ``department-obligations.csv`` of the City of Philadelphia. Its reports come by quarter:
the last quarter stands for the last two months of the rule, and a third of a quarter's money for
each of its months. What was spent by the third quarter is in the report of then, what was spent in
the whole year in a report of the next. Nobody labelled what was a rush, so this counts how much
each rule asks: the naive one about every department that spent more than half in the last quarter;
ours at the end of each year, on what was known by then, and over all years at once.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from benchmarks.budget_naive_budgets import RUSH
from benchmarks.budget_progress import ENDS, EPOCH, FILE, QUARTERS, payments
from budget.detection.books import Books
from budget.detection.documents import FOLDER, load
from budget.detection.engine import run
from budget.detection.records import RuleDocument

Spent = dict[tuple[str, int], tuple[int, ...]]
"""By department and year the cents of each quarter."""
MONTHS = 3


def main() -> None:
    """Print how many departments and years there are, and how many each rule asks about."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    spent = read(parser.parse_args().data / FILE)
    years = sorted({year for _, year in spent})
    known = ({of: spent[of] for of in spent if of[1] <= year} for year in years)
    at_the_time = sum(asked(of, (max(year for _, year in of),)) for of in known)
    naive = sum(quarters[-1] > RUSH * sum(quarters) for quarters in spent.values())
    print(f"{len(spent)} departments and years, {years[0]} to {years[-1]}")
    print(f"naive: {naive}, rule at the time: {at_the_time}, rule later: {asked(spent, years)}")


def read(path: Path) -> Spent:
    """Years of which the first three quarters and the whole are reported, the whole above nothing.

    A quarter that is not reported counts to the next one.
    """
    reached: dict[tuple[str, int], dict[int, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year, reported = int(row["fiscal_year"]), int(row["report_fiscal_year"])
            match row["variable"], row["time_period"], reported - year:
                case "Actual", "YTD", 0 if row["report_quarter"] != str(QUARTERS):
                    quarter = int(row["report_quarter"])
                case "Actual", "Full Year", 1:
                    quarter = QUARTERS
                case _:
                    continue
            of = reached.setdefault((row["dept_name"], year), {})
            of[quarter] = of.get(quarter, 0) + int(Decimal(row["total"] or 0) * 100)
    return {
        key: tuple(_quarters(of))
        for key, of in reached.items()
        if QUARTERS - 1 in of and of.get(QUARTERS, 0) > 0
    }


def _quarters(reached: dict[int, int]) -> Iterable[int]:
    before = 0
    for quarter in range(1, QUARTERS + 1):
        now = reached.get(quarter, before)
        yield now - before
        before = now


def asked(spent: Spent, years: Iterable[int]) -> int:
    """How many departments the rule asks about in some of the years."""
    found = run(_books(spent), (_rule(),)).findings
    return sum(1 for of in found if of.facts["year"] in set(years))


def _rule() -> RuleDocument:
    """The rule as it comes, for quarters instead of two months."""
    (rule,) = (of for of in load(FOLDER) if of.id == "year-end-rush")
    return msgspec.structs.replace(rule, parameters={**rule.parameters, "from_month": 10})


def _books(spent: Spent) -> Books:
    cents, days, units = [], [], []
    for (department, year), quarters in sorted(spent.items()):
        for quarter, of in enumerate(quarters):
            month = ENDS[quarter][0]
            for back in range(MONTHS):
                cents.append(of * (back + 1) // MONTHS - of * back // MONTHS)
                days.append((date(year, month - back, 28) - EPOCH).days)
                units.append(department)
    return Books(payments=payments(cents, days, units))


if __name__ == "__main__":
    main()
