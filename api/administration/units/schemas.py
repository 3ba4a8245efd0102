"""Units over the API as programs read them."""

from __future__ import annotations

from pydantic import BaseModel

from api.administration.units.actions import Branch


class UnitState(BaseModel):
    """A unit; ``people`` belong to it or to one below it."""

    id: str
    name: str
    kind: str
    parent: str | None
    order: int
    from_day: str | None
    until_day: str | None
    successor: str | None
    people: int


def unit_state(branch: Branch) -> UnitState:
    """A unit as the API tells it."""
    unit = branch.unit
    return UnitState(
        id=unit.id,
        name=unit.name,
        kind=unit.kind,
        parent=unit.parent,
        order=unit.official_order,
        from_day=unit.span.from_day,
        until_day=unit.span.until_day,
        successor=unit.successor,
        people=branch.people,
    )
