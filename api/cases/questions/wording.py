"""Questions in words: lines of a list, its table, and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.repositories.units import Units
from api.cases.questions.records import STATES
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.vocabulary.time import day_of

HEADS = Heads(
    "cases.questions.column",
    ("title", "unit", "state", "due", "asked", "answer"),
    {"due": "day", "asked": "day"},
)


@dataclass(frozen=True, slots=True)
class Line:
    """A question on a list; ``late`` where nobody answered in time."""

    row: Row
    unit: str
    state: str
    late: bool


def units(services: Services) -> Sequence[tuple[str, str]]:
    """Ids and names of all units, in the official order."""
    return [(of.id, services.words.name(of.name) or of.id) for of in Units(services.state).all()]


def lines(services: Services, rows: Iterable[Row]) -> list[Line]:
    """Questions as a list shows them."""
    names, today = dict(units(services)), date.fromisoformat(day_of(services.now_ms()))
    return [
        Line(
            row,
            names.get(row["unit"], row["unit"]),
            services.words(f"cases.question.state-{row['state']}"),
            row["state"] == "asked" and row["due_day"] < today,
        )
        for row in rows
    ]


def filters(services: Services) -> Sequence[tuple[str, str, Sequence[tuple[str, str]]]]:
    """The choices of a list: the name of a field, its label, values with their words."""
    words = services.words
    states = [(of, words(f"cases.question.state-{of}")) for of in STATES]
    return [
        (
            "state",
            words("cases.questions.column-state"),
            [("", words("cases.register.any-state")), *states],
        ),
        (
            "unit",
            words("cases.questions.column-unit"),
            [("", words("cases.questions.any-unit")), *units(services)],
        ),
    ]


def table(services: Services, found: Iterable[Line]) -> Sheet:
    """Questions for a spreadsheet."""
    return HEADS.sheet(services.words, services.words("cases.questions.title"), _rows(found))


def _rows(found: Iterable[Line]) -> Iterator[list[Value]]:
    for of in found:
        row = of.row
        asked = date.fromisoformat(day_of(row["asked_ms"]))
        yield [row["title"], of.unit, of.state, row["due_day"], asked, row["answer"] or ""]
