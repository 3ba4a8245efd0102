"""Deadlines with their events, rules and days off of the office, reminders and feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = (
    "deadline_event",
    "deadline_rule",
    "deadline_notice",
    "deadline_reminder",
    "deadline_feed",
)


def upgrade() -> None:
    """Add the tables; events, rules and notices refuse everything but a new row."""
    _add_deadline()
    _add_event()
    _add_rule()
    _add_notice()
    _add_reminder()
    _add_feed()
    for table in _KEPT:
        _refuse_changes(table)


def _add_deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("permission", sa.String(80), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("rule_version", sa.Integer, nullable=False),
        sa.Column("rule_text", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("start", sa.String(20), nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("extensions", sa.Text, nullable=False),
        sa.Column("pauses", sa.Text, nullable=False),
        sa.Column("paused_ms", sa.BigInteger),
        sa.Column("due_day", sa.String(10), nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("reckoned", sa.Text, nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("met_ms", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("deadline_by_subject", "deadline", ["platform", "kind", "subject"])
    op.create_index("deadline_by_due", "deadline", ["state", "due_ms"])
    op.create_index("deadline_by_rule", "deadline", ["rule", "state"])


def _add_event() -> None:
    op.create_table(
        "deadline_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("deadline", sa.Integer, sa.ForeignKey("deadline.id"), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("before_ms", sa.BigInteger),
        sa.Column("after_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("deadline_event_by_deadline", "deadline_event", ["deadline", "id"])
    op.create_index("deadline_event_by_time", "deadline_event", ["at_ms"])


def _add_rule() -> None:
    op.create_table(
        "deadline_rule",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("rule", "version", name="deadline_rule_version_once"),
    )


def _add_notice() -> None:
    op.create_table(
        "deadline_notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def _add_reminder() -> None:
    op.create_table(
        "deadline_reminder",
        sa.Column("deadline", sa.Integer, sa.ForeignKey("deadline.id"), primary_key=True),
        sa.Column("occasion", sa.String(40), primary_key=True),
        sa.Column("username", sa.String(40), primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def _add_feed() -> None:
    op.create_table(
        "deadline_feed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("renewed_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("deadline_feed_by_username", "deadline_feed", ["username"])


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"create trigger {table}_refuses_{deed} before {deed} on {table}"
                f" begin select raise(abort, '{table} takes new rows only'); end"
            )
        return
    op.execute(
        "create or replace function deadlines_refuse_change() returns trigger"
        " language plpgsql as $$"
        " begin raise exception using message = tg_table_name || ' takes new rows only'; end $$"
    )
    op.execute(
        f"create trigger {table}_refuses_change before update or delete or truncate"
        f" on {table} for each statement execute function deadlines_refuse_change()"
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in (*reversed(_KEPT), "deadline"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function deadlines_refuse_change()")
