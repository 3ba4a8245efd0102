"""See rules, try others on years of the loads in force, and save them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from api import audit
from api.accounts.records import Account
from api.platforms.budget.books import repository as books
from api.platforms.budget.rulebook import repository as rulebook
from api.platforms.budget.rulebook.repository import Version
from api.platforms.budget.rules.records import trials
from api.platforms.budget.rules.records.reading import same
from api.platforms.budget.rules.records.trials import Trial
from api.services import Services
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, NotAccepted
from budget.detection.engine import run
from budget.detection.records import RuleDocument
from config.vocabulary.errors import Fault


class UnknownRule(Declared):
    """There is none of this id."""

    status = 404
    words = "budget.rules.unknown"


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule in force with its versions, the oldest first."""

    rule: RuleDocument
    versions: Sequence[Version]

    @property
    def last(self) -> int:
        """The number of the newest version, whether it holds or not."""
        return self.versions[-1].document.version


def every(services: Services) -> list[Kept]:
    """Every rule, by id."""
    with services.state.read() as connection:
        found = rulebook.all_versions(connection)
    return [_kept(of) for of in found.values()]


def find(services: Services, rule_id: str) -> Kept:
    """A rule.

    Raises:
        UnknownRule
    """
    with services.state.read() as connection:
        return _kept(_versions(rulebook.all_versions(connection), rule_id))


def years(services: Services) -> list[str]:
    """Years on which rules can be tried, the latest first."""
    return books.years(services.state)


def trial(services: Services, kept: Kept, draft: RuleDocument, year: str) -> Trial:
    """The rule in force and a draft on a year of the loads in force. Nothing is saved.

    Raises:
        NotAccepted: there are no payments of that year.
    """
    known = years(services)
    if year not in known:
        remedy = f"take one of {', '.join(known)}" if known else "take in payments first"
        raise NotAccepted(Fault("year", f"{year!r} has no payments", remedy), "year")
    found = trials.until(books.books(services.state), year)
    return trials.trial(year, found, run(found, [kept.rule]), run(found, [draft]))


def save(
    services: Services, account: Account, draft: RuleDocument, *, after: int, reason: str
) -> RuleDocument:
    """Keep a draft as the version behind ``after``, in force from now on; the audit stands in the
    same transaction.

    Raises:
        UnknownRule
        NotAccepted: there is no reason, nothing is other than before, or somebody was first.
    """
    why = reason.strip()
    if not 0 < len(why) <= LONGEST_WHY or "\0" in why:
        what, remedy = "is missing or too long", f"write up to {LONGEST_WHY} characters"
        raise NotAccepted(Fault("reason", what, remedy), "reason", n=LONGEST_WHY)
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        kept = _kept(_versions(rulebook.all_versions(connection), draft.id))
        if kept.last != after:
            who = kept.versions[-1].document.author
            fault = Fault("version", f"{after} is not the newest", "read the rule again")
            raise NotAccepted(fault, "first", who=who)
        if same(draft, kept.rule):
            fault = Fault("parameters", "are those in force", "change something first")
            raise NotAccepted(fault, "same")
        saved = replace(draft, version=after + 1, author=account.signed, reason=why)
        rulebook.save(connection, saved, account=account.username, saved_ms=now_ms)
        audit.record(
            connection,
            by=account.actor,
            action="budget.save-rule",
            subject=saved.id,
            detail=json.dumps({"version": saved.version, "reason": why}, ensure_ascii=False),
            at_ms=now_ms,
        )
    return saved


def _versions(found: Mapping[str, Sequence[Version]], rule_id: str) -> Sequence[Version]:
    if rule_id not in found:
        raise UnknownRule(f"unknown rule {rule_id!r}; see /api/v1/budget/rules")
    return found[rule_id]


def _kept(versions: Sequence[Version]) -> Kept:
    return Kept(rulebook.current(versions).document, versions)
