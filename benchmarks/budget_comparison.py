"""Comparisons over a million payments, and the chain of a year, by processor time.

    python -m benchmarks.budget_comparison [--payments N] [--rounds N]

Makes the tables of a treasury that is not there and asks in memory, as pages do once a process has
the columns: every pair of axes of a comparison, and figures, rows and ways of the chain of a year.
Fails where the median of any is over 200 ms, or matching the year takes over 30 s.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

import numpy as np

from api.platforms.budget.comparison.records import (
    Asked,
    Column,
    axis,
    chosen,
    month_columns,
    spread,
    year_columns,
)
from api.platforms.budget.ledger.records import EPOCH
from api.platforms.budget.ledger.repository import ASKED
from api.platforms.budget.linkage import repository
from api.platforms.budget.linkage.records import (
    AskedRows,
    Linkage,
    behind,
    linked,
    of_project,
    of_year,
    project_key,
    way_of,
)
from benchmarks.figures import report
from budget.chain import Entry, Stage
from budget.detection.books import Texts
from budget.ledger import Coding, Ledger, joined
from simulators.treasury.records import Payment, Treasury
from simulators.treasury.simulation import treasury

ASK_MS, MATCH_S = 200.0, 30.0
YEAR = 2024
FIELDS = {
    "unit": "unit",
    "unit_name": "unit_name",
    "project": "project",
    "project_name": "project_name",
    "payee": "payee",
    "use": "purpose",
    "function": "function",
    "economic": "item",
    "fund": "fund",
}
"""Columns of a ledger, and the fields of the simulated payments."""


def main() -> int:
    """Print the figures; 1 where one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    made = treasury(1, payments=asked.payments)
    ledger = _ledger(made.payments)
    entries = _entries(made)
    begun_s = time.process_time()
    ids = {stage: [*range(1, len(rows) + 1)] for stage, rows in entries.items()}
    linkage = linked(entries, ids, ())
    figures = {"match_cpu_s": time.process_time() - begun_s}
    print(f"matching {YEAR}: {figures['match_cpu_s']:.1f} s", flush=True)
    figures["kept_mb"] = sum(len(body) for _, body in repository.packed_columns(linkage)) / 1e6
    for name, ask in (*_comparisons(ledger), *_chains(linkage)):
        figures[f"{name}_cpu_ms"] = of = _median_ms(ask, asked.rounds)
        print(f"{name:24} {of:6.1f} ms", flush=True)
    report(figures)
    over = [name for name, of in figures.items() if name.endswith("_cpu_ms") and of > ASK_MS]
    print("over the limit:", over, file=sys.stderr)
    return int(bool(over) or figures["match_cpu_s"] > MATCH_S)


def _median_ms(ask: Callable[[], object], rounds: int) -> float:
    ask()
    found = []
    for _ in range(rounds):
        begun_s = time.process_time()
        ask()
        found.append((time.process_time() - begun_s) * 1000)
    return median(found)


def _comparisons(ledger: Ledger) -> Iterator[tuple[str, Callable[[], object]]]:
    columns = {
        "years": (year_columns(ledger.days), ""),
        "months": (month_columns(YEAR, 1), str(YEAR)),
    }

    def compared(asked: Asked, of: Sequence[Column], period: str) -> object:
        return spread(ledger, chosen(ledger, asked, period), axis(ledger, asked.lines), of)

    for lines in ("unit", "department", "project", "function", "economic", "fund"):
        for name, (of, period) in columns.items():
            asked = Asked.model_validate({"lines": lines})
            yield f"{lines}_by_{name}", partial(compared, asked, of, period)
    months = Asked.model_validate({"lines": "month"})
    yield "month_by_years", partial(compared, months, *columns["years"])


def _chains(of: Linkage) -> Iterator[tuple[str, Callable[[], object]]]:
    unit = of.rows["payment"].units.values[0]
    payment = int(of.rows["payment"].ids[-1])
    packed = dict(repository.packed_columns(of))
    yield "chain_read", lambda: repository.unpacked(packed)
    yield "chain_of_year", lambda: of_year(of, "")
    yield "chain_of_unit", lambda: of_year(of, unit)
    yield "chain_of_project", lambda: of_project(of, of.hops[0].names[0])
    yield "chain_of_payment", lambda: way_of(of, payment)
    yield "chain_rows", lambda: behind(of, AskedRows(hop="payment", grade="all"))


def _ledger(payments: Sequence[Payment]) -> Ledger:
    days = [of.paid_on.toordinal() - EPOCH for of in payments]
    whole = Ledger(
        np.arange(1, len(payments) + 1, dtype=np.int64),
        np.array([of.amount for of in payments], dtype=np.int64),
        np.array(days, dtype=np.int32),
        {name: _texts([getattr(of, field) for of in payments]) for name, field in FIELDS.items()},
    )
    return joined([whole], ASKED)


def _texts(values: Sequence[str]) -> Texts:
    coding = Coding()
    coding.add(values)
    return coding.texts()


def _entries(made: Treasury) -> dict[Stage, list[Entry]]:
    return {
        "project": [
            Entry(id=project_key(of.project, of.unit), source="", unit=of.unit, cents=of.changed)
            for of in made.budget_lines
            if of.year == YEAR
        ],
        "indicator": [
            Entry(
                id=of.number,
                source=project_key(of.project, of.unit),
                unit=of.unit,
                cents=of.amount,
                day=of.issued_on.toordinal() - EPOCH,
            )
            for of in made.indicators
            if of.year == YEAR
        ],
        "plan": [
            Entry(id=of.indicator, source=of.indicator, unit=of.unit, cents=of.amount)
            for of in made.plans
            if of.month.startswith(str(YEAR))
        ],
        "application": [
            Entry(
                id=of.number,
                source=of.indicator,
                unit=of.unit,
                cents=of.amount,
                day=of.applied_on.toordinal() - EPOCH,
            )
            for of in made.applications
            if of.applied_on.year == YEAR
        ],
        "payment": [
            Entry(
                id=of.voucher,
                source=of.application,
                unit=of.unit,
                cents=of.amount,
                day=of.paid_on.toordinal() - EPOCH,
            )
            for of in made.payments
            if of.paid_on.year == YEAR
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
