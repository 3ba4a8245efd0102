"""Tokens of machines over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from api.accounts.records import Account
from api.administration.permission import AdministrationPermission
from api.administration.tokens import actions
from api.administration.tokens.records import NewToken, state_of
from api.administration.tokens.schemas import MadeToken, TokenRow
from api.authentication.requests import SameOrigin, require
from api.services import ServicesOf
from api.web.forms import MOST_ID
from config.vocabulary.errors import FaultyInput

router = APIRouter(prefix="/tokens", tags=["administration"], dependencies=[SameOrigin])
Administrator = Annotated[Account, require(AdministrationPermission.MANAGE_TOKENS)]
TokenId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("")
def tokens(services: ServicesOf, account: Administrator) -> list[TokenRow]:
    """Tokens, the newest first, also those that have ended."""
    now = services.now_ms()
    found = actions.listed(services, account)
    return [TokenRow(**asdict(of), state=state_of(of, now)) for of in found]


@router.post("", status_code=201)
def create(
    body: NewToken, request: Request, services: ServicesOf, account: Administrator
) -> MadeToken:
    """Make a token; its ``until_day`` is at most 400 days ahead."""
    try:
        made = actions.create(services, request.app.state.roster, account, body)
    except FaultyInput as error:
        raise HTTPException(422, str(error)) from error
    return MadeToken(**asdict(made.token), state="stands", secret=made.secret)


@router.delete("/{token_id}", status_code=204)
def end(token_id: TokenId, services: ServicesOf, account: Administrator) -> None:
    """Let a token stand no longer; 404 where it did not."""
    if not actions.end(services, account, token_id):
        raise HTTPException(404, f"no token {token_id} stands; see GET of this address")
