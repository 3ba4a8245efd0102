"""The questions of a draft: written, moved and taken out; and the same asked of each unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin
from api.ballots.questions import QUESTION_KINDS
from api.ballots.refusals import UnknownPoll
from api.frame import frame
from api.platforms.duty.surveys import records, wording
from api.platforms.duty.surveys.actions import making as actions
from api.platforms.duty.surveys.pages.survey_page import (
    ADDRESS,
    Office,
    SurveyId,
    back,
    find,
    shown,
)
from api.platforms.duty.surveys.records import RATINGS, Survey, WrittenQuestion
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import page

router = APIRouter(prefix=ADDRESS, include_in_schema=False)


@router.post("/{item_id}/units", dependencies=[SameOrigin], response_model=None)
def assess(
    item_id: SurveyId,
    request: Request,
    services: ServicesOf,
    account: Office,
    text: Annotated[str, Form(max_length=300)],
    units: Annotated[list[str] | None, Form(max_length=records.MOST_UNITS)] = None,
) -> Response:
    """Ask the same of each unit that is chosen."""
    found = find(services, account, item_id)
    ratings = [services.words(f"duty.survey.rating-{of}") for of in RATINGS]
    try:
        actions.ask_about(services, account, found, units or (), " ".join(text.split()), ratings)
    except NotAccepted as refused:
        return shown(request, services, account, found, wrong=wording.wrong(services, refused))
    return back(request, item_id, "saved", "questions")


@router.get("/{item_id}/questions/{question}", response_class=HTMLResponse)
def question(
    item_id: SurveyId, question: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The form of a question; ``new``: of one more."""
    found = find(services, account, item_id)
    one = found.poll.form.question(question)
    if one is None and question != "new":
        raise UnknownPoll(f"survey {item_id} has no question {question[:40]}")
    written = records.written_of(one) if one else WrittenQuestion(required=True)
    return _question(request, services, account, found, question, written)


@router.post("/{item_id}/questions/{question}", dependencies=[SameOrigin], response_model=None)
def put(
    item_id: SurveyId,
    question: str,
    written: Annotated[WrittenQuestion, Form()],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Save a question of a draft, or one more."""
    found = find(services, account, item_id)
    form = found.poll.form
    if question != "new" and form.question(question) is None:
        raise UnknownPoll(f"survey {item_id} has no question {question[:40]}")
    question_id = records.fresh_id(form) if question == "new" else question
    try:
        one = written.question(question_id)
    except NotAccepted as refused:
        wrong = wording.wrong(services, refused)
        return _question(request, services, account, found, question, written, wrong)
    actions.ask(services, account, found, records.with_question(form, one))
    return back(request, item_id, "saved", "questions")


@router.post("/{item_id}/questions/{question}/move", dependencies=[SameOrigin])
def move(
    item_id: SurveyId,
    question: str,
    by: Annotated[Literal["up", "down"], Form()],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> RedirectResponse:
    """Move a question up or down."""
    found = find(services, account, item_id)
    form = records.moved(found.poll.form, question, -1 if by == "up" else 1)
    actions.ask(services, account, found, form)
    return back(request, item_id, "", "questions")


@router.post("/{item_id}/questions/{question}/remove", dependencies=[SameOrigin])
def remove(
    item_id: SurveyId, question: str, request: Request, services: ServicesOf, account: Office
) -> RedirectResponse:
    """Take a question out of a draft; the audit keeps the form as it was."""
    found = find(services, account, item_id)
    actions.ask(services, account, found, records.without_question(found.poll.form, question))
    return back(request, item_id, "", "questions")


def _question(
    request: Request,
    services: Services,
    account: Account,
    survey: Survey,
    question: str,
    written: WrittenQuestion,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found = page(
        request,
        services.words,
        "duty/survey_question.html",
        **frame(request, services, account),
        survey=survey,
        question=question,
        written=written,
        kinds=QUESTION_KINDS,
        earlier=wording.earlier(services, survey.poll.form, question),
        wrong=wrong or {},
    )
    found.status_code = 422 if wrong else 200
    return found
