"""The form of an assignment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty.assignment import actions
from api.platforms.duty.assignment.records import Assigned
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import actions as similarity
from api.platforms.duty.similarity.actions import Compared
from api.procedures.refusals import Incomplete, StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.caches import cache
from api.web.forms import MOST_ID, NotAccepted, Typed
from api.web.rendering import link, page

Office = Annotated[Account, require(DutyPermission.CHECK)]
Field = Annotated[Typed, Form()]
Units = Annotated[list[Typed], Form(default_factory=list, max_length=100)]
Version = Annotated[int, Form(ge=1, le=MOST_ID)]
router = APIRouter(include_in_schema=False)


@router.get("/suggestions/{item_id}/assign", response_class=HTMLResponse)
def assignment(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The form: the unit in charge, further units, the effort and the day."""
    return _shown(request, services, account, item_id, Assigned({}, (), (), None), {}, "")


@router.post("/suggestions/{item_id}/assign", dependencies=[SameOrigin], response_model=None)
def assign(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Office,
    co: Units,
    separate: Units,
    unit: Field = "",
    effort: Field = "",
    day: Field = "",
    version: Version | None = None,
) -> Response:
    """Assign; what does not hold comes back with its words and all that was written."""
    fields = {"unit": unit, "effort": effort, "day": day}
    assigned = Assigned(fields, co, separate, version)
    wrong: Mapping[str, str] = {}
    said = ""
    try:
        actions.assign(services, account, item_id, assigned)
    except UnknownThing:
        raise
    except NotAccepted as refused:
        said = services.words(f"duty.assign.wrong-{refused.key}", **refused.values)
        wrong, status = {refused.faults[0].where: said}, 422
    except StepRefused as refused:
        said, status = refused.said(services.words), refused.status_code
        wrong = refused.wrong(services.words) if isinstance(refused, Incomplete) else {}
    else:
        return RedirectResponse(link(request, f"/suggestions/{item_id}"), 303)
    answer = _shown(request, services, account, item_id, assigned, wrong, said)
    answer.status_code = status
    return answer


@router.post("/suggestions/{item_id}/further-units", dependencies=[SameOrigin])
def ask(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Office,
    unit: Field = "",
    part: Field = "",
) -> RedirectResponse:
    """Ask one more unit while a suggestion is being handled."""
    try:
        found = actions.ask(services, account, item_id, unit, part)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    if found is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return RedirectResponse(link(request, f"/suggestions/{item_id}#contributions"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    assigned: Assigned,
    wrong: Mapping[str, str],
    said: str,
) -> HTMLResponse:
    found = actions.form(services, account, item_id)
    first = {"unit": found["wished"], "effort": "", "day": found["today"]}
    compared, asked = cache(request, Compared), similarity.asked_of(found["row"])
    return page(
        request,
        services.words,
        "duty/assign.html",
        **frame(request, services, account),
        **found,
        written=assigned.fields or first,
        proposals=similarity.proposals(services, compared, asked),
        earlier=similarity.similar(services, compared, account, asked),
        unit_names={of.id: of.name for of in found["units"]},
        further={"co": assigned.co, "separate": assigned.separate},
        wrong=wrong,
        said=said,
    )


PAGES = (router,)
