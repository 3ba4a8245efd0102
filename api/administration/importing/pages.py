"""The page that takes a spreadsheet of people: check, then load."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, StreamingResponse

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.administration.appointed import unit_said
from api.administration.authority import OverPeople, said
from api.administration.importing import actions, wording
from api.administration.importing.records import MOST_BYTES, Checked, handed_back, written
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, SignedIn
from api.bodies import larger
from api.frame import frame
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import page

MOST_OF_NAME = 100
router = APIRouter(prefix="/imports", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def form(
    request: Request, services: ServicesOf, account: SignedIn, _over: OverPeople
) -> HTMLResponse:
    """The form that takes a file."""
    return _shown(request, services, account, Checked(""))


@router.get("/template.csv")
def template(services: ServicesOf, _over: OverPeople) -> StreamingResponse:
    """A table with the heads of the columns."""
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    rows = tables.csv(wording.template(services.words))
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/check", dependencies=[SameOrigin])
@larger(MOST_BYTES)
@costs(HEAVY)
def check(
    request: Request, services: ServicesOf, account: SignedIn, over: OverPeople, file: UploadFile
) -> HTMLResponse:
    """The outcome that a file would have: every fault, or who is new."""
    name = (file.filename or "")[:MOST_OF_NAME]
    checked = actions.check(services, over, name, file.file.read())
    answer = _shown(request, services, account, checked)
    if checked.faults:
        answer.status_code = 422
    return answer


@router.post("/load", dependencies=[SameOrigin])
@larger(MOST_BYTES)
def load(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverPeople,
    people: Annotated[str, Form()],
) -> HTMLResponse:
    """Load what was checked, and show the first passwords this once."""
    try:
        made = actions.load(over, handed_back(people))
    except NotAccepted as refused:
        wrong = said(services.words, refused)
        answer = _shown(request, services, account, Checked(""), wrong)
        answer.status_code = 422
        return answer
    return page(
        request,
        services.words,
        "administration/loaded.html",
        **frame(request, services, account),
        made=made,
        address=wording.passwords_address(services.words, made),
    )


def _shown(
    request: Request, services: Services, account: Account, checked: Checked, wrong: str = ""
) -> HTMLResponse:
    t = services.words
    units = {unit.id: unit for unit in Units(services.state).all()}
    return page(
        request,
        t,
        "administration/importing.html",
        **frame(request, services, account),
        checked=checked,
        rows=[
            {
                "username": of.username,
                "name": of.name,
                "roles": t.listed(services.roles.by_id[role].said(t) for role in of.roles),
                "units": t.listed(unit_said(t, units, unit) for unit in of.units),
            }
            for of in checked.new
        ],
        written=written(checked.new),
        wrong=wrong,
    )
