"""Items of every platform over the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn
from api.ports import DraftKind, Frozen, Item, ItemKind, Json, Reference, freeze
from api.services import Services
from api.shape import Platform

router = APIRouter(prefix="/api/v1", tags=["items"], dependencies=[SameOrigin])
MOST_ITEMS = 20


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


class Pointed(BaseModel):
    """Points at an item."""

    model_config = ConfigDict(extra="forbid")
    platform: Annotated[str, Field(max_length=20)]
    kind: Annotated[str, Field(max_length=20)]
    id: Annotated[str, Field(max_length=100)]


class NewDraft(BaseModel):
    """A paper that is to be made of items; it keeps them as they are now."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[Pointed], Field(min_length=1, max_length=MOST_ITEMS)]


def read(
    roster: Iterable[Platform], services: Services, account: Account, reference: Reference
) -> Item | None:
    """The target of a reference; None where there is nothing that the account may see."""
    kind = _kind(roster, reference)
    if kind is None or not account.may(kind.permission):
        return None
    return kind.read(services, account, reference.id)


def copied(
    roster: Iterable[Platform], services: Services, account: Account, reference: Reference
) -> Frozen | None:
    """A copy to keep with a paper, as far as the account sees the item; None where there is
    nothing, or where copies of its kind are not kept. ``services`` are those of the site, so that
    a copy does not depend on the language of whoever makes it.
    """
    kind = _kind(roster, reference)
    if kind is None or kind.copies == "never":
        return None
    found = read(roster, services, account, reference)
    return freeze(reference, found) if found else None


@dataclass(frozen=True, slots=True)
class Copy:
    """A kept copy as one reader may see it, with the item as it is now; None where that is gone or
    hidden. ``differs``: it says something else by now.
    """

    kind: ItemKind
    title: str
    content: Json
    now: Item | None
    differs: bool


def readable(
    roster: Iterable[Platform],
    services: Services,
    account: Account,
    frozen: Frozen,
    *,
    own: bool,
) -> Copy | None:
    """A kept copy as far as an account may read it, None where it may not: never without the
    permission of its kind, and where its kind asks for it only while the account sees the thing
    itself. ``own``: the account made the copy, and so has read it.
    """
    kind = _kind(roster, frozen.reference)
    if kind is None or kind.copies == "never" or not account.may(kind.permission):
        return None
    now = kind.read(services, account, frozen.reference.id)
    if now is None and kind.copies == "seen" and not own:
        return None
    kept = msgspec.json.decode(frozen.body)
    if now is None:
        return Copy(kind, kept["title"], kept["content"], None, differs=True)
    today = freeze(frozen.reference, now)
    # Both are read back from their writing, so that 1.0 and 1 are said alike.
    now = replace(now, content=msgspec.json.decode(today.body)["content"])
    return Copy(kind, kept["title"], kept["content"], now, today.hash != frozen.hash)


def _kind(roster: Iterable[Platform], reference: Reference) -> ItemKind | None:
    for platform in roster:
        for kind in platform.items:
            if (platform.slug, kind.name) == (reference.platform, reference.kind):
                return kind
    return None


@router.get("/items/{platform}/{kind}/{item_id}")
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


@router.post("/drafts/{platform}/{kind}", status_code=201)
def draft(platform: str, kind: str, body: NewDraft, request: Request, who: SignedIn) -> Pointed:
    """Begin a paper of a platform out of items of any platform, in the site's language."""
    services: Services = request.app.state.services
    roster: tuple[Platform, ...] = tuple(request.app.state.roster)
    begun = _draft_kind(roster, platform, kind)
    if begun is None or begun.permission is None or not who.may(begun.permission):
        raise HTTPException(404, f"no draft {platform}/{kind} that you may begin")
    copies = []
    for of in body.items:
        copy = copied(roster, services, who, Reference(of.platform, of.kind, of.id))
        if copy is None:
            raise HTTPException(404, f"no item {of.platform}/{of.kind}/{of.id} that can be kept")
        copies.append(copy)
    made = begun.begin(services, who, copies)
    return Pointed(platform=made.platform, kind=made.kind, id=made.id)


def _draft_kind(roster: Iterable[Platform], platform: str, kind: str) -> DraftKind | None:
    every = ((of.slug, one) for of in roster for one in of.drafts)
    return next((one for slug, one in every if (slug, one.name) == (platform, kind)), None)
