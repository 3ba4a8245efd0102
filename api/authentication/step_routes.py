"""The steps of signing in behind the password, over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.credentials import second_factor
from api.accounts.factor import Late, WrongCode
from api.accounts.limits import TooManyAttempts
from api.accounts.records import Account
from api.accounts.steps import TooManyCodes
from api.authentication.requests import (
    SameOrigin,
    asked_to_wait,
    let_in,
    steps_of,
    visitor_of,
    waiting_for,
)
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/api/v1/session", tags=["session"], dependencies=[SameOrigin])


class Code(BaseModel):
    """A code of the app, or a recovery code."""

    model_config = ConfigDict(strict=True, extra="forbid")
    code: str = Field(max_length=100)


class NewPassword(BaseModel):
    """A password of one's own."""

    model_config = ConfigDict(strict=True, extra="forbid")
    new: str = Field(max_length=1000)


class Confirmed(BaseModel):
    """The ``pending`` of a secret, and a code of it."""

    model_config = ConfigDict(strict=True, extra="forbid")
    pending: str = Field(max_length=1000)
    code: str = Field(max_length=100)


class Taken(BaseModel):
    """How many recovery codes are left, where one was taken."""

    recovery_codes_left: int | None


class NewSecret(BaseModel):
    """A secret for an authenticator, also as its address; ``pending`` comes back with a code."""

    secret: str
    address: str
    pending: str


class RecoveryCodes(BaseModel):
    """Codes for a phone that is lost, told this once."""

    recovery_codes: tuple[str, ...]


@router.post("/code")
def take_code(
    body: Code,
    request: Request,
    response: Response,
    services: ServicesOf,
    account: Annotated[Account, waiting_for("code")],
) -> Taken:
    """Take the code that the session waits for; the answer sets the session's cookie."""
    visitor = visitor_of(request, account.username)
    try:
        passed = steps_of(request).take_code(visitor, account, body.code, services.now_ms())
    except TooManyCodes as error:
        raise HTTPException(401, str(error)) from error
    except (WrongCode, TooManyAttempts) as error:
        raise _refused(services, error) from error
    let_in(request, response, passed.token)
    return Taken(recovery_codes_left=passed.codes_left)


@router.post("/change", status_code=204)
def change(
    body: NewPassword,
    request: Request,
    response: Response,
    services: ServicesOf,
    account: Annotated[Account, waiting_for("change")],
) -> None:
    """Take a password of one's own in the place of the first one."""
    visitor, steps, now_ms = (
        visitor_of(request, account.username),
        steps_of(request),
        services.now_ms(),
    )
    try:
        token = steps.change_password(visitor, account, body.new, body.new, now_ms)
    except NotAccepted as error:
        raise HTTPException(422, str(error)) from error
    except TooManyAttempts as error:
        raise _refused(services, error) from error
    let_in(request, response, token)


@router.get("/enrol")
def begin(
    request: Request, services: ServicesOf, account: Annotated[Account, waiting_for("enrol")]
) -> NewSecret:
    """A new secret; nothing is kept of it before a code comes back."""
    username, issuer = account.username, services.catalogue.site.name
    pending = steps_of(request).factor.begin(username, services.now_ms())
    address = second_factor.provisioning(pending.secret, username, issuer)
    return NewSecret(secret=pending.secret, address=address, pending=pending.sealed)


@router.post("/enrol")
def enrol(
    body: Confirmed,
    request: Request,
    response: Response,
    services: ServicesOf,
    account: Annotated[Account, waiting_for("enrol")],
) -> RecoveryCodes:
    """Keep the second factor whose code came back."""
    visitor, steps, now_ms = (
        visitor_of(request, account.username),
        steps_of(request),
        services.now_ms(),
    )
    try:
        token, codes = steps.enrol(visitor, account, body.pending, body.code, now_ms)
    except (WrongCode, Late, TooManyAttempts) as error:
        raise _refused(services, error) from error
    let_in(request, response, token)
    return RecoveryCodes(recovery_codes=codes)


def _refused(services: Services, error: Exception) -> HTTPException:
    if isinstance(error, TooManyAttempts):
        said, headers = asked_to_wait(services, error)
        return HTTPException(429, said, headers=headers)
    return HTTPException(422, str(error))
