"""Matters in words: their lines, their way as states in order, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from api.deadlines import wording as term_wording
from api.deadlines.wording import Line
from api.platforms.judicial import unit_names
from api.platforms.judicial.matters import repository
from api.platforms.judicial.matters.records import (
    EVALUATING,
    KIND_NAMES,
    SHOWS,
    TEXTS,
    Hand,
    kinds,
)
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("id", "opened", "kind", "unit", "title", "state", "waits", "meeting", "decided")
"""Without the days of answers: bodies are not to be compared by them."""
HEADS = Heads(
    "judicial.matters.column",
    COLUMNS,
    {
        "id": "count",
        "opened": "instant",
        "meeting": "day",
        "decided": "day",
    },
)
Filter = tuple[str, str, list[tuple[str, str]]]
Progress = Literal["done", "now", "to-come"]


@dataclass(frozen=True, slots=True)
class Wait:
    """A step that is waited for, and by whom it is to be taken."""

    step: str
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class Station:
    """A state on the way of a matter."""

    state: str
    title: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter as lists show it; ``term`` is the first due of those that run."""

    row: Row
    kind: str
    unit: str
    state: str
    waits: Sequence[Wait]
    term: Line | None

    @property
    def waiting(self) -> str:
        """The first of what is waited for, as a clause; empty where nothing is."""
        return f"{self.waits[0].who}：{self.waits[0].title}" if self.waits else ""


def lines(services: Services, rows: Iterable[Row]) -> list[MatterLine]:
    """Matters as they stand, with the terms that run."""
    words, shown, now_ms = services.words, list(rows), services.now_ms()
    with services.state.read() as connection:
        found = repository.open_terms(connection, [of["id"] for of in shown])
    terms = {key: term_wording.line(words, of, now_ms) for key, of in found.items()}
    return _lines(services, shown, terms)


def _lines(services: Services, rows: Iterable[Row], terms: Mapping[int, Line]) -> list[MatterLine]:
    words, known = services.words, unit_names.every(services)
    return [
        MatterLine(
            row,
            words(f"judicial.matters.kind-{row['kind']}"),
            known.get(row["unit"], row["unit"]),
            words(f"judicial.matter.state-{row['state']}"),
            waits(words, known, row),
            terms.get(row["id"]),
        )
        for row in rows
    ]


def waits(words: Words, known: Mapping[str, str], row: Row) -> list[Wait]:
    """The steps that a matter waits for, and whose they are."""
    found = []
    for step in kinds()[row["kind"]].steps:
        if step.awaited and row["state"] in step.sources:
            title = awaited(words, step.name)
            found.append(Wait(step.name, title, _who(words, known, row, step.by)))
    return found


def awaited(words: Words, step: str) -> str:
    """The step that is waited for; of an evaluation that it is due, and not how it is to end."""
    if step == EVALUATING:
        return words("judicial.matters.evaluate")
    return words(f"judicial.matter.step-{step}")


def way(words: Words, row: Row) -> list[Station]:
    """The states on the way of a matter's kind: passed, the present one, and those to come. One
    that was ended early has its end behind the states that it passed.
    """
    kind = kinds()[row["kind"]]
    states = list(kind.way)
    present: str = "handling" if row["state"] == "commenting" else row["state"]
    if present in states:
        at = states.index(present)
    else:
        states, at = [states[0], present], 1
    closed = any(of.closed for of in kind.states if of.name == present)
    found = []
    for index, name in enumerate(states):
        progress: Progress = "done" if index < at or closed else "to-come"
        if index == at and not closed:
            progress = "now"
        found.append(Station(name, words(f"judicial.matter.state-{name}"), progress))
    return found


def texts(words: Words, row: Row) -> list[tuple[str, str]]:
    """All that was written of a matter, with its names."""
    found = [(words(f"judicial.matter.need-{name}"), row[name]) for name in TEXTS if row[name]]
    if row["cases"]:
        found.insert(0, (words("judicial.matter.need-cases"), row["cases"]))
    if row["rating"]:
        rated = words(f"judicial.matter.rating-{row['rating']}")
        found.append((words("judicial.matter.need-rating"), rated))
    return found


def filters(services: Services, bodies: Iterable[str]) -> list[Filter]:
    """Of the form: name, label, and each value with its words."""
    words, shown = services.words, set(bodies)
    every = ("", words("judicial.matters.every"))
    named = [of for of in unit_names.every(services).items() if of[0] in shown]
    return [("unit", words("judicial.matters.column-unit"), [every, *named])]


def kinds_named(words: Words) -> list[tuple[str, str]]:
    """The kinds with their names."""
    return [(of, words(f"judicial.matters.kind-{of}")) for of in KIND_NAMES]


def shows(words: Words) -> list[tuple[str, str]]:
    """The choices of the list."""
    return [(of, words(f"judicial.matters.show-{of}")) for of in SHOWS]


def table(services: Services, rows: Iterable[Row]) -> Sheet:
    """Matters for a spreadsheet, of which there may be very many: without terms."""
    title = services.words("judicial.matters.title")
    return HEADS.sheet(services.words, title, [_cells(of) for of in _lines(services, rows, {})])


def _cells(of: MatterLine) -> list[Value]:
    row = of.row
    return [
        row["id"],
        row["opened_ms"],
        of.kind,
        of.unit,
        row["title"],
        of.state,
        of.waiting,
        row["meeting_day"],
        row["decided_day"],
    ]


def _who(words: Words, known: Mapping[str, str], row: Row, hand: Hand) -> str:
    if hand == "body":
        return known.get(row["unit"], row["unit"])
    return words(f"judicial.matters.hand-{hand}")
