"""Deliveries in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from alerting.notify.rendering import Renderer, latest
from alerting.notify.repository import Delivery, Message
from api.platforms.environment.deliveries.records import STATES
from api.services import Services
from api.web.tables import Heads, Sheet, Value

COLUMNS = ("at", "reader", "title", "channel", "state", "attempts", "settled", "why")
HEADS = Heads(
    "deliveries.column", COLUMNS, {"at": "instant", "attempts": "count", "settled": "instant"}
)
Rows = Iterable[tuple[Message, Delivery]]


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery; ``event`` is the alert event where the message speaks of one alone."""

    message: Message
    delivery: Delivery
    reader: str
    title: str
    event: str


def lines(services: Services, names: Mapping[str, str], rows: Rows) -> Iterator[Line]:
    """Deliveries for the list."""
    renderer = Renderer(
        services.wording, services.events, services.links, services.grouping, services.now_ms
    )
    for message, delivery in rows:
        events = {entry.event for entry in message.entries}
        yield Line(
            message,
            delivery,
            names.get(message.reader, message.reader),
            _title(services, renderer, message),
            events.pop() or "" if len(events) == 1 else "",
        )


def filters(services: Services) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    channels = [(of.name, of.name) for of in services.channels]
    states = [(of, t(f"deliveries.state-{of}")) for of in STATES]
    return [
        ("channel", t("deliveries.channel"), [("", t("deliveries.any-channel")), *channels]),
        ("state", t("deliveries.state"), [("", t("deliveries.any-state")), *states]),
    ]


def table(services: Services, names: Mapping[str, str], rows: Rows) -> Sheet:
    """Deliveries for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("deliveries.title"), _rows(services, names, rows))


def _rows(services: Services, names: Mapping[str, str], rows: Rows) -> Iterator[list[Value]]:
    t = services.words
    for line in lines(services, names, rows):
        yield [
            line.delivery.created_ms,
            line.reader,
            line.title,
            line.delivery.channel,
            t(f"deliveries.state-{line.delivery.state}"),
            line.delivery.attempts,
            line.delivery.settled_ms,
            line.delivery.why,
        ]


def _title(services: Services, renderer: Renderer, message: Message) -> str:
    now = services.now_ms()
    return services.words.clauses(
        renderer.said(entry, services.wording, "officer", now, {}).title
        for entry in latest(message.entries)
    )
