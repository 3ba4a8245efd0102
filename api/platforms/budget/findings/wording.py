"""Findings in words: the question, its lines, and the table that is handed out. A natural person
is masked everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.repositories.units import Units
from api.platforms.budget.findings.records import GRADES, SHOWN, STATES, Precision
from api.platforms.budget.findings.repository import files_of
from api.platforms.budget.rulebook.wording import said
from api.ports import Json, Said
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from budget.detection.records import Fact, Finding
from budget.yuan import yuan
from config.catalogue.words import Words
from config.vocabulary.time import day_of

COLUMNS = ("id", "found", "kind", "unit", "question", "amount", "grade", "state")
HEADS = Heads(
    "budget.findings.column", COLUMNS, {"id": "count", "found": "day", "amount": "number"}
)
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as lists show it; ``grade`` says how much speaks for the question, ``found`` is
    the day, ``files`` how many the unit put to it.
    """

    row: Row
    found: date
    question: str
    kind: str
    unit: str
    amount: str
    grade: str
    state: str
    files: int


@dataclass(frozen=True, slots=True)
class PrecisionLine:
    """How well a rule asked."""

    of: Precision
    rule: str
    percent: int


def asked(words: Words, row: Row) -> str:
    """The question of a row."""
    return said(words, _finding(row))


def line(words: Words, units: Mapping[str, str], row: Row, files: int) -> FindingLine:
    """A finding as it stands."""
    return FindingLine(
        row,
        date.fromisoformat(day_of(row["found_ms"])),
        asked(words, row),
        words(f"budget.findings.kind-{row['kind']}"),
        units.get(row["unit"] or "", row["unit_name"]),
        yuan(row["amount"]),
        words(f"budget.findings.grade-{row['grade']}"),
        words(f"budget.question.state-{row['state']}"),
        files,
    )


def lines(services: Services, rows: Iterable[Row]) -> list[FindingLine]:
    """Findings as they stand."""
    units = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    shown = list(rows)
    with services.state.read() as connection:
        counts = files_of(connection, [row["id"] for row in shown])
    return [line(services.words, units, row, counts.get(row["id"], 0)) for row in shown]


def filters(
    services: Services, rules: Sequence[tuple[str, str]], units: Sequence[str]
) -> list[Filter]:
    """Of the form: name, label, and each value with its words."""
    words = services.words
    every = ("", words("budget.findings.every"))
    states = [(of, words(f"budget.question.state-{of}")) for of in STATES]
    grades = [(of, words(f"budget.findings.grade-{of}")) for of in GRADES]
    kinds = [(rule, words(f"budget.findings.kind-{kind}")) for rule, kind in rules]
    return [
        ("state", words("budget.findings.column-state"), [every, *states]),
        ("rule", words("budget.findings.column-kind"), [every, *kinds]),
        ("unit", words("budget.findings.column-unit"), [every, *((of, of) for of in units)]),
        ("grade", words("budget.findings.column-grade"), [every, *grades]),
    ]


def copy_said(words: Words, content: Json) -> Said:
    """The figures of a copy of a finding, in yuan."""
    return [
        (words("budget.findings.column-state"), content["state"]),
        (words("budget.findings.column-unit"), content["unit"]),
        (words("budget.findings.column-amount"), yuan(content["amount_fen"])),
        (words("budget.findings.copy-payments"), f"{content['payments']}"),
    ]


def shows(words: Words, *, office: bool) -> list[tuple[str, str]]:
    """The choices of the list that somebody has."""
    mine = [of for of in SHOWN if office or of != "waiting"]
    return [(of, words(f"budget.findings.show-{of}")) for of in mine]


def precision(
    words: Words, found: Iterable[Precision], kinds: Mapping[str, str]
) -> list[PrecisionLine]:
    """Rules by how well they asked."""
    return [
        PrecisionLine(
            of,
            words(f"budget.findings.kind-{kinds[of.rule]}"),
            round(of.share * 100),
        )
        for of in found
    ]


def table(services: Services, rows: Iterable[Row]) -> Sheet:
    """Findings for a spreadsheet, in yuan."""
    title = services.words("budget.findings.title")
    return HEADS.sheet(services.words, title, _rows(services, rows))


def _rows(services: Services, rows: Iterable[Row]) -> Iterator[list[Value]]:
    for of in lines(services, rows):
        yield [
            of.row["id"],
            of.found,
            of.kind,
            of.unit,
            of.question,
            of.row["amount"] / 100,
            of.grade,
            of.state,
        ]


def _finding(row: Row) -> Finding:
    facts: Mapping[str, Fact] = json.loads(row["facts"])
    return Finding(
        rule=row["rule"],
        kind=row["kind"],
        grade=row["grade"],
        unit=row["unit_name"],
        subject=row["subject"],
        cents=row["amount"],
        facts=facts,
    )
