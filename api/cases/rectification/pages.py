"""Pages of rectification: the form that puts a point on the list, and one point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.questions import actions as questions
from api.cases.questions.wording import units
from api.cases.rectification import actions, wording
from api.cases.rectification.procedure import PROCEDURE
from api.evidence.wording import offers
from api.frame import frame
from api.procedures.pages import Written, forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page

ADDRESS = "/rectifications/{item_id}"
Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/{case_id}/rectifications/new", response_class=HTMLResponse)
def new(case_id: str, request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """The form that puts a point on the list."""
    return _form(request, services, account, case_id, {}, {})


@router.post("/{case_id}/rectifications/new", response_model=None)
def put_on_list(
    case_id: str, written: Written, request: Request, services: ServicesOf, account: Keeper
) -> Response:
    """Put a point on the list; with faults the form comes again with all that was written."""
    roster = request.app.state.roster
    try:
        item_id = actions.put_on_list(services, roster, account, case_id, written)
    except (Incomplete, NotAccepted) as refused:
        wrong = (
            refused.wrong(services.words)
            if isinstance(refused, Incomplete)
            else {
                "evidence": services.words(f"cases.rectify.wrong-{refused.key}", **refused.values)
            }
        )
        answer = _form(request, services, account, case_id, written, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def rectification(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A point on the list, how it stands, and what may be done next."""
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
        "cases/rectification_form.html",
        **frame(request, services, account),
        case=questions.asked_in(services, account, case_id),
        units=units(services),
        offers=offers(services, request.app.state.roster),
        written={**dict.fromkeys((*actions.TEXTS, "evidence"), ""), **written},
        wrong=wrong,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    (line,) = wording.lines(services, request.app.state.roster, [part.row])
    return page(
        request,
        services.words,
        "cases/rectification.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        line=line,
        case=questions.case_of(services, account, part.row),
        **actions.ATTACHING.part(services, account, part.row, address),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), actions.ATTACHING.form(ADDRESS, _shown))
