"""Reviews, their points and opinions, as lists and pages ask for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.kept import rows
from api.deadlines.records import OPEN, Deadline
from api.deadlines.tables import DEADLINE
from api.platforms.documents.filings.tables import ENTRY, FILING
from api.platforms.documents.filings.tables import MARKS as FILING_MARKS
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews.records import (
    A_PAGE,
    KIND,
    MOST_UNREVIEWED,
    STAGES,
    Asked,
    AskedPoints,
    Special,
    Unreviewed,
)
from api.platforms.documents.reviews.tables import (
    CONSULTATION,
    CONSULTATION_MARKS,
    MARKS,
    POINT,
    POINT_MARKS,
    REVIEW,
    SPECIAL,
)
from api.platforms.documents.texts.tables import TEXT
from api.procedures.procedure import Row

_AT = REVIEW.c


def under_review(connection: Connection, text: int) -> int | None:
    """The review of a text that is not archived, by id."""
    query = sa.select(_AT.id).where(_AT.text == text, _AT.state != "archived")
    found: int | None = connection.scalar(query.order_by(_AT.id).limit(1))
    return found


def unreviewed(connection: Connection, account: Account) -> Sequence[Unreviewed]:
    """Registered documents that hold and of which no review was opened, the longest waiting first,
    500 at most.
    """
    of = ENTRY.c
    reviewed = sa.select(_AT.id).where(_AT.text == of.text, _AT.text_version >= of.text_version)
    query = (
        sa.select(of.text, TEXT.c.title, FILING.c.unit, of.year, of.number, of.day)
        .join(FILING, FILING.c.id == of.filing)
        .join(TEXT, TEXT.c.id == of.text)
        .where(
            visible(account, DocumentsPermission.REVIEW, FILING_MARKS),
            TEXT.c.repealed.is_(None),
            TEXT.c.version == of.text_version,
            ~reviewed.correlate(ENTRY).exists(),
        )
        .order_by(of.day, of.id)
        .limit(MOST_UNREVIEWED)
    )
    return [
        Unreviewed(
            row.text, row.title, row.unit, (row.year, row.number), date.fromisoformat(row.day)
        )
        for row in connection.execute(query)
    ]


def add_special(
    connection: Connection, title: str, reason: str, opened: date, by: tuple[str, int]
) -> int:
    """Keep a special review; its id. ``by`` are a username and the instant."""
    values = {"title": title, "reason": reason, "opened_day": opened, "made_by": by[0],
              "made_ms": by[1]}  # fmt: skip
    made = connection.execute(sa.insert(SPECIAL).values(values))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def special(connection: Connection, number: int | None) -> Special | None:
    """A special review."""
    row = connection.execute(sa.select(SPECIAL).where(SPECIAL.c.id == number)).first()
    return Special(row.id, row.title, row.reason, row.opened_day.isoformat()) if row else None


def specials(connection: Connection, account: Account) -> Mapping[int, str]:
    """The titles of special reviews in which an account sees a review, the newest first, 50 at
    most.
    """
    mine = sa.select(_AT.special).where(visible(account, DocumentsPermission.SEE, MARKS))
    query = sa.select(SPECIAL.c.id, SPECIAL.c.title).where(SPECIAL.c.id.in_(mine))
    rows = connection.execute(query.order_by(SPECIAL.c.id.desc()).limit(50))
    return {row.id: row.title for row in rows}


def points(connection: Connection, account: Account, review: int) -> Sequence[Row]:
    """The points of a review that an account sees, in the order of the text."""
    query = sa.select(POINT).where(
        POINT.c.review == review, visible(account, DocumentsPermission.SEE, POINT_MARKS)
    )
    whole = sa.func.coalesce(POINT.c.position, -1)
    found = connection.execute(query.order_by(whole, POINT.c.id)).mappings()
    return [dict(row) for row in found]


def consultations(connection: Connection, account: Account, review: int) -> Sequence[Row]:
    """The opinions that committees were asked for, as far as an account sees them."""
    at = CONSULTATION.c
    query = sa.select(CONSULTATION).where(
        at.review == review, visible(account, DocumentsPermission.REVIEW, CONSULTATION_MARKS)
    )
    return [dict(row) for row in connection.execute(query.order_by(at.id)).mappings()]


def promises_over(connection: Connection, day: date) -> Sequence[int]:
    """Reviews that are suspended for a promise whose day is over, by id."""
    query = sa.select(_AT.id).where(_AT.state == "suspended", _AT.promised_day < day)
    return list(connection.scalars(query.order_by(_AT.id)))


def listed(connection: Connection, account: Account, asked: Asked) -> tuple[Sequence[Row], int]:
    """A page of a question, the newest first, and how many there are."""
    conditions = _conditions(account, asked)
    count = connection.scalar(sa.select(sa.func.count()).select_from(REVIEW).where(*conditions))
    query = sa.select(REVIEW).where(*conditions).order_by(_AT.id.desc())
    found = connection.execute(query.limit(A_PAGE).offset((asked.page - 1) * A_PAGE))
    return [dict(row) for row in found.mappings()], count or 0


def every(connection: Connection, account: Account, asked: Asked, most: int) -> Sequence[Row]:
    """All pages of a question."""
    query = sa.select(REVIEW).where(*_conditions(account, asked)).order_by(_AT.id.desc())
    return [dict(row) for row in connection.execute(query.limit(most)).mappings()]


def counted(connection: Connection, account: Account, asked: Asked) -> int:
    """How many reviews a question finds."""
    query = sa.select(sa.func.count()).select_from(REVIEW)
    return connection.scalar(query.where(*_conditions(account, asked))) or 0


def points_listed(
    connection: Connection, account: Account, asked: AskedPoints
) -> tuple[Sequence[tuple[Row, Row]], int]:
    """A page of points, each with its review, the newest first, and how many there are."""
    conditions = _of_points(account, asked)
    joined = POINT.join(REVIEW, POINT.c.review == _AT.id)
    counting = sa.select(sa.func.count()).select_from(joined).where(*conditions)
    count = connection.scalar(counting) or 0
    ids = sa.select(POINT.c.id, _AT.id).select_from(joined).where(*conditions)
    ids = ids.order_by(POINT.c.id.desc()).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    pairs = [(row[0], row[1]) for row in connection.execute(ids)]
    of_point = sa.select(POINT).where(POINT.c.id.in_([of for of, _ in pairs]))
    known = {row["id"]: dict(row) for row in connection.execute(of_point).mappings()}
    of_review = sa.select(REVIEW).where(_AT.id.in_([of for _, of in pairs]))
    reviews = {row["id"]: dict(row) for row in connection.execute(of_review).mappings()}
    return [(known[point], reviews[review]) for point, review in pairs], count


def points_counted(
    connection: Connection, account: Account, asked: AskedPoints
) -> Mapping[str, int]:
    """Points of a question by test."""
    joined = POINT.join(REVIEW, POINT.c.review == _AT.id)
    query = sa.select(POINT.c.test, sa.func.count()).select_from(joined)
    query = query.where(*_of_points(account, asked)).group_by(POINT.c.test)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def first_terms(connection: Connection, reviews: Collection[int]) -> Mapping[int, Deadline]:
    """The open deadline of each review that is due first."""
    return _terms(connection, DEADLINE.c.subject.in_([str(of) for of in reviews]))


def every_term(connection: Connection) -> Mapping[int, Deadline]:
    """The same of every review that waits for something."""
    return _terms(connection, sa.true())


def _terms(connection: Connection, condition: sa.ColumnElement[bool]) -> Mapping[int, Deadline]:
    at = DEADLINE.c
    mine = (at.platform == "documents", at.kind == KIND, at.state.in_(OPEN), condition)
    found: dict[int, Deadline] = {}
    for row in connection.execute(sa.select(DEADLINE).where(*mine).order_by(at.due_ms)):
        found.setdefault(int(row.subject), rows.deadline_of(row))
    return found


def answer_due(connection: Connection, review: int, rule: str) -> str:
    """The last day of the newest term of a review by a rule, ISO text; empty where none began."""
    at = DEADLINE.c
    query = sa.select(at.due_day).where(
        at.platform == "documents",
        at.kind == KIND,
        at.subject == str(review),
        at.rule == rule,
    )
    return connection.scalar(query.order_by(at.id.desc()).limit(1)) or ""


def _conditions(account: Account, asked: Asked) -> list[sa.ColumnElement[bool]]:
    found = [visible(account, DocumentsPermission.SEE, MARKS)]
    if asked.q:
        found.append(_AT.title.contains(asked.q, autoescape=True))
    for column, wanted in (
        (_AT.unit, asked.maker), (_AT.mode, asked.mode), (_AT.text, asked.text),
        (_AT.special, asked.special),
    ):  # fmt: skip
        if wanted:
            found.append(column == wanted)
    if asked.stage:
        found.append(_AT.state.in_(STAGES[asked.stage]))
    if asked.year:
        found.append(_of_year(asked.year))
    return found


def _of_points(account: Account, asked: AskedPoints) -> list[sa.ColumnElement[bool]]:
    found = [visible(account, DocumentsPermission.SEE, POINT_MARKS)]
    if asked.test:
        found.append(POINT.c.test == asked.test)
    if asked.year:
        found.append(_of_year(asked.year))
    raised = POINT.c.state == "raised"
    whole = sa.or_(_AT.result.is_not(None), sa.func.coalesce(_AT.way, "") == "repealed")
    settled = sa.and_(raised, POINT.c.test != "constitution", whole)
    outcomes = {
        "open": sa.and_(raised, sa.not_(settled)),
        "settled": settled,
        "passed-up": POINT.c.state.in_(("passed-up", "answered")),
    }
    if asked.outcome:
        found.append(outcomes.get(asked.outcome, POINT.c.state == asked.outcome))
    return found


def _of_year(year: int) -> sa.ColumnElement[bool]:
    return _AT.opened_day.between(date(year, 1, 1), date(year, 12, 31))


def texts_kept(connection: Connection, begin_ms: int, end_ms: int) -> int:
    """Texts that were recorded in a span of time."""
    query = sa.select(sa.func.count()).select_from(TEXT)
    return connection.scalar(query.where(TEXT.c.kept_ms.between(begin_ms, end_ms - 1))) or 0


def newest_review(connection: Connection, account: Account) -> int:
    """The id of the review that was opened last of those that an account sees, 0 where there is
    none.
    """
    seen = visible(account, DocumentsPermission.REVIEW, MARKS)
    return connection.scalar(sa.select(sa.func.max(_AT.id)).where(seen)) or 0
