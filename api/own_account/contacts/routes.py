"""Addresses for messages over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from api.authentication.requests import SameOrigin
from api.own_account.contacts import actions
from api.own_account.contacts.records import Added, Confirmed
from api.own_account.owner import OwnerOf, refusal
from api.web.forms import MOST_ID, NotAccepted, RowId, Typed

router = APIRouter(prefix="/contacts", tags=["account"], dependencies=[SameOrigin])


ContactId = Annotated[int, Path(ge=0, le=MOST_ID)]


class OfAccount(BaseModel):
    """An address; ``confirmed_ms``, UTC epoch ms, is null while nobody has confirmed it."""

    id: int
    kind: str
    value: str
    confirmed_ms: int | None


class Proof(BaseModel):
    """The password once more."""

    model_config = ConfigDict(extra="forbid")
    password: Typed


@router.get("")
def contacts(owner: OwnerOf) -> list[OfAccount]:
    """Those that are kept."""
    return [
        OfAccount(id=of.id, kind=of.kind, value=of.value, confirmed_ms=of.confirmed_ms)
        for of in actions.kept(owner)
    ]


@router.post("", status_code=201)
def add(added: Added, owner: OwnerOf) -> dict[str, int]:
    """Keep one; its id."""
    try:
        return {"id": actions.add(owner, added)}
    except NotAccepted as error:
        raise refusal(error) from error


@router.post("/{contact_id}/code", status_code=204)
def send_code(contact_id: ContactId, owner: OwnerOf) -> None:
    """Send a code there, which is good for ten minutes."""
    try:
        actions.send_code(owner, contact_id)
    except NotAccepted as error:
        raise refusal(error) from error


@router.post("/{contact_id}/confirm", status_code=204)
def confirm(contact_id: ContactId, confirmed: Confirmed, owner: OwnerOf) -> None:
    """Confirm one by the newest code that was sent there."""
    try:
        actions.confirm(owner, contact_id, confirmed.code)
    except NotAccepted as error:
        raise refusal(error) from error


@router.post("/{contact_id}/remove", status_code=204)
def remove(contact_id: RowId, proof: Proof, owner: OwnerOf) -> None:
    """Remove one."""
    try:
        actions.remove(owner, contact_id, proof.password)
    except NotAccepted as error:
        raise refusal(error) from error
