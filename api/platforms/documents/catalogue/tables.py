"""Yearly lists with their lines, and the unfiled."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks
from api.platforms.documents.permission import DocumentsPermission
from ingest.state.database import Migrations

METADATA = sa.MetaData()
LIST = sa.Table(
    "documents_yearly_list",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("sending", sa.String(10)),
    sa.UniqueConstraint("unit", "year", name="documents_yearly_list_once"),
)
"""``sending`` is the number under which the lines that hold were sent."""
LINE = sa.Table(
    "documents_yearly_list_line",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("list", sa.Integer, sa.ForeignKey("documents_yearly_list.id"), nullable=False),
    sa.Column("sending", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(100), nullable=False),
    sa.Column("published", sa.String(10), nullable=False),
    sa.Index("documents_yearly_list_line_by_list", "list", "sending", "id"),
)
UNFILED = sa.Table(
    "documents_unfiled",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("source", sa.String(10), nullable=False),
    sa.Column("key", sa.String(400), nullable=False, unique=True),
    sa.Column("year", sa.Integer),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("number", sa.String(100), nullable=False),
    sa.Column("about", sa.Integer),
    sa.Column("request", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("reason", sa.String(20)),
    sa.Column("remark", sa.Text),
    sa.Index("documents_unfiled_by_unit", "unit", "id"),
    sa.Index("documents_unfiled_by_state", "state", "id"),
)
"""``about`` is the kept text that cites it."""
MIGRATIONS = Migrations(
    "documents_catalogue",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("documents_yearly_list_line",),
)


def _asked(reach: Reach) -> sa.ColumnElement[bool]:
    """The office sees every line, a maker what it was asked, and nobody else any."""
    if DocumentsPermission.CHECK in reach.permissions:
        return sa.true()
    if DocumentsPermission.FILE in reach.permissions:
        return UNFILED.c.request.is_not(None)
    return sa.false()


def _sent(reach: Reach) -> sa.ColumnElement[bool]:
    """Lists are the maker's and the office's."""
    ours = {DocumentsPermission.CHECK, DocumentsPermission.FILE} & set(reach.permissions)
    return sa.true() if ours else sa.false()


MARKS = Marks(UNFILED.c.unit, UNFILED.c.secrecy, sa.false(), stage=_asked)
LIST_MARKS = Marks(LIST.c.unit, LIST.c.secrecy, sa.false(), stage=_sent)
