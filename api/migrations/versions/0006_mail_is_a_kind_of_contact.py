"""An address for mail has the name that channels give it."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the kind."""
    op.execute("update contact set kind = 'mail' where kind = 'e-mail'")


def downgrade() -> None:
    """Rename it back."""
    op.execute("update contact set kind = 'e-mail' where kind = 'mail'")
