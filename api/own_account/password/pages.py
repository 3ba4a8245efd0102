"""The page of the password."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.credentials.password_rules import LEAST, MOST
from api.authentication.requests import SameOrigin, let_in
from api.own_account.answers import shown
from api.own_account.owner import Owner, OwnerOf
from api.own_account.password import actions
from api.own_account.password.records import Written
from api.web.forms import NotAccepted
from api.web.rendering import link

router = APIRouter(include_in_schema=False)


@router.get("/password", response_class=HTMLResponse)
def password(request: Request, owner: OwnerOf, done: Literal["", "password"] = "") -> HTMLResponse:
    """The rules, and the form."""
    return _page(request, owner, done=done)


@router.post("/password", dependencies=[SameOrigin], response_model=None)
def change(
    written: Annotated[Written, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Change it; passwords that were written never come back."""
    try:
        token = actions.change(owner, written.password, written.new, written.again)
    except NotAccepted as refused:
        return _page(request, owner, refused)
    answer = RedirectResponse(link(request, "/password?done=password"), 303)
    let_in(request, answer, token)
    return answer


def _page(
    request: Request, owner: Owner, refused: NotAccepted | None = None, done: str = ""
) -> HTMLResponse:
    values = {"done": done, "least": LEAST, "most": MOST}
    return shown(request, owner, "password.html", refused, **values)
