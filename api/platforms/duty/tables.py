"""Tables of suggestions and of what belongs to one. Rows with a ``state`` are changed by the steps
of their procedure alone; the others are added to and never changed, but for what their docstring
names.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
_ID, _UNIT, _USERNAME, _HASH = sa.Integer, sa.String(40), sa.String(40), sa.String(64)
_LISTED = ("secrecy", "unit", "lead", "topic", "town", "submitted_day")
"""Columns by which lists choose: in an index they are read without the texts."""


def _suggestion_key() -> sa.Column[int]:
    return sa.Column("suggestion", _ID, sa.ForeignKey("duty_suggestion.id"), nullable=False)


SUGGESTION = sa.Table(
    "duty_suggestion",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
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
    sa.Column("raised_again", _ID, sa.ForeignKey("duty_suggestion.id")),
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
    sa.Index("duty_suggestion_by_state", "state", "id", *_LISTED),
    sa.Index("duty_suggestion_listed", "id", "state", *_LISTED),
    sa.Index("duty_suggestion_by_unit", "unit", "id"),
    sa.Index("duty_suggestion_by_lead", "lead", "id"),
    sa.Index("duty_suggestion_by_day", "submitted_day", "id"),
)
"""``lead`` is the author until a change of term names another. ``text_hash`` is the SHA-256 of
title and body, what signers sign. ``openness``: public, not or secret, as the deputy wishes.
``source`` names what it came from, as ``platform/kind/id``. ``session``: session or between.
``effort``: normal or hard. ``round`` counts the answers. ``joint`` is the number of the
first one of those that are handled together.
"""
SIGNATURE = sa.Table(
    "duty_signature",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item", _ID, nullable=False),
    sa.Column("username", _USERNAME, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("text_hash", _HASH),
    sa.Column("signed", sa.String(80)),
    sa.Column("invited_ms", sa.BigInteger, nullable=False),
    sa.Column("at_ms", sa.BigInteger),
    sa.UniqueConstraint("kind", "item", "username"),
    sa.Index("duty_signature_by_username", "username", "state"),
)
"""Who was asked to sign a suggestion or a motion, and did or declined: invited, signed, declined.
It holds while ``text_hash`` is that of the text.
"""
CONTRIBUTION = sa.Table(
    "duty_contribution",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
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
    sa.Index("duty_contribution_by_suggestion", "suggestion"),
    sa.Index("duty_contribution_by_unit", "unit", "suggestion"),
)
"""A unit beside the one in charge; ``part``: co 协办, its opinion goes into the answer; separate
分办, it answers for its own part.
"""
CONTACT = sa.Table(
    "duty_contact",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
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
    sa.Index("duty_contact_by_suggestion", "suggestion"),
)
"""A unit says that it spoke with the deputy: visit, meeting, phone or paper. The lead deputy
confirms or denies it, once; until then it is claimed. The unit sees the note.
"""
CONFIRMATION = sa.Table(
    "duty_confirmation",
    METADATA,
    sa.Column("contact", _ID, sa.ForeignKey("duty_contact.id"), primary_key=True),
    sa.Column("username", _USERNAME, primary_key=True),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("signed", sa.String(80), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""A further signer says whether a unit spoke with them; the lead's word is at the contact."""
