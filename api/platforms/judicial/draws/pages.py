"""Pages of draws: the list, the form, one draw, and repeating one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.draws import actions
from api.platforms.judicial.draws.procedure import PROCEDURE
from api.platforms.judicial.draws.records import (
    Drawn,
    NotDrawn,
    Repeated,
    commands,
    findings,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written, forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web.rendering import link, page

ADDRESS = "/draws/{item_id}"
FIELDS = ("title", "scope", "unit", "source", "number_day")
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Head = Annotated[Account, require(JudicialPermission.DECIDE)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/draws", response_class=HTMLResponse)
def draws(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Draws that somebody sees, the newest first."""
    return page(
        request,
        services.words,
        "judicial/draws.html",
        **frame(request, services, account),
        rows=actions.listed(services, account),
        units=unit_names.every(services),
    )


@router.get("/draws/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Head) -> HTMLResponse:
    """The form that announces one."""
    return _form(request, services, account, {}, {}, 200)


@router.post("/draws/new", response_model=None)
def announce(written: Written, request: Request, services: ServicesOf, account: Head) -> Response:
    """Announce it; with faults the form comes again with all that was written."""
    given = {name: written[name] for name in FIELDS if name in written}
    try:
        made = actions.announce(services, account, given, written.get("size", ""))
    except StepRefused as refused:
        wrong = dict(refused.wrong(services.words)) or {"title": refused.said(services.words)}
        return _form(request, services, account, written, wrong, refused.status_code)
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get("/draws/repeat", response_class=HTMLResponse)
def repeat(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[Repeated, Query()],
) -> HTMLResponse:
    """Repeat a draw, of this centre or by anybody's numbers; without a script."""
    found: Drawn | None = None
    wrong: Mapping[str, str] = {}
    if asked != Repeated():
        try:
            found = asked.drawn()
        except NotDrawn as refused:
            wrong = {
                name: services.words(f"judicial.draws.wrong-{key}")
                for name, key in refused.wrong.items()
            }
    answer = page(
        request,
        services.words,
        "judicial/draw_repeat.html",
        **frame(request, services, account),
        written=asked.model_dump(),
        wrong=wrong,
        found=found,
        given=commands(asked) if found else None,
    )
    answer.status_code = NotDrawn.status if wrong else 200
    return answer


@router.get(ADDRESS, response_class=HTMLResponse)
def draw(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A draw, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "judicial/draw_form.html",
        **frame(request, services, account),
        written={name: written.get(name, "") for name in (*FIELDS, "size")},
        wrong=wrong,
        units=unit_names.present(services),
        needs={need.name: need for need in PROCEDURE.first.needs},
    )
    answer.status_code = status
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "judicial/draw.html",
        **frame(request, services, account),
        part=part,
        unit=unit_names.every(services).get(part.row["unit"], part.row["unit"]),
        numbers=actions.numbers(part.row),
        findings=actions.found(part.row),
        kinds=findings(),
        query=urlencode(actions.repeated(part.row).model_dump()),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
