"""How it ended with cases that were shared, at the centres that got them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
OF_SHARE, OF_RECEIVED = "supervision_case_result", "supervision_case_result_made"


def _made(name: str, of: str, *columns: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("of", sa.Integer, sa.ForeignKey(f"{of}.id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        *columns,
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index(f"{name}_of", name, ["of", "id"])


def upgrade() -> None:
    """Make the tables."""
    _made(OF_SHARE, "supervision_case_share")
    _made(OF_RECEIVED, "supervision_case_received", sa.Column("internal_why", sa.Text))


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table(OF_RECEIVED)
    op.drop_table(OF_SHARE)
