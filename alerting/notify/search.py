"""Looks deliveries up by what people ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from alerting.notify.repository import Delivery, DeliveryState, Message, Messages
from alerting.tables import DELIVERY, MESSAGE, OUTBOX, TELLING


@dataclass(frozen=True, slots=True)
class Criteria:
    """Every one that is given must hold; the span is half open."""

    readers: Collection[str] | None = None
    channel: str = ""
    state: DeliveryState | None = None
    event: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Deliveries of one page with their messages, and how many there are on all of them."""

    rows: tuple[tuple[Message, Delivery], ...]
    total: int


def search(messages: Messages, asked: Criteria, *, first: int, most: int) -> Found:
    """Deliveries that are asked for, the newest first, from number ``first`` on."""
    conditions = list(_conditions(asked))
    both = sa.join(DELIVERY, MESSAGE, DELIVERY.c.message_id == MESSAGE.c.id)
    rows = sa.select(DELIVERY).select_from(both).where(*conditions)
    rows = rows.order_by(
        DELIVERY.c.created_ms.desc(), DELIVERY.c.message_id, DELIVERY.c.rank.desc()
    )
    count = sa.select(sa.func.count()).select_from(both).where(*conditions)
    with messages.database.read() as connection:
        total = connection.execute(count).scalar_one()
        page = connection.execute(rows.offset(first).limit(most)).mappings()
        found = [Delivery(**{str(key): of for key, of in row.items()}) for row in page]
        known = messages.messages(connection, {of.message_id for of in found})
    return Found(tuple((known[of.message_id], of) for of in found), int(total))


def readers(messages: Messages) -> list[str]:
    """Everybody who was ever sent a message that is kept."""
    with messages.database.read() as connection:
        query = sa.select(MESSAGE.c.reader).distinct().order_by(MESSAGE.c.reader)
        return list(connection.execute(query).scalars())


def _conditions(asked: Criteria) -> Iterator[sa.ColumnElement[bool]]:
    if asked.readers is not None:
        yield MESSAGE.c.reader.in_(asked.readers)
    if asked.channel:
        yield DELIVERY.c.channel == asked.channel
    if asked.state is not None:
        yield DELIVERY.c.state == asked.state
    if asked.event:
        told = sa.join(TELLING, OUTBOX, TELLING.c.entry == OUTBOX.c.key)
        of_event = sa.select(TELLING.c.message_id).select_from(told)
        yield MESSAGE.c.id.in_(of_event.where(OUTBOX.c.event_id == asked.event))
    if asked.from_ms is not None:
        yield DELIVERY.c.created_ms >= asked.from_ms
    if asked.until_ms is not None:
        yield DELIVERY.c.created_ms < asked.until_ms
