"""The steps of signing in behind the password, on pages."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.credentials import second_factor
from api.accounts.credentials.password_rules import LEAST, MOST
from api.accounts.factor import Late, Pending, WrongCode
from api.accounts.limits import TooManyAttempts
from api.accounts.records import Account
from api.accounts.steps import TooManyCodes
from api.authentication.requests import (
    SameOrigin,
    asked_to_wait,
    inside,
    let_in,
    steps_of,
    visitor_of,
    waiting_for,
)
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import page

router = APIRouter(prefix="/sign-in", include_in_schema=False)
MOST_TYPED = 1000
"""Characters of a field: what is longer than its rule allows gets its own words."""
Typed = Annotated[str, Form(max_length=MOST_TYPED)]
Code = Annotated[Account, waiting_for("code")]
Change = Annotated[Account, waiting_for("change")]
Enrol = Annotated[Account, waiting_for("enrol")]


@router.get("/code", response_class=HTMLResponse)
def code_page(
    request: Request, services: ServicesOf, _account: Code, to: str = "/"
) -> HTMLResponse:
    """Ask for the code of an app, or a recovery code."""
    return _step(request, services, "step_code.html", to)


@router.post("/code", dependencies=[SameOrigin], response_model=None)
def take_code(
    request: Request,
    services: ServicesOf,
    account: Code,
    code: Typed = "",
    to: Annotated[str, Form()] = "/",
) -> HTMLResponse | RedirectResponse:
    """Take it and go on; after a recovery code first say how many are left."""
    visitor = visitor_of(request, account.username)
    try:
        passed = steps_of(request).take_code(visitor, account, code, services.now_ms())
    except TooManyCodes:
        return RedirectResponse(f"/sign-in?to={quote(to)}&why=codes", 303)
    except (WrongCode, TooManyAttempts) as error:
        return _refused(request, services, error, "step_code.html", to)
    answer: HTMLResponse | RedirectResponse = RedirectResponse(inside(to), 303)
    if passed.codes_left is not None:
        answer = _step(request, services, "codes_left.html", to, left=passed.codes_left)
    let_in(request, answer, passed.token)
    return answer


@router.get("/change", response_class=HTMLResponse)
def change_page(
    request: Request, services: ServicesOf, account: Change, to: str = "/"
) -> HTMLResponse:
    """Ask for a password of one's own."""
    return _change(request, services, account, to, {})


@router.post("/change", dependencies=[SameOrigin], response_model=None)
def change(
    request: Request,
    services: ServicesOf,
    account: Change,
    new: Typed = "",
    again: Typed = "",
    to: Annotated[str, Form()] = "/",
) -> HTMLResponse | RedirectResponse:
    """Take it in the place of the first one."""
    visitor, now_ms = visitor_of(request, account.username), services.now_ms()
    try:
        token = steps_of(request).change_password(visitor, account, new, again, now_ms)
    except NotAccepted as refused:
        wrong = {refused.faults[0].where: services.words(refused.key, **refused.values)}
        return _change(request, services, account, to, wrong)
    except TooManyAttempts as error:
        said, headers = asked_to_wait(services, error)
        shown = _change(request, services, account, to, {"new": said})
        shown.status_code = 429
        shown.headers.update(headers)
        return shown
    answer = RedirectResponse(inside(to), 303)
    let_in(request, answer, token)
    return answer


@router.get("/enrol", response_class=HTMLResponse)
def enrol_page(
    request: Request, services: ServicesOf, account: Enrol, to: str = "/"
) -> HTMLResponse:
    """Show a new secret."""
    pending = steps_of(request).factor.begin(account.username, services.now_ms())
    return _step(request, services, "step_enrol.html", to, **_shown(services, account, pending))


@router.post("/enrol", dependencies=[SameOrigin])
def enrol(
    request: Request,
    services: ServicesOf,
    account: Enrol,
    pending: Typed = "",
    code: Typed = "",
    to: Annotated[str, Form()] = "/",
) -> HTMLResponse:
    """Keep the second factor, and show the recovery codes this once."""
    steps, visitor = steps_of(request), visitor_of(request, account.username)
    now_ms = services.now_ms()
    try:
        token, codes = steps.enrol(visitor, account, pending, code, now_ms)
    except (WrongCode, Late, TooManyAttempts) as error:
        factor, username = steps.factor, account.username
        late = isinstance(error, Late)
        again = (
            factor.begin(username, now_ms) if late else factor.resume(username, pending, now_ms)
        )
        shown = _shown(services, account, again)
        return _refused(request, services, error, "step_enrol.html", to, **shown)
    values = {"codes": codes, "username": account.username}
    answer = _step(request, services, "recovery_codes.html", to, **values)
    let_in(request, answer, token)
    return answer


def _change(
    request: Request, services: Services, account: Account, to: str, wrong: dict[str, str]
) -> HTMLResponse:
    rules = {"username": account.username, "least": LEAST, "most": MOST}
    answer = _step(request, services, "step_change.html", to, wrong=wrong, **rules)
    answer.status_code = 422 if wrong else 200
    return answer


def _shown(services: Services, account: Account, pending: Pending) -> dict[str, Any]:
    """A secret as a picture, and in groups that one can type."""
    secret = pending.secret
    uri = second_factor.provisioning(secret, account.username, services.catalogue.site.name)
    return {
        "picture": second_factor.picture(uri, services.words("sign-in.picture")),
        "secret": second_factor.grouped(secret),
        "pending": pending.sealed,
    }


def _refused(
    request: Request,
    services: Services,
    error: Exception,
    template: str,
    to: str,
    **values: object,
) -> HTMLResponse:
    """The form once more, with what is wrong at its code."""
    status, said = 422, services.words("sign-in.wrong-code")
    headers: dict[str, str] = {}
    if isinstance(error, TooManyAttempts):
        status, (said, headers) = 429, asked_to_wait(services, error)
    elif isinstance(error, Late):
        said = services.words("sign-in.late")
    answer = _step(request, services, template, to, wrong={"code": said}, **values)
    answer.status_code = status
    answer.headers.update(headers)
    return answer


def _step(
    request: Request, services: Services, template: str, to: str, **values: Any
) -> HTMLResponse:
    shared: dict[str, Any] = {"site": services.catalogue.site, "to": inside(to), "wrong": {}}
    return page(request, services.words, template, **shared | values)
