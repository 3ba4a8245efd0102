"""One's wishes over the API."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from api.authentication.requests import SameOrigin
from api.notifications.wishes import actions
from api.notifications.wishes.records import Wished
from api.own_account.owner import OwnerOf, refusal
from api.web.forms import NotAccepted

router = APIRouter(prefix="/wishes", tags=["notifications"], dependencies=[SameOrigin])


class WishesState(Wished):
    """Wishes, with what the person will hear in words, and the channels that reach the person."""

    heard: list[str]
    reached_by: list[str]


@router.get("")
def wishes(owner: OwnerOf) -> WishesState:
    """As they are; 404 to somebody whose roles are told of no alerts."""
    found = actions.standing(owner)
    if found is None:
        raise HTTPException(404, "no role of this account is told of alerts")
    return WishesState(
        **found.written.model_dump(), heard=found.heard, reached_by=list(found.choices.channels)
    )


@router.put("", status_code=204)
def save(wished: Wished, owner: OwnerOf) -> None:
    """Be told so from now on."""
    try:
        actions.save(owner, wished)
    except NotAccepted as error:
        raise refusal(error) from error
