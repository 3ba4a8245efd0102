"""Findings over the API. Money is whole fen."""

from __future__ import annotations

import json
from datetime import date

from pydantic import BaseModel

from api.platforms.budget.findings.wording import FindingLine, PrecisionLine


class FindingState(BaseModel):
    """A question; ``request`` is what the office asked for with it, ``unit`` the unit's id in the
    register, null where nobody knows it yet, ``payments`` numbers of vouchers, ``files`` how many
    the unit put to it. Natural persons are masked.
    """

    id: int
    state: str
    question: str
    rule: str
    rule_version: int
    kind: str
    grade: int
    unit: str | None
    unit_name: str
    amount_fen: int
    payments: list[str]
    loads: list[int]
    found_ms: int
    reason: str | None
    request: str | None
    explanation: str | None
    verdict: str | None
    due_day: date | None
    rectification: str | None
    outcome: str | None
    files: int


class FindingsState(BaseModel):
    """A page of findings, the gravest first. The first ``reaching`` of those that wait are the
    month's.
    """

    findings: list[FindingState]
    counts: dict[str, int]
    total: int
    reaching: int
    page: int
    pages: int


class PrecisionState(BaseModel):
    """How often a rule asked well: of the findings decided on those that were not excluded, as a
    ``share`` of 1.
    """

    rule: str
    excluded: int
    accepted: int
    confirmed: int
    decided: int
    share: float


class PrecisionsState(BaseModel):
    """Of every rule of which a finding was decided."""

    rules: list[PrecisionState]


class ScreeningState(BaseModel):
    """A run of the rules; ``done_ms`` is null while it is to come, ``deferred`` the rules that
    lacked tables.
    """

    asked_ms: int
    done_ms: int | None
    found: int
    withdrawn: int
    deferred: list[str]


def finding_state(line: FindingLine) -> FindingState:
    """A finding."""
    row = line.row
    values = {name: row[name] for name in FindingState.model_fields if name in row}
    values |= {name: json.loads(row[name]) for name in ("payments", "loads")}
    values |= {"question": line.question, "request": row["question"]}
    return FindingState(**values, amount_fen=row["amount"], files=line.files)


def precision_state(line: PrecisionLine) -> PrecisionState:
    """How well a rule asked."""
    of = line.of
    return PrecisionState(
        rule=of.rule,
        excluded=of.excluded,
        accepted=of.accepted,
        confirmed=of.confirmed,
        decided=of.decided,
        share=of.share,
    )
