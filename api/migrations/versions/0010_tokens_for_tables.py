"""A token may be bound to kinds of tables: it sends these and does nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tokens of before are bound to none."""
    tables = sa.Column("tables", sa.Text, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("token", tables)


def downgrade() -> None:
    """A token that was bound sends the tables of whatever source names it."""
    op.drop_column("token", "tables")
