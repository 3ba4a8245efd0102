"""Sessions over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import actions
from api.accounts.authentication import (
    WITHOUT_NUL,
    SameOrigin,
    SignedIn,
    asked_to_wait,
    client_of,
    let_in,
    let_out,
    token_of,
)
from api.accounts.limits import TooManyAttempts
from api.accounts.repository import Accounts
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
    role: str
    area: str


@router.post("", status_code=204)
def sign_in(body: SignIn, request: Request, response: Response, services: ServicesOf) -> None:
    """Open a session; the answer sets its cookie."""
    limits, client = request.app.state.sign_in_limits, client_of(request, body.username)
    try:
        token = actions.sign_in(
            Accounts(services.state), limits, client, body.password, services.now_ms()
        )
    except TooManyAttempts as error:
        said, headers = asked_to_wait(services, error)
        raise HTTPException(429, said, headers=headers) from error
    except actions.SignInRefused as error:
        raise HTTPException(401, str(error)) from error
    let_in(request, response, token)


@router.delete("", status_code=204)
def sign_out(request: Request, response: Response, services: ServicesOf, _who: SignedIn) -> None:
    """End the session."""
    token = token_of(request)
    actions.sign_out(Accounts(services.state), token)
    services.live.end(actions.session_key(token))
    let_out(request, response)


@router.get("")
def who(account: SignedIn) -> Who:
    """The account that is signed in."""
    return Who(username=account.username, name=account.name, role=account.role, area=account.area)
