"""How a filing came: by the maker itself, or on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the maker itself filed what there is."""
    way = sa.Column("way", sa.String(10), nullable=False, server_default="own")
    op.add_column("documents_filing", way)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("documents_filing", "way")
