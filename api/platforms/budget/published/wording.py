"""Published tables in words, and as tables for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.platforms.budget.disclosure.records import Checked, Kept, KeptFigure, Whole
from api.platforms.budget.published.records import (
    COLUMNS,
    FIGURE_COLUMNS,
    Line,
    Listed,
    Publication,
    Side,
    sides,
)
from api.web.tables import Heads, Sheet, Value
from budget.detection.budgets.matching.comparing import Compared, Comparison, Held
from budget.detection.wording import yuan
from budget.published.records import Break, written
from budget.published.wording import reason, sentence
from config.catalogue.words import Words
from config.vocabulary.time import day_of

HEADS = Heads(
    "budget.disclosed.column",
    COLUMNS,
    {"tables": "count", "breaks": "count", "deferred": "count", "confirmed": "day", "due": "day"},
)
FIGURE_HEADS = Heads("budget.disclosed.column", FIGURE_COLUMNS, {"yuan": "number"})


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A stage of a department: its name, the sentence about it, and how many figures disagree."""

    publication: Publication
    stage: str
    said: str
    breaks: int


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table as it was read; ``marked`` are cells that do not hold, ``shown`` is its unit with
    the word that nobody wrote it.
    """

    title: str
    about: str
    unit: str
    shown: str
    sides: Sequence[Side]
    marked: frozenset[str]


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A cell that does not hold, and where it stands."""

    where: str
    said: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A published sum beside another one, in yuan."""

    label: str
    where: str
    basis: str
    published: str
    other: str
    difference: str


def title(words: Words, of: Kept) -> str:
    """A set by department, year and stage, as far as these are known."""
    name = of.department or words("budget.disclosed.nobody")
    stage = words(f"budget.fact.stage.{of.stage}") if of.stage else ""
    return words("budget.disclosed.of", name=name, year=of.year or "", stage=stage)


def publications(words: Words, line: Line, today: date) -> list[PublicationLine]:
    """Both stages of a department."""
    return [
        PublicationLine(
            of,
            words(f"budget.fact.stage.{of.stage}"),
            said(words, of, today),
            of.kept.breaks if of.kept else 0,
        )
        for of in line.publications
    ]


def said(words: Words, of: Publication, today: date) -> str:
    """Whether tables came, add up, or are due."""
    if of.kept is not None:
        outcome = (
            words("budget.disclosed.breaks", n=of.kept.breaks)
            if of.kept.breaks
            else words("budget.disclosed.adds-up")
        )
        return words(
            "budget.disclosed.came", n=of.kept.tables, outcome=outcome, deferred=of.kept.deferred
        )
    if of.due is None:
        return words("budget.disclosed.missing")
    if of.due < today:
        return words("budget.disclosed.overdue", due=of.due)
    return words("budget.disclosed.due", due=of.due)


def breaks(words: Words, checked: Checked) -> list[BreakLine]:
    """Every cell that does not hold, in the order of the files."""
    return [BreakLine(_where(one), sentence(words, one)) for one in checked.breaks]


def _where(one: Break) -> str:
    return " · ".join(filter(None, (one.file, one.sheet, one.cell)))


def deferred(words: Words, checked: Checked) -> list[str]:
    """Every check that was not made, with its reason."""
    return list(dict.fromkeys(reason(words, one) for one in checked.deferred))


def tables(words: Words, whole: Whole) -> list[TableLine]:
    """Every table of a set as it was read."""
    assumed = words("budget.published.unit-assumed")
    return [
        TableLine(
            of.title or words(f"budget.published.kind-{of.kind}"),
            " · ".join(filter(None, (of.file, of.sheet))),
            of.unit,
            of.unit + (assumed if of.unit_from == "assumed" else ""),
            sides(whole, of),
            frozenset(
                one.cell
                for one in whole.checked.breaks
                if (one.file, one.sheet, one.kind) == (of.file, of.sheet, of.kind)
            ),
        )
        for of in whole.tables
    ]


def amount(of: KeptFigure | None, unit: str) -> str:
    """A figure in the unit of its table."""
    if of is None:
        return ""
    whole, _, decimals = written(of.fen, unit).partition(".")
    return f"{Decimal(whole):,}.{decimals}"


def compared(words: Words, found: Comparison) -> list[ComparedLine]:
    """Published sums beside payments and budget lines."""
    return [_compared(words, of) for of in found.figures]


def _compared(words: Words, of: Compared) -> ComparedLine:
    return ComparedLine(
        words(f"budget.fact.group.{of.group}") if of.group == "total" else of.figure.label,
        " · ".join(filter(None, (of.figure.sheet, of.figure.cell))),
        words(f"budget.fact.beside.{of.basis}"),
        yuan(of.figure.cents),
        yuan(of.cents),
        yuan(of.difference),
    )


def held(words: Words, found: Comparison) -> list[str]:
    """Why some sums are not compared."""
    return [_held(words, of) for of in found.held]


def _held(words: Words, of: Held) -> str:
    return words(
        f"budget.disclosed.held-{of.lacking}",
        basis=words(f"budget.fact.beside.{of.basis}"),
        group=words(f"budget.fact.group.{of.group}"),
        months=words.listed(map(str, of.values)),
    )


def table(words: Words, found: Listed) -> Sheet:
    """The list for a spreadsheet."""
    rows = [
        list(_row(words, line, publication))
        for line in found.lines
        for publication in line.publications
    ]
    return HEADS.sheet(words, words("budget.disclosed.title"), rows)


def _row(words: Words, line: Line, publication: Publication) -> Iterator[Value]:
    kept = publication.kept
    yield line.department
    yield words(f"budget.fact.stage.{publication.stage}")
    yield kept.tables if kept else None
    yield kept.breaks if kept else None
    yield kept.deferred if kept else None
    yield day_of(kept.confirmed_ms) if kept and kept.confirmed_ms is not None else None
    yield publication.due.isoformat() if publication.due else None


def figures(words: Words, whole: Whole) -> Sheet:
    """Every figure of a set for a spreadsheet, in yuan."""
    by_id = {of.id: of for of in whole.tables}
    rows: list[list[Value]] = [
        [
            by_id[of.table].file,
            by_id[of.table].sheet,
            by_id[of.table].title or words(f"budget.published.kind-{by_id[of.table].kind}"),
            of.cell,
            of.code,
            of.label,
            of.heading,
            of.fen / 100,
        ]
        for of in whole.figures
    ]
    return FIGURE_HEADS.sheet(words, title(words, whole.kept), rows)
