"""Letters and petitions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "judicial_letter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("received_day", sa.Date, nullable=False),
        sa.Column("registered_day", sa.Date, nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("town", sa.String(40)),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("objected", sa.String(40)),
        sa.Column("passed_day", sa.Date),
        sa.Column("accepted_day", sa.Date),
        sa.Column("refusal", sa.String(20)),
        sa.Column("outcome", sa.String(20)),
        sa.Column("answer", sa.Text),
        sa.Column("answered_day", sa.Date),
        sa.Column("repeat_of", sa.Integer),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Index("judicial_letter_by_unit", "unit", "id"),
        sa.Index("judicial_letter_by_state", "state", "id"),
        sa.Index("judicial_letter_by_registered_day", "registered_day"),
    )
    op.create_table(
        "judicial_petitioner",
        sa.Column(
            "letter",
            sa.Integer,
            sa.ForeignKey("judicial_letter.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("mark", sa.String(64)),
        sa.Index("judicial_petitioner_by_mark", "mark"),
    )