ANSWER = sa.Table(
    "duty_answer",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    _suggestion_key(),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("unit", _UNIT, nullable=False),
    sa.Column("number", sa.String(60), nullable=False),
    sa.Column("signer", sa.String(40), nullable=False),
    sa.Column("result", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("duty_answer_by_suggestion", "suggestion"),
)
"""A reply 答复 of a round; ``withdrawn`` is set when the step that gave it is taken back."""
RATING = sa.Table(
    "duty_rating",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("answer", sa.Integer, sa.ForeignKey("duty_answer.id"), nullable=False),
    sa.Column("username", _USERNAME, nullable=False),
    sa.Column("attitude", sa.String(12), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_by", sa.String(200), nullable=False),
    sa.Column("signed", sa.String(80), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("duty_rating_by_answer", "answer"),
)
"""A rating 测评 of a reply by a signer, attitude and outcome apart: satisfied, fairly,
dissatisfied. The last row of each signer counts; ``asked_by`` is who asked for a change of it.
"""
PROMISE = sa.Table(
    "duty_promise",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    _suggestion_key(),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("unit", _UNIT, nullable=False),
    sa.Column("answer", _ID, sa.ForeignKey("duty_answer.id"), nullable=False),
    sa.Column("lead", _USERNAME, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("due_day", sa.Date, nullable=False),
    sa.Column("evidence", sa.Text),
    sa.Column("watched_ms", sa.BigInteger),
    sa.Column("report", sa.Text),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_promise_by_suggestion", "suggestion"),
    sa.Index("duty_promise_by_state", "state", "due_day"),
)
"""A promise 承诺 of a reply. ``evidence`` is what the centre watches, as JSON: the platform, the
kind of evidence and its parameters.
"""
KEY_SUPERVISION = sa.Table(
    "duty_key_supervision",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
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
    sa.Index("duty_key_supervision_by_suggestion", "suggestion"),
)
"""重点督办: a committee proposes, the director's meeting decides, the unit's head answers face to
face (代表法 art. 52).
"""
RELEASE = sa.Table(
    "duty_release",
    METADATA,
    sa.Column("id", _ID, primary_key=True, autoincrement=True),
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
    sa.Index("duty_release_by_suggestion", "suggestion"),
    sa.Index("duty_release_by_state", "state", "id"),
    sa.Index("duty_release_by_number", "public_number", unique=True),
    sa.Index("duty_release_shown", "state", "answered_day", "public_number"),
)
"""The public part of a suggestion: fields of its own, prepared by one and released by another.
The public sees this row and nothing else.
"""

MIGRATIONS = Migrations("duty", Path(__file__).parent / "migrations", METADATA)


def _concerns(units: sa.Select[tuple[str]]) -> sa.ColumnElement[bool]:
    at = CONTRIBUTION.c
    query = sa.select(at.id).where(at.suggestion == SUGGESTION.c.id, at.unit.in_(units))
    return query.exists()


def _people(username: str) -> sa.ColumnElement[bool]:
    at = SIGNATURE.c
    query = sa.select(at.item).where(at.kind == "suggestion", at.username == username)
    return sa.or_(SUGGESTION.c.lead == username, SUGGESTION.c.id.in_(query))


MARKS = Marks(
    SUGGESTION.c.unit,
    SUGGESTION.c.secrecy,
    sa.false(),
    concerns=_concerns,
    people=_people,
    private=SUGGESTION.c.state == "draft",
)
"""Who sees a suggestion: a draft its author and whoever was asked to sign, later also the office,
all deputies, and the units that handle it. The lead and the signers see it in any case.
"""


def _of_its_suggestion(
    column: sa.ColumnElement[int], condition: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    # Lists may join suggestions themselves: the query within is one of its own.
    return column.in_(sa.select(SUGGESTION.c.id).where(condition).correlate(None))


def _marks(table: sa.Table) -> Marks:
    """Of a thing that belongs to a suggestion and to a unit of its own: the unit in charge of the
    suggestion and those who signed it see it as well.
    """
    suggestion = table.c.suggestion
    return Marks(
        table.c.unit,
        table.c.secrecy,
        sa.false(),
        concerns=lambda units: _of_its_suggestion(suggestion, SUGGESTION.c.unit.in_(units)),
        people=lambda username: _of_its_suggestion(suggestion, _people(username)),
    )


CONTRIBUTION_MARKS, PROMISE_MARKS = _marks(CONTRIBUTION), _marks(PROMISE)
KEY_SUPERVISION_MARKS = _marks(KEY_SUPERVISION)
RELEASE_MARKS = Marks(RELEASE.c.unit, RELEASE.c.secrecy, sa.false())
"""Who sees what is prepared for the public: those who check everywhere, see the procedure."""
