"""Polls, named answers that take new rows only, and anonymous ballots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = "ballot_response"


def upgrade() -> None:
    """Make the tables."""
    _make_polls()
    _make_anonymous()
    op.create_table(
        "ballot_draft",
        sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
        sa.Column("username", sa.String(40), primary_key=True),
        sa.Column("answers", sa.Text, nullable=False),
    )
    op.create_table(
        _KEPT,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("signed", sa.String(210), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.UniqueConstraint("poll", "username", "number", name="ballot_response_once"),
    )
    _refuse_changes()


def _make_polls() -> None:
    op.create_table(
        "ballot_poll",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("series", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("design", sa.String(10), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("units", sa.Text, nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("token", sa.String(40), nullable=False, unique=True),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
    )
    op.create_table(
        "ballot_voter",
        sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
        sa.Column("voter", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )


def _make_anonymous() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ballot_answer",
        sa.Column("poll", sa.Integer, sa.ForeignKey("ballot_poll.id"), primary_key=True),
        sa.Column("question", sa.String(40), primary_key=True),
        sa.Column("random_key", sa.String(32), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"create trigger {_KEPT}_refuses_{deed} before {deed} on {_KEPT}"
                f" begin select raise(abort, '{_KEPT} takes new rows only'); end"
            )
        return
    op.execute(
        "create or replace function ballots_refuse_change() returns trigger"
        " language plpgsql as $$"
        " begin raise exception using message = tg_table_name || ' takes new rows only'; end $$"
    )
    op.execute(
        f"create trigger {_KEPT}_refuses_change before update or delete or truncate"
        f" on {_KEPT} for each statement execute function ballots_refuse_change()"
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in (
        _KEPT,
        "ballot_draft",
        "ballot_answer",
        "ballot_box",
        "ballot_voter",
        "ballot_poll",
    ):
        op.drop_table(name)
    op.drop_table("ballot_poll")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function ballots_refuse_change()")
