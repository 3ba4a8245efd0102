"""Tables of departments over the API. Money is whole fen, days and months are ISO text."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Bounded

from api.kinds.tables import FieldKind
from api.platforms.budget.departments.records.descriptions import (
    Description,
    Due,
    Field,
    Need,
    Role,
)
from api.platforms.budget.departments.records.form import plain
from api.platforms.budget.departments.records.questions import Joined, Lacking, Row
from api.platforms.budget.departments.repository import Version
from api.web.forms import Typed
from config.classifications import Classification, Mark

Headers = Annotated[list[Typed], Bounded(max_length=30)]


class FieldState(BaseModel):
    """A field of a table; ``need`` says whether rows must have it, ``role`` its use."""

    model_config = ConfigDict(extra="forbid")
    name: Typed
    label: Typed
    kind: FieldKind
    need: Need = ""
    role: Role = ""
    headers: Headers = []


class DescriptionState(BaseModel):
    """A department's table in a version, of which the newest is in force."""

    department: str
    kind: str
    version: int
    name: str
    owner: str
    due: Due
    due_days: int
    since: str
    note: str
    fields: list[FieldState]


class Describing(BaseModel):
    """Another description, why, and the version that was seen."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Bounded(ge=1, le=1_000_000)]
    why: Typed = ""
    name: Typed
    owner: Typed
    due: Due
    due_days: Annotated[int, Bounded(ge=0, le=366)]
    since: Typed = ""
    note: Typed = ""
    fields: Annotated[list[FieldState], Bounded(max_length=100)]

    def description(self, department: str) -> Description:
        """As it is kept, not yet checked."""
        return Description(
            department=department,
            name=plain(self.name),
            owner=plain(self.owner),
            due=self.due,
            due_days=self.due_days,
            since=self.since.strip(),
            note=plain(self.note),
            field=tuple(
                Field(
                    of.name,
                    plain(of.label),
                    of.kind,
                    of.need,
                    of.role,
                    tuple(map(plain, of.headers)),
                )
                for of in self.fields
            ),
        )


class TableState(BaseModel):
    """A department's table: its rows that stand, its last load, and the periods of which none
    came.
    """

    department: str
    kind: str
    name: str
    version: int
    due: Due
    due_days: int
    last_load: int | None
    last_loaded_ms: int | None
    rows: int
    amount_fen: int
    missed: list[str]


class JoinedState(BaseModel):
    """The code that a row is joined by, or why it is joined to nothing."""

    code: str
    lacking: Lacking | None


class RowState(BaseModel):
    """A row that stands, with its cells by field; natural persons are masked."""

    id: int
    load: int
    row: int
    version: int
    period: str
    unit: JoinedState
    project: JoinedState
    amount_fen: int | None
    cells: dict[str, Any]


class RowsState(BaseModel):
    """Fifty rows at most, of so many, and the sum of all."""

    rows: list[RowState]
    count: int
    amount_fen: int
    pages: int


class CodeState(BaseModel):
    """A code of a classification that is valid on the day."""

    code: str
    name: str
    mark: Mark
    source: str


class ClassificationState(BaseModel):
    """A classification; codes of more than ``complete_digits`` digits are not all known."""

    id: str
    name: str
    complete_digits: int
    lacking: str
    codes: list[CodeState]


def description_state(of: Version, kind: str) -> DescriptionState:
    """A version as programs read it."""
    one = of.description
    return DescriptionState(
        department=one.department,
        kind=kind,
        version=of.version,
        name=one.name,
        owner=one.owner,
        due=one.due,
        due_days=one.due_days,
        since=one.since,
        note=one.note,
        fields=[
            FieldState(
                name=each.name,
                label=each.label,
                kind=each.kind,
                need=each.need,
                role=each.role,
                headers=list(each.headers),
            )
            for each in one.field
        ],
    )


def row_state(of: Row, unit: Joined, project: Joined) -> RowState:
    """A row as programs read it."""
    return RowState(
        id=of.id,
        load=of.load,
        row=of.row,
        version=of.version,
        period=of.period,
        unit=JoinedState(code=unit.code, lacking=unit.lacking),
        project=JoinedState(code=project.code, lacking=project.lacking),
        amount_fen=of.amount,
        cells=dict(of.cells),
    )


def classification_state(of: Classification, codes: list[CodeState]) -> ClassificationState:
    """A classification as programs read it."""
    return ClassificationState(
        id=of.id,
        name=of.name,
        complete_digits=of.complete_digits,
        lacking=of.lacking,
        codes=codes,
    )
