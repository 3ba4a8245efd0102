"""Changes of rules that wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "rule_proposal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rule_id", sa.String(40), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("author_account", sa.String(40), nullable=False),
        sa.Column("author_hand", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(100)),
        sa.Column("decided_account", sa.String(40)),
        sa.Column("decided_ms", sa.BigInteger),
    )
    op.create_index("rule_proposal_by_rule", "rule_proposal", ["rule_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("rule_proposal_by_rule", "rule_proposal")
    op.drop_table("rule_proposal")
