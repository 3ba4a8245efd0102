"""Pages of questions: the list, its table, the form that asks, and one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import WITHOUT_NUL, SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.questions import actions, wording
from api.cases.questions.procedure import PROCEDURE
from api.cases.questions.records import Asked
from api.frame import frame
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link, page

ADDRESS = "/questions/{item_id}"
Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
Line = Annotated[str, Form(max_length=1000, pattern=WITHOUT_NUL)]
Text = Annotated[str, Form(max_length=20_000, pattern=WITHOUT_NUL)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/questions", response_class=HTMLResponse)
def questions(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The questions that somebody sees, the first due first."""
    rows, total = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "cases/questions.html",
        **frame(request, services, account),
        asked=asked,
        total=total,
        pages=actions.pages(total),
        lines=wording.lines(services, rows),
        filters=wording.filters(services),
    )


@router.get("/questions.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows = actions.every(services, account, asked, tables.MOST[form])
    _, total = actions.listed(services, account, asked)
    sheet = wording.table(services, wording.lines(services, rows))
    return tables.download(services.words, "questions", form, sheet, total=total)


@router.get("/{case_id}/questions/new", response_class=HTMLResponse)
def new(case_id: str, request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """The form that asks a body."""
    return _form(request, services, account, case_id, {}, {})


@router.post("/{case_id}/questions/new", response_model=None)
def ask(
    case_id: str,
    request: Request,
    services: ServicesOf,
    account: Keeper,
    title: Line = "",
    text: Text = "",
    unit: Line = "",
    due_day: Line = "",
) -> Response:
    """Ask a body; with faults the form comes again with all that was written."""
    given = {"title": title, "text": text, "unit": unit, "due_day": due_day}
    try:
        item_id = actions.ask(services, account, case_id, given)
    except Incomplete as refused:
        wrong = refused.wrong(services.words)
        answer = _form(request, services, account, case_id, given, wrong)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def question(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A question, its answer, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    case_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "cases/question_form.html",
        **frame(request, services, account),
        case=actions.asked_in(services, account, case_id),
        units=wording.units(services),
        written={**dict.fromkeys(("title", "text", "unit", "due_day"), ""), **written},
        wrong=wrong,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    (line,) = wording.lines(services, [part.row])
    return page(
        request,
        services.words,
        "cases/question.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        line=line,
        case=actions.case_of(services, account, part.row),
        **actions.ATTACHING.part(services, account, part.row, address),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), actions.ATTACHING.form(ADDRESS, _shown))
