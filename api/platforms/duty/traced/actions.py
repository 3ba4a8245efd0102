"""Traces of suggestions and motions: fields and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from api.platforms.duty.traced import repository
from api.ports import Reference
from api.services import Services
from api.traces.opening import tracer_of
from api.traces.records import Trace, Traced
from api.traces.tracing import Tracer
from config.vocabulary.time import begins_ms, day_of

_PROJECT = "budget/project/"
"""Before the code of the project that a suggestion was made of."""


def traced(services: Services, since_ms: int) -> Iterator[Traced]:
    """Suggestions that were submitted, and motions."""
    since = date.fromisoformat(day_of(since_ms))
    with services.state.read() as connection:
        suggestions = repository.suggestions(connection, since)
        further = repository.further_units(connection)
        motions = repository.motions(connection, since)
    tracer = tracer_of(services)
    for row in suggestions:
        yield Traced(
            Reference("duty", "suggestion", str(row.id)),
            row.title,
            tracer.thing(
                _fields(tracer, row, further.get(row.id, ())),
                ("suggestion-title", row.title),
                ("suggestion-body", row.body),
                ("suggestion-location", row.location),
            ),
            _ms(row.submitted_day),
            _ms(row.answered_day),
        )
    for row in motions:
        yield Traced(
            Reference("duty", "motion", str(row.id)),
            row.title,
            tracer.thing(
                (),
                ("motion-title", row.title),
                ("motion-basis", row.basis),
                ("motion-plan", row.plan),
            ),
            _ms(row.submitted_day),
            _ms(row.decided_day),
        )


def _fields(tracer: Tracer, row: Any, further: Sequence[str]) -> Iterator[Trace]:
    yield from tracer.unit("suggestion-town", row.town)
    yield from tracer.topic(row.topic, "suggestion-topic")
    yield from tracer.unit("unit-in-charge", row.unit)
    for unit in further:
        yield from tracer.unit("further-unit", unit)
    if (row.source or "").startswith(_PROJECT):
        yield from tracer.project("suggestion-source", None, row.source.removeprefix(_PROJECT))


def _ms(day: date | None) -> int | None:
    return begins_ms(day) if day else None
