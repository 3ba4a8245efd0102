"""The pages of the second factor: its standing, its set-up, its recovery codes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.credentials.second_factor import grouped
from api.accounts.factor import Pending
from api.authentication.requests import SameOrigin, let_in
from api.own_account.answers import shown
from api.own_account.owner import Owner, OwnerOf
from api.own_account.second_factor import actions
from api.own_account.second_factor.records import Finished, Proof
from api.own_account.second_factor.wording import drawn
from api.web.forms import NotAccepted
from api.web.rendering import link

router = APIRouter(include_in_schema=False)


@router.get("/second-factor", response_class=HTMLResponse)
def second_factor(request: Request, owner: OwnerOf, done: Literal["", "off"] = "") -> HTMLResponse:
    """Whether it is on, and what can be done."""
    return _page(request, owner, done=done)


@router.post("/second-factor/begin", dependencies=[SameOrigin])
def begin(proof: Annotated[Proof, Form()], request: Request, owner: OwnerOf) -> HTMLResponse:
    """Show a new secret."""
    form = "-another" if actions.standing(owner).on else ""
    try:
        pending = actions.begin(owner, proof, form)
    except NotAccepted as refused:
        return _page(request, owner, refused, form)
    return _secret(request, owner, pending)


@router.post("/second-factor", dependencies=[SameOrigin])
def finish(
    finished: Annotated[Finished, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse:
    """Turn it on with the first code, and show the recovery codes."""
    try:
        pending = actions.resume(owner, finished.pending)
    except NotAccepted as refused:
        return _page(request, owner, refused)
    try:
        codes, token = actions.finish(owner, finished)
    except NotAccepted as refused:
        return _secret(request, owner, pending, refused)
    answer = shown(request, owner, "codes.html", codes=codes, done="factor")
    let_in(request, answer, token)
    return answer


@router.post("/second-factor/codes", dependencies=[SameOrigin])
def codes(proof: Annotated[Proof, Form()], request: Request, owner: OwnerOf) -> HTMLResponse:
    """Show new recovery codes."""
    try:
        fresh = actions.renew_codes(owner, proof, "-codes")
    except NotAccepted as refused:
        return _page(request, owner, refused, "-codes")
    return shown(request, owner, "codes.html", codes=fresh, done="codes")


@router.post("/second-factor/off", dependencies=[SameOrigin], response_model=None)
def turn_off(
    proof: Annotated[Proof, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Turn it off."""
    try:
        token = actions.turn_off(owner, proof, "-off")
    except NotAccepted as refused:
        return _page(request, owner, refused, "-off")
    answer = RedirectResponse(link(request, "/second-factor?done=off"), 303)
    let_in(request, answer, token)
    return answer


def _page(
    request: Request,
    owner: Owner,
    refused: NotAccepted | None = None,
    form: str = "",
    done: str = "",
) -> HTMLResponse:
    standing = actions.standing(owner)
    values = {"factor": standing, "at": form.removeprefix("-"), "done": done}
    return shown(request, owner, "second_factor.html", refused, **values)


def _secret(
    request: Request, owner: Owner, pending: Pending, refused: NotAccepted | None = None
) -> HTMLResponse:
    return shown(
        request,
        owner,
        "enrol.html",
        refused,
        picture=drawn(owner, pending),
        secret=grouped(pending.secret),
        pending=pending.sealed,
    )
