"""Events of procedures, which take new rows only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLE = "procedure_event"


def upgrade() -> None:
    """Add the table; it refuses everything but a new row."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
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
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(
                f"create trigger {_TABLE}_refuses_{deed} before {deed} on {_TABLE}"
                f" begin select raise(abort, '{_TABLE} takes new rows only'); end"
            )
        return
    op.execute(
        "create or replace function procedures_refuse_change() returns trigger"
        " language plpgsql as $$"
        " begin raise exception using message = tg_table_name || ' takes new rows only'; end $$"
    )
    op.execute(
        f"create trigger {_TABLE}_refuses_change before update or delete or truncate"
        f" on {_TABLE} for each statement execute function procedures_refuse_change()"
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table(_TABLE)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function procedures_refuse_change()")
