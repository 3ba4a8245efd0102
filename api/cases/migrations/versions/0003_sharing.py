"""Cases that are shared with other congresses, and those that come from them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _receivers() -> None:
    op.create_table(
        "supervision_case_receiver",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("way", sa.String(200), nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "supervision_case_receiver_end",
        sa.Column(
            "receiver",
            sa.Integer,
            sa.ForeignKey("supervision_case_receiver.id"),
            primary_key=True,
        ),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def _shares() -> None:
    op.create_table(
        "supervision_case_share",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("supervision_case.id"), nullable=False),
        sa.Column(
            "receiver", sa.Integer, sa.ForeignKey("supervision_case_receiver.id"), nullable=False
        ),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("internal_why", sa.Text),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("files", sa.LargeBinary, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("supervision_case_share_of_case", "supervision_case_share", ["case_id", "id"])
    op.create_table(
        "supervision_case_receipt",
        sa.Column(
            "share", sa.Integer, sa.ForeignKey("supervision_case_share.id"), primary_key=True
        ),
        sa.Column("taken_ms", sa.BigInteger, nullable=False),
        sa.Column("taker", sa.String(60), nullable=False),
        sa.Column("centre", sa.String(60), nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def _received() -> None:
    op.create_table(
        "supervision_case_received",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(32), nullable=False, unique=True),
        sa.Column("sheet", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("files", sa.LargeBinary, nullable=False),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("taker", sa.String(60), nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "supervision_case_of_received",
        sa.Column(
            "received",
            sa.Integer,
            sa.ForeignKey("supervision_case_received.id"),
            primary_key=True,
        ),
        sa.Column(
            "case_id",
            sa.Integer,
            sa.ForeignKey("supervision_case.id"),
            nullable=False,
            unique=True,
        ),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    _receivers()
    _shares()
    _received()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("supervision_case_of_received")
    op.drop_table("supervision_case_received")
    op.drop_table("supervision_case_receipt")
    op.drop_table("supervision_case_share")
    op.drop_table("supervision_case_receiver_end")
    op.drop_table("supervision_case_receiver")
