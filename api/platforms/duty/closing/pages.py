"""The page on which a signer rates a reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty.closing import actions
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.ratings import actions as rating_actions
from api.platforms.duty.ratings.records import GRADES
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page

Signer = Annotated[Account, require(DutyPermission.WRITE)]
Field = Annotated[Typed, Form()]
router = APIRouter(include_in_schema=False)


@router.get("/suggestions/{item_id}/rate", response_class=HTMLResponse)
def rate_form(
    item_id: str, request: Request, services: ServicesOf, account: Signer
) -> HTMLResponse:
    """The reply, and the form of a rating."""
    return _shown(request, services, account, item_id, {}, {})


@router.post("/suggestions/{item_id}/rate", dependencies=[SameOrigin], response_model=None)
def rate(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Signer,
    attitude: Field = "",
    outcome: Field = "",
    reason: Field = "",
    asked_by: Field = "",
) -> HTMLResponse | RedirectResponse:
    """Rate; what does not hold comes back with its words and all that was written."""
    written = {
        "attitude": attitude,
        "outcome": outcome,
        "reason": reason,
        "asked_by": asked_by,
    }
    try:
        row = actions.rate(services, account, item_id, written)
    except NotAccepted as refused:
        said = services.words(f"duty.rating.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        answer = _shown(request, services, account, item_id, written, wrong)
        answer.status_code = 422
        return answer
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return RedirectResponse(link(request, f"/suggestions/{item_id}#ratings"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    row = handling.seen(services, account, item_id)
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    found = rating_actions.parts(services, account, row)
    own = found["own_rating"]
    kept = {name: getattr(own, name) for name in rating_actions.FIELDS} if own else {}
    empty = dict.fromkeys(rating_actions.FIELDS, "")
    return page(
        request,
        services.words,
        "duty/rate.html",
        **frame(request, services, account),
        row=row,
        replies=handling.parts(services, account, row)["replies"],
        grades=GRADES,
        written=empty | kept | {"asked_by": ""} | dict(written),
        changes=own is not None,
        may_rate=found["may_rate"],
        wrong=wrong,
    )


PAGES = (router,)
