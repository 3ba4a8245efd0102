"""Deliveries over the API; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from alerting.notify.repository import DeliveryState
from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.environment.deliveries import actions, wording
from api.platforms.environment.deliveries.records import Asked
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf

router = APIRouter(prefix="/deliveries", tags=["deliveries"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_DELIVERIES)]


class DeliveryLine(BaseModel):
    """A message to a reader over a channel. A ``reader`` is a username, or a group chat behind an
    @; ``why`` are the provider's words where it failed, ``events`` what the message speaks of.
    """

    message: str
    reader: str
    name: str
    kind: str
    level: str
    title: str
    events: list[str]
    channel: str
    state: DeliveryState
    attempts: int
    created_ms: int
    settled_ms: int | None
    read_ms: int | None
    why: str


class DeliveryPage(BaseModel):
    """The newest first; ``total`` is how many there are on all pages."""

    deliveries: list[DeliveryLine]
    total: int


class AskedMost(Asked):
    """The choice of a page."""

    most: Annotated[int, Query(ge=1, le=500)] = 50


@router.get("")
def deliveries(
    asked: Annotated[AskedMost, Query()], services: ServicesOf, _who: Viewer
) -> DeliveryPage:
    """Deliveries, by person, channel, state, event and day."""
    first = (asked.page - 1) * asked.most
    found = actions.searched(services, asked, first=first, most=asked.most)
    lines = wording.lines(services, actions.names(services), found.rows)
    return DeliveryPage(deliveries=[_state(line) for line in lines], total=found.total)


def _state(line: wording.Line) -> DeliveryLine:
    message, delivery = line.message, line.delivery
    return DeliveryLine(
        message=message.id,
        reader=message.reader,
        name=line.reader,
        kind=message.kind,
        level=message.level.name.lower(),
        title=line.title,
        events=sorted({entry.event for entry in message.entries if entry.event}),
        channel=delivery.channel,
        state=delivery.state,
        attempts=delivery.attempts,
        created_ms=delivery.created_ms,
        settled_ms=delivery.settled_ms,
        read_ms=message.read_ms,
        why=delivery.why,
    )
