"""A clerk acts for a deputy: begun and ended on a page and over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.sign_in import MayNotAct, act_for
from api.authentication.requests import (
    WITHOUT_NUL,
    NoDelegation,
    SameOrigin,
    SignedIn,
    let_in,
)
from api.services import Services, ServicesOf
from api.web.rendering import page
from config.vocabulary.time import day_of

router = APIRouter()


class Acting(BaseModel):
    """Username of the deputy to act for; empty: act for oneself again."""

    model_config = ConfigDict(strict=True, extra="forbid")
    deputy: str = Field(max_length=40, pattern=WITHOUT_NUL)


@router.get("/acting", include_in_schema=False, response_class=HTMLResponse)
def acting_page(request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """The deputies for whom one may act today."""
    own = account.clerk.username if account.clerk else account.username
    return page(
        request,
        services.words,
        "acting.html",
        site=services.catalogue.site,
        acting=account.name if account.clerk else "",
        elsewhere=any(of.permissions for of in account.reaches),
        deputies=People(services.state).deputies_of(own, day_of(services.now_ms())),
    )


@router.post("/act-for", include_in_schema=False, dependencies=[SameOrigin])
def act_on_page(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    deputy: Annotated[str, Form(max_length=40, pattern=WITHOUT_NUL)] = "",
) -> RedirectResponse:
    """Act for a deputy, and begin where the deputy does; or for oneself again."""
    answer = RedirectResponse("/" if deputy else "/acting", 303)
    _act(request, answer, services, account, deputy)
    return answer


@router.post(
    "/api/v1/session/act-for", tags=["session"], status_code=204, dependencies=[SameOrigin]
)
def act(
    body: Acting, request: Request, response: Response, services: ServicesOf, account: SignedIn
) -> None:
    """Act for a deputy from now on, or for oneself again; the answer sets the session's cookie."""
    _act(request, response, services, account, body.deputy)


def _act(
    request: Request, answer: Response, services: Services, account: Account, deputy: str
) -> None:
    if account.session is None:
        raise NoDelegation("a machine acts for nobody")
    try:
        token = act_for(services.state, account, deputy, services.now_ms())
    except MayNotAct as error:
        raise NoDelegation(str(error)) from error
    let_in(request, answer, token)
    # Pages that stand open ask anew, as whom they are shown now.
    services.live.end(account.session.id)
