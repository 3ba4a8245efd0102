"""Cases in words: lines of a list, its table, filters, and what belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.accounts.records import Secrecy
from api.accounts.repositories.units import Units
from api.cases.records import MEANS, STATES
from api.cases.register.records import Belonging
from api.copies.wording import Part, parts
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.vocabulary.time import day_of

Filter = tuple[str, str, Sequence[tuple[str, str]]]
"""The name of a field, its label, and values with their words."""
HEADS = Heads(
    "cases.register.column",
    ("number", "title", "state", "means", "unit", "opened", "outcome"),
    {"opened": "day"},
)


@dataclass(frozen=True, slots=True)
class Line:
    """A case on a list."""

    row: Row
    state: str
    means: str
    unit: str
    opened: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that belongs to a case, on its page: ``part`` is None where the reader may only
    know that there is something; ``platform`` and ``who`` are names.
    """

    id: int
    platform: str
    part: Part | None
    why: str
    at_ms: int


def lines(services: Services, rows: Iterable[Row]) -> list[Line]:
    """Cases as a list shows them."""
    names = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    return [_line(services, names, row) for row in rows]


def things(services: Services, found: Iterable[Belonging]) -> list[Thing]:
    """All that belongs to a case, in the reader's words."""
    return [_thing(services, of) for of in found]


def filters(services: Services) -> list[Filter]:
    """The choices of a list."""
    words = services.words
    any_state = ("", words("cases.register.any-state"))
    any_means = ("", words("cases.register.any-means"))
    states = [any_state, *((of, words(f"cases.case.state-{of}")) for of in STATES)]
    means = [any_means, *((of, words(f"cases.case.means-{of}")) for of in MEANS)]
    return [
        ("state", words("cases.register.column-state"), states),
        ("means", words("cases.register.column-means"), means),
    ]


def secrecy(services: Services, of: Secrecy) -> str:
    """How far a case may be known, in words; empty where everybody may."""
    return "" if of == Secrecy.OPEN else services.words(f"cases.register.secrecy-{int(of)}")


def table(services: Services, found: Iterable[Line]) -> Sheet:
    """Cases for a spreadsheet."""
    return HEADS.sheet(services.words, services.words("cases.title"), _rows(found))


def _line(services: Services, names: dict[str, str], row: Row) -> Line:
    words = services.words
    return Line(
        row,
        words(f"cases.case.state-{row['state']}"),
        words(f"cases.case.means-{row['means']}") if row["means"] else "",
        names.get(row["unit"] or "", ""),
        day_of(row["opened_ms"]),
    )


def _thing(services: Services, of: Belonging) -> Thing:
    words, kept = services.words, of.of.kept
    part = parts(words, [of.shown])[0] if of.shown else None
    platform = words(f"{kept.frozen.reference.platform}.title")
    why = of.of.why if part else ""
    return Thing(of.of.id, platform, part, why, kept.at_ms)


def _rows(found: Iterable[Line]) -> Iterator[list[Value]]:
    for of in found:
        row = of.row
        outcome = row["outcome"] or ""
        yield [row["number"], row["title"], of.state, of.means, of.unit, of.opened, outcome]
