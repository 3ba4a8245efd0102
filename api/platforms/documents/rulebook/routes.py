"""Hits of a text over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.rulebook import actions, schemas
from api.platforms.documents.rulebook.schemas import HitList, HitState, Judging
from api.platforms.documents.texts.routes import accepted
from api.services import ServicesOf
from api.web.forms import MOST_ID

router = APIRouter(prefix="/texts", tags=["documents"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Judge = Annotated[Account, require(DocumentsPermission.REVIEW)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/{number}/checks")
def hits(
    number: Number,
    services: ServicesOf,
    _account: Viewer,
    version: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
) -> HitList:
    """Hits of the checks in force in a text, in its newest version where none is given."""
    return schemas.listed(actions.examined(services, number, version))


@router.post("/{number}/checks", status_code=201)
def judge(number: Number, body: Judging, services: ServicesOf, account: Judge) -> HitState:
    """Write whether a hit of the newest version is worth a review; it teaches how often the check
    is right.
    """
    given = body.hit, body.verdict, body.reason
    return schemas.state(accepted(lambda: actions.judge(services, account, number, *given)))


API = (router,)
