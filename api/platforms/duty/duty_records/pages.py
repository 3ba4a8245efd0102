"""Pages of duty records: whose there are, one person's year, the form of a fact, and one fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.duty.deputies import actions as deputies
from api.platforms.duty.duty_records import actions
from api.platforms.duty.duty_records.procedure import PROCEDURE
from api.platforms.duty.duty_records.records import KINDS, SHOWN, PersonYear
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.reports.pages import MEDIA
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page
from api.web.tables import saved_as
from config.vocabulary.time import day_of

ADDRESS = "/records/{item_id}"
FIELDS = ("kind", "day", "title", "evidence")
Reader = Annotated[Account, require(DutyPermission.SEE_RECORDS)]
Year = Annotated[int, Query(ge=1950, le=2999)]
Field = Annotated[Typed, Form()]
Person = Annotated[str, Query(max_length=40)]
router = APIRouter(include_in_schema=False)


@router.get("/records", response_class=HTMLResponse)
def records(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Of a deputy the own record; for the office whose there are, and what waits for it."""
    if not account.may(DutyPermission.VERIFY):
        year = actions.this_year(services)
        return _record(request, services, account, account.username, year)
    return page(
        request,
        services.words,
        "duty/records.html",
        **frame(request, services, account),
        register=deputies.register(services),
        waiting=actions.waiting(services, account),
    )


@router.get("/records/of/{username}", response_class=HTMLResponse)
def record(
    username: str,
    request: Request,
    services: ServicesOf,
    account: Reader,
    year: Year | None = None,
) -> HTMLResponse:
    """A person's record of a year."""
    return _record(request, services, account, username, year or actions.this_year(services))


@router.get("/records/of/{username}/report.docx", response_class=Response)
@costs(COSTLY)
def report(username: str, year: Year, services: ServicesOf, account: Reader) -> Response:
    """The report of a person's year in Word, as the facts are now."""
    try:
        title, body = actions.own_report(services, account, PersonYear(username, str(year)))
    except NotAccepted:
        raise HTTPException(404) from None
    return Response(body, media_type=MEDIA["docx"], headers=saved_as(f"{title}.docx"))


@router.get("/records/new", response_class=HTMLResponse)
def new(
    request: Request, services: ServicesOf, account: Reader, username: Person = ""
) -> HTMLResponse:
    """The form of a fact that happened elsewhere."""
    return _form(request, services, account, username or account.username, {}, {})


@router.post("/records/new", dependencies=[SameOrigin], response_model=None)
def enter(
    request: Request,
    services: ServicesOf,
    account: Reader,
    username: Field = "",
    kind: Field = "",
    day: Field = "",
    title: Field = "",
    evidence: Field = "",
) -> Response:
    """Write it; with faults the form comes again with all that was written."""
    given = {"kind": kind, "day": day, "title": title, "evidence": evidence}
    try:
        item_id = actions.enter(services, account, username, given)
    except NotAccepted:
        raise HTTPException(404) from None
    except Incomplete as refused:
        wrong = refused.wrong(services.words)
        answer = _form(request, services, account, username, given, wrong)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def fact(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A fact, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/files", dependencies=[SameOrigin], response_model=None)
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
) -> Response:
    """Put a file to a fact as evidence."""
    try:
        actions.attach(services, account, item_id, file, title)
    except FileRefused as refused:
        failed = Failed("files", refused.said(services.words))
        answer = _shown(request, services, account, item_id, failed)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _record(
    request: Request, services: Services, account: Account, username: str, year: int
) -> HTMLResponse:
    found = actions.record(services, account, username, year)
    if found is None:
        raise HTTPException(404)
    return page(
        request,
        services.words,
        "duty/record.html",
        **frame(request, services, account),
        record=found,
        own=account.username == username,
        office=account.may(DutyPermission.VERIFY),
    )


def _form(
    request: Request,
    services: Services,
    account: Account,
    username: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    names = People(services.state).names([username])
    if username not in names or not actions.may_read(account, username):
        raise HTTPException(404)
    return page(
        request,
        services.words,
        "duty/fact_form.html",
        **frame(request, services, account),
        username=username,
        name=names[username],
        own=account.username == username,
        kinds=KINDS,
        today=day_of(services.now_ms()),
        written=dict.fromkeys(FIELDS, "") | dict(written),
        wrong=wrong,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    username = part.row["username"]
    return page(
        request,
        services.words,
        "duty/fact.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        lines=file_wording.lines(services, actions.attached(services, part.row)),
        accepted=file_wording.ACCEPTED,
        attach=f"{address}/files" if part.row["state"] in SHOWN else "",
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
        name=People(services.state).names([username]).get(username, username),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
