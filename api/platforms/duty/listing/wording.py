"""The list of suggestions in words: its filters, its lines, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.deadlines import wording as term_wording
from api.deadlines.records import Deadline
from api.platforms.duty.listing.records import Line
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.platforms.duty.suggestions.records import TOPICS
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.vocabulary.time import day_of

COLUMNS = (
    *("number", "title", "state", "lead", "topic", "town", "unit"),
    *("submitted", "assigned", "answered", "result"),
)
HEADS = Heads(
    "duty.list.column", COLUMNS, dict.fromkeys(("submitted", "assigned", "answered"), "day")
)
FIRST_YEAR = 2017
"""The one in which the platform's forerunner began."""
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it; ``lamp`` and ``left`` are those of the term due first."""

    id: int
    title: str
    about: str
    state: str
    lamp: str
    left: str


def filters(services: Services) -> list[Filter]:
    """Of the form: name, label, and each value with its words."""
    words, today = services.words, day_of(services.now_ms())
    units = [(of.id, words.name(of.name), of.kind) for of in Units(services.state).all()]
    towns = [(of, name) for of, name, kind in units if kind == "town"]
    handling = [(of, name) for of, name, _ in units]
    states = [(of.name, words(f"duty.suggestion.state-{of.name}")) for of in PROCEDURE.states]
    topics = [(of, words(f"duty.suggestion.topic-{of}")) for of in TOPICS]
    years = [(str(of), str(of)) for of in range(int(today[:4]), FIRST_YEAR - 1, -1)]
    every = ("", words("duty.list.every"))
    return [
        ("state", words("duty.list.column-state"), [every, *states]),
        ("unit", words("duty.list.column-unit"), [every, *handling]),
        ("topic", words("duty.list.column-topic"), [every, *topics]),
        ("town", words("duty.list.column-town"), [every, *towns]),
        ("year", words("duty.list.year"), [every, *years]),
    ]


def shown(services: Services, lines: Sequence[Line], terms: Mapping[int, Deadline]) -> list[Shown]:
    """Lines of a page."""
    units, people = _names(services, lines)
    return [_shown(services, of, units, people, terms.get(of.id)) for of in lines]


def _shown(
    services: Services,
    of: Line,
    units: Mapping[str, str],
    people: Mapping[str, str],
    term: Deadline | None,
) -> Shown:
    words = services.words
    parts = (
        of.number,
        people.get(of.lead, of.lead),
        units.get(of.unit or ""),
        of.submitted and of.submitted.isoformat(),
    )
    line = term_wording.line(words, term, services.now_ms()) if term else None
    return Shown(
        of.id,
        of.title,
        " · ".join(part for part in parts if part),
        words(f"duty.suggestion.state-{of.state}"),
        line.lamp.value if line else "",
        line.left if line else "",
    )


def table(services: Services, lines: Iterable[Line]) -> Sheet:
    """Suggestions for a spreadsheet, in the columns of the list."""
    return HEADS.sheet(services.words, services.words("duty.list.title"), _rows(services, lines))


def _rows(services: Services, lines: Iterable[Line]) -> Iterator[list[Value]]:
    words, some = services.words, list(lines)
    units, people = _names(services, some)
    for of in some:
        yield [
            of.number,
            of.title,
            words(f"duty.suggestion.state-{of.state}"),
            people.get(of.lead, of.lead),
            words(f"duty.suggestion.topic-{of.topic}") if of.topic else "",
            units.get(of.town or "", ""),
            units.get(of.unit or "", ""),
            *(of.submitted, of.assigned, of.answered),
            words(f"duty.suggestion.result-{of.result}") if of.result else "",
        ]


def _names(
    services: Services, lines: Iterable[Line]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Of all units, and of the people in these lines."""
    units = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    return units, People(services.state).names(sorted({of.lead for of in lines}))
