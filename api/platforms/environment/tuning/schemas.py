"""Requests and answers of the API of rules.

``look`` holds the keys that the kind has beside its levels, as a rules file writes them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerting.backtest.backtest import Caught, Counts, Outcome
from alerting.proposals.repository import Proposal
from alerting.rules import serialising
from alerting.rules.repository import Version
from alerting.rules.rule import Rule
from api.platforms.environment.tuning import wording
from api.platforms.environment.tuning.records import Drawn, Wanted
from api.services import Services
from api.web.forms import LAST_MS, LONGEST_WHY, Number, RowId

Instant = Annotated[int, Field(ge=0, le=LAST_MS)]
Limit = Annotated[float, Field(allow_inf_nan=False)]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_WHY, pattern="^[^\0]*$"),
]


class Strict(BaseModel):
    """Nothing is guessed, nothing passed over."""

    model_config = ConfigDict(strict=True, extra="forbid")


class LevelWanted(Strict):
    """A level as it shall be; an absence and a state have no limits. Where a file writes ``by`` or
    ``at_least``, the limit is one less; ``within`` is a limit in days.
    """

    level: Literal["notice", "warning", "alarm", "critical"]
    limit: Limit | None
    for_ms: Number
    clear_limit: Limit | None
    clear_for_ms: Number


class Wish(Strict):
    """A rule as it shall be: all the levels that it has, in their order; fields of ``look`` that
    are left out stay as they are.
    """

    levels: Annotated[list[LevelWanted], Field(max_length=20)]
    look: dict[str, Any] = {}

    def wanted(self) -> list[Wanted]:
        """The levels."""
        return [Wanted(**level.model_dump()) for level in self.levels]


class Draft(Wish):
    """To be tried, by default on a year at all stations in scope."""

    station: str | None = None
    from_ms: Instant | None = None
    to_ms: Instant | None = None


class Signal(Wish):
    """To be looked through at a station."""

    station: str
    from_ms: Instant
    to_ms: Instant
    points: Annotated[int, Field(ge=10, le=5000)] = 800


class NewVersion(Wish):
    """To be saved behind the last ``version``; without ``valid_from_ms`` from now on."""

    version: RowId
    reason: Reason
    valid_from_ms: Instant | None = None


class LevelState(BaseModel):
    """A level in force. ``side`` is where it lies of its limit; without a limit it has none."""

    level: str
    side: Literal["above", "below"] | None
    limit: float | None
    for_ms: int
    clear_limit: float | None
    clear_for_ms: int
    basis: str


class RuleState(BaseModel):
    """A rule in force. ``indicator`` is empty where it speaks of several, or of the station;
    ``seen`` is what its levels judge, in words, and ``unit`` that of their limits.
    """

    id: str
    version: int
    name: str
    kind: str
    indicator: str
    seen: str
    unit: str
    look: dict[str, Any]
    scope: str
    stations: list[str]
    reason: str
    levels: list[LevelState]


class AlertTried(BaseModel):
    """An alert that would have been; ``resolved_ms`` is null while it stands."""

    level: str
    station: str
    began_ms: int
    fired_ms: int
    resolved_ms: int | None
    peak: float | None


class OutcomeState(BaseModel):
    """The outcome of one version."""

    counts: Counts
    reviewed: Caught
    alerts: list[AlertTried]


class TrialState(BaseModel):
    """Both on so many ``readings`` of a span, which lie in so many of its ``hours``, and how many
    alerts they share.
    """

    from_ms: int
    to_ms: int
    readings: int
    hours: int
    now: OutcomeState
    draft: OutcomeState
    only_now: int
    only_draft: int
    both: int
    laxer: list[str]


class SeenState(BaseModel):
    """The signal of a rule at a target in columns, ``step_ms`` from one instant to the next."""

    indicator: str
    name: str
    step_ms: int
    t: list[int]
    value: list[float]


class SignalState(BaseModel):
    """The signal of a draft at a station, thinned for drawing: of an absence the silences in
    minutes, as steps; of a state the number of its cause where it begins, and 0 where it ends.
    """

    name: str
    unit: str
    decimals: int
    rows: list[SeenState]
    causes: dict[int, str]


class VersionState(BaseModel):
    """A version of a rule, by whom and why. That of the district's file has no author; ``account``
    is the author's username.
    """

    rule_id: str
    version: int
    author: str
    account: str | None
    reason: str
    valid_from_ms: int
    saved_ms: int
    levels: list[LevelState]
    look: dict[str, Any]


class ProposalState(BaseModel):
    """A change that wants a second person. ``account`` is the username of its author."""

    id: int
    rule_id: str
    version: int
    state: Literal["open", "confirmed", "withdrawn"]
    author: str
    account: str
    reason: str
    valid_from_ms: int
    saved_ms: int
    decided_by: str | None
    decided_ms: int | None
    levels: list[LevelState]
    look: dict[str, Any]


def proposal_state(of: Proposal) -> ProposalState:
    """A proposal."""
    return ProposalState(
        id=of.id,
        rule_id=of.rule.id,
        version=of.rule.version,
        state=of.state,
        author=of.author,
        account=of.account,
        reason=of.reason,
        valid_from_ms=of.rule.valid_from_ms,
        saved_ms=of.saved_ms,
        decided_by=of.decided_by,
        decided_ms=of.decided_ms,
        levels=level_states(of.rule),
        look=serialising.own(of.rule),
    )


def seen_state(services: Services, row: Drawn) -> SeenState:
    """A place of a chart."""
    t, value = row.seen
    return SeenState(
        indicator=row.code,
        name=services.words.indicators[row.code].name if row.code else "",
        step_ms=row.step_ms,
        t=t.tolist(),
        value=value.tolist(),
    )


def outcome_state(outcome: Outcome, caught: Caught) -> OutcomeState:
    """An outcome as it is answered."""
    alerts = [
        AlertTried(
            level=alert.level.name.lower(),
            station=alert.station,
            began_ms=alert.began_ms,
            fired_ms=alert.fired_ms,
            resolved_ms=alert.resolved_ms,
            peak=alert.peak,
        )
        for alert in outcome.alerts
    ]
    return OutcomeState(counts=outcome.counts(), reviewed=caught, alerts=alerts)


def level_states(rule: Rule) -> list[LevelState]:
    """The levels of a rule."""
    limited = bool(serialising.form(rule))
    return [
        LevelState(
            level=limit.level.name.lower(),
            side=("above" if limit.sign > 0 else "below") if limited else None,
            limit=limit.limit if limited else None,
            for_ms=limit.for_ms,
            clear_limit=limit.clear_limit if limited else None,
            clear_for_ms=limit.clear_for_ms,
            basis=limit.basis,
        )
        for limit in rule.limits
    ]


def rule_state(services: Services, rule: Rule) -> RuleState:
    """A rule in force."""
    seen = wording.seen(services, rule)
    places = rule.targets(services.catalogue)
    return RuleState(
        id=rule.id,
        version=rule.version,
        name=services.words.name(rule.name),
        kind=rule.kind,
        indicator=rule.indicator,
        seen=seen.name,
        unit=seen.unit,
        look=serialising.own(rule),
        scope=wording.scope(services, rule),
        stations=list(dict.fromkeys(target.station.id for target in places)),
        reason=rule.reason,
        levels=level_states(rule),
    )


def version_state(version: Version) -> VersionState:
    """A version."""
    return VersionState(
        rule_id=version.rule_id,
        version=version.version,
        author=version.author,
        account=version.account,
        reason=version.reason,
        valid_from_ms=version.valid_from_ms,
        saved_ms=version.saved_ms,
        levels=level_states(version.rule),
        look=serialising.own(version.rule),
    )
