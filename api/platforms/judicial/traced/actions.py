"""Traces of occasions, matters and advice: the body, and texts, which name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from api.platforms.judicial.traced import repository
from api.ports import Reference
from api.services import Services
from api.traces.opening import tracer_of
from api.traces.records import Traced
from api.traces.tracing import Tracer
from config.vocabulary.time import begins_ms, day_of

SLUG = "judicial"
_TEXTS = ("requests", "problem", "report", "decided", "opinions", "answer", "class_of")


def traced(services: Services, since_ms: int) -> Iterator[Traced]:
    """All that was announced, put to a body or sent."""
    since, tracer = date.fromisoformat(day_of(since_ms)), tracer_of(services)
    yield from _hearings(services, tracer, since_ms)
    yield from _matters(services, tracer, since_ms, since)
    yield from _advice(services, tracer, since)


def _hearings(services: Services, tracer: Tracer, since_ms: int) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.hearings(connection, since_ms)
    for row in rows:
        yield Traced(
            Reference(SLUG, "hearing", str(row.id)),
            row.title,
            tracer.thing(
                tracer.unit("hearing-body", row.unit),
                ("hearing-title", row.title),
                ("hearing-matter", row.matter),
                ("hearing-location", row.location),
            ),
            row.from_ms,
            row.until_ms,
        )


def _matters(services: Services, tracer: Tracer, since_ms: int, since: date) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.matters(connection, since_ms, since)
        lines = repository.lines(connection)
    for row in rows:
        text = "\n".join(filter(None, (*(getattr(row, of) for of in _TEXTS), lines.get(row.id))))
        fields = chain(tracer.unit("body", row.unit), tracer.law("matter-law", row.law))
        yield Traced(
            Reference(SLUG, "matter", str(row.id)),
            row.title,
            tracer.thing(fields, ("matter-title", row.title), ("matter-text", text)),
            row.opened_ms,
            _ms(row.answered_day),
        )


def _advice(services: Services, tracer: Tracer, since: date) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.advice(connection, since)
    for row in rows:
        yield Traced(
            Reference(SLUG, "advice", str(row.id)),
            row.title,
            tracer.thing(
                chain(
                    tracer.unit("addressee", row.addressee),
                    tracer.topic(row.topic, "advice-topic"),
                ),
                ("advice-title", row.title),
                ("advice-text", row.text),
                ("advice-reply", row.reply),
            ),
            _ms(row.issued_day),
            _ms(row.replied_day),
        )


def _ms(day: date | None) -> int | None:
    return begins_ms(day) if day else None
