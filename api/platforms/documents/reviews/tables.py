"""Reviews, their points and the opinions that committees are asked for. Each row is changed by the
steps of its procedure alone.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Reach
from api.accounts.visibility import Marks, Units
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews.records import OVER
from ingest.state.database import Migrations

METADATA = sa.MetaData()
SPECIAL = sa.Table(
    "documents_special",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("opened_day", sa.Date, nullable=False),
    sa.Column("made_by", sa.String(40), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
)
"""A special review: several texts under one topic, each with a review of its own."""
REVIEW = sa.Table(
    "documents_review",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Integer, nullable=False),
    sa.Column("text_version", sa.Integer, nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("special", sa.Integer, sa.ForeignKey("documents_special.id")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("asked_by", sa.String(100)),
    sa.Column("origin", sa.String(200)),
    sa.Column("opened_day", sa.Date, nullable=False),
    sa.Column("maker_day", sa.Date),
    sa.Column("letter", sa.Text),
    sa.Column("answer_until", sa.Date),
    sa.Column("answer", sa.Text),
    sa.Column("opinion", sa.Text),
    sa.Column("opinion_day", sa.Date),
    sa.Column("promise", sa.Text),
    sa.Column("promised_day", sa.Date),
    sa.Column("way", sa.String(10)),
    sa.Column("handled", sa.Text),
    sa.Column("handled_day", sa.Date),
    sa.Column("joined", sa.Integer),
    sa.Column("proposed", sa.String(10)),
    sa.Column("proposal", sa.Text),
    sa.Column("meeting", sa.String(100)),
    sa.Column("decided_day", sa.Date),
    sa.Column("result", sa.String(10)),
    sa.Column("ordered_day", sa.Date),
    sa.Column("conclusion", sa.Text),
    sa.Column("feedback", sa.Text),
    sa.Column("feedback_day", sa.Date),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("documents_review_by_state", "state", "id"),
    sa.Index("documents_review_by_text", "text", "id"),
    sa.Index("documents_review_by_unit", "unit", "id"),
)
"""``text_version`` is the one under review, ``joined`` the later one against which its points are
held. ``unit`` is the maker; ``maker_day`` the first day on which the office spoke or wrote to it,
before which it sees nothing. ``origin`` points at what it began with: platform/kind/id.
"""
POINT = sa.Table(
    "documents_review_point",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("review", sa.Integer, sa.ForeignKey("documents_review.id"), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("test", sa.String(20), nullable=False),
    sa.Column("position", sa.Integer),
    sa.Column("label", sa.String(100)),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("law", sa.String(200), nullable=False),
    sa.Column("law_article", sa.String(100)),
    sa.Column("checked", sa.String(10), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("check_id", sa.String(100)),
    sa.Column("outcome", sa.Text),
    sa.Column("addressee", sa.String(100)),
    sa.Column("passed_day", sa.Date),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("documents_review_point_by_review", "review", "id"),
)
"""``position`` is that of the article in the version under review, None of the text as a whole."""
CONSULTATION = sa.Table(
    "documents_review_consultation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("review", sa.Integer, sa.ForeignKey("documents_review.id"), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("question", sa.Text),
    sa.Column("asked_day", sa.Date, nullable=False),
    sa.Column("finding", sa.String(10)),
    sa.Column("opinion", sa.Text),
    sa.Column("given_day", sa.Date),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("documents_review_consultation_by_review", "review", "id"),
)
"""``unit`` is the committee."""
MIGRATIONS = Migrations(
    "documents-reviews",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("documents_special",),
)


def _committees(units: Units) -> sa.ColumnElement[bool]:
    at = CONSULTATION.c
    return REVIEW.c.id.in_(sa.select(at.review).where(at.unit.in_(units)))


def _known(reach: Reach) -> sa.ColumnElement[bool]:
    """Reviewers see a review from the first day; the maker since somebody spoke to it, or it is
    over.
    """
    if not reach.unit or DocumentsPermission.REVIEW in reach.permissions:
        return sa.true()
    return sa.or_(REVIEW.c.maker_day.is_not(None), REVIEW.c.state.in_(OVER))


def _of_known_review(reach: Reach) -> sa.ColumnElement[bool]:
    """As of a review; what is passed up, questions of the constitution, is not the maker's."""
    if not reach.unit or DocumentsPermission.REVIEW in reach.permissions:
        return sa.true()
    known = POINT.c.review.in_(sa.select(REVIEW.c.id).where(_known(reach)))
    return sa.and_(known, POINT.c.test != "constitution")


def _of_committees(units: Units) -> sa.ColumnElement[bool]:
    at = CONSULTATION.c
    return POINT.c.review.in_(sa.select(at.review).where(at.unit.in_(units)))


MARKS = Marks(
    REVIEW.c.unit, REVIEW.c.secrecy, sa.false(), concerns=_committees, stage=_known
)  # fmt: skip
POINT_MARKS = Marks(
    POINT.c.unit, POINT.c.secrecy, sa.false(), concerns=_of_committees, stage=_of_known_review
)
CONSULTATION_MARKS = Marks(CONSULTATION.c.unit, CONSULTATION.c.secrecy, sa.false())
"""Opinions among committees are no business of the maker."""
