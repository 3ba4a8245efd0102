"""Published tables over the API. Money is fen, instants are UTC epoch ms."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.platforms.budget.disclosure.records import Kept, KeptTable, State, Whole
from api.platforms.budget.published.records import Line, Publication
from api.web.forms import RowId, Typed
from budget.detection.books import Stage
from budget.detection.budgets.matching.comparing import Basis, Compared, Comparison, Group
from budget.published.wording import reason, sentence
from config.catalogue.words import Words


class Confirming(BaseModel):
    """The department, year and stage of a draft."""

    model_config = ConfigDict(extra="forbid")
    department: Typed
    year: RowId
    stage: Typed


class Withdrawing(BaseModel):
    """Why a set is taken out."""

    model_config = ConfigDict(extra="forbid")
    why: Typed = ""


class SetLine(BaseModel):
    """A set; ``unit`` is the department's id in the register."""

    id: int
    state: State
    stands: bool
    department: str
    unit: str | None
    year: int | None
    stage: Stage | Literal[""]
    tables: int
    breaks: int
    deferred: int
    sent_ms: int
    confirmed_ms: int | None
    withdrawn_ms: int | None
    why: str


class PublicationState(BaseModel):
    """A stage of a department: the set that stands, and until when it had to be published."""

    stage: Stage
    set: SetLine | None
    due: date | None


class DepartmentState(BaseModel):
    """A department of a year."""

    department: str
    unit: str | None
    publications: list[PublicationState]


class YearState(BaseModel):
    """Departments in the official order, and drafts for those who send."""

    year: int
    departments: list[DepartmentState]
    drafts: list[SetLine]


class FigureState(BaseModel):
    """A sum of a table."""

    cell: str
    row: int
    label: str
    code: str
    heading: str
    is_total: bool
    fen: int


class TableState(BaseModel):
    """A table; ``unit`` is that in which it is printed."""

    file: str
    sheet: str
    title: str
    kind: str
    unit: str
    unit_from: str
    figures: list[FigureState]


class BreakState(BaseModel):
    """A cell that does not hold; ``says`` and ``should`` are in ``unit``."""

    check: str
    file: str
    sheet: str
    cell: str
    label: str
    says: str
    should: str
    unit: str
    difference_fen: int | None
    words: str


class SetState(SetLine):
    """A set with everything in it; ``unmade`` says which checks were not made, and why."""

    content: list[TableState]
    found: list[BreakState]
    unmade: list[str]
    unknown: list[str]


class ComparedState(BaseModel):
    """A published sum beside that of payments or budget lines."""

    means: str
    label: str
    group: Group
    basis: Basis
    published_fen: int
    other_fen: int
    difference_fen: int


class ComparisonState(BaseModel):
    """All that was compared; ``held`` says in words what was not, and why."""

    head: str
    figures: list[ComparedState]
    held: list[str]


def set_line(of: Kept) -> SetLine:
    """A set as programs see it."""
    return SetLine(**{name: getattr(of, name) for name in SetLine.model_fields})


def department(of: Line) -> DepartmentState:
    """A department as programs see it."""
    return DepartmentState(
        department=of.department,
        unit=of.unit,
        publications=[_publication(one) for one in of.publications],
    )


def _publication(of: Publication) -> PublicationState:
    return PublicationState(stage=of.stage, set=set_line(of.kept) if of.kept else None, due=of.due)


def set_state(words: Words, whole: Whole) -> SetState:
    """A set with everything in it as programs see it."""
    return SetState(
        **set_line(whole.kept).model_dump(),
        content=[_table(whole, of) for of in whole.tables],
        found=[
            BreakState(
                **{name: getattr(of, name) for name in BreakState.model_fields.keys() - {"words"}},
                words=sentence(words, of),
            )
            for of in whole.checked.breaks
        ],
        unmade=list(dict.fromkeys(reason(words, of) for of in whole.checked.deferred)),
        unknown=[title or sheet or file for file, sheet, title in whole.checked.unknown],
    )  # fmt: skip


def _table(whole: Whole, table: KeptTable) -> TableState:
    known = TableState.model_fields.keys() - {"figures"}
    return TableState(
        **{name: getattr(table, name) for name in known},
        figures=[
            FigureState(**{name: getattr(of, name) for name in FigureState.model_fields})
            for of in whole.figures
            if of.table == table.id
        ],
    )


def comparison(of: Comparison, held: list[str]) -> ComparisonState:
    """A comparison as programs see it."""
    return ComparisonState(head=of.head, figures=[_compared(one) for one in of.figures], held=held)


def _compared(of: Compared) -> ComparedState:
    return ComparedState(
        means=of.figure.means,
        label=of.figure.label,
        group=of.group,
        basis=of.basis,
        published_fen=of.figure.cents,
        other_fen=of.cents,
        difference_fen=of.difference,
    )
