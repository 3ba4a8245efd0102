"""Notifications in browsers over the API; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel

from api.authentication.requests import SameOrigin
from api.own_account.owner import OwnerOf, refusal
from api.own_account.push import actions
from api.own_account.push.records import Subscribed
from api.web.forms import MOST_ID, NotAccepted

router = APIRouter(prefix="/push", tags=["account"], dependencies=[SameOrigin])


class OfAccount(BaseModel):
    """A browser that gets notifications, by the name that it gave itself."""

    id: int
    browser: str
    created_ms: int


@router.get("")
def browsers(owner: OwnerOf) -> list[OfAccount]:
    """Those of the person."""
    return [
        OfAccount(id=of.id, browser=of.browser, created_ms=of.created_ms)
        for of in actions.allowed(owner)
    ]


@router.post("", status_code=201)
def allow(subscribed: Subscribed, owner: OwnerOf) -> dict[str, int]:
    """Let the browser that asks get them; its id."""
    try:
        return {"id": actions.allow(owner, subscribed)}
    except NotAccepted as error:
        raise refusal(error) from error


@router.delete("/{subscription_id}", status_code=204)
def end(subscription_id: Annotated[int, Path(ge=0, le=MOST_ID)], owner: OwnerOf) -> None:
    """Send a browser no more."""
    if not actions.end(owner, subscription_id):
        raise HTTPException(404, "no such browser of this account gets notifications")
