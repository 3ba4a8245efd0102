"""Read one's messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerting.notify.rendering import Renderer, Said
from alerting.notify.repository import Delivery, Message
from api.own_account.owner import Owner
from api.platforms.environment.acts import role_of


@dataclass(frozen=True, slots=True)
class Received:
    """A message with what it says, in the reader's language as things are known now, and how it
    came.
    """

    message: Message
    said: Said
    deliveries: Sequence[Delivery]


def received(owner: Owner, *, first: int, most: int) -> list[Received]:
    """The person's messages, the newest first."""
    services, now_ms = owner.services, owner.services.now_ms()
    found = services.messages.of_reader(owner.username, first=first, most=most)
    renderer = Renderer(
        services.wording, services.events, services.links, services.grouping, services.now_ms
    )
    role = role_of(owner.account)
    with services.state.read() as connection:
        ways = services.messages.deliveries(connection, [of.id for of in found])
    return [
        Received(of, renderer.message(of, services.wording, role, now_ms), ways.get(of.id, ()))
        for of in found
    ]


def open_messages(owner: Owner, message_ids: Sequence[str]) -> None:
    """Note that the person has opened these; those of others stay as they are."""
    services = owner.services
    with services.state.read() as connection:
        known = services.messages.messages(connection, message_ids).values()
    fresh = [of.id for of in known if of.reader == owner.username and of.read_ms is None]
    if fresh:
        with services.state.begin() as connection:
            services.messages.opened(connection, fresh, services.now_ms())
