"""The page of the sessions of the congress, where the office enters them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.sessions import actions
from api.platforms.duty.sessions.records import MOST_NUMBER
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page

FIELDS = ("town", "term", "number", "first_day", "last_day")
Reader = Annotated[Account, require(DutyPermission.SEE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]
Field = Annotated[Typed, Form()]
router = APIRouter(prefix="/sessions", include_in_schema=False, dependencies=[SameOrigin])


@router.get("", response_class=HTMLResponse)
def sessions(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """All sessions, and for the office the form of a further one."""
    return _shown(request, services, account, {})


@router.post("", response_model=None)
def put(
    request: Request,
    services: ServicesOf,
    account: Office,
    town: Field = "",
    term: Field = "",
    number: Field = "",
    first_day: Field = "",
    last_day: Field = "",
    offered: Annotated[bool, Form()] = True,  # noqa: FBT002  a field of the form
) -> Response:
    """Write a session; with a fault the form comes again with all that was written."""
    given = dict(zip(FIELDS, (town, term, number, first_day, last_day), strict=True))
    try:
        actions.put(services, account, given, offer=offered)
    except NotAccepted as refused:
        return _shown(request, services, account, given, refused)
    return RedirectResponse(link(request, "/sessions"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    refused: NotAccepted | None = None,
) -> HTMLResponse:
    wrong = {}
    if refused:
        said = services.words(f"duty.sessions.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
    answer = page(
        request,
        services.words,
        "duty/sessions.html",
        **frame(request, services, account),
        sessions=actions.every(services),
        towns=actions.towns(services),
        most=MOST_NUMBER,
        written=dict.fromkeys(FIELDS, "") | dict(written),
        wrong=wrong,
        manages=account.may(DutyPermission.CHECK),
    )
    answer.status_code = 422 if refused else 200
    return answer


PAGES = (router,)
