"""Pages of rectification: a year with its figures, its table, the form that opens one, and one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import WITHOUT_NUL, SameOrigin, require
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rectification import actions, wording
from api.platforms.budget.rectification.procedure import PROCEDURE
from api.platforms.budget.rectification.records import WAYS, Asked
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import Typed
from api.web.rendering import link, page
from budget.yuan import yuan

ADDRESS = "/rectification/{item_id}"
Reader = Annotated[Account, require(BudgetPermission.SEE_FINDINGS)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
Field = Annotated[Typed, Form()]
Number = Annotated[str, Query(max_length=200)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/rectification", response_class=HTMLResponse)
def rectifications(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """A year: figures, units, problems that nobody was asked to put right, and all others."""
    found = actions.listed(services, account, asked)
    office = actions.is_office(account)
    return page(
        request,
        services.words,
        "budget/rectifications.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        whole=wording.share(services.words, found.whole),
        by_unit=wording.shares(services, found.by_unit),
        lines=actions.lines(services, found.rows),
        filters=actions.filters(services, account),
        waiting=actions.waiting(services, found.year) if office and found.year else [],
        report_due=actions.report_due(services),
        office=office,
        yuan=yuan,
    )


@router.get("/rectification.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    lines, total = actions.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services, lines)
    return tables.download(services.words, "rectification", form, sheet, total=total)


@router.get("/rectification/open", response_class=HTMLResponse)
def opening(
    request: Request, services: ServicesOf, account: Office, number: Number
) -> HTMLResponse:
    """The form that hands a problem to a unit, with what is proposed."""
    of = actions.one_waiting(services, number)
    day = actions.suggested_day(services, of.problem)
    return _form(request, services, account, number, {"unit": of.unit, "due_day": day}, {})


@router.post("/rectification/open", response_model=None)
def open_problem(
    request: Request,
    services: ServicesOf,
    account: Office,
    number: Annotated[str, Form(max_length=200, pattern=WITHOUT_NUL)],
    unit: Field = "",
    way: Field = "",
    due_day: Field = "",
) -> Response:
    """Hand a problem to a unit; with faults the form comes again with all that was written."""
    given = {"unit": unit, "way": way, "due_day": due_day}
    try:
        item_id = actions.open_problem(services, account, number, given)
    except Incomplete as refused:
        wrong = refused.wrong(services.words)
        answer = _form(request, services, account, number, given, wrong)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def rectification(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A problem, how its rectification stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    number: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "budget/rectification_form.html",
        **frame(request, services, account),
        of=actions.one_waiting(services, number),
        units=actions.units_to_ask(services),
        ways=WAYS,
        report_due=actions.report_due(services),
        written={"unit": "", "way": "", "due_day": ""} | dict(written),
        wrong=wrong,
        yuan=yuan,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    seen = actions.seen(services, part.row)
    may_attach = actions.ATTACHING.may(services, account, part.row)
    return page(
        request,
        services.words,
        "budget/rectification.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        seen=seen,
        lines=file_wording.lines(services, seen.attached),
        accepted=file_wording.ACCEPTED,
        attach=f"{address}/files" if may_attach else "",
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), actions.ATTACHING.form(ADDRESS, _shown))
