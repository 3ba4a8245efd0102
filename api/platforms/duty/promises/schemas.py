"""The ledger of promises over the API."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.platforms.duty.promises.wording import PromiseLine


class PromiseState(BaseModel):
    """A promise; ``term`` says how its term stands, ``proof`` what the centre watches for it."""

    id: int
    suggestion: int
    measure: str
    unit: str
    due_day: date
    state: str
    term: str
    proof: str
    report: str | None


class LedgerState(BaseModel):
    """A page of the ledger, and how many there are by each filter."""

    promises: list[PromiseState]
    counts: dict[str, int]
    page: int
    pages: int


def promise_state(line: PromiseLine) -> PromiseState:
    """A promise."""
    row = line.row
    return PromiseState(
        id=row["id"],
        suggestion=row["suggestion"],
        measure=row["measure"],
        unit=row["unit"],
        due_day=row["due_day"],
        state=row["state"],
        term=line.term.left if line.term else "",
        proof=line.proof,
        report=row["report"],
    )
