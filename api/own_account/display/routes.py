"""Language and size of type over the API."""

from __future__ import annotations

from fastapi import APIRouter

from api.authentication.requests import SameOrigin
from api.own_account.display import actions
from api.own_account.display.records import Display
from api.own_account.owner import OwnerOf

router = APIRouter(prefix="/display", tags=["account"], dependencies=[SameOrigin])


@router.get("")
def display(owner: OwnerOf) -> Display:
    """As it was chosen."""
    account = owner.account
    return Display.model_validate({"language": account.language, "large_type": account.large_type})


@router.put("", status_code=204)
def choose(chosen: Display, owner: OwnerOf) -> None:
    """Read so from now on."""
    actions.choose(owner, chosen)
