"""Findings as somebody sees them: the list, one of them, and what waits for the office."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from api.accounts.records import Account
from api.platforms.budget.books.records import numbers
from api.platforms.budget.findings import repository, wording
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import (
    UNDECIDED,
    Asked,
    Listed,
    Screening,
    Show,
    reaching,
)
from api.platforms.budget.findings.wording import Filter, FindingLine, PrecisionLine
from api.platforms.budget.payments import actions as payments
from api.platforms.budget.payments.records import Payment
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rulebook.wording import in_language
from api.ports import Json, Todo
from api.procedures.ports import todos as todos_of
from api.procedures.procedure import Row
from api.services import Services
from budget.detection.documents import load
from budget.detection.records import RuleDocument
from config.vocabulary.time import begins_ms, day_of

SHOWN_PAYMENTS = 200
"""Of a finding, on its page; more are on the list of payments."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding with its payments, and the rule that found it; None where that is no more."""

    line: FindingLine
    payments: Sequence[Payment]
    count: int
    rule: RuleDocument | None


def is_office(account: Account) -> bool:
    """Whether somebody screens findings."""
    return account.may(BudgetPermission.SCREEN)


def chosen(account: Account, asked: Asked) -> Asked:
    """With the reader's own first choice: the office begins with what waits for it."""
    first: Show = "waiting" if is_office(account) and not asked.narrowed else "all"
    return asked.model_copy(update={"show": asked.show or first})


def listed(services: Services, account: Account, asked: Asked) -> Listed:
    """A page of the list."""
    with services.state.read() as connection:
        rows = repository.listed(connection, account, asked)
        counts = repository.counts(connection, account)
        total = repository.count(connection, account, asked)
    reaches = _reaching(services) if is_office(account) else 0
    return Listed(rows, counts, total, reaches)


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[list[Row], int | None]:
    """All pages of a question, ``most`` rows at most, and how many there are."""
    with services.state.read() as connection:
        rows = list(repository.every(connection, account, asked, most))
        return rows, repository.count(connection, account, asked)


def filters(services: Services, account: Account) -> list[Filter]:
    """The form of the list, with the rules and units of what somebody sees."""
    with services.state.read() as connection:
        rules, units = repository.values(connection, account)
    return wording.filters(services, rules, units)


def precision(services: Services, account: Account) -> list[PrecisionLine]:
    """How well each rule asked whose findings were decided; for others than the office nothing."""
    if not is_office(account):
        return []
    with services.state.read() as connection:
        found = repository.precisions(connection)
        rules, _ = repository.values(connection, account)
    decided = [of for of in found if of.decided]
    return wording.precision(services.words, decided, dict(rules))


def last_screening(services: Services) -> Screening | None:
    """The run of the rules that was asked for last."""
    with services.state.read() as connection:
        return repository.last_screening(connection)


def seen(services: Services, row: Row) -> Seen:
    """A finding as it stands."""
    (line,) = wording.lines(services, [row])
    paid: list[str] = json.loads(row["payments"])
    some = payments.of_vouchers(services, paid[:SHOWN_PAYMENTS])
    rule = _rules().get(row["rule"])
    spoken = in_language(services.words, rule) if rule else None
    return Seen(line, some, len(paid), spoken)


def content(services: Services, row: Row) -> Json:
    """A finding as an item for other platforms: it explains itself, natural persons masked."""
    found = seen(services, row)
    return {
        "summary": services.words(
            "budget.findings.summary", question=found.line.question, state=found.line.state
        ),
        "question": found.line.question,
        "kind": found.line.kind,
        "unit": found.line.unit,
        "amount_fen": row["amount"],
        "found_ms": row["found_ms"],
        "rule": row["rule"],
        "source": found.rule.source if found.rule else "",
        "payments": found.count,
        "explanation": row["explanation"],
        "verdict": row["verdict"],
        "rectification": row["rectification"],
        "outcome": row["outcome"],
        "files": found.line.files,
    }


def todos(services: Services, account: Account) -> list[Todo]:
    """The month's new findings as one line for the office, and findings with a next step."""
    t = services.words
    named = {
        t(f"budget.question.step-{step}"): t(f"budget.findings.next-{step}") for step in UNDECIDED
    }
    found = [
        replace(of, note=named.get(of.note, of.note))
        for of in todos_of(services, account, PROCEDURE)
    ]
    if is_office(account):
        with services.state.read() as connection:
            waiting = repository.counts(connection, account)["waiting"]
        if n := min(waiting, _reaching(services)):
            title = services.words("budget.findings.to-screen", n=n)
            path = "/budget/findings?show=waiting"
            found.append(Todo(title, path, _month_begins_ms(services)))
    return found


def _reaching(services: Services) -> int:
    with services.state.read() as connection:
        screened = repository.screened(connection, _month_begins_ms(services))
    return reaching(numbers(services.district).a_month, screened)


def _month_begins_ms(services: Services) -> int:
    return begins_ms(date.fromisoformat(day_of(services.now_ms())).replace(day=1))


@cache
def _rules() -> dict[str, RuleDocument]:
    return {of.id: of for of in load()}
