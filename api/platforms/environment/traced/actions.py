"""Traces of alerts and of their events: station, town, the river there and further down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.platforms.environment.traced import repository
from api.ports import Reference
from api.services import Services
from api.traces.opening import tracer_of
from api.traces.records import Trace, Traced
from api.traces.tracing import Tracer

TOPICS: Mapping[str, str] = {"water": "water-quality", "air": "air"}
"""By what a station measures."""


def traced(services: Services, since_ms: int) -> Iterator[Traced]:
    """Alerts of pollution, and the events of several of them."""
    with services.state.read() as connection:
        alerts = repository.since(connection, since_ms)
    tracer = tracer_of(services)
    names = _rule_names(services)
    events: dict[str, list[Any]] = {}
    for row in alerts:
        if row.station not in services.catalogue.stations:
            continue
        station = services.catalogue.stations[row.station].name
        title = f"{names.get(row.rule_id, row.rule_id)} · {station}"
        yield Traced(
            Reference("environment", "alert", row.id),
            title,
            tracer.thing(_of(tracer, [row.station])),
            row.began_ms,
            row.resolved_ms,
            row.event_id or "",
        )
        if row.event_id:
            events.setdefault(row.event_id, []).append(row)
    for event, members in events.items():
        yield _event(services, tracer, event, members)


def _event(services: Services, tracer: Tracer, event: str, members: Sequence[Any]) -> Traced:
    stations = list(dict.fromkeys(row.station for row in members))
    names = services.words.listed(services.catalogue.stations[of].name for of in stations)
    ends = [row.resolved_ms for row in members]
    return Traced(
        Reference("environment", "event", event),
        names,
        tracer.thing(_of(tracer, stations)),
        min(row.began_ms for row in members),
        None if None in ends else max(of for of in ends if of is not None),
        event,
    )


def _of(tracer: Tracer, stations: Sequence[str]) -> Iterator[Trace]:
    found = [tracer.catalogue.stations[of] for of in stations]
    for station in found:
        yield from tracer.station("alert-station", station)
    for station in found:
        if station.kind == "water":
            yield from tracer.below(station)
        yield from tracer.topic(TOPICS.get(station.kind), "alert-topic")


def _rule_names(services: Services) -> Mapping[str, str]:
    return {of.id: services.words.name(of.name) for of in services.rules}
