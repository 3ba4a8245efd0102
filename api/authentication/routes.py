"""Sessions over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.limits import TooManyAttempts
from api.accounts.sign_in import SignInRefused, hash_of
from api.accounts.sign_in import sign_out as end_session
from api.authentication.requests import (
    FOR_ALL,
    WITHOUT_NUL,
    SameOrigin,
    SignedIn,
    asked_to_wait,
    let_in,
    let_out,
    signing_in_of,
    token_of,
    visitor_of,
)
from api.services import ServicesOf

router = APIRouter(prefix="/api/v1/session", tags=["session"], dependencies=[SameOrigin])


class SignIn(BaseModel):
    """Username and password."""

    model_config = ConfigDict(strict=True, extra="forbid")
    username: str = Field(min_length=1, max_length=40, pattern=WITHOUT_NUL)
    password: str = Field(min_length=1, max_length=200)


class Who(BaseModel):
    """The account that is signed in."""

    username: str
    name: str
    roles: list[str]
    acting: str | None
    """Username of the clerk who acts for the person."""


@router.post("", status_code=204, openapi_extra=FOR_ALL, responses={401: {}})
def sign_in(body: SignIn, request: Request, response: Response, services: ServicesOf) -> None:
    """Open a session; the answer sets its cookie."""
    try:
        visitor = visitor_of(request, body.username)
        token = signing_in_of(request).sign_in(visitor, body.password, services.now_ms())
    except TooManyAttempts as error:
        said, headers = asked_to_wait(services, error)
        raise HTTPException(429, said, headers=headers) from error
    except SignInRefused as error:
        raise HTTPException(401, str(error)) from error
    end_session(services.state, token_of(request))
    let_in(request, response, token)


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, services: ServicesOf, _who: SignedIn) -> None:
    """End the session."""
    token = token_of(request)
    end_session(services.state, token)
    services.live.end(hash_of(token))
    let_out(request, response)


@router.get("")
def who(account: SignedIn) -> Who:
    """The account that is signed in."""
    return Who(
        username=account.username,
        name=account.name,
        roles=list(account.roles),
        acting=account.clerk.username if account.clerk else None,
    )
