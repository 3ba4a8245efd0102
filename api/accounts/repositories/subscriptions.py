"""Where browsers that get notifications are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.channels.push import Subscription
from api.tables import PUSH_SUBSCRIPTION
from ingest.state.database import State

_C = PUSH_SUBSCRIPTION.c


def of(connection: Connection, username: str) -> tuple[str, ...]:
    """Addresses of somebody for the channel, one for each browser."""
    query = sa.select(_C.endpoint, _C.p256dh, _C.auth).where(_C.username == username)
    rows = connection.execute(query.order_by(_C.id))
    return tuple(msgspec.json.encode(Subscription(*row)).decode() for row in rows)


def forget(connection: Connection, addresses: Iterable[str]) -> None:
    """Drop those that the channel says are gone; addresses of other channels are none of these."""
    gone = []
    for each in addresses:
        with suppress(msgspec.DecodeError):
            gone.append(msgspec.json.decode(each, type=Subscription).endpoint)
    connection.execute(sa.delete(PUSH_SUBSCRIPTION).where(_C.endpoint.in_(gone)))


def holders(connection: Connection) -> set[str]:
    """The people with a browser that gets notifications."""
    return set(connection.execute(sa.select(_C.username).distinct()).scalars())


@dataclass(frozen=True, slots=True)
class Allowed:
    """A browser, by the name that it gave itself; ``digest`` is the SHA-256 of its endpoint, by
    which the browser knows itself: the endpoint is nobody else's to see.
    """

    id: int
    browser: str
    created_ms: int
    digest: str


class Subscriptions:
    """Browsers in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def of_person(self, username: str) -> tuple[Allowed, ...]:
        """Those of somebody, the oldest first."""
        with self.state.read() as connection:
            return self.read(connection, username)

    def read(self, connection: Connection, username: str) -> tuple[Allowed, ...]:
        """The same inside a transaction."""
        query = sa.select(PUSH_SUBSCRIPTION).where(_C.username == username).order_by(_C.id)
        return tuple(
            Allowed(
                row.id,
                row.browser,
                row.created_ms,
                hashlib.sha256(row.endpoint.encode()).hexdigest(),
            )
            for row in connection.execute(query)
        )

    def release(self, connection: Connection, username: str, given: Subscription) -> bool:
        """Drop the browser, whosever it was so far; whether it is free now. Somebody else's is
        dropped only for who has its keys: that one sits at it.
        """
        same = _C.endpoint == given.endpoint
        keys = sa.and_(_C.p256dh == given.p256dh, _C.auth == given.auth)
        own = sa.or_(_C.username == username, keys)
        connection.execute(sa.delete(PUSH_SUBSCRIPTION).where(same, own))
        left = sa.select(sa.func.count()).select_from(PUSH_SUBSCRIPTION).where(same)
        return not connection.scalar(left)

    def add(
        self,
        connection: Connection,
        username: str,
        given: Subscription,
        browser: str,
        created_ms: int,
    ) -> int:
        """Keep a browser; its id."""
        row = {"username": username, "browser": browser, "created_ms": created_ms}
        insert = sa.insert(PUSH_SUBSCRIPTION).values(row | msgspec.structs.asdict(given))
        (found,) = connection.execute(insert).inserted_primary_key or (0,)
        return int(found)

    def remove(self, connection: Connection, username: str, subscription_id: int) -> bool:
        """Drop one of somebody; whether there was one."""
        same = sa.and_(_C.id == subscription_id, _C.username == username)
        return bool(connection.execute(sa.delete(PUSH_SUBSCRIPTION).where(same)).rowcount)
