"""One's messages over the API; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.authentication.requests import SameOrigin
from api.notifications.inbox import actions
from api.own_account.owner import OwnerOf

router = APIRouter(tags=["notifications"], dependencies=[SameOrigin])


class Way(BaseModel):
    """How a message came over a channel."""

    channel: str
    state: str
    at_ms: int


class MessageState(BaseModel):
    """A message in the reader's language; ``link`` is the path of a page, and may be empty.
    ``read_ms`` is null while it is unread.
    """

    id: str
    kind: str
    level: str
    at_ms: int
    read_ms: int | None
    title: str
    text: str
    link: str
    events: list[str]
    deliveries: list[Way]


class Opened(BaseModel):
    """Messages by id."""

    model_config = ConfigDict(extra="forbid")
    ids: Annotated[
        list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]], Field(max_length=200)
    ]


@router.get("")
def messages(
    owner: OwnerOf,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    most: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[MessageState]:
    """The newest first; none is opened by that."""
    return [
        MessageState(
            id=of.message.id,
            kind=of.message.kind,
            level=of.message.level.name.lower(),
            at_ms=of.message.created_ms,
            read_ms=of.message.read_ms,
            title=of.said.title,
            text=of.said.text,
            link=of.said.path,
            events=sorted({entry.event for entry in of.message.entries if entry.event}),
            deliveries=[
                Way(channel=way.channel, state=way.state, at_ms=way.settled_ms or way.created_ms)
                for way in of.deliveries
            ],
        )
        for of in actions.received(owner, first=first, most=most)
    ]


@router.get("/unread")
def unread(owner: OwnerOf) -> dict[str, int]:
    """How many are unread."""
    return {"unread": owner.services.messages.unread(owner.username)}


@router.post("/read", status_code=204)
def read(opened: Opened, owner: OwnerOf) -> None:
    """Note that the person has opened messages."""
    actions.open_messages(owner, opened.ids)
