"""Decisions of the office on rules: each a version of its own, with its audit row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from api import audit
from api.accounts.records import Account
from api.deadlines.kept.rulebook import Held, RuleAct
from api.deadlines.opening import deadlines_of
from api.deadlines.recomputation import Recomputation
from api.deadlines.rules.records import Adding, Asked, Changing, Confirming
from api.services import Services
from api.web.forms import NotAccepted
from config.law import Rule
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def listed(services: Services, asked: Asked) -> Sequence[Held]:
    """The rules that are asked for, in the order of the files."""
    return asked.chosen(_all(services).values())


def find(services: Services, rule_id: str) -> Held | None:
    """A rule as it holds."""
    return _all(services).get(rule_id)


def versions(services: Services, rule_id: str) -> Sequence[Held]:
    """The office's versions, the newest first; the one of the file last."""
    deadlines = deadlines_of(services)
    with services.state.read() as connection:
        decided = deadlines.rulebook.versions(connection, rule_id)
    filed = deadlines.law.rules.get(rule_id)
    return [*decided, Held(filed)] if filed else decided


def older(services: Services, held: Held) -> int:
    """How many open deadlines have an older version."""
    return _recomputation(services).older(held)


def confirm(services: Services, account: Account, held: Held, given: Confirming) -> Held:
    """Stand for a rule; running deadlines of the same term hear of it at once.

    Raises:
        NotAccepted
    """
    rule = given.rule(held, account.signed, _today(services))
    kept = _kept(services, account, held, rule, "confirmed", given.basis, "deadline-rule.confirm")
    _recomputation(services).follow_rule(kept, account.actor, recompute=False)
    return kept


def change(services: Services, account: Account, held: Held, given: Changing) -> Held:
    """Give another amount, from now on: running deadlines keep theirs.

    Raises:
        NotAccepted
    """
    rule = given.rule(held)
    return _kept(services, account, held, rule, "changed", given.basis, "deadline-rule.change")


def add(services: Services, account: Account, given: Adding) -> Held:
    """Add a rule of one's own.

    Raises:
        NotAccepted
    """
    rule = given.rule(_all(services), account.signed, _today(services))
    before = Held(rule)
    return _kept(services, account, before, rule, "added", given.basis, "deadline-rule.add")


def recompute(services: Services, account: Account, held: Held) -> int:
    """Reckon running deadlines anew with the newest version; how many."""
    return _recomputation(services).follow_rule(held, account.actor, recompute=True)


def _kept(
    services: Services,
    account: Account,
    before: Held,
    rule: Rule,
    kind: RuleAct,
    basis: str,
    action: str,
) -> Held:
    now, rulebook = services.now_ms(), deadlines_of(services).rulebook
    said = basis.strip()
    detail = {
        "before": f"{before.rule.amount} {before.rule.unit}",
        "after": f"{rule.amount} {rule.unit}",
        "basis": said,
    }
    with services.state.begin() as connection:
        newest = rulebook.all(connection).get(rule.id)
        if (newest.version if newest else 0) != before.version:
            fault = Fault("rule", "was changed meanwhile", "read it again")
            raise NotAccepted(fault, "meanwhile")
        kept = rulebook.add(connection, rule, kind, said, who=account.username, at_ms=now)
        audit.record(
            connection,
            by=account.actor,
            action=action,
            subject=rule.id,
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now,
        )
    return kept


def _all(services: Services) -> Mapping[str, Held]:
    with services.state.read() as connection:
        return deadlines_of(services).rulebook.all(connection)


def _recomputation(services: Services) -> Recomputation:
    return Recomputation(deadlines_of(services), services.words, services.now_ms)


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))
