"""Rules over the API; instants and durations in ms, limits in the unit of what the rule sees.

A draft of a rule is tried on the past beside the rule in force, and saved as its next version.
``look`` holds the fields that the kind has beside its levels, as a rules file writes them.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from alerting.proposals.repository import DecidedMeanwhile, Proposal, Proposals
from alerting.rules.registry import kind_of
from alerting.rules.repository import SavedMeanwhile
from alerting.rules.rule import Rule
from api.accounts.records import Account
from api.authentication.costs import CHART, costs
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.tuning import actions, schemas, wording
from api.platforms.environment.tuning.repository import Histories
from api.services import Services, ServicesOf
from api.web.caches import cache
from api.web.forms import NotAccepted, RowId

router = APIRouter(prefix="/rules", tags=["rules"], dependencies=[SameOrigin])


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_RULES)]
Tuner = Annotated[Account, require(EnvironmentPermission.TUNE_RULES)]


@router.get("")
def rules(services: ServicesOf, _who: Viewer) -> list[schemas.RuleState]:
    """The rules in force."""
    return [schemas.rule_state(services, rule) for rule in services.rules]


@router.post("/{rule_id}/trial", response_model=schemas.TrialState)
@costs(CHART)
def trial(
    rule_id: str, body: schemas.Draft, request: Request, services: ServicesOf, _who: Tuner
) -> schemas.TrialState | JSONResponse:
    """The outcome of a draft, beside the rule in force. Nothing is saved."""
    rule = _rule(services, rule_id)
    try:
        found = actions.trial(
            services,
            cache(request, Histories),
            rule,
            body.wanted(),
            body.look,
            station=body.station,
            from_ms=body.from_ms,
            to_ms=body.to_ms,
        )
    except NotAccepted as refused:
        return _unaccepted(services, rule, refused)
    return schemas.TrialState(
        from_ms=found.from_ms,
        to_ms=found.to_ms,
        readings=found.readings,
        hours=found.hours,
        now=schemas.outcome_state(found.now, found.caught_now),
        draft=schemas.outcome_state(found.draft, found.caught_draft),
        only_now=len(found.difference.only_first),
        only_draft=len(found.difference.only_second),
        both=len(found.difference.both),
        laxer=list(wording.laxer(services, rule, found.laxer)),
    )


@router.post("/{rule_id}/signal", response_model=schemas.SignalState)
@costs(CHART)
def signal(
    rule_id: str, body: schemas.Signal, request: Request, services: ServicesOf, _who: Tuner
) -> schemas.SignalState | JSONResponse:
    """The signal that a draft's levels judge at a station, for a chart. Nothing is saved."""
    rule = _rule(services, rule_id)
    try:
        draft, rows = actions.signal(
            services,
            cache(request, Histories),
            rule,
            body.wanted(),
            body.look,
            station=body.station,
            from_ms=body.from_ms,
            to_ms=body.to_ms,
            points=body.points,
        )
    except NotAccepted as refused:
        return _unaccepted(services, rule, refused)
    seen = wording.seen(services, draft)
    return schemas.SignalState(
        name=seen.name,
        unit=seen.unit,
        decimals=seen.decimals,
        rows=[schemas.seen_state(services, row) for row in rows],
        causes=kind_of(rule).value_names(services.words),
    )


@router.get("/{rule_id}/versions")
def versions(rule_id: str, services: ServicesOf, _who: Viewer) -> list[schemas.VersionState]:
    """Every version of a rule, the newest first."""
    _rule(services, rule_id)
    return [
        schemas.version_state(version)
        for version in services.rule_repository.versions(rule_id)[::-1]
    ]


@router.post(
    "/{rule_id}/versions",
    status_code=201,
    response_model=schemas.VersionState,
    responses={202: {"model": schemas.ProposalState}},
)
def save(
    rule_id: str, body: schemas.NewVersion, services: ServicesOf, who: Tuner
) -> schemas.VersionState | JSONResponse:
    """Save the next version; 409 with the name of the person who was first. What is laxer than the
    standard is proposed (202), and holds when another person confirms it.
    """
    rule = _rule(services, rule_id)
    try:
        saved = actions.save(
            services,
            who,
            rule,
            body.wanted(),
            body.look,
            after=body.version,
            reason=body.reason,
            valid_from_ms=body.valid_from_ms,
        )
    except NotAccepted as refused:
        return _unaccepted(services, rule, refused)
    except SavedMeanwhile as first:
        return _first(services, first)
    if isinstance(saved, Proposal):
        return JSONResponse(schemas.proposal_state(saved).model_dump(), 202)
    return schemas.version_state(saved)


@router.get("/{rule_id}/proposals")
def proposals(rule_id: str, services: ServicesOf, _who: Viewer) -> list[schemas.ProposalState]:
    """Changes of a rule that wanted a second person, and what became of them, newest first."""
    _rule(services, rule_id)
    return [schemas.proposal_state(row) for row in Proposals(services.state).of(rule_id)]


@router.post("/{rule_id}/proposals/{proposal_id}/confirm", response_model=schemas.VersionState)
def confirm(
    rule_id: str, proposal_id: RowId, services: ServicesOf, who: Tuner
) -> schemas.VersionState | JSONResponse:
    """Confirm what another person proposed; it is the next version."""
    rule, found = _rule(services, rule_id), _proposal(services, rule_id, proposal_id)
    try:
        return schemas.version_state(actions.confirm(services, who, found))
    except NotAccepted as refused:
        return _unaccepted(services, rule, refused)
    except SavedMeanwhile as first:
        return _first(services, first)
    except DecidedMeanwhile as error:
        raise HTTPException(409, str(error)) from None


@router.post("/{rule_id}/proposals/{proposal_id}/withdraw")
def withdraw(
    rule_id: str, proposal_id: RowId, services: ServicesOf, who: Tuner
) -> schemas.ProposalState:
    """Take back what was proposed, or refuse what another person did."""
    try:
        actions.withdraw(services, who, _proposal(services, rule_id, proposal_id))
    except DecidedMeanwhile as error:
        raise HTTPException(409, str(error)) from None
    return schemas.proposal_state(_proposal(services, rule_id, proposal_id))


def _proposal(services: Services, rule_id: str, proposal_id: int) -> Proposal:
    found = actions.proposal_of(services, rule_id, proposal_id)
    if found is None:
        raise HTTPException(404, f"unknown proposal {proposal_id}")
    return found


def _first(services: Services, first: SavedMeanwhile) -> JSONResponse:
    said = services.words("tuning.first", who=first.author or services.words("tuning.file"))
    return JSONResponse({"detail": f"{first}; look at it and try again", "words": said}, 409)


def _rule(services: Services, rule_id: str) -> Rule:
    found = actions.rule_of(services, rule_id)
    if found is None:
        raise HTTPException(404, f"unknown rule {rule_id!r}; see /api/v1/rules")
    return found


def _unaccepted(services: Services, rule: Rule, refused: NotAccepted) -> JSONResponse:
    """For programs where and what, for people the same in words."""
    said = wording.refusal(services, rule, refused)
    where = refused.faults[0].where
    return JSONResponse({"detail": str(refused), "where": where, "words": said}, 422)
