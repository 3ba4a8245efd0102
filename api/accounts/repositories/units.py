"""Where units are kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.accounts.records import Span, Unit
from api.tables import UNIT
from ingest.state.database import State


class Units:
    """Units in the state database, in the official order."""

    def __init__(self, state: State) -> None:
        self.state = state

    def all(self) -> tuple[Unit, ...]:
        """Every unit, also one that has ended."""
        query = sa.select(UNIT).order_by(UNIT.c.official_order, UNIT.c.id)
        with self.state.read() as connection:
            return tuple(_unit(row) for row in connection.execute(query))

    def get(self, unit_id: str) -> Unit | None:
        """A unit."""
        with self.state.read() as connection:
            row = connection.execute(sa.select(UNIT).where(UNIT.c.id == unit_id)).first()
        return _unit(row) if row else None

    def add(self, connection: Connection, unit: Unit) -> bool:
        """Write a unit; one that is there already stands, and False is given."""
        if connection.execute(sa.select(UNIT.c.id).where(UNIT.c.id == unit.id)).first():
            return False
        connection.execute(sa.insert(UNIT).values(id=unit.id, **_values(unit)))
        return True

    def put(self, connection: Connection, unit: Unit) -> None:
        """Write other values of a unit."""
        connection.execute(sa.update(UNIT).where(UNIT.c.id == unit.id).values(_values(unit)))


def below(unit_ids: tuple[str, ...]) -> sa.Select[tuple[str]]:
    """Units and all that lie below them, as a query."""
    tree = sa.select(UNIT.c.id).where(UNIT.c.id.in_(unit_ids)).cte(recursive=True)
    # A union without doubles ends in a circle too.
    tree = tree.union(sa.select(UNIT.c.id).join(tree, UNIT.c.parent == tree.c.id))
    return sa.select(tree.c.id)


def _values(unit: Unit) -> dict[str, object]:
    return {
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "official_order": unit.official_order,
        "from_day": unit.span.from_day,
        "until_day": unit.span.until_day,
        "successor": unit.successor,
    }


def _unit(row: Row[Any]) -> Unit:
    span = Span(row.from_day, row.until_day)
    order = row.official_order
    return Unit(row.id, row.name, row.kind, row.parent, order, span, row.successor)
