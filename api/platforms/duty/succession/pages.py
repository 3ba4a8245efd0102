"""The office's page of a change of term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.succession import actions
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page

Office = Annotated[Account, require(DutyPermission.CHECK)]
Field = Annotated[Typed, Form()]
router = APIRouter(include_in_schema=False)


@router.get("/succession", response_class=HTMLResponse)
def succession(
    request: Request,
    services: ServicesOf,
    account: Office,
    done: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> HTMLResponse:
    """Open suggestions of lead deputies who left, with the form of a successor."""
    return _shown(request, services, account, done, {}, {})


@router.post("/succession", dependencies=[SameOrigin], response_model=None)
def name_successor(
    request: Request,
    services: ServicesOf,
    account: Office,
    lead: Field = "",
    successor: Field = "",
    why: Field = "",
) -> Response:
    """Name a successor for all that is open of one deputy."""
    try:
        count = actions.name_successor(services, account, lead, successor, why)
    except NotAccepted as refused:
        said = services.words(f"duty.succession.wrong-{refused.key}", **refused.values)
        written = {"lead": lead, "successor": successor, "why": why}
        answer = _shown(
            request, services, account, 0, {f"{refused.faults[0].where}-{lead}": said}, written
        )
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/succession?done={count}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    done: int,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "duty/succession.html",
        **frame(request, services, account),
        departed=actions.departed(services, account),
        deputies=actions.deputies(services),
        done=done,
        wrong=wrong,
        written={"lead": "", "successor": "", "why": ""} | dict(written),
    )


PAGES = (router,)
