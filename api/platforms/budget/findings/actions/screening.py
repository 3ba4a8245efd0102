"""The rules are run on the loads in force: new questions become findings, and what they rested on
and stands no more takes them along.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from api import audit
from api.accounts.records import Account, Reach, Secrecy
from api.accounts.repositories.units import Units
from api.platforms.budget.books import repository as books
from api.platforms.budget.books.records import numbers, unit_of
from api.platforms.budget.disclosure import repository as disclosure
from api.platforms.budget.findings import repository
from api.platforms.budget.findings.actions.basis import Examination, basis_of
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import (
    ASKED,
    LONGEST_TITLE,
    UNSENT,
    Basis,
    Cause,
    Known,
    Screening,
    key_of,
)
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rulebook import repository as rulebook
from api.platforms.budget.rulebook.wording import said
from api.procedures import taking
from api.services import Services
from api.shape import CoreServices
from budget.detection.books import Books
from budget.detection.engine import run
from budget.detection.records import Finding, RuleDocument


@dataclass(frozen=True, slots=True)
class _Question:
    """A finding by names instead of codes, with vouchers and loads instead of rows."""

    key: str
    of: Finding
    version: int
    unit: str | None
    payments: tuple[str, ...]
    loads: tuple[int, ...]
    basis: Basis | None

    @property
    def content(self) -> tuple[int, int, str]:
        """As :class:`Known` has it."""
        return self.of.grade, self.of.cents, _json(self.of.facts)


def ask(services: Services, account: Account) -> None:
    """Have the rules run within a minute."""
    with services.state.begin() as connection:
        repository.ask_for_screening(connection, services.now_ms())
        audit.record(
            connection,
            by=account.actor,
            action="budget.screening",
            subject="findings",
            detail="",
            at_ms=services.now_ms(),
        )


def follow(core: CoreServices) -> None:
    """The job that runs the rules where somebody asked for it."""
    with core.state.read() as connection:
        last = repository.last_screening(connection)
    if last is not None and last.done_ms is None:
        refresh(core.acting)


def nightly(core: CoreServices) -> None:
    """The job of each night asks for a run, as the office does: the other job does the work."""
    with core.state.begin() as connection:
        repository.ask_for_screening(connection, core.now_ms())


def refresh(services: Services, rules: Iterable[RuleDocument] | None = None) -> Screening:
    """Run rules, those in force if none are given, on the loads in force. Twice changes nothing;
    in which order loads came changes nothing but the numbers of findings.
    """
    with services.state.read() as connection:
        asked = rulebook.in_force(connection) if rules is None else tuple(rules)
    kept = books.books(services.state)
    found, deferred = _questions(services, kept, asked)
    with services.state.read() as connection:
        known = repository.known(connection)
        examination = Examination(services.state, kept, rulebook.all_versions(connection))
    withdrawn = sum(
        _withdrawn(services, one, cause)
        for key, one in known.items()
        if (cause := _cause(services, examination, one, found.get(key)))
    )
    begun = sum(_begun(services, one) for one in found.values())
    now_ms = services.now_ms()
    done = Screening(now_ms, now_ms, begun, withdrawn, deferred)
    with services.state.begin() as connection:
        repository.note_screening(connection, done)
    return done


def centre(services: Services) -> Account:
    """The centre, which finds and withdraws by itself. Its name says that no person did it."""
    may = frozenset({BudgetPermission.SEE_FINDINGS, BudgetPermission.SCREEN})
    reach = Reach(may, secrecy=Secrecy.RESTRICTED)
    return Account("", services.words("budget.findings.centre"), reaches=(reach,))


def _questions(
    services: Services, kept: Books, rules: tuple[RuleDocument, ...]
) -> tuple[Mapping[str, _Question], tuple[str, ...]]:
    outcome = run(kept, rules)
    versions = {of.id: of.version for of in rules}
    register, district = Units(services.state).all(), numbers(services.district)
    found: dict[str, _Question] = {}
    for of in outcome.findings:
        payments, loads = repository.numbers_of(services.state, of.payments)
        name = kept.units.get(of.unit, of.unit)
        one = _Question(
            key_of(of, payments),
            _named(of, name, kept.projects),
            versions[of.rule],
            unit_of(district.units, register, of.unit, name),
            payments,
            loads,
            None if payments else basis_of(services.state, kept, of),
        )
        found.setdefault(one.key, one)
    return found, tuple(of.rule for of in outcome.deferred)


def _named(of: Finding, name: str, projects: Mapping[str, str]) -> Finding:
    """With unit and project by their names; where a sentence speaks of another unit, that one
    stays.
    """
    facts = dict(of.facts)
    if (project := facts.get("project")) in projects:
        facts["project"] = projects[str(project)]
    if facts.get("unit", of.unit) == of.unit:
        facts["unit"] = name
    return Finding(
        rule=of.rule,
        kind=of.kind,
        grade=of.grade,
        unit=name,
        subject=of.subject,
        cents=of.cents,
        payments=of.payments,
        facts=facts,
    )


def _cause(
    services: Services, examination: Examination, one: Known, again: _Question | None
) -> Cause | None:
    """Why a finding is withdrawn; None: it stands. Once the office has selected it, only that what
    it rests on is gone takes it away.
    """
    if one.state not in (*UNSENT, *ASKED):
        return None
    if again is None and (gone := _gone(services, examination, one)):
        return gone
    if one.state != "found":
        return None
    if again is None:
        return "rules"
    return "figures" if again.content != one.content else None


def _gone(services: Services, examination: Examination, one: Known) -> Cause | None:
    """Of a question that is asked no more the part of its basis that stands no more."""
    if repository.gone(services.state, one.payments):
        return "payments"
    if one.published and disclosure.withdrawn(services.state, one.published):
        return "published"
    return "data" if not one.payments and examination.gone(one) else None


def _withdrawn(services: Services, one: Known, cause: Cause) -> bool:
    step = "lapse" if one.state in UNSENT else "void"
    with taking.acts(services, PROCEDURE, centre(services)) as acting:
        row = repository.finding(acting.connection, acting.account, one.id)
        # Somebody may have taken a step since: then the next run looks at it anew.
        if row is None or row["state"] != one.state:
            return False
        taking.take(acting, str(one.id), step, {"cause": cause})
    return True


def _begun(services: Services, question: _Question) -> bool:
    of = question.of
    with taking.acts(services, PROCEDURE, centre(services)) as acting:
        newest = repository.known(acting.connection, question.key).get(question.key)
        if newest is not None and not newest.returns(question.content):
            return False
        taking.begin(
            acting,
            {},
            key=question.key,
            edition=newest.edition + 1 if newest else 1,
            title=said(services.words, of)[:LONGEST_TITLE],
            rule=of.rule,
            rule_version=question.version,
            kind=of.kind,
            grade=of.grade,
            unit_name=of.unit,
            unit=question.unit,
            subject=of.subject,
            amount=of.cents,
            facts=_json(of.facts),
            payments=_json(question.payments),
            loads=_json(question.loads),
            found_ms=acting.at_ms,
            asked=False,
            basis=msgspec.json.encode(question.basis).decode() if question.basis else None,
            secrecy=int(Secrecy.INTERNAL),
        )
    return True


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
