"""Rules of budget supervision over the API: a draft is tried on a year beside the rule in force,
and saved as its next version.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rules import actions, schemas, wording
from api.platforms.budget.rules.records.reading import Unfit, wished
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from budget.detection.records import RuleDocument

router = APIRouter(prefix="/rules", tags=["budget"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(BudgetPermission.SEE_RULES)]
Tuner = Annotated[Account, require(BudgetPermission.SAVE_RULES)]


@router.get("")
def rules(services: ServicesOf, _account: Viewer) -> list[schemas.RuleState]:
    """The rules in force."""
    return [schemas.rule_state(services, of) for of in actions.every(services)]


@router.get("/{rule_id}")
def rule(rule_id: str, services: ServicesOf, _account: Viewer) -> schemas.RuleState:
    """One of them."""
    return schemas.rule_state(services, actions.find(services, rule_id))


@router.get("/{rule_id}/versions")
def versions(rule_id: str, services: ServicesOf, _account: Viewer) -> list[schemas.VersionState]:
    """Every version of a rule, the newest first."""
    found = actions.find(services, rule_id).versions
    return [schemas.version_state(of) for of in reversed(found)]


@router.post("/{rule_id}/trial", response_model=schemas.TrialState)
@costs(HEAVY)
def trial(
    rule_id: str, body: schemas.Draft, services: ServicesOf, _account: Tuner
) -> schemas.TrialState | JSONResponse:
    """The outcome of a draft on a year, beside that of the rule in force. Nothing is saved."""
    kept = actions.find(services, rule_id)
    try:
        draft = wished(kept.rule, body.parameters, body.exclusions, on=body.on)
        found = actions.trial(services, kept, draft, body.year)
    except (NotAccepted, Unfit) as refused:
        return _refused(services, kept.rule, refused)
    return schemas.TrialState(
        year=found.year,
        payments=found.payments,
        now=schemas.tried_state(found.now),
        draft=schemas.tried_state(found.draft),
        both=found.both,
        only_now=len(found.gone),
        only_draft=len(found.fresh),
        gone=schemas.finding_states(services, found.gone),
        fresh=schemas.finding_states(services, found.fresh),
    )


@router.post("/{rule_id}/versions", status_code=201, response_model=schemas.RuleState)
def save(
    rule_id: str, body: schemas.NewVersion, services: ServicesOf, account: Tuner
) -> schemas.RuleState | JSONResponse:
    """Save the next version; 409 with the name of the person who was first."""
    kept = actions.find(services, rule_id)
    try:
        draft = wished(kept.rule, body.parameters, body.exclusions, on=body.on)
        actions.save(services, account, draft, after=body.version, reason=body.reason)
    except (NotAccepted, Unfit) as refused:
        return _refused(services, kept.rule, refused)
    return schemas.rule_state(services, actions.find(services, rule_id))


def _refused(services: Services, rule: RuleDocument, refused: NotAccepted | Unfit) -> JSONResponse:
    """For programs where and what, for people the same in words."""
    faults = [{"where": of.where, "what": of.what, "remedy": of.remedy} for of in refused.faults]
    if isinstance(refused, Unfit):
        said = list(wording.wrongs(services.words, rule, refused.wrongs).values())
    else:
        said = [services.words(f"budget.rules.wrong-{refused.key}", **refused.values)]
    first = isinstance(refused, NotAccepted) and refused.key == "first"
    answer = {"detail": str(refused), "faults": faults, "words": services.words.clauses(said)}
    return JSONResponse(answer, 409 if first else 422)


API = (router,)
