"""Traces of filings, texts and reviews: the maker, the laws cited, and what the articles name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from api.platforms.documents.traced import repository
from api.ports import Reference
from api.services import Services
from api.traces.opening import tracer_of
from api.traces.reading import Reading, Readings, law_of, together
from api.traces.records import Part, Trace, Traced
from api.traces.tracing import Tracer
from config.vocabulary.time import begins_ms, day_of
from documents.citing.citations import citations
from documents.text.records import Document

SLUG = "documents"


def traced(services: Services, since_ms: int) -> Iterator[Traced]:
    """Texts, filings that were sent, and reviews; of one text they are one matter."""
    since, tracer = date.fromisoformat(day_of(since_ms)), tracer_of(services)
    yield from _texts(services, tracer, since_ms)
    yield from _filings(services, tracer)
    yield from _reviews(services, tracer, since)


def _texts(services: Services, tracer: Tracer, since_ms: int) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.texts(connection, since_ms, day_of(since_ms))
    read = _readings(services, tracer.readings, [row.version_id for row in rows])
    for row in rows:
        began = row.published or row.passed
        parts: list[tuple[Part, Reading]] = [
            ("document-title", tracer.readings.of(row.title)),
            ("document-text", read[row.version_id]),
        ]
        yield Traced(
            Reference(SLUG, "text", str(row.id)),
            row.title,
            tracer.of_readings(_made(tracer, row), parts),
            begins_ms(date.fromisoformat(began)) if began else row.kept_ms,
            begins_ms(date.fromisoformat(row.repealed)) if row.repealed else None,
            f"text/{row.id}",
        )


def _readings(
    services: Services, readings: Readings, versions: list[int]
) -> Mapping[int, Reading]:
    """The readings of versions, which never change: each is read once by a process."""
    unknown = [of for of in versions if not readings.knows((SLUG, of))]
    for at in range(0, len(unknown), repository.A_READ):
        with services.state.read() as connection:
            found = repository.documents(connection, unknown[at : at + repository.A_READ])
        for version, document in found.items():
            readings.remembered((SLUG, version), partial(_read, readings, document))
    return {of: readings.remembered((SLUG, of), Reading) for of in versions}


def _read(readings: Readings, document: Document) -> Reading:
    """A whole document; of its topics the one that most of its words are of."""
    cited = (law_of(of.law) for of in citations(document) if of.law)
    points = [of.text for of in document.parts if of.kind == "point"]
    texts = (*document.preamble, *(of.text for of in document.articles), *points)
    whole = together([readings.of(text) for text in texts], cited)
    most = sorted((whole.topics or {}).items(), key=lambda of: (-len(of[1]), of[0]))[:1]
    return Reading(whole.names, whole.laws, dict(most))


def _filings(services: Services, tracer: Tracer) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.filings(connection)
    for row in rows:
        began = row.published or row.passed
        yield Traced(
            Reference(SLUG, "filing", str(row.id)),
            row.title,
            tracer.thing(
                _made(tracer, row), ("document-title", row.title), ("filing-basis", row.basis)
            ),
            begins_ms(began) if began else None,
            group=f"text/{row.text}" if row.text else "",
        )


def _reviews(services: Services, tracer: Tracer, since: date) -> Iterator[Traced]:
    with services.state.read() as connection:
        rows = repository.reviews(connection, since)
        points = repository.points(connection)
    for row in rows:
        own = points.get(row.id, ())
        words = "\n".join(f"{of.words}\n{of.why}" for of in own)
        laws = chain.from_iterable(tracer.law("point-law", of.law) for of in own)
        ended = row.decided_day or row.handled_day
        yield Traced(
            Reference(SLUG, "review", str(row.id)),
            row.title,
            tracer.thing(
                chain(_made(tracer, row), laws),
                ("document-title", row.title),
                ("review-reason", row.reason),
                ("review-points", words),
                ("review-opinion", row.opinion),
            ),
            begins_ms(row.opened_day),
            begins_ms(ended) if ended else None,
            f"text/{row.text}",
        )


def _made(tracer: Tracer, row: Any) -> Iterator[Trace]:
    yield from tracer.unit("maker", row.unit)
    yield from tracer.law("itself", row.title)
