"""The tree of units, and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import UNIT_KINDS, Account, Unit
from api.administration.appointed import span_said
from api.administration.authority import OverUnits, Viewer, said
from api.administration.units import actions
from api.administration.units.records import Changed, Ended, Made
from api.authentication.requests import SameOrigin, SignedIn
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

router = APIRouter(prefix="/units", include_in_schema=False)
Answer = HTMLResponse | RedirectResponse


@router.get("", response_class=HTMLResponse)
def units(request: Request, services: ServicesOf, account: Viewer, done: str = "") -> HTMLResponse:
    """Units that are seen, in the official order."""
    return _tree(request, services, account, done=bool(done))


@router.post("", dependencies=[SameOrigin], response_model=None)
def make(
    given: Annotated[Made, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverUnits,
) -> Answer:
    """Write a unit."""
    try:
        actions.make(over, given)
    except NotAccepted as refused:
        wrong = {refused.faults[0].where: said(services.words, refused)}
        answer = _tree(request, services, account, given=given.model_dump(), wrong=wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, "/units?done=yes"), 303)


@router.get("/{unit_id}", response_class=HTMLResponse)
def unit(
    unit_id: str, request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """One unit."""
    return _one(request, services, account, _find(services, account, unit_id), done=bool(done))


@router.post("/{unit_id}", dependencies=[SameOrigin], response_model=None)
def change(
    unit_id: str,
    given: Annotated[Changed, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverUnits,
) -> Answer:
    """Write other values of a unit."""
    found = _find(services, account, unit_id)
    try:
        actions.change(over, found, given)
    except NotAccepted as refused:
        return _refused(request, services, account, found, given.model_dump(), refused)
    return RedirectResponse(link(request, f"/units/{unit_id}?done=yes"), 303)


@router.post("/{unit_id}/end", dependencies=[SameOrigin], response_model=None)
def end(
    unit_id: str,
    given: Annotated[Ended, Form()],
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    over: OverUnits,
) -> Answer:
    """Let a unit be up to a day."""
    found = _find(services, account, unit_id)
    try:
        actions.end(over, found, given)
    except NotAccepted as refused:
        return _refused(request, services, account, found, given.model_dump(), refused)
    return RedirectResponse(link(request, f"/units/{unit_id}?done=yes"), 303)


def _find(services: Services, account: Account, unit_id: str) -> Unit:
    found = actions.seen(services, account).get(unit_id)
    if found is None:
        raise HTTPException(404, f"unknown unit {unit_id!r}")
    return found


def _tree(
    request: Request,
    services: Services,
    account: Account,
    *,
    done: bool = False,
    given: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    t, today = services.words, day_of(services.now_ms())
    tree, names = actions.tree(services, account), actions.names(services)
    return page(
        request,
        t,
        "administration/units.html",
        **frame(request, services, account),
        **_choices(services, [branch.unit for branch in tree]),
        rows=[
            {
                "branch": branch,
                "name": t.name(branch.unit.name),
                "days": span_said(t, branch.unit.span),
                "stands": branch.unit.span.holds(today),
                "successor": names.get(branch.unit.successor or "", ""),
            }
            for branch in tree
        ],
        done=done,
        given=given or {},
        wrong=wrong or {},
    )


def _one(
    request: Request,
    services: Services,
    account: Account,
    found: Unit,
    *,
    done: bool = False,
    given: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    t = services.words
    kept = {
        "name": found.name,
        "kind": found.kind,
        "parent": found.parent or "",
        "order": found.official_order,
        "until_day": found.span.until_day or "",
        "successor": found.successor or "",
    }
    seen = actions.seen(services, account)
    names = actions.names(services)
    return page(
        request,
        t,
        "administration/unit.html",
        **frame(request, services, account),
        **_choices(services, seen.values()),
        unit=found,
        heir=names.get(found.successor or "", ""),
        former=[names[of.id] for of in seen.values() if of.successor == found.id],
        name=t.name(found.name),
        days=span_said(t, found.span),
        given=kept | dict(given or {}),
        wrong=wrong or {},
        done=done,
    )


def _refused(
    request: Request,
    services: Services,
    account: Account,
    found: Unit,
    given: Mapping[str, Any],
    refused: NotAccepted,
) -> HTMLResponse:
    wrong = {refused.faults[0].where: said(services.words, refused)}
    answer = _one(request, services, account, found, given=given, wrong=wrong)
    answer.status_code = 422
    return answer


def _choices(services: Services, units: Iterable[Unit]) -> dict[str, Any]:
    t = services.words
    return {
        "kinds": [(kind, t(f"administration.units.kind-{kind}")) for kind in UNIT_KINDS],
        "units": [(of.id, t.name(of.name)) for of in units],
    }
