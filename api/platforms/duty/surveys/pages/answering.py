"""Surveys for whoever is asked: the list, and one screen after the other."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.ballots import wording as ballots
from api.ballots.questions import Answers, shown
from api.ballots.refusals import BoxClosed
from api.ballots.wording import Screen
from api.bodies import larger
from api.files import actions as files
from api.files import wording as file_wording
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.actions import answering as actions
from api.platforms.duty.surveys.actions.answering import Own
from api.platforms.duty.surveys.actions.making import subject
from api.platforms.duty.surveys.pages import filling
from api.platforms.duty.surveys.pages.filling import Sent
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/my-surveys"
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Participant = Annotated[Account, require(DutyPermission.TAKE_PART)]
SurveyId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("", response_class=HTMLResponse)
def mine(request: Request, services: ServicesOf, account: Participant) -> HTMLResponse:
    """The surveys that somebody is asked."""
    return page(
        request,
        services.words,
        "duty/my_surveys.html",
        **frame(request, services, account),
        surveys=actions.own(services, account),
        today=day_of(services.now_ms()),
    )


@router.get("/{item_id}", response_class=HTMLResponse)
def survey(
    item_id: SurveyId,
    request: Request,
    services: ServicesOf,
    account: Participant,
    change: Literal["", "1"] = "",
) -> HTMLResponse:
    """The first screen; or, once answered, thanks and one's own named answers."""
    own = actions.own_one(services, account, item_id)
    poll = own.survey.poll
    opens = poll.takes_answers(day_of(services.now_ms()))
    if not opens or (own.done and (poll.anonymous or not change)):
        return _answered(request, services, account, own, may_change=opens and not poll.anonymous)
    screen = ballots.screen(services.words, poll.form, own.begun, 1)
    return _shown(request, services, account, own, screen)


@router.post("/{item_id}", dependencies=[SameOrigin], response_model=None)
@larger(filling.MOST_BYTES)
def answer(
    item_id: SurveyId, sent: Sent, request: Request, services: ServicesOf, account: Participant
) -> Response:
    """The next screen, the one before, or the answers."""
    own = actions.own_one(services, account, item_id)
    found = filling.turned(services.words, own.survey.poll.form, sent)
    if found.screen is not None:
        actions.keep(services, account, own.survey, found.answers)
        said = services.words("duty.survey.wrong-some", n=found.wrong) if found.wrong else ""
        status = 422 if found.wrong else 200
        return _shown(request, services, account, own, found.screen, said, status)
    try:
        actions.answer(services, account, own.survey, found.answers)
    except BoxClosed as refused:
        screen = ballots.screen(services.words, own.survey.poll.form, found.answers, 99)
        said = refused.said(services.words)
        return _shown(request, services, account, own, screen, said, refused.status_code)
    return RedirectResponse(link(request, f"{ADDRESS}/{item_id}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    own: Own,
    screen: Screen,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    attached = files.of_subject(services, subject(own.survey.id))
    found = page(
        request,
        services.words,
        "duty/survey_answer.html",
        **frame(request, services, account),
        survey=own.survey,
        screen=screen,
        wrong=wrong,
        action=link(request, f"{ADDRESS}/{own.survey.id}"),
        lines=file_wording.lines(services, attached),
        kept=not own.survey.poll.anonymous,
        previewed=False,
    )
    found.status_code = status
    return found


def _answered(
    request: Request, services: Services, account: Account, own: Own, *, may_change: bool
) -> HTMLResponse:
    form, response = own.survey.poll.form, own.response
    given: Answers = response.answers if response else {}
    said = [
        (question, ballots.said(services.words, question, given[question.id]))
        for question in shown(form, given)
        if question.id in given
    ]
    return page(
        request,
        services.words,
        "duty/survey_answered.html",
        **frame(request, services, account),
        own=own,
        said=said,
        may_change=may_change,
    )
