"""Surveys over the API: those that the caller is asked, answering them, and results."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.ballots.refusals import UnknownPoll
from api.bodies import larger
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.actions import answering, making
from api.platforms.duty.surveys.schemas import (
    GivenAnswers,
    ResultsState,
    SurveyState,
    results_state,
    survey_state,
)
from api.services import ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import day_of

MOST_BYTES = 131_072
router = APIRouter(prefix="/surveys", tags=["surveys"], dependencies=[SameOrigin])
Participant = Annotated[Account, require(DutyPermission.TAKE_PART)]
Office = Annotated[Account, require(DutyPermission.SURVEY)]
SurveyId = Annotated[int, Path(ge=1, le=MOST_ID)]


class NotAnswers(Declared):
    """Something of the answers does not hold; the detail names question, fault and remedy."""

    status = 422


@router.get("")
def mine(services: ServicesOf, account: Participant) -> list[SurveyState]:
    """The surveys that the caller is asked, the newest first; answers only of a single one."""
    today = day_of(services.now_ms())
    return [survey_state(own, today) for own in answering.own(services, account)]


@router.get("/{item_id}")
def survey(item_id: SurveyId, services: ServicesOf, account: Participant) -> SurveyState:
    """One of them."""
    own = answering.own_one(services, account, item_id)
    return survey_state(own, day_of(services.now_ms()))


@router.post("/{item_id}/answers", status_code=204)
@larger(MOST_BYTES)
def answer(
    item_id: SurveyId, given: GivenAnswers, services: ServicesOf, account: Participant
) -> None:
    """Answer by name, again and again until the last day; or give an anonymous ballot, once."""
    own = answering.own_one(services, account, item_id)
    answers = {name: tuple(values) for name, values in given.answers.items()}
    try:
        answering.answer(services, account, own.survey, answers)
    except FaultyInput as refused:
        raise NotAnswers(str(refused)) from refused


@router.get("/{item_id}/results")
def results(item_id: SurveyId, services: ServicesOf, account: Office) -> ResultsState:
    """How often which answer was given; of an anonymous survey once it has ended."""
    found = making.find(services, account, item_id)
    if found is None:
        raise UnknownPoll(f"unknown survey {item_id}")
    return results_state(making.outcome(services, found))
