"""Appraisals over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.judicial.appraisals import actions
from api.platforms.judicial.appraisals.procedure import PROCEDURE
from api.platforms.judicial.appraisals.schemas import (
    AppraisalGiven,
    AppraisalMade,
    AppraisalsState,
    BallotGiven,
    BallotsGiven,
    OutcomeState,
    appraisal_state,
    outcome_state,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(JudicialPermission.SEE)]
Office = Annotated[Account, require(JudicialPermission.APPRAISE)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])


@router.get("/appraisals")
def appraisals(services: ServicesOf, account: Reader) -> AppraisalsState:
    """Appraisals that the caller sees, the newest 200, without their results."""
    found = actions.listed(services, account)
    return AppraisalsState(appraisals=[appraisal_state(of) for of in found])


@router.post("/appraisals", status_code=201)
def plan(given: AppraisalGiven, services: ServicesOf, account: Office) -> AppraisalMade:
    """Plan an appraisal."""
    return AppraisalMade(id=int(actions.plan(services, account, given.model_dump())))


@router.post("/appraisals/{item_id}/open", status_code=204)
def open_ballots(item_id: str, given: BallotsGiven, services: ServicesOf, account: Office) -> None:
    """Open the ballots."""
    actions.open_ballots(services, account, item_id, given.last_day, given.units)


@router.post("/appraisals/{item_id}/count", status_code=204)
def count_ballots(item_id: str, services: ServicesOf, account: Office) -> None:
    """Close and count the ballots."""
    actions.count_ballots(services, account, item_id)


@router.post("/appraisals/{item_id}/ballot", status_code=204)
def vote(item_id: str, given: BallotGiven, services: ServicesOf, account: Reader) -> None:
    """Give an anonymous ballot, once."""
    answers = {name: tuple(values) for name, values in given.answers.items()}
    actions.vote(services, account, item_id, answers)


@router.get("/appraisals/{item_id}/results")
def results(item_id: str, services: ServicesOf, account: Reader) -> OutcomeState:
    """The result of one appraisal."""
    found = actions.appraisal(services, account, item_id)
    return outcome_state(found, *actions.counts(services, found))


API = (router, routes(PROCEDURE, "/appraisals/{item_id}"))
