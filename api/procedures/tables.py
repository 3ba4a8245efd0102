"""The events of procedures, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "procedures",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("procedure_event",),
)

EVENT = sa.Table(
    "procedure_event",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("item", sa.String(100), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("step", sa.String(40), nullable=False),
    sa.Column("from_state", sa.String(40), nullable=False),
    sa.Column("to_state", sa.String(40), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("given", sa.Text, nullable=False),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("takes_back", sa.Integer),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("after_hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("platform", "kind", "item", "number", name="procedure_event_once"),
)
