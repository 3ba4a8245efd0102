"""Rows and columns in place of one row, what is hidden, ranges, and rows of files."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables of one row become the row of sums."""
    with op.batch_alter_table("judicial_table") as table:
        table.add_column(sa.Column("hidden", sa.Text, nullable=False, server_default="[]"))
        table.add_column(sa.Column("decided_by", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("decided_ms", sa.BigInteger))
        table.add_column(sa.Column("load", sa.Integer))
    with op.batch_alter_table("judicial_table") as table:
        table.alter_column("hidden", server_default=None)
        table.alter_column("decided_by", server_default=None)
    _widen()
    op.create_table(
        "judicial_range",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("body", sa.String(40), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("low", sa.Integer, nullable=False),
        sa.Column("high", sa.Integer, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("entered_by", sa.String(40), nullable=False),
        sa.Column("entered_ms", sa.BigInteger, nullable=False),
    )
    counts = ("new", "closed", "pending", "judged", "mediated", "withdrawn", "other")
    op.create_table(
        "judicial_imported",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("month", sa.String(10), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("old", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.BigInteger, nullable=name not in ("new", "closed", "pending"))
            for name in counts
        ),
    )
    op.create_index("judicial_imported_by_key", "judicial_imported", ["key", "load"])
    op.create_index("judicial_imported_by_load", "judicial_imported", ["load"])


def _widen() -> None:
    connection = op.get_bind()
    columns = ("id", "body", "figures", "hidden")
    table = sa.table("judicial_table", *(sa.column(name) for name in columns))
    for row in connection.execute(sa.select(table)).mappings().all():
        figures = {f"total.{name}": of for name, of in json.loads(row["figures"]).items()}
        hidden = sorted(figures) if row["body"] == "petitions" else []
        values = {"figures": json.dumps(figures), "hidden": json.dumps(hidden)}
        connection.execute(sa.update(table).where(table.c.id == row["id"]).values(values))
