"""Government debt, as offices send it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, with the columns that every table has which is loaded."""
    op.create_table(
        "budget_debt",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("project_code", sa.Text),
        sa.Column("project", sa.Text),
        sa.Column("limit", sa.BigInteger),
        sa.Column("beginning", sa.BigInteger, nullable=False),
        sa.Column("issued", sa.BigInteger, nullable=False),
        sa.Column("repaid", sa.BigInteger, nullable=False),
        sa.Column("interest", sa.BigInteger),
        sa.Column("ending", sa.BigInteger, nullable=False),
    )
    op.create_index("budget_debt_by_key", "budget_debt", ["key", "load"])
    op.create_index("budget_debt_by_load", "budget_debt", ["load"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("budget_debt")
