"""Surveys; their questions and answers lie with the ballots."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("duty-surveys", Path(__file__).parent / "migrations", METADATA)

SURVEY = sa.Table(
    "duty_survey",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("poll", sa.Integer, nullable=False, unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("design", sa.String(20), nullable=False),
    sa.Column("audience", sa.String(20), nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
)
MARKS = Marks(SURVEY.c.unit, SURVEY.c.secrecy, SURVEY.c.public)
