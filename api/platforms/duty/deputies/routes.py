"""The register of deputies over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Response, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.platforms.duty.deputies import actions
from api.platforms.duty.deputies.records import MOST_BYTES, MOST_TERM
from api.platforms.duty.deputies.schemas import (
    DeputyState,
    LoadState,
    RegisterState,
    TermGiven,
    TermState,
    deputy_state,
    load_state,
    term_state,
)
from api.platforms.duty.permission import DutyPermission
from api.services import ServicesOf
from api.web.forms import MOST_ID, NotAccepted, RowId

Reader = Annotated[Account, require(DutyPermission.SEE_DEPUTIES)]
Office = Annotated[Account, require(DutyPermission.MANAGE_DEPUTIES)]
TermNumber = Annotated[int | None, Query(ge=1, le=MOST_TERM)]
Chosen = Annotated[int, Form(ge=1, le=MOST_TERM)]
MOST_OF_NAME = 100
router = APIRouter(prefix="/deputies", tags=["duty"], dependencies=[SameOrigin])


@router.get("")
def deputies(services: ServicesOf, account: Reader, term: TermNumber = None) -> RegisterState:
    """The deputies of a term, without one of the term that runs."""
    found = actions.register(services, term)
    return RegisterState(
        terms=[term_state(of) for of in found.terms],
        term=found.term.number if found.term else None,
        deputies=[
            deputy_state(of, knows_all=actions.knows_all(account, of))
            for group in found.groups
            for of in group.deputies
        ],
    )


@router.put("/terms")
def put_term(given: TermGiven, services: ServicesOf, account: Office) -> list[TermState]:
    """Write a term, or other days of one; all terms."""
    try:
        actions.put_term(services, account, str(given.number), given.from_day, given.until_day)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return [term_state(of) for of in actions.register(services).terms]


@router.post("/import")
@larger(MOST_BYTES)
def load(
    file: UploadFile,
    term: Chosen,
    answer: Response,
    services: ServicesOf,
    account: Office,
    *,
    dry_run: bool = True,
) -> LoadState:
    """Fill a term by a spreadsheet; with ``dry_run`` say what it would do. A file with mistakes is
    answered 422 and changes nothing.
    """
    name = (file.filename or "")[:MOST_OF_NAME]
    try:
        checked = actions.check(services, account, term, name, file.file.read())
        held = dry_run or checked.mistakes
        made = () if held else actions.load(services, account, term, checked.entered)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    if checked.mistakes:
        answer.status_code = 422
    return load_state(services.words, checked, made)


@router.get("/{deputy_id}")
def deputy(deputy_id: RowId, services: ServicesOf, account: Reader) -> DeputyState:
    """A deputy of a term."""
    found = actions.deputy(services, deputy_id) if 0 < deputy_id <= MOST_ID else None
    if found is None:
        raise HTTPException(404)
    return deputy_state(found, knows_all=actions.knows_all(account, found))


API = (router,)
