"""The log of sign-ins over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.accounts.records import Account
from api.accounts.repositories.sign_ins import Outcome
from api.administration.permission import AdministrationPermission
from api.administration.sign_ins import actions
from api.administration.sign_ins.records import Asked
from api.authentication.requests import require
from api.services import ServicesOf

router = APIRouter(prefix="/sign-ins", tags=["administration"])
Viewer = Annotated[Account, require(AdministrationPermission.SEE_SIGN_INS)]


class SignInRow(BaseModel):
    """An attempt to sign in, or ``count`` of the same within a minute. ``browser`` is the name
    that it gave itself.
    """

    id: int
    at_ms: int
    username: str
    address: str
    browser: str
    outcome: Outcome
    count: int


class Page(BaseModel):
    """The newest first, of ``total``; ``next`` is ``before`` of the next page, null on the last
    one.
    """

    rows: list[SignInRow]
    total: int
    next: int | None


class AskedHere(Asked):
    """A search with the length of a page."""

    most: Annotated[int, Query(ge=1, le=1000)] = 100


@router.get("")
def sign_ins(asked: Annotated[AskedHere, Query()], services: ServicesOf, account: Viewer) -> Page:
    """Sign-ins by username, address, outcome and day."""
    found, total, following = actions.searched(services, account, asked, asked.most)
    return Page(rows=[SignInRow(**asdict(of)) for of in found], total=total, next=following)
