"""Frozen papers, and templates of the office."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = ("report_template", "report_snapshot", "report_reach")
_REFUSAL = """
    create or replace function refuses_change() returns trigger language plpgsql as $$ begin
        raise exception using message = tg_table_name || ' takes new rows only';
    end $$
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "report_template",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_name", sa.String(100), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("report_template_by_kind", "report_template", ["platform", "kind", "id"])
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("template", sa.Integer, sa.ForeignKey("report_template.id")),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("made_name", sa.String(100), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("report_snapshot_by_kind", "report_snapshot", ["platform", "kind", "id"])
    op.create_table(
        "report_reach",
        sa.Column("snapshot", sa.Integer, sa.ForeignKey("report_snapshot.id"), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
        sa.Column("secrecy", sa.Integer, primary_key=True),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            for deed in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_refuses_{deed} before {deed} on {table}"
                    f" begin select raise(abort, '{table} takes new rows only'); end"
                )
        return
    op.execute(_REFUSAL)
    for table in _KEPT:
        op.execute(
            f"create trigger {table}_refuses_change before update or delete or truncate on {table}"
            " for each statement execute function refuses_change()"
        )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("report_reach")
    op.drop_table("report_snapshot")
    op.drop_table("report_template")
