"""Signing in and out on pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts import actions
from api.accounts.door import COOKIE, SameOrigin, let_in
from api.accounts.repository import Accounts
from api.parts import Parts, PartsOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, parts: PartsOf, to: str = "/") -> HTMLResponse:
    """The sign-in page; ``to`` is where the person wanted to go."""
    return _form(request, parts, to=to)


@router.post("/sign-in", dependencies=[SameOrigin], response_model=None)
def sign_in(
    request: Request,
    parts: PartsOf,
    username: Annotated[str, Form()],
    password: Annotated[str, Form()],
    to: Annotated[str, Form()] = "/",
) -> HTMLResponse | RedirectResponse:
    """Open a session and go on."""
    throttle = request.app.state.throttle
    try:
        token = actions.sign_in(
            Accounts(parts.state), throttle, username, password, parts.now_ms()
        )
    except actions.TooManyAttempts:
        wrong = parts.words("sign-in.too-many")
    except actions.SignInRefused:
        wrong = parts.words("sign-in.wrong")
    else:
        inside = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
        answer = RedirectResponse(inside, 303)
        let_in(request, answer, token)
        return answer
    shown = _form(request, parts, to=to, username=username, wrong=wrong)
    shown.status_code = 401
    return shown


@router.post("/sign-out", dependencies=[SameOrigin])
def sign_out(request: Request, parts: PartsOf) -> RedirectResponse:
    """End the session."""
    actions.sign_out(Accounts(parts.state), request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _form(
    request: Request, parts: Parts, *, to: str, username: str = "", wrong: str = ""
) -> HTMLResponse:
    site = parts.catalogue.site
    values = {"site": site, "to": to, "username": username, "wrong": wrong}
    return page(request, parts.words, "sign_in.html", **values)
