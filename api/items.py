"""Items of every platform over the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import SignedIn
from api.ports import Item, Reference, freeze
from api.services import Services
from api.shape import Platform

router = APIRouter(prefix="/api/v1/items", tags=["items"])


class ItemState(BaseModel):
    """An item as it is now. ``hash`` is the SHA-256 of ``frozen``, the copy to keep: canonical
    JSON as text.
    """

    platform: str
    kind: str
    id: str
    title: str
    address: str
    content: dict[str, Any]
    frozen: str
    hash: str


def read(
    roster: Iterable[Platform], services: Services, account: Account, reference: Reference
) -> Item | None:
    """The target of a reference; None where there is nothing that the account may see."""
    for platform in roster:
        for kind in platform.items:
            if (platform.slug, kind.name) == (reference.platform, reference.kind):
                may = account.may(kind.permission)
                return kind.read(services, account, reference.id) if may else None
    return None


@router.get("/{platform}/{kind}/{item_id}")
def item(platform: str, kind: str, item_id: str, request: Request, who: SignedIn) -> ItemState:
    """An item of a platform, by reference; in the site's language, for whoever asks."""
    services: Services = request.app.state.services
    reference = Reference(platform, kind, item_id)
    found = read(request.app.state.roster, services, who, reference)
    if found is None:
        raise HTTPException(404, f"unknown item {platform}/{kind}/{item_id}")
    copy = freeze(reference, found)
    return ItemState(
        **msgspec.structs.asdict(reference),
        title=found.title,
        address=f"/{platform}{found.path}",
        content=dict(found.content),
        frozen=copy.body.decode(),
        hash=copy.hash,
    )
