"""Letters in words: the list, and tables that are handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.judicial import unit_names
from api.platforms.judicial.letters.records import Counts, Line
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("id", "received", "summary", "kind", "topic", "town", "unit", "repeat", "state")
HEADS = Heads("judicial.letters.column", COLUMNS, {"id": "number", "received": "day"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list."""

    id: int
    title: str
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class Table:
    """Counts with their headings; None is a count that is hidden."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int | None]]]


def shown(services: Services, lines: Sequence[Line]) -> list[Shown]:
    """Lines of a page."""
    words, units = services.words, unit_names.every(services)
    return [
        Shown(
            of.id,
            of.summary[:80],
            " · ".join(_about(words, units, of)),
            words(f"judicial.letter.state-{of.state}"),
        )
        for of in lines
    ]


def table(services: Services, lines: Iterable[Line]) -> Sheet:
    """Letters for a spreadsheet; nothing of whoever wrote them."""
    words = services.words
    return HEADS.sheet(words, words("judicial.letters.title"), _rows(services, lines))


def tables(services: Services, counts: Counts) -> Sequence[Table]:
    """The counts of a quarter by topic and by town."""
    words, towns = services.words, unit_names.every(services, "town")
    total = words("judicial.letters.total")
    columns = (*counts.months, total)
    topics = (*(words(f"judicial.letter.topic-{of}") for of in counts.topics), total)
    named = (*(town_name(words, towns, of) for of in counts.towns), total)
    return (
        Table(
            words("judicial.letters.by-topic"),
            columns,
            list(zip(topics, counts.by_topic, strict=True)),
        ),
        Table(
            words("judicial.letters.by-town"),
            columns,
            list(zip(named, counts.by_town, strict=True)),
        ),
    )


def numbered(words: Words, letter: int) -> str:
    """A letter by its number."""
    return words("judicial.letters.numbered", n=letter)


def town_name(words: Words, towns: Mapping[str, str], town: str | None) -> str:
    """A town, or the words for none."""
    return towns.get(town, town) if town else words("judicial.letters.elsewhere")


def _about(words: Words, units: Mapping[str, str], of: Line) -> Iterator[str]:
    yield numbered(words, of.id)
    yield words(f"judicial.letter.topic-{of.topic}")
    yield town_name(words, units, of.town)
    if of.unit:
        yield units.get(of.unit, of.unit)
    yield of.received.isoformat()
    if of.repeat_of:
        yield words("judicial.letters.repeat")


def _rows(services: Services, lines: Iterable[Line]) -> Iterator[list[Value]]:
    words, units = services.words, unit_names.every(services)
    for of in lines:
        yield [
            of.id,
            of.received,
            of.summary,
            words(f"judicial.letter.kind-{of.kind}"),
            words(f"judicial.letter.topic-{of.topic}"),
            town_name(words, units, of.town),
            units.get(of.unit or "", ""),
            words("judicial.letters.repeat") if of.repeat_of else "",
            words(f"judicial.letter.state-{of.state}"),
        ]
