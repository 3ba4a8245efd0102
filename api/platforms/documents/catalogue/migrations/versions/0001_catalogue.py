"""Yearly lists with their lines, and the unfiled."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents_yearly_list",
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
    op.create_table(
        "documents_yearly_list_line",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("list", sa.Integer, sa.ForeignKey("documents_yearly_list.id"), nullable=False),
        sa.Column("sending", sa.Integer, nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("published", sa.String(10), nullable=False),
    )
    op.create_index(
        "documents_yearly_list_line_by_list",
        "documents_yearly_list_line",
        ["list", "sending", "id"],
    )
    _unfiled()


def _unfiled() -> None:
    op.create_table(
        "documents_unfiled",
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
    )
    op.create_index("documents_unfiled_by_unit", "documents_unfiled", ["unit", "id"])
    op.create_index("documents_unfiled_by_state", "documents_unfiled", ["state", "id"])
