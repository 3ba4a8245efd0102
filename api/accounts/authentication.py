"""Who stands at the door: the session cookie, and the accounts that may pass."""

from __future__ import annotations

import math
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request, Response

from api.accounts.actions import SESSION_MS, recognise
from api.accounts.limits import Client, TooManyAttempts
from api.accounts.records import COOKIE, Account
from api.accounts.repository import Accounts
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.language import language_for
from config.catalogue.words import LanguageTag

COOKIE_S = SESSION_MS // 1000 + 90 * 86_400
"""The cookie outlives its session, so that we can say to whom it belongs that it has ended."""
WITHOUT_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no text that holds U+0000."""


class SignInFirst(Exception):
    """A page was asked for by nobody; the answer leads to the sign-in page."""


class FromElsewhere(Declared):
    """A change was asked for by a page of another site."""

    status = 403
    words = "error.elsewhere"


def account_of(request: Request) -> Account | None:
    """Whose session a request belongs to; looked for once a request."""
    if not hasattr(request.state, "account"):
        services, token = request.app.state.services, request.cookies.get(COOKIE)
        request.state.account = recognise(Accounts(services.state), token, services.now_ms())
    found: Account | None = request.state.account
    return found


def language_of(request: Request) -> LanguageTag:
    """In which language the reader of a request reads."""
    account, site = account_of(request), request.app.state.services.words.language
    accepted = request.headers.get("accept-language", "")
    return language_for(account.language if account else "", accepted, site)


def _on_page(request: Request, _services: ServicesOf) -> Account:
    account = account_of(request)
    if account is None:
        raise SignInFirst
    return account


def _on_api(request: Request, _services: ServicesOf) -> Account:
    account = account_of(request)
    if account is None:
        raise HTTPException(401, "sign in first: POST /api/v1/session")
    return account


def same_origin(request: Request) -> None:
    """A change must come from our own pages, or from a program that sends no Origin."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise FromElsewhere("this request comes from another site; use our own pages")


def page_before(request: Request) -> str:
    """The page that a form stood on: its own address often answers POST only."""
    page_url = request.headers.get("referer", "")
    ours = urlsplit(page_url).netloc == request.headers.get("host")
    return address_of(page_url) if ours else "/"


def address_of(url: str) -> str:
    """Path and query; a path that begins with two slashes would lead to another host."""
    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def client_of(request: Request, username: str) -> Client:
    """Who tries to sign in; behind a proxy that uvicorn trusts, the address that it names."""
    return Client.of(request.client.host if request.client else None, username)


def asked_to_wait(services: Services, error: TooManyAttempts) -> tuple[str, dict[str, str]]:
    """What a person reads, and the header of RFC 9110, 10.2.3."""
    wait_s = math.ceil(error.wait_ms / 1000)
    said = services.words("sign-in.wait", span=services.wording.duration(wait_s * 1000))
    return said, {"Retry-After": str(wait_s)}


def let_in(request: Request, answer: Response, token: str) -> None:
    """Give the session's cookie; over TLS it stays on TLS."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


OnPage = Annotated[Account, Depends(_on_page)]
OnApi = Annotated[Account, Depends(_on_api)]
SameOrigin = Depends(same_origin)
