"""Pages of procuratorial advice: counts by topic with the list, the form, and one by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.advice import actions, wording
from api.platforms.judicial.advice.procedure import PROCEDURE
from api.platforms.judicial.advice.records import Asked
from api.platforms.judicial.papers import at_turn
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import FILES, Written, forms
from api.procedures.part import Failed, failed_by, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link, page

ADDRESS = "/advice/{item_id}"
FIELDS = ("title", "addressee", "topic", "text")
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Sender = Annotated[Account, require(JudicialPermission.SUBMIT)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/advice", response_class=HTMLResponse)
def advice(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Counts by topic, and the advice that somebody sees."""
    found = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "judicial/advice.html",
        **frame(request, services, account),
        asked=asked,
        counts=actions.counts(services, account),
        counted=wording.counted(services.words),
        topics=dict(wording.topics_named(services.words)),
        filters=wording.filters(services, actions.addressees(services, account)),
        found=found,
        lines=wording.lines(services, found.rows),
        writes=actions.may_write(services, account),
    )


@router.get("/advice.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    most = tables.MOST[form]
    rows = actions.every(services, account, asked, most + 1)
    sheet = wording.table(services, rows)
    total = None if len(rows) > most else len(rows)
    return tables.download(services.words, "advice", form, sheet, total=total)


@router.get("/advice/new", response_class=HTMLResponse)
def form_of_new(request: Request, services: ServicesOf, account: Sender) -> HTMLResponse:
    """The form in which the procuratorate writes."""
    return _form(request, services, account, {}, None)


@router.post("/advice/new")
def write(written: Written, request: Request, services: ServicesOf, account: Sender) -> Response:
    """Write advice; with faults the form comes again with all that was written."""
    given = {name: written.get(name, "").replace("\r\n", "\n") for name in FIELDS}
    try:
        item_id = actions.write(services, account, given)
    except StepRefused as refused:
        failed = failed_by(services, refused, "write", written)
        answer = _form(request, services, account, written, failed)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def one(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Advice, its reply, what came of it, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    failed: Failed | None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "judicial/advice_new.html",
        **frame(request, services, account),
        topics=wording.topics_named(services.words),
        units=unit_names.present(services),
        written=dict.fromkeys(FIELDS, "") | dict(written),
        wrong=failed.wrong if failed else {},
        said=failed.said if failed and not failed.wrong else "",
    )


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    (line,) = wording.lines(services, [part.row])
    return page(
        request,
        services.words,
        "judicial/advice_one.html",
        **frame(request, services, account),
        part=part,
        line=line,
        papers=file_wording.lines(services, actions.PAPERS.at(services, part.row)),
        attaches=at_turn(part),
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
        wrong_file=failed.said if failed and failed.step == FILES else "",
    )


PAGES = (router, actions.PAPERS.form(ADDRESS, _shown), forms(PROCEDURE, ADDRESS, _shown))
