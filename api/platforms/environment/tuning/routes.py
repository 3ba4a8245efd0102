"""Rules over the API; instants and durations in ms, limits in the indicator's unit.

A draft of a threshold is tried on the past beside the rule in force, and saved as its next
version.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerting.backtest import Caught, Outcome
from alerting.rulebook import SavedMeanwhile, Version
from alerting.rules import Rule
from api.accounts.door import OnApi, SameOrigin
from api.accounts.records import Account
from api.parts import Parts, PartsOf
from api.platforms.environment.reviews.records import LAST_MS, LONGEST_WHY, NotAccepted
from api.platforms.environment.tuning import actions
from api.platforms.environment.tuning.records import Wanted
from config.vocabulary.indicators import INDICATORS

router = APIRouter(prefix="/api/v1/rules", tags=["rules"], dependencies=[SameOrigin])
Instant = Annotated[int, Field(ge=0, le=LAST_MS)]
Reason = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_WHY, pattern="^[^\0]*$"
    ),
]


class Strict(BaseModel):
    """Nothing is guessed, nothing passed over."""

    model_config = ConfigDict(strict=True, extra="forbid")


class LevelWanted(Strict):
    """A level as it shall be."""

    level: Literal["notice", "warning", "alarm", "critical"]
    limit: float
    for_ms: int
    clear_limit: float
    clear_for_ms: int


class Draft(Strict):
    """Levels to be tried: all that the rule has, in their order."""

    levels: Annotated[list[LevelWanted], Field(max_length=20)]
    station: str | None = None
    from_ms: Instant | None = None
    to_ms: Instant | None = None


class NewVersion(Strict):
    """Levels to be saved, behind the last ``version``; without ``valid_from_ms`` from now on."""

    levels: Annotated[list[LevelWanted], Field(max_length=20)]
    version: int
    reason: Reason
    valid_from_ms: Instant | None = None


class LevelState(BaseModel):
    """A level in force; an absence has no limits. ``side`` is where it lies of its limit."""

    level: str
    side: Literal["above", "below"] | None
    limit: float | None
    for_ms: int
    clear_limit: float | None
    clear_for_ms: int
    basis: str


class RuleState(BaseModel):
    """A rule in force. ``indicator`` is empty for an absence of the whole station."""

    id: str
    version: int
    name: str
    kind: str
    indicator: str
    indicator_name: str
    unit: str
    window_ms: int
    """A threshold looks at the mean over it (0: at the value), a rate at the change over it."""
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


class CountsState(BaseModel):
    """``hours`` with at least one alert; the last three by audience."""

    alerts: int
    by_level: dict[str, int]
    by_station: dict[str, int]
    by_month: dict[str, int]
    hours: float
    messages: dict[str, int]
    at_night: dict[str, int]
    nights: dict[str, int]


class CaughtState(BaseModel):
    """Of the span's alerts that people reviewed, how many there would have been: true ones, and
    false ones with faults of sensors and planned work.
    """

    true_kept: int
    true_all: int
    false_kept: int
    false_all: int


class OutcomeState(BaseModel):
    """What one version would have done."""

    counts: CountsState
    reviewed: CaughtState
    alerts: list[AlertTried]


class TrialState(BaseModel):
    """Both on so many good ``readings`` of a span, and how many alerts they share."""

    from_ms: int
    to_ms: int
    readings: int
    now: OutcomeState
    draft: OutcomeState
    only_now: int
    only_draft: int
    both: int


class VersionState(BaseModel):
    """A version of a rule, by whom and why. That of the district's file has no author."""

    rule_id: str
    version: int
    author: str
    reason: str
    valid_from_ms: int
    saved_ms: int
    levels: list[LevelState]


def _officer(account: OnApi) -> Account:
    if account.role != "officer":
        raise HTTPException(403, "rules are seen and changed by officers; ask one")
    return account


Officer = Annotated[Account, Depends(_officer)]


@router.get("")
def rules(parts: PartsOf, _who: Officer) -> list[RuleState]:
    """The rules in force."""
    return [_rule_state(parts, rule) for rule in parts.rules]


