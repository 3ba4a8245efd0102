"""Sources over the API as programs read them."""

from __future__ import annotations

from pydantic import BaseModel

from api.imports.sources.periods import PeriodKind
from api.imports.sources.records import DueUnit, Way
from api.imports.sources.wording import Line


class SourceState(BaseModel):
    """A source: ``due_day`` of the table that is owed next, and the periods whose table is
    overdue; instants in UTC epoch ms.
    """

    id: int
    name: str
    kind: str
    unit: str
    username: str
    period: PeriodKind
    due_amount: int
    due_unit: DueUnit
    way: Way
    active: bool
    due_period: str | None
    due_day: str | None
    missed: list[str]
    last_load: int | None
    last_load_ms: int | None
    problem: str


def state(line: Line) -> SourceState:
    """A source as programs read it."""
    source, terms = line.source, line.source.terms
    return SourceState(
        id=source.id,
        name=source.name,
        kind=source.kind,
        unit=terms.unit,
        username=terms.username,
        period=source.period,
        due_amount=terms.due_amount,
        due_unit=terms.due_unit,
        way=terms.way,
        active=source.active,
        due_period=line.due.period if line.due else None,
        due_day=line.due.due if line.due else None,
        missed=[of.period for of in line.missed],
        last_load=line.last.id if line.last else None,
        last_load_ms=line.last.loaded_ms if line.last else None,
        problem=source.problem,
    )
