"""Proposals that somebody set aside; rows are added and never changed."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
ASIDE = sa.Table(
    "supervision_case_aside",
    METADATA,
    sa.Column("case_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("platform", sa.String(20), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("item", sa.String(100), primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""The case does not get the item proposed any more, and ``why`` says that it does not belong."""
MIGRATIONS = Migrations(
    "cases_joins", Path(__file__).parent / "migrations", METADATA, insert_only=(ASIDE.name,)
)
