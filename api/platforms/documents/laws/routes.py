"""The table of laws over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.laws import actions, schemas
from api.platforms.documents.laws.records import A_PAGE, Asked
from api.platforms.documents.laws.schemas import LawList, LawState, LawWish
from api.platforms.documents.permission import DocumentsPermission
from api.services import ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/laws", tags=["documents"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Saver = Annotated[Account, require(DocumentsPermission.SAVE_RULES)]


@router.get("")
def laws(services: ServicesOf, _account: Viewer, asked: Annotated[Asked, Query()]) -> LawList:
    """A page of laws in the order of the table."""
    found, today = actions.listed(services, asked), actions.today(services)
    begin = (asked.page - 1) * A_PAGE
    some = [schemas.state(of, today) for of in found[begin : begin + A_PAGE]]
    return LawList(count=len(found), laws=some)


@router.get("/{key}")
def law(key: str, services: ServicesOf, _account: Viewer) -> LawState:
    """A law as it is in force."""
    return schemas.state(actions.find(services, key).entry, actions.today(services))


@router.post("", status_code=201)
def save(body: LawWish, services: ServicesOf, account: Saver) -> LawState:
    """Enter a law, or the next version of its entry: 409 where somebody was first."""
    try:
        entry = actions.save(services, account, body.law(), after=body.after, reason=body.reason)
    except NotAccepted as refused:
        status = 409 if refused.key in ("first", "known") else 422
        raise HTTPException(status, str(refused)) from refused
    return schemas.state(entry, actions.today(services))


API = (router,)
