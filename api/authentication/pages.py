"""Signing in and out on pages."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.limits import TooManyAttempts
from api.accounts.repositories.people import People
from api.accounts.sign_in import SignInRefused, hash_of
from api.accounts.sign_in import sign_out as end_session
from api.authentication.requests import (
    WITHOUT_NUL,
    SameOrigin,
    SignedIn,
    asked_to_wait,
    inside,
    let_in,
    let_out,
    page_before,
    remember,
    signing_in_of,
    token_of,
    visitor_of,
)
from api.services import Services, ServicesOf
from api.web.rendering import page
from config.catalogue.words import LanguageTag

router = APIRouter(include_in_schema=False)


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(
    request: Request, services: ServicesOf, to: str = "/", why: str = ""
) -> HTMLResponse:
    """The sign-in page; ``to`` is where the person wanted to go, ``why`` what led here."""
    ended = services.words("sign-in.unsaved" if why == "unsaved" else "sign-in.expired")
    if why == "codes":
        ended = services.words("sign-in.codes-ended")
    if why == "link":
        ended = services.words("event-link.gone")
    return form(request, services, to=to, why=ended if why else "")


@router.post("/sign-in", dependencies=[SameOrigin], response_model=None)
def sign_in(
    request: Request,
    services: ServicesOf,
    username: Annotated[str, Form(max_length=40, pattern=WITHOUT_NUL)],
    password: Annotated[str, Form(max_length=200)],
    to: Annotated[str, Form()] = "/",
) -> HTMLResponse | RedirectResponse:
    """Open a session and go on."""
    status = 401
    headers: dict[str, str] = {}
    try:
        visitor = visitor_of(request, username)
        token = signing_in_of(request).sign_in(visitor, password, services.now_ms())
    except TooManyAttempts as error:
        status, (wrong, headers) = 429, asked_to_wait(services, error)
    except SignInRefused:
        wrong = services.words("sign-in.wrong")
    else:
        answer = RedirectResponse(inside(to), 303)
        end_session(services.state, token_of(request))
        let_in(request, answer, token)
        remember(request, answer, username)
        return answer
    shown = form(request, services, to=to, username=username, wrong=wrong, status=status)
    shown.headers.update(headers)
    return shown


@router.post("/sign-out", dependencies=[SameOrigin])
def sign_out(request: Request, services: ServicesOf) -> RedirectResponse:
    """End the session."""
    token = token_of(request)
    end_session(services.state, token)
    services.live.end(hash_of(token))
    answer = RedirectResponse("/sign-in", 303)
    let_out(request, answer)
    return answer


@router.post("/language", dependencies=[SameOrigin])
def choose_language(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    language: Annotated[LanguageTag | Literal[""], Form()] = "",
) -> RedirectResponse:
    """Read in a language from now on, and come back to the page that was open."""
    whose = account.clerk.username if account.clerk else account.username
    with services.state.begin() as connection:
        People(services.state).put(connection, whose, language=language)
    return RedirectResponse(page_before(request), 303)


def form(
    request: Request,
    services: Services,
    *,
    to: str,
    username: str = "",
    wrong: str = "",
    why: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The sign-in page, with what went wrong, or led here."""
    shown = page(
        request,
        services.words,
        "sign_in.html",
        site=services.catalogue.site,
        second_way=name_of_second_way(services),
        to=to,
        username=username,
        wrong=wrong,
        why=why,
        visitors=services.visitors,
    )
    shown.status_code = status
    return shown


def name_of_second_way(services: Services) -> str:
    """The name of a government's own sign-in; empty where there is none."""
    party = services.relying_party
    return (party.name or services.words("sign-in.elsewhere-name")) if party else ""
