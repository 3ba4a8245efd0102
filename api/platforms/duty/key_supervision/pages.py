"""Pages of key supervision: the list, the form of a proposal, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty import repository as suggestions
from api.platforms.duty.key_supervision import actions
from api.platforms.duty.key_supervision.procedure import PROCEDURE
from api.platforms.duty.key_supervision.records import SHOWS, Show
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web.forms import Typed
from api.web.rendering import link, page

ADDRESS = "/key-supervision/{item_id}"
Reader = Annotated[Account, require(DutyPermission.SEE)]
Committee = Annotated[Account, require(DutyPermission.DECIDE)]
Field = Annotated[Typed, Form()]
router = APIRouter(include_in_schema=False)


@router.get("/key-supervision", response_class=HTMLResponse)
def supervisions(
    request: Request, services: ServicesOf, account: Reader, show: Show = "running"
) -> HTMLResponse:
    """Suggestions under key supervision, the newest first."""
    return page(
        request,
        services.words,
        "duty/key_supervisions.html",
        **frame(request, services, account),
        lines=actions.listed(services, account, show),
        show=show,
        shows=SHOWS,
    )


@router.get("/suggestions/{item_id}/key-supervision", response_class=HTMLResponse)
def proposal(
    item_id: str, request: Request, services: ServicesOf, account: Committee
) -> HTMLResponse:
    """The form of a proposal."""
    return _form(request, services, account, item_id, {}, {})


@router.post(
    "/suggestions/{item_id}/key-supervision", dependencies=[SameOrigin], response_model=None
)
def propose(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Committee,
    committee: Field = "",
    why: Field = "",
) -> Response:
    """Propose it; what does not hold comes back with its words and all that was written."""
    written = {"committee": committee, "why": why}
    try:
        made = actions.propose(services, account, item_id, written)
    except Incomplete as refused:
        wrong = refused.wrong(services.words)
        answer = _form(request, services, account, item_id, written, wrong)
        answer.status_code = refused.status_code
        return answer
    if made is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def supervision(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A key supervision, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    with services.state.read() as connection:
        row = suggestions.suggestion(connection, account, item_id)
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return page(
        request,
        services.words,
        "duty/proposal.html",
        **frame(request, services, account),
        row=row,
        committees=actions.committees(services),
        written={"committee": "", "why": ""} | dict(written),
        wrong=wrong,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "duty/key_supervision.html",
        **frame(request, services, account),
        part=part,
        line=actions.line_of(services, part.row),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
