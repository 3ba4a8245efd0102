"""The register of deputies, one deputy, and the office's import."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.frame import frame
from api.platforms.duty.deputies import actions, wording
from api.platforms.duty.deputies.records import (
    MOST_BYTES,
    MOST_TERM,
    Checked,
    handed_back,
    written,
)
from api.platforms.duty.permission import DutyPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted, RowId, Typed
from api.web.rendering import link, page

MOST_OF_NAME = 100
Reader = Annotated[Account, require(DutyPermission.SEE_DEPUTIES)]
Office = Annotated[Account, require(DutyPermission.MANAGE_DEPUTIES)]
TermNumber = Annotated[int | None, Query(ge=1, le=MOST_TERM)]
Chosen = Annotated[int, Form(ge=1, le=MOST_TERM)]
Field = Annotated[Typed, Form()]
router = APIRouter(prefix="/deputies", include_in_schema=False, dependencies=[SameOrigin])


@router.get("", response_class=HTMLResponse)
def deputies(
    request: Request, services: ServicesOf, account: Reader, term: TermNumber = None
) -> HTMLResponse:
    """The deputies of a term by delegation, in the official order."""
    return page(
        request,
        services.words,
        "duty/deputies.html",
        **frame(request, services, account),
        register=actions.register(services, term),
        manages=account.may(DutyPermission.MANAGE_DEPUTIES),
    )


@router.get("/import", response_class=HTMLResponse)
def form(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The forms that take a term, and a file."""
    return _shown(request, services, account, Checked(""))


@router.get("/template.csv")
def template(services: ServicesOf, _account: Office) -> StreamingResponse:
    """A table with the heads of the columns."""
    headers = {"Content-Disposition": 'attachment; filename="deputies.csv"'}
    rows = tables.csv(wording.template(services.words))
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/terms", response_model=None)
def put_term(
    request: Request,
    services: ServicesOf,
    account: Office,
    number: Field = "",
    from_day: Field = "",
    until_day: Field = "",
) -> Response:
    """Write a term, or other days of one."""
    try:
        actions.put_term(services, account, number, from_day, until_day)
    except NotAccepted as refused:
        return _refused(request, services, account, refused)
    return RedirectResponse(link(request, "/deputies/import"), 303)


@router.post("/import/check")
@larger(MOST_BYTES)
def check(
    request: Request, services: ServicesOf, account: Office, term: Chosen, file: UploadFile
) -> HTMLResponse:
    """The outcome that a file would have: every mistake, or who is new."""
    name = (file.filename or "")[:MOST_OF_NAME]
    try:
        checked = actions.check(services, account, term, name, file.file.read())
    except NotAccepted as refused:
        return _refused(request, services, account, refused)
    answer = _shown(request, services, account, checked)
    if checked.mistakes:
        answer.status_code = 422
    return answer


@router.post("/import/load", response_model=None)
@larger(MOST_BYTES)
def load(
    request: Request,
    services: ServicesOf,
    account: Office,
    term: Chosen,
    entered: Annotated[str, Form()],
) -> Response:
    """Load what was checked; first passwords of new accounts are shown this once."""
    try:
        made = actions.load(services, account, term, handed_back(entered))
    except NotAccepted as refused:
        return _refused(request, services, account, refused)
    if not made:
        return RedirectResponse(link(request, f"/deputies?term={term}"), 303)
    return page(
        request,
        services.words,
        "duty/deputies_loaded.html",
        **frame(request, services, account),
        made=made,
        term=term,
        address=wording.passwords_address(services.words, made),
    )


@router.get("/{deputy_id}", response_class=HTMLResponse)
def deputy(
    deputy_id: RowId, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A deputy as the public knows them, and more for the office and for the deputy."""
    found = actions.deputy(services, deputy_id) if 0 < deputy_id <= MOST_ID else None
    if found is None:
        raise HTTPException(404)
    unit = Units(services.state).get(found.delegation)
    return page(
        request,
        services.words,
        "duty/deputy.html",
        **frame(request, services, account),
        deputy=found,
        delegation=services.words.name(unit.name) if unit else found.delegation,
        knows_all=actions.knows_all(account, found),
    )


def _refused(
    request: Request, services: Services, account: Account, refused: NotAccepted
) -> HTMLResponse:
    wrong = services.words(f"duty.deputies.wrong-{refused.key}", **refused.values)
    answer = _shown(request, services, account, Checked(""), wrong)
    answer.status_code = 422
    return answer


def _shown(
    request: Request, services: Services, account: Account, checked: Checked, wrong: str = ""
) -> HTMLResponse:
    units = Units(services.state).all()
    return page(
        request,
        services.words,
        "duty/deputies_import.html",
        **frame(request, services, account),
        terms=actions.register(services).terms,
        checked=checked,
        delegations={of.id: services.words.name(of.name) for of in units},
        written=written(checked.entered),
        wrong=wrong,
    )


PAGES = (router,)
