"""The basis of a question without payments: rows of its unit in budgets, indicators, assets or
problems. Whether these stand still, and whether the rule as it was then would ask it of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from api.platforms.budget.findings import repository
from api.platforms.budget.findings.records import Basis, Extent, Known, key_of
from api.platforms.budget.rulebook.repository import Version
from budget.detection.books import MISSING, Books, Payments
from budget.detection.engine import Outcome, run
from budget.detection.kinds import KINDS
from budget.detection.records import Finding, RuleDocument
from ingest.state.database import State

PAYMENTS = "payments"
APART = ("superiors", "published")
"""Inputs that are in no table that is loaded."""


class Examination:
    """A look at the basis of questions that are asked no more, on the books of one run. Each
    version of a rule is run once at most.
    """

    def __init__(
        self, state: State, books: Books, versions: Mapping[str, Sequence[Version]]
    ) -> None:
        self._state, self._books, self._versions = state, books, versions
        self._outcomes: dict[tuple[str, int], Outcome] = {}

    def gone(self, one: Known) -> bool:
        """Whether something that a question rested on was withdrawn or replaced, and the rule as
        it was then would not ask it of what stands. That the rule was changed since, or lacks a
        table on which the question never rested, takes no question away.
        """
        rule = self._as_it_was(one)
        if one.basis is None or rule is None or self._stand(one.basis):
            return False
        known = (one.rule, one.rule_version)
        if known not in self._outcomes:
            self._outcomes[known] = run(self._books, (rule,))
        outcome = self._outcomes[known]
        rested = {name for name, of in one.basis.rows.items() if of.count}
        if outcome.deferred:
            return bool(rested & _tables(outcome.deferred[0].missing))
        return one.key not in {key_of(of, ()) for of in outcome.findings}

    def _as_it_was(self, one: Known) -> RuleDocument | None:
        versions = self._versions.get(one.rule, ())
        return next(
            (
                of.document
                for of in versions
                if of.document.version == one.rule_version and of.holds
            ),
            None,
        )

    def _stand(self, basis: Basis) -> bool:
        return all(
            extent(self._state, self._books, name, basis.unit, of.last) == of
            for name, of in basis.rows.items()
        )


def basis_of(state: State, books: Books, of: Finding) -> Basis:
    """The basis of a question of now: the rows of its unit in the tables that its rule needs, and
    where the unit has none, all of them.
    """
    kind = KINDS[of.kind]
    names = sorted(_tables(kind.needs | kind.either))
    for unit in (of.unit, ""):
        rows = {name: extent(state, books, name, unit, None) for name in names}
        if any(extent_.count for extent_ in rows.values()):
            break
    return Basis(unit, rows)


def extent(state: State, books: Books, name: str, unit: str, last: int | None) -> Extent:
    """The rows of a table that stand, of one unit or with an empty one of all, up to a row."""
    if name == PAYMENTS:
        return _of_payments(books.payments, unit, last)
    return repository.extent(state, name, unit, last)


def _of_payments(payments: Payments, unit: str, last: int | None) -> Extent:
    ids = payments.ids
    if unit:
        values = payments.unit.values
        code = values.index(unit) if unit in values else MISSING
        ids = ids[payments.unit.codes == code] if code != MISSING else ids[:0]
    if last is not None:
        ids = ids[ids <= last]
    greatest = int(ids.max()) if len(ids) else 0
    return Extent(greatest if last is None else last, len(ids), int(np.sum(ids)))


def _tables(inputs: Iterable[str]) -> set[str]:
    """The tables that have the inputs of a rule. Who is above whom is none, and published tables
    are withdrawn by themselves.
    """
    return {
        name if name in repository.TABLES else PAYMENTS for name in inputs if name not in APART
    }
