"""Requests and answers of the API of rules. Parameters and exclusions are as a document has them:
money in fen, shares as parts of 1.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.budget.rulebook.repository import Version
from api.platforms.budget.rulebook.wording import in_language, rule_name, said
from api.platforms.budget.rules.actions import Kept
from api.platforms.budget.rules.records.parts import MOST_ROWS, complete
from api.platforms.budget.rules.records.trials import SHOWN, Tried
from api.services import Services
from api.web.forms import MOST_ID, Typed
from budget.detection.records import Finding, RuleDocument


class Strict(BaseModel):
    """Nothing is guessed, nothing passed over."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Wish(Strict):
    """A rule as it shall be; what is left out, of parameters too, stays as it is."""

    parameters: dict[str, Any] = {}
    exclusions: Annotated[list[dict[str, Any]], Field(max_length=MOST_ROWS)] | None = None
    on: bool | None = None


class Draft(Wish):
    """To be tried on the payments of a year."""

    year: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


class NewVersion(Wish):
    """To be saved behind the last ``version``."""

    version: Annotated[int, Field(ge=1, le=MOST_ID)]
    reason: Typed


class VersionState(BaseModel):
    """A version, by whom and why; that of the product has no author. One that no longer ``holds``
    is not understood by its kind any more.
    """

    version: int
    author: str
    account: str
    reason: str
    saved_ms: int
    holds: bool
    on: bool
    parameters: dict[str, Any]
    exclusions: list[dict[str, Any]]


class RuleState(BaseModel):
    """A rule in force; ``last`` is the number of its newest version, behind which one saves."""

    id: str
    kind: str
    name: str
    source: str
    mark: str
    false_alarms: list[str]
    on: bool
    version: int
    last: int
    author: str
    reason: str
    parameters: dict[str, Any]
    exclusions: list[dict[str, Any]]


class FindingState(BaseModel):
    """A question; natural persons are masked."""

    sentence: str
    grade: int
    unit: str
    amount_fen: int
    payments: list[int]


class TriedState(BaseModel):
    """Figures of one version; ``missing`` are the inputs without which it could not be asked."""

    findings: int
    units: int
    amount_fen: int
    missing: list[str]


class TrialState(BaseModel):
    """Both on the ``payments`` of a year; of those that one alone finds the first are listed."""

    year: str
    payments: int
    now: TriedState
    draft: TriedState
    both: int
    only_now: int
    only_draft: int
    gone: list[FindingState]
    fresh: list[FindingState]


def rule_state(services: Services, kept: Kept) -> RuleState:
    """A rule."""
    rule = in_language(services.words, kept.rule)
    return RuleState(
        id=rule.id,
        kind=rule.kind,
        name=rule_name(services.words, rule.kind),
        source=rule.source,
        mark=rule.mark,
        false_alarms=list(rule.false_alarms),
        on=rule.on,
        version=rule.version,
        last=kept.last,
        author=rule.author,
        reason=rule.reason,
        parameters=complete(rule),
        exclusions=_exclusions(rule),
    )


def version_state(of: Version) -> VersionState:
    """A version."""
    rule = of.document
    return VersionState(
        version=rule.version,
        author=rule.author,
        account=of.account,
        reason=rule.reason,
        saved_ms=of.saved_ms,
        holds=of.holds,
        on=rule.on,
        parameters=complete(rule) if of.holds else dict(rule.parameters),
        exclusions=_exclusions(rule),
    )


def tried_state(of: Tried) -> TriedState:
    """The figures of a version."""
    return TriedState(
        findings=len(of.findings),
        units=of.units,
        amount_fen=of.cents,
        missing=list(of.missing),
    )


def finding_states(services: Services, found: tuple[Finding, ...]) -> list[FindingState]:
    """The first findings of a difference."""
    return [
        FindingState(
            sentence=said(services.words, of),
            grade=of.grade,
            unit=of.unit,
            amount_fen=of.cents,
            payments=list(of.payments),
        )
        for of in found[:SHOWN]
    ]


def _exclusions(rule: RuleDocument) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.to_builtins(rule.exclusions)
    return found
