"""A row of the audit has no place in the chain until the sequencer gives it one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows of before are chained in the order of their ids."""
    with op.batch_alter_table("audit") as table:
        table.add_column(sa.Column("position", sa.Integer))
        table.alter_column("chain", existing_type=sa.String(64), nullable=True)
    op.execute(
        "update audit set position = before.position from"
        " (select id, row_number() over (order by id) as position from audit) as before"
        " where audit.id = before.id"
    )
    op.create_index("audit_by_position", "audit", ["position"], unique=True)


def downgrade() -> None:
    """Rows that are not chained yet are lost."""
    op.execute("delete from audit where position is null")
    op.drop_index("audit_by_position", "audit")
    with op.batch_alter_table("audit") as table:
        table.drop_column("position")
        table.alter_column("chain", existing_type=sa.String(64), nullable=False)
