"""Which rows of a kind's table stand: the condition of every query on such a table."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.tables import LOAD

IN_FORCE = "in-force"


def standing(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether a row stands: its load is in force, and no later one in force has another row of the
    same key. One row of ``load`` decides, so that all rows of a load come and go at once.
    """
    later, newer, own = table.alias(), LOAD.alias(), LOAD.alias()
    of_row = sa.select(own.c.ordinal).where(own.c.id == table.c.load)
    ordinal = of_row.correlate(table).scalar_subquery()
    replaced = (
        sa.select(sa.literal(1))
        .select_from(later.join(newer, newer.c.id == later.c.load))
        .where(
            later.c.key == table.c.key,
            later.c.load != table.c.load,
            newer.c.state == IN_FORCE,
            newer.c.ordinal > ordinal,
        )
    )
    return sa.and_(of_load_in_force(table), ~replaced.correlate(table).exists())


def of_load_in_force(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether the load that brought a row is in force."""
    loads = sa.select(LOAD.c.id).where(LOAD.c.state == IN_FORCE)
    return table.c.load.in_(loads)


def loads_in_force(connection: Connection, kinds: Collection[str]) -> tuple[int, ...]:
    """The loads in force of some kinds of tables, by id."""
    query = sa.select(LOAD.c.id).where(LOAD.c.kind.in_(kinds), LOAD.c.state == IN_FORCE)
    return tuple(connection.scalars(query.order_by(LOAD.c.id)))
