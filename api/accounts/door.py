"""Who stands at the door: the session cookie, and the accounts that may pass."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request, Response

from api.accounts.actions import SESSION_MS, recognise
from api.accounts.records import Account
from api.accounts.repository import Accounts
from api.parts import PartsOf

COOKIE = "qingyuan_session"


class SignInFirst(Exception):
    """A page was asked for by nobody; the answer leads to the sign-in page."""


class FromElsewhere(HTTPException):
    """A change was asked for by a page of another site."""

    def __init__(self) -> None:
        super().__init__(403, "this request comes from another site; use our own pages")


def _on_page(request: Request, parts: PartsOf) -> Account:
    account = recognise(Accounts(parts.state), request.cookies.get(COOKIE), parts.now_ms())
    if account is None:
        raise SignInFirst
    return account


def _on_api(request: Request, parts: PartsOf) -> Account:
    account = recognise(Accounts(parts.state), request.cookies.get(COOKIE), parts.now_ms())
    if account is None:
        raise HTTPException(401, "sign in first: POST /api/v1/session")
    return account


def same_origin(request: Request) -> None:
    """A change must come from our own pages, or from a program that sends no Origin."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise FromElsewhere


def let_in(request: Request, answer: Response, token: str) -> None:
    """Give the session's cookie; over TLS it stays on TLS."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_MS // 1000,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


OnPage = Annotated[Account, Depends(_on_page)]
OnApi = Annotated[Account, Depends(_on_api)]
SameOrigin = Depends(same_origin)
