"""How well rules on money find what was planted in treasuries that are not there, and how much
they ask about real payments, beside rules that anybody would write first.

    python -m benchmarks.budget [--seeds 101 102 103] [--payments 200000] [--data DIR]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import budget_naive, budget_naive_budgets
from benchmarks.budget_books import books_of
from budget.detection import documents, engine
from budget.detection.books import MISSING, Books, Payments, Texts
from budget.detection.records import Finding
from budget.reading.files import read
from budget.reading.mapping import asked
from simulators.treasury.records import Label
from simulators.treasury.simulation import treasury

RECALL, PRECISION = 0.9, 0.7
SHARE = 0.1
"""Of what the naive rule flags in real payments."""
_OXFORD = (
    "unit=Organisational Unit",
    "unit=Service Area",
    "payee=Supplier Name",
    "amount=Amount",
    "date=Paid Date",
    "id=Trans No",
    "code=Expenditure Code",
)
OF_A_YEAR = {"three-expenses-over"}
"""Kinds whose findings are about a unit's year."""
UNREAD = {
    "debt-over-limit",
    "debt-does-not-add-up",
    "published-against-payments",
    "published-does-not-add-up",
}
"""Kinds whose tables the books here do not have."""
_FEW = ("unit", "payee", "economic", "voucher")
"""Columns of texts that any export has."""
_TEXTS = tuple(of.name for of in fields(Payments) if of.name not in ("ids", "cents", "days"))


@dataclass
class Score:
    """Plants found of all, and findings that are about a plant, of all."""

    found: int = 0
    plants: int = 0
    right: int = 0
    asked: int = 0

    @property
    def recall(self) -> float:
        """Share of plants that were found."""
        return self.found / self.plants if self.plants else 1.0

    @property
    def precision(self) -> float:
        """Share of findings that are about a plant."""
        return self.right / self.asked if self.asked else 1.0

    def add(self, plants: Sequence[set[str]], findings: Sequence[set[str]]) -> None:
        """A plant is found where more than half of its rows, or keys, are in findings of its kind;
        a finding is right where half of its own are of plants.
        """
        said, planted = set[str]().union(*findings), set[str]().union(*plants)
        self.plants += len(plants)
        self.asked += len(findings)
        self.found += sum(2 * len(one & said) > len(one) or one <= said for one in plants)
        self.right += sum(2 * len(one & planted) >= len(one) for one in findings)


def main() -> int:
    """1 where a kind of payment rules misses the goal, or asks too much about real payments."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seeds", nargs="+", type=int, default=[101, 102, 103])
    parser.add_argument("--payments", type=int, default=200_000)
    parser.add_argument("--data", type=Path, help="with oxford-spend/ and phl-budget/")
    given = parser.parse_args()
    missed = _treasuries(given.seeds, given.payments)
    if given.data:
        missed += _oxford(given.data / "oxford-spend")
    return 1 if missed else 0


def _treasuries(seeds: Iterable[int], payments: int) -> int:
    full: dict[str, Score] = {}
    alone: dict[str, Score] = {}
    few: dict[str, Score] = {}
    naive: dict[str, Score] = {}
    for seed in seeds:
        made = treasury(seed, 5, payments)
        books = books_of(made)
        labels = [label for label in made.labels if not label.innocent]
        began = time.process_time()
        found = engine.run(books, documents.load()).findings
        print(f"seed {seed}: {len(found)} findings, {time.process_time() - began:.1f} s")
        _score(full, labels, _sets(books, found))
        for scores, columns in ((alone, _TEXTS), (few, _FEW)):
            poor = engine.run(_poor(books, columns), documents.load()).findings
            _score(scores, labels, _sets(books, poor))
        _score(naive, labels, _naive(books))
    head = "".join(f"{of:>16}" for of in ("payments alone", "few columns", "naive"))
    print(f"{'kind':28}{'recall':>8}{'precision':>11}{head}")
    missed = 0
    for kind in sorted(full):
        one, others = full[kind], [of[kind] for of in (alone, few, naive)]
        said = f"{kind:28}{one.recall:8.2f}{one.precision:11.2f}"
        beside = "".join(f"{of.recall:9.2f}{of.precision:7.2f}" for of in others)
        good = one.recall >= RECALL and one.precision >= PRECISION
        missed += not good
        print(said + beside + ("" if good else "  missed"))
    return missed


def _naive(books: Books) -> Mapping[str, list[set[str]]]:
    return {**budget_naive.findings(books), **budget_naive_budgets.findings(books)}


def _sets(books: Books, findings: Iterable[Finding]) -> Mapping[str, list[set[str]]]:
    """By kind the vouchers of each finding; where it has none, the numbers of its records, or its
    unit and year.
    """
    voucher = books.payments.voucher
    codes = {name: code for code, name in books.units.items()}
    found: dict[str, list[set[str]]] = {}
    for one in findings:
        rows = {voucher.at(row) for row in one.payments}
        records = set(str(one.facts.get("records", one.subject)).split(","))
        if one.kind in OF_A_YEAR:
            rows, records = set(), {f"{codes.get(one.unit, one.unit)}/{one.facts['year']}"}
        found.setdefault(one.kind, []).append(rows or records)
    return found


def _score(
    scores: dict[str, Score],
    labels: Iterable[Label],
    found: Mapping[str, list[set[str]]],
) -> None:
    plants: dict[str, list[set[str]]] = {}
    for label in labels:
        keys = label.vouchers or label.keys
        if label.kind in OF_A_YEAR:
            keys = (f"{label.unit}/{label.year}",)
        plants.setdefault(label.kind, []).append(set(keys))
    for kind in ({rule.kind for rule in documents.load()} & set(plants)) - UNREAD:
        scores.setdefault(kind, Score()).add(plants[kind], found.get(kind, []))


def _poor(books: Books, columns: Sequence[str]) -> Books:
    """The payments alone, with some of their columns of texts; units by their names."""
    payments = books.payments
    nothing = Texts(np.full(len(payments), MISSING, np.int32))
    texts: dict[str, Any] = {name: nothing for name in _TEXTS if name not in columns}
    names = tuple(books.units[code] for code in payments.unit.values)
    unit = Texts(payments.unit.codes, names)
    return Books(payments=replace(payments, **texts, unit=unit))


def _oxford(folder: Path) -> int:
    files = [str(path) for path in sorted(folder.glob("*.csv"))]
    reading = read(files, asked(_OXFORD))
    books = reading.books
    print(f"\nOxford: {reading.rows} rows, {reading.total} pounds, {len(reading.refused)} refused")
    found = engine.run(books, documents.load()).findings
    missed = 0
    by_kind = _naive(books)
    for kind in ("duplicate-payment", "split-payment", "year-end-rush"):
        naive = by_kind[kind]
        ours = len(set[int]().union(*(one.payments for one in found if one.kind == kind)))
        rows = len(set[str]().union(*naive))
        share = ours / rows
        missed += share > SHARE
        print(f"{kind:28}{rows:8} rows by the naive rule, {ours:6} by ours: {share:.1%}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
