"""Rows of the table of suits that stand."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import of_load_in_force, standing
from api.platforms.judicial.suits.records import Month
from api.platforms.judicial.suits.tables import SUIT


def names(connection: Connection, load_id: int) -> Sequence[str]:
    """Units of a load in force as the court writes them."""
    at = SUIT.c
    query = sa.select(at.name).where(at.load == load_id, of_load_in_force(SUIT)).distinct()
    return list(connection.scalars(query))


def match(connection: Connection, load_id: int, name: str, unit: str) -> None:
    """Write whose rows of a load these are."""
    of = (SUIT.c.load == load_id, SUIT.c.name == name)
    connection.execute(sa.update(SUIT).where(*of).values(unit=unit))


def units(connection: Connection) -> frozenset[str]:
    """Units of which there are rows."""
    at = SUIT.c.unit
    query = sa.select(at).where(at.is_not(None), standing(SUIT)).distinct()
    return frozenset(connection.scalars(query))


def months(
    connection: Connection, first: str, last: str, unit: str = ""
) -> Sequence[tuple[str, Month]]:
    """Units with their months from one to another, the newest first. A month that came under two
    names of a unit is that of the later load.
    """
    at = SUIT.c
    query = sa.select(at.unit, at.month, at.concluded, at.lost, at.attended).where(
        *(at.unit.is_not(None), at.month.between(first, last), standing(SUIT)),
        *((at.unit == unit,) if unit else ()),
    )
    rows = connection.execute(query.order_by(at.month.desc(), at.load, at.id))
    found = {(row.unit, row.month): (row.unit, Month(*row[1:])) for row in rows}
    return list(found.values())
