"""Results of surveys for the office, whose figures open their rows; and tables to take along."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.ballots import wording as ballots
from api.ballots.refusals import UnknownPoll
from api.frame import frame
from api.platforms.duty.surveys import wording
from api.platforms.duty.surveys.actions import making as actions
from api.platforms.duty.surveys.pages.survey_page import ADDRESS, Office, SurveyId, find
from api.platforms.duty.surveys.records import Survey
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link, page

router = APIRouter(prefix=ADDRESS, include_in_schema=False)


@router.get("/{item_id}/results", response_class=HTMLResponse)
def results(
    item_id: SurveyId, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """How often which answer was given."""
    survey = find(services, account, item_id)
    found = actions.outcome(services, survey)
    address = link(request, f"{ADDRESS}/{item_id}")
    return page(
        request,
        services.words,
        "duty/survey_results.html",
        **frame(request, services, account),
        survey=survey,
        line=wording.line(services, survey, found.asked, found.answered),
        few=wording.is_few(survey, found.answered),
        answered=found.answered,
        lines=ballots.result_lines(services.words, found.results),
        rows="" if survey.poll.anonymous else f"{address}/answers",
        address=address,
    )


@router.get("/{item_id}/results.{form}", response_class=Response)
def export_results(
    item_id: SurveyId, form: tables.Form, services: ServicesOf, account: Office
) -> Response:
    """The same as a table; what is hidden stays hidden."""
    survey = find(services, account, item_id)
    found = actions.outcome(services, survey)
    sheet, total = wording.results_sheet(
        services, survey, found.asked, found.answered, found.results
    )
    return tables.download(services.words, survey.title, form, sheet, total=total)


@router.get("/{item_id}/answers", response_class=HTMLResponse)
def answers(
    item_id: SurveyId,
    request: Request,
    services: ServicesOf,
    account: Office,
    question: Annotated[str, Query(max_length=40)] = "",
    value: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Who gave an answer; of an anonymous survey nobody."""
    survey = _named(services, account, item_id)
    asked = survey.poll.form.question(question)
    found = wording.given(services, survey, actions.responses(services, survey), asked, value)
    return page(
        request,
        services.words,
        "duty/survey_answers.html",
        **frame(request, services, account),
        survey=survey,
        asked=asked,
        value=ballots.option(services.words, asked, value) if asked and value else "",
        given=found,
        address=link(request, f"{ADDRESS}/{item_id}"),
    )


@router.get("/{item_id}/answers.{form}", response_class=Response)
def export_answers(
    item_id: SurveyId, form: tables.Form, services: ServicesOf, account: Office
) -> Response:
    """All named answers as a table."""
    survey = _named(services, account, item_id)
    sheet, total = wording.answers_sheet(services, survey, actions.responses(services, survey))
    return tables.download(services.words, survey.title, form, sheet, total=total)


def _named(services: Services, account: Account, item_id: int) -> Survey:
    found = find(services, account, item_id)
    if found.poll.anonymous:
        raise UnknownPoll(f"survey {item_id} is anonymous: there are no rows of people")
    return found