@router.post("/{rule_id}/trial", response_model=TrialState)
def trial(
    rule_id: str, body: Draft, request: Request, parts: PartsOf, _who: Officer
) -> TrialState | JSONResponse:
    """What a draft of a threshold would have done, beside the rule in force. Nothing is saved."""
    try:
        found = actions.trial(
            parts,
            request.app.state.histories,
            _rule(parts, rule_id),
            _wanted(body.levels),
            station=body.station,
            from_ms=body.from_ms,
            to_ms=body.to_ms,
        )
    except NotAccepted as refused:
        return _unaccepted(parts, refused)
    return TrialState(
        from_ms=found.from_ms,
        to_ms=found.to_ms,
        readings=found.readings,
        now=_outcome(found.now, found.caught_now),
        draft=_outcome(found.draft, found.caught_draft),
        only_now=len(found.difference.only_first),
        only_draft=len(found.difference.only_second),
        both=len(found.difference.both),
    )


@router.get("/{rule_id}/versions")
def versions(rule_id: str, parts: PartsOf, _who: Officer) -> list[VersionState]:
    """Every version of a rule, the newest first."""
    _rule(parts, rule_id)
    return [_version_state(version) for version in parts.rulebook.versions(rule_id)[::-1]]


@router.post("/{rule_id}/versions", status_code=201, response_model=VersionState)
def save(
    rule_id: str, body: NewVersion, parts: PartsOf, who: Officer
) -> VersionState | JSONResponse:
    """Save the next version; 409 with the name of the person who was first."""
    try:
        saved = actions.save(
            parts,
            who,
            _rule(parts, rule_id),
            _wanted(body.levels),
            after=body.version,
            reason=body.reason,
            valid_from_ms=body.valid_from_ms,
        )
    except NotAccepted as refused:
        return _unaccepted(parts, refused)
    except SavedMeanwhile as first:
        detail = f"{first}; look at it and try again"
        said = parts.words("tuning.first", who=first.author or parts.words("tuning.file"))
        return JSONResponse({"detail": detail, "words": said}, 409)
    return _version_state(saved)


def _rule(parts: Parts, rule_id: str) -> Rule:
    found = actions.rule_of(parts, rule_id)
    if found is None:
        raise HTTPException(404, f"unknown rule {rule_id!r}; see /api/v1/rules")
    return found


def _wanted(levels: list[LevelWanted]) -> list[Wanted]:
    return [Wanted(**level.model_dump()) for level in levels]


def _unaccepted(parts: Parts, refused: NotAccepted) -> JSONResponse:
    """For programs where and what, for people the same in words."""
    said = parts.words(f"tuning.wrong-{refused.key}", **refused.values)
    where = refused.faults[0].where
    return JSONResponse({"detail": str(refused), "where": where, "words": said}, 422)


def _outcome(outcome: Outcome, caught: Caught) -> OutcomeState:
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
    return OutcomeState(
        counts=CountsState(**asdict(outcome.counts())),
        reviewed=CaughtState(**asdict(caught)),
        alerts=alerts,
    )


def _levels(rule: Rule) -> list[LevelState]:
    return [
        LevelState(
            level=limit.level.name.lower(),
            side=None if limit.limit is None else "above" if limit.sign > 0 else "below",
            limit=limit.limit,
            for_ms=limit.for_ms,
            clear_limit=limit.clear_limit,
            clear_for_ms=limit.clear_for_ms,
            basis=limit.basis,
        )
        for limit in rule.limits
    ]


def _rule_state(parts: Parts, rule: Rule) -> RuleState:
    indicator = INDICATORS.get(rule.indicator)
    return RuleState(
        id=rule.id,
        version=rule.version,
        name=rule.name,
        kind=rule.kind,
        indicator=rule.indicator,
        indicator_name=indicator.name if indicator else "",
        unit=indicator.unit if indicator else "",
        window_ms=rule.window_ms,
        scope=actions.scope(parts, rule),
        stations=[name.partition("/")[0] for name in rule.series(parts.catalogue)],
        reason=rule.reason,
        levels=_levels(rule),
    )


def _version_state(version: Version) -> VersionState:
    return VersionState(
        rule_id=version.rule_id,
        version=version.version,
        author=version.author,
        reason=version.reason,
        valid_from_ms=version.valid_from_ms,
        saved_ms=version.saved_ms,
        levels=_levels(version.rule),
    )
