"""Duty calendars: entries that only enter, and the links to feeds that ended."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEPT = ("duty_entry", "duty_feed")


def upgrade() -> None:
    """Add the tables, which refuse everything but a new row."""
    op.create_table(
        "duty_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("position", sa.String(40), nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "duty_feed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("renewed_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("duty_feed_by_username", "duty_feed", ["username"])
    for table in _KEPT:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"create trigger {table}_refuses_{deed} before {deed} on {table}"
                f" begin select raise(abort, '{table} takes new rows only'); end"
            )
        return
    op.execute(
        "create or replace function duty_refuses_change() returns trigger language plpgsql as $$"
        " begin raise exception using message = tg_table_name || ' takes new rows only'; end $$"
    )
    op.execute(
        f"create trigger {table}_refuses_change before update or delete or truncate"
        f" on {table} for each statement execute function duty_refuses_change()"
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(_KEPT):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function duty_refuses_change()")
