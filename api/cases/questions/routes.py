"""Questions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.questions import actions
from api.cases.questions.procedure import PROCEDURE
from api.cases.questions.records import Asked
from api.cases.questions.schemas import (
    NewQuestion,
    QuestionsState,
    QuestionState,
    question_state,
)
from api.cases.schemas import Made
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/questions")
def questions(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> QuestionsState:
    """The questions that the caller sees, the first due first."""
    rows, total = actions.listed(services, account, asked)
    return QuestionsState(
        questions=[question_state(row) for row in rows], total=total, page=asked.page
    )


@router.post("/{case_id}/questions", status_code=201)
def ask(case_id: str, body: NewQuestion, services: ServicesOf, account: Keeper) -> Made:
    """Put a question to a body in the name of a case."""
    return Made(id=int(actions.ask(services, account, case_id, body.model_dump())))


@router.get("/questions/{item_id}")
def question(item_id: str, services: ServicesOf, account: Reader) -> QuestionState:
    """A question."""
    return question_state(part_of(services, account, PROCEDURE, item_id).row)


API = (router, routes(PROCEDURE, "/questions/{item_id}"))
