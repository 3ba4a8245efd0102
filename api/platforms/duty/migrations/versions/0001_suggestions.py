"""Suggestions and what belongs to one."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_UNIT, _USERNAME, _HASH = sa.String(40), sa.String(40), sa.String(64)


def _suggestion_key() -> sa.Column[int]:
    return sa.Column("suggestion", sa.Integer, sa.ForeignKey("duty_suggestion.id"), nullable=False)


def _suggestion() -> None:
    op.create_table(
        "duty_suggestion",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("draft_key", sa.String(64), nullable=False, unique=True),
        sa.Column("author", _USERNAME, nullable=False),
        sa.Column("lead", _USERNAME, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("text_hash", _HASH, nullable=False),
        sa.Column("topic", sa.String(20)),
        sa.Column("town", _UNIT),
        sa.Column("location", sa.String(200)),
        sa.Column("openness", sa.String(10), nullable=False),
        sa.Column("wished_unit", _UNIT),
        sa.Column("wished_contact", sa.String(10)),
        sa.Column("raised_again", sa.Integer, sa.ForeignKey("duty_suggestion.id")),
        sa.Column("source", sa.String(100)),
        sa.Column("session", sa.String(10)),
        sa.Column("number", sa.String(40)),
        sa.Column("submitted_day", sa.Date),
        sa.Column("assigned_day", sa.Date),
        sa.Column("unit", _UNIT),
        sa.Column("effort", sa.String(10)),
        sa.Column("returns", sa.Integer, nullable=False),
        sa.Column("return_unit", _UNIT),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("answered_day", sa.Date),
        sa.Column("result", sa.String(10)),
        sa.Column("joint", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    listed = ("secrecy", "unit", "lead", "topic", "town", "submitted_day")
    op.create_index("duty_suggestion_by_state", "duty_suggestion", ["state", "id", *listed])
    op.create_index("duty_suggestion_listed", "duty_suggestion", ["id", "state", *listed])
    op.create_index("duty_suggestion_by_unit", "duty_suggestion", ["unit", "id"])
    op.create_index("duty_suggestion_by_lead", "duty_suggestion", ["lead", "id"])
    op.create_index("duty_suggestion_by_day", "duty_suggestion", ["submitted_day", "id"])


def _signature() -> None:
    op.create_table(
        "duty_signature",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("username", _USERNAME, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("text_hash", _HASH),
        sa.Column("signed", sa.String(80)),
        sa.Column("invited_ms", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger),
        sa.UniqueConstraint("kind", "item", "username"),
    )
    op.create_index("duty_signature_by_username", "duty_signature", ["username", "state"])


def _contribution() -> None:
    op.create_table(
        "duty_contribution",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _suggestion_key(),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("lead_unit", _UNIT),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("asked_day", sa.Date),
        sa.Column("opinion", sa.Text),
        sa.Column("given_day", sa.Date),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_contribution_by_suggestion", "duty_contribution", ["suggestion"])
    op.create_index("duty_contribution_by_unit", "duty_contribution", ["unit", "suggestion"])


def _contact() -> None:
    op.create_table(
        "duty_contact",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _suggestion_key(),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("username", _USERNAME, nullable=False),
        sa.Column("signed", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("confirmed", sa.Boolean),
        sa.Column("confirmed_by", sa.String(80)),
        sa.Column("confirmed_ms", sa.BigInteger),
        sa.Column("note", sa.Text),
    )
    op.create_index("duty_contact_by_suggestion", "duty_contact", ["suggestion"])


def _confirmation() -> None:
    op.create_table(
        "duty_confirmation",
        sa.Column("contact", sa.Integer, sa.ForeignKey("duty_contact.id"), primary_key=True),
        sa.Column("username", _USERNAME, primary_key=True),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("signed", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def _answer() -> None:
    op.create_table(
        "duty_answer",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _suggestion_key(),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("signer", sa.String(40), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
    )


def _rating() -> None:
    op.create_table(
        "duty_rating",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("answer", sa.Integer, sa.ForeignKey("duty_answer.id"), nullable=False),
        sa.Column("username", _USERNAME, nullable=False),
        sa.Column("attitude", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("signed", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("duty_rating_by_answer", "duty_rating", ["answer"])


def _promise() -> None:
    op.create_table(
        "duty_promise",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _suggestion_key(),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("unit", _UNIT, nullable=False),
        sa.Column("answer", sa.Integer, sa.ForeignKey("duty_answer.id"), nullable=False),
        sa.Column("lead", _USERNAME, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("due_day", sa.Date, nullable=False),
        sa.Column("evidence", sa.Text),
        sa.Column("watched_ms", sa.BigInteger),
        sa.Column("report", sa.Text),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_promise_by_suggestion", "duty_promise", ["suggestion"])
    op.create_index("duty_promise_by_state", "duty_promise", ["state", "due_day"])


def _key_supervision() -> None:
    op.create_table(
        "duty_key_supervision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _suggestion_key(),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("committee", _UNIT, nullable=False),
        sa.Column("unit", _UNIT),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("meeting", sa.String(100)),
        sa.Column("decided_day", sa.Date),
        sa.Column("head", sa.String(80)),
        sa.Column("minutes", sa.Text),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_key_supervision_by_suggestion", "duty_key_supervision", ["suggestion"])


def _release() -> None:
    op.create_table(
        "duty_release",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        _suggestion_key(),
        sa.Column("preparer", _USERNAME, nullable=False),
        sa.Column("public_number", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("unit", _UNIT),
        sa.Column("unit_name", sa.String(100), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("answered_day", sa.Date),
        sa.Column("secrecy", sa.Integer, nullable=False),
    )
    op.create_index("duty_release_by_suggestion", "duty_release", ["suggestion"])
    op.create_index("duty_release_by_state", "duty_release", ["state", "id"])


def upgrade() -> None:
    """Make the tables."""
    _suggestion()
    _signature()
    _contribution()
    _contact()
    _confirmation()
    _answer()
    _rating()
    _promise()
    _key_supervision()
    _release()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("duty_release")
    op.drop_table("duty_key_supervision")
    op.drop_table("duty_promise")
    op.drop_table("duty_rating")
    op.drop_table("duty_answer")
    op.drop_table("duty_confirmation")
    op.drop_table("duty_contact")
    op.drop_table("duty_contribution")
    op.drop_table("duty_signature")
    op.drop_table("duty_suggestion")
