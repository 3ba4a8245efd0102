"""Saved questions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.questions import actions, wording
from api.platforms.budget.questions.records import Question
from api.platforms.budget.questions.schemas import NewQuestion, QuestionState
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/questions", tags=["budget"], dependencies=[SameOrigin])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Key = Annotated[str, Path(pattern=r"^[a-z0-9]{1,20}$")]


@router.get("")
def questions(services: ServicesOf, account: Reader) -> list[QuestionState]:
    """The own ones first, then those of everybody, each in its order."""
    return [_state(services, of) for of in actions.kept(services, account).every]


@router.post("", status_code=201)
def save(body: NewQuestion, services: ServicesOf, account: Reader) -> QuestionState:
    """Keep a question for oneself, or, as the office, for everybody."""
    try:
        of = actions.save(services, account, body.page, body.query, body.name, shared=body.shared)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, of)


@router.delete("/{question}", status_code=204)
def remove(question: Key, services: ServicesOf, account: Reader) -> None:
    """Take away an own question, or, as the office, a shared one."""
    actions.remove(services, account, question)


def _state(services: Services, of: Question) -> QuestionState:
    return QuestionState(
        key=of.key,
        name=wording.name(services.words, of),
        shared=of.shared,
        page=of.page,
        asked=dict(of.asked),
        path=of.path,
    )


API = (router,)
