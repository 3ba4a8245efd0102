"""Procuratorial advice in words: its lines, counts by topic, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.deadlines import wording as term_wording
from api.deadlines.wording import Line
from api.platforms.judicial import unit_names
from api.platforms.judicial.advice import repository
from api.platforms.judicial.advice.records import COUNTED, topics
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("id", "written", "title", "topic", "addressee", "state", "issued")
"""Without the days of replies and effects: addressees are not to be compared by them."""
HEADS = Heads(
    "judicial.advice.column",
    COLUMNS,
    {"id": "count", "written": "instant", "issued": "day"},
)
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """Advice as lists show it; ``effect`` is empty until a second person confirmed it."""

    row: Row
    topic: str
    addressee: str
    maker: str
    state: str
    effect: str
    term: Line | None


def lines(services: Services, rows: Iterable[Row]) -> list[AdviceLine]:
    """Advice as it stands, with the term that runs."""
    words, shown, now_ms = services.words, list(rows), services.now_ms()
    with services.state.read() as connection:
        found = repository.open_terms(connection, [of["id"] for of in shown])
    terms = {key: term_wording.line(words, of, now_ms) for key, of in found.items()}
    return _lines(services, shown, terms)


def _lines(services: Services, rows: Iterable[Row], terms: Mapping[int, Line]) -> list[AdviceLine]:
    words, known = services.words, unit_names.every(services)
    return [
        AdviceLine(
            row,
            topic(words, row["topic"]),
            known.get(row["addressee"], row["addressee"]),
            known.get(row["maker"], row["maker"]),
            words(f"judicial.advised.state-{row['state']}"),
            effect(words, row),
            terms.get(row["id"]),
        )
        for row in rows
    ]


def effect(words: Words, row: Row) -> str:
    """The effect that a second person confirmed; empty before that."""
    confirmed = row["state"] == "closed" and row["effect"]
    return words(f"judicial.advised.effect-{row['effect']}") if confirmed else ""


def topic(words: Words, name: str) -> str:
    """The name of a topic; one that the file has no more stands as its id."""
    return words(f"judicial.advised.topic-{name}") if name in topics() else name


def topics_named(words: Words) -> list[tuple[str, str]]:
    """The topics with their names."""
    return [(of, topic(words, of)) for of in topics()]


def counted(words: Words) -> list[tuple[str, str]]:
    """The columns of the counts, which are the choices of the list too."""
    return [(of, words(f"judicial.advice.show-{of}")) for of in COUNTED]


def filters(services: Services, addressees: Iterable[str]) -> list[Filter]:
    """Of the form: name, label, and each value with its words; addressees in the official order,
    without a figure.
    """
    words, shown = services.words, set(addressees)
    every = ("", words("judicial.advice.every"))
    named = [of for of in unit_names.every(services).items() if of[0] in shown]
    return [
        ("show", words("judicial.advice.column-state"), [every, *counted(words)]),
        ("topic", words("judicial.advice.column-topic"), [every, *topics_named(words)]),
        ("addressee", words("judicial.advice.column-addressee"), [every, *named]),
    ]


def table(services: Services, rows: Iterable[Row]) -> Sheet:
    """Advice for a spreadsheet, of which there may be very much: without terms."""
    title = services.words("judicial.advice.title")
    return HEADS.sheet(services.words, title, [_cells(of) for of in _lines(services, rows, {})])


def _cells(of: AdviceLine) -> list[Value]:
    row = of.row
    return [
        row["id"],
        row["written_ms"],
        row["title"],
        of.topic,
        of.addressee,
        of.state,
        row["issued_day"],
    ]
