"""The table of figures. Rows are changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
FIGURE = sa.Table(
    "duty_figure",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("measure", sa.String(20)),
    sa.Column("year", sa.String(4), nullable=False),
    sa.Column("span", sa.String(10), nullable=False),
    sa.Column("value", sa.String(24), nullable=False),
    sa.Column("before", sa.String(24)),
    sa.Column("year_before", sa.String(24)),
    sa.Column("source", sa.String(100), nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_figure_by_topic", "topic", "state", "id"),
)
"""``measure`` is the unit of the number, such as 亿元; ``value`` a decimal as text, so that it
stays as it was typed. ``before`` and ``year_before`` are earlier values that were typed beside it,
null where they come from earlier figures. ``secrecy`` is restricted once it is withdrawn. ``unit``
is always null.
"""
MIGRATIONS = Migrations("duty-figures", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(FIGURE.c.unit, FIGURE.c.secrecy, sa.false())
