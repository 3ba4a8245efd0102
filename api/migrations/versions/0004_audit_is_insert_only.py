"""Rows of the audit never change: their places in the chain lie in a table of links, and both
tables refuse everything but a new row. A row names the person for whom somebody acted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = ("audit", "audit_link")
_INDEXES = {
    "audit_by_time": ["at_ms"],
    "audit_by_person": ["who", "id"],
    "audit_by_person_acted_for": ["on_behalf", "id"],
    "audit_by_action": ["action", "id"],
}
_REFUSAL = """
    create or replace function refuses_change() returns trigger language plpgsql as $$ begin
        raise exception using message = tg_table_name || ' takes new rows only';
    end $$
"""


def upgrade() -> None:
    """Rows keep place and hash; those that have none yet wait on."""
    op.add_column(
        "audit",
        sa.Column("on_behalf", sa.String(40), nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "audit_link",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("audit_id", sa.Integer, sa.ForeignKey("audit.id"), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    op.execute(
        "insert into audit_link (position, audit_id, chain)"
        " select position, id, chain from audit where position is not null order by position"
    )
    op.create_index("audit_link_by_row", "audit_link", ["audit_id"], unique=True)
    op.drop_index("audit_by_position", "audit")
    for name in ("position", "chain"):
        op.drop_column("audit", name)
    for name, columns in _INDEXES.items():
        op.create_index(name, "audit", columns)
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
            f"create trigger {table}_refuses_change before update or delete or truncate"
            f" on {table} for each statement execute function refuses_change()"
        )


def downgrade() -> None:
    """Rows lose the person acted for."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            for deed in ("update", "delete"):
                op.execute(f"drop trigger {table}_refuses_{deed}")
    else:
        op.execute("drop function refuses_change() cascade")
    for name in _INDEXES:
        op.drop_index(name, "audit")
    op.add_column("audit", sa.Column("position", sa.Integer))
    op.add_column("audit", sa.Column("chain", sa.String(64)))
    op.execute(
        "update audit set position = audit_link.position, chain = audit_link.chain"
        " from audit_link where audit.id = audit_link.audit_id"
    )
    op.create_index("audit_by_position", "audit", ["position"], unique=True)
    op.drop_table("audit_link")
    op.drop_column("audit", "on_behalf")
