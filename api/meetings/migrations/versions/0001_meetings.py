"""Meetings, invitations, passes, check-ins, minutes and opinions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _meetings()
    _check_ins()
    _texts()
    op.create_index("meeting_invitation_by_person", "meeting_invitation", ["username"])
    op.create_index("meeting_check_in_by_invitation", "meeting_check_in", ["invitation"])
    op.create_index("meeting_opinion_by_invitation", "meeting_opinion", ["invitation"])


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("wants", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("agenda", sa.Text),
        sa.Column("from_ms", sa.BigInteger),
        sa.Column("until_ms", sa.BigInteger),
        sa.Column("location", sa.String(200)),
        sa.Column("link", sa.String(500)),
        sa.Column("invited", sa.Text),
    )
    op.create_table(
        "meeting_invitation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("host", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("why", sa.Text),
        sa.UniqueConstraint("meeting", "username", name="meeting_invitation_once"),
        sa.UniqueConstraint("meeting", "number", name="meeting_invitation_number"),
    )


def _check_ins() -> None:
    op.create_table(
        "meeting_pass",
        sa.Column(
            "invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), primary_key=True
        ),
        sa.Column("serial", sa.Integer, primary_key=True),
        sa.Column("issued_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "meeting_check_in",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(36), nullable=False, unique=True),
        sa.Column(
            "invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), nullable=False
        ),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
    )


def _texts() -> None:
    """And the changes that were sent."""
    op.create_table(
        "meeting_minutes",
        sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("signed", sa.String(210), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "meeting_opinion",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "invitation", sa.Integer, sa.ForeignKey("meeting_invitation.id"), nullable=False
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.String(40), nullable=False),
        sa.Column("signed", sa.String(210), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "meeting_change_sent",
        sa.Column("meeting", sa.Integer, sa.ForeignKey("meeting.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("meeting_change_sent")
    op.drop_table("meeting_opinion")
    op.drop_table("meeting_minutes")
    op.drop_table("meeting_check_in")
    op.drop_table("meeting_pass")
    op.drop_table("meeting_invitation")
    op.drop_table("meeting")
