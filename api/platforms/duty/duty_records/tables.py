"""The table of facts of duty records. Rows are changed by the steps of their procedure alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()

FACT = sa.Table(
    "duty_fact",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("link", sa.String(200), nullable=False),
    sa.Column("evidence", sa.String(200)),
    sa.Column("note", sa.Text),
    sa.Column("objection", sa.Text),
    sa.Column("source", sa.String(120), unique=True),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_fact_by_username", "username", "day"),
    sa.Index("duty_fact_by_state", "state", "id"),
)
"""A fact of a person's duty work. ``source`` is the key under which it came from another room of
the platform, null where somebody entered it. ``link`` is the page of what it is about,
``evidence`` says in words what proves it; files may stand at the fact too. ``note`` is the
deputy's own remark, ``objection`` what the deputy holds against it. ``unit`` is always null: a
record belongs to none.
"""

MIGRATIONS = Migrations("duty-records", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(
    FACT.c.unit,
    FACT.c.secrecy,
    sa.false(),
    people=lambda username: FACT.c.username == username,
)
"""Each fact is restricted: its deputy sees it by name, and the office by how far it may see."""
