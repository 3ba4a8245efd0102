"""Files and attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("stored_ms", sa.BigInteger, nullable=False),
        sa.Column("scan", sa.String(10), nullable=False),
        sa.Column("virus", sa.String(200), nullable=False),
        sa.Column("scanned_ms", sa.BigInteger),
        sa.Column("gone_ms", sa.BigInteger),
    )
    op.create_index("file_by_scan", "file", ["scan"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("file.sha256"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sent_as", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("added_by", sa.String(40), nullable=False),
        sa.Column("added_for", sa.String(40), nullable=False),
        sa.Column("added_ms", sa.BigInteger, nullable=False),
        sa.Column("removed_by", sa.String(40)),
        sa.Column("removed_ms", sa.BigInteger),
        sa.Column("removed_why", sa.String(500), nullable=False),
        sa.Column("hidden_seen_by", sa.String(40)),
        sa.Column("hidden_seen_ms", sa.BigInteger),
        sa.Column("public_by", sa.String(40)),
        sa.Column("public_ms", sa.BigInteger),
    )
    op.create_index("attachment_by_subject", "attachment", ["platform", "kind", "subject"])
    op.create_index("attachment_by_content", "attachment", ["sha256"])


def downgrade() -> None:
    """Contents stay in their folder, named by nobody."""
    op.drop_table("attachment")
    op.drop_table("file")
