"""Obstacles to steps, and work of steps on the row of a review, in the state database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.records import OPEN
from api.deadlines.tables import DEADLINE
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews.records import (
    CONSULTATION_KIND,
    CORRECT_DAYS_MOST,
    KIND,
    MOST_POINTS,
    OWN_MOTION,
    STAGES,
    DayOver,
)
from api.platforms.documents.reviews.tables import CONSULTATION, POINT, REVIEW
from api.platforms.documents.texts import repository as texts
from api.procedures.procedure import Given, Row
from config.vocabulary.time import day_of

Obstacle = Callable[[Connection, Row, int], str]
_AT = REVIEW.c


def first(*obstacles: Obstacle) -> Obstacle:
    """The first of some obstacles that is there."""

    def found(connection: Connection, row: Row, at_ms: int) -> str:
        return next((name for of in obstacles if (name := of(connection, row, at_ms))), "")

    return found


def open_points(connection: Connection, row: Row, _at_ms: int) -> str:
    """A point that nobody settled: corrected, dropped or passed up; nor did a decision of the
    standing committee, or the repeal of the text. Whether something is constitutional neither of
    them decides.
    """
    at = POINT.c
    conditions = [at.review == row["id"], at.state == "raised"]
    if row["result"] or row["way"] == "repealed":
        conditions.append(at.test == "constitution")
    found = connection.scalar(sa.select(at.id).where(*conditions).limit(1))
    return "" if found is None else "points"


def no_points(connection: Connection, row: Row, _at_ms: int) -> str:
    """An opinion in writing has a point on which this level may speak."""
    at = POINT.c
    mine = (at.review == row["id"], at.state == "raised", at.test != "constitution")
    found = connection.scalar(sa.select(at.id).where(*mine).limit(1))
    return "no-points" if found is None else ""


def awaited_opinions(connection: Connection, row: Row, at_ms: int) -> str:
    """A committee still has time for its opinion: a late one holds up nobody."""
    at, term = CONSULTATION.c, DEADLINE.c
    running = sa.select(term.id).where(
        term.platform == "documents",
        term.kind == CONSULTATION_KIND,
        term.subject == sa.cast(at.id, sa.String(100)),
        term.state.in_(OPEN),
        term.due_ms >= at_ms,
    )
    query = sa.select(at.id).where(at.review == row["id"], at.state == "asked")
    found = connection.scalar(query.where(running.exists()).limit(1))
    return "" if found is None else "consultations"


def open_consultations(connection: Connection, row: Row, _at_ms: int) -> str:
    """A committee was asked, and neither answered nor was the question taken back."""
    at = CONSULTATION.c
    query = sa.select(at.id).where(at.review == row["id"], at.state == "asked")
    return "" if connection.scalar(query.limit(1)) is None else "consultations"


def not_corrected(connection: Connection, row: Row, _at_ms: int) -> str:
    """The text on record does not show what the maker says that it did."""
    if row["way"] == "repealed":
        kept = texts.one(connection, row["text"])
        return "" if kept and kept.repealed else "not-repealed"
    return "" if row["joined"] else "not-joined"


def no_newer(connection: Connection, row: Row, _at_ms: int) -> str:
    """No version behind the one under review, and behind the one that is joined, is on record."""
    newest = newest_version(connection, row["text"])
    return "" if newest > (row["joined"] or row["text_version"]) else "no-newer"


def no_opinion(_connection: Connection, row: Row, _at_ms: int) -> str:
    """No opinion in writing was sent: the maker amended its text after a talk."""
    return "" if row["opinion"] else "no-opinion"


def opinion_sent(_connection: Connection, row: Row, _at_ms: int) -> str:
    """An opinion in writing was sent, and the maker answers that."""
    return "opinion-sent" if row["opinion"] else ""


def term_runs(connection: Connection, row: Row, at_ms: int) -> str:
    """The maker still has time."""
    if row["state"] not in ("opined", "ordered"):
        return ""
    term = DEADLINE.c
    query = sa.select(term.id).where(
        term.platform == "documents",
        term.kind == KIND,
        term.subject == str(row["id"]),
        term.permission == str(DocumentsPermission.FILE),
        term.state.in_(OPEN),
        term.due_ms >= at_ms,
    )
    return "" if connection.scalar(query.limit(1)) is None else "term-runs"


def not_over(_connection: Connection, row: Row, at_ms: int) -> str:
    """The day promised is to come, or today."""
    return "not-over" if row["promised_day"].isoformat() >= day_of(at_ms) else ""


def nobody_asked(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Nobody waits for what came of it."""
    return "" if asked_for(row) else "nobody-asked"


def not_fed_back(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Somebody asked for the review, and does not know what came of it: 立法法 113."""
    return "not-fed-back" if asked_for(row) and row["state"] != "fed-back" else ""


def still_holds(connection: Connection, row: Row, _at_ms: int) -> str:
    """The text was annulled, and on record it still holds."""
    if row["result"] != "annul":
        return ""
    kept = texts.one(connection, row["text"])
    return "" if kept and kept.repealed else "not-repealed"


def asked_for(row: Row) -> bool:
    """Whether somebody outside asked for the review."""
    return bool(row["asked_by"] or row["origin"] or row["mode"] not in OWN_MOTION)


def to_come(field: str) -> Callable[[Connection, Row, Given], None]:
    """Work of a step by which a day is promised or asked for: it lies behind the day of the step,
    within a year. From the first letter or talk on the maker sees the review.
    """

    def check(connection: Connection, before: Row, given: Given) -> None:
        since, until = (date.fromisoformat(given[of]) for of in ("day", field))
        if not since < until <= since + timedelta(days=CORRECT_DAYS_MOST):
            raise DayOver(field)
        maker_knows(connection, before, given)

    return check


def maker_knows(connection: Connection, before: Row, given: Given) -> None:
    """From the first letter or talk on the maker sees the review."""
    if before["maker_day"] is None:
        _set(connection, before, maker_day=date.fromisoformat(given["day"]))


def amended(connection: Connection, before: Row, _given: Given) -> None:
    """The newest version behind the one under review is joined where it is on record."""
    newest = newest_version(connection, before["text"])
    joined = newest if newest > before["text_version"] else None
    _set(connection, before, way="amended", joined=joined)


def repealed(connection: Connection, before: Row, _given: Given) -> None:
    """The maker says that the text holds no more."""
    _set(connection, before, way="repealed", joined=None)


def insufficient(connection: Connection, before: Row, _given: Given) -> None:
    """Counts as not handled."""
    _set(connection, before, way=None, joined=None)


def join_newest(connection: Connection, before: Row, _given: Given) -> None:
    """Hold the points against the newest version."""
    _set(connection, before, joined=newest_version(connection, before["text"]))


def undone_with_row(_connection: Connection, _before: Row, _given: Given) -> None:
    """All that was done stands in the row, which is as before."""


def not_before_opinion(connection: Connection, row: Row, _at_ms: int) -> str:
    """Points are raised, and committees asked, before the opinion is sent."""
    from_states = STAGES["running"]
    review = _review(connection, row["review"])
    return "" if review["state"] in from_states else "late"


def too_many(connection: Connection, row: Row, at_ms: int) -> str:
    """A review has so many points at most."""
    query = sa.select(sa.func.count()).where(POINT.c.review == row["review"])
    many = (connection.scalar(query) or 0) > MOST_POINTS
    return "many" if many else not_before_opinion(connection, row, at_ms)


def constitutional(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Whether something is constitutional is not decided here: it is passed up."""
    return "constitution" if row["test"] == "constitution" else ""


def decided_here(_connection: Connection, row: Row, _at_ms: int) -> str:
    """Points of other tests are decided here."""
    return "" if row["test"] == "constitution" else "not-constitution"


def nothing_joined(connection: Connection, row: Row, _at_ms: int) -> str:
    """There is no later version in which the point could be corrected."""
    review = _review(connection, row["review"])
    return "" if review["joined"] or review["way"] == "repealed" else "not-joined"


def newest_version(connection: Connection, text: int) -> int:
    """The number of a text's newest version, 0 where there is no such text."""
    kept = texts.one(connection, text)
    return kept.version if kept else 0


def _review(connection: Connection, review: int) -> Row:
    query = sa.select(REVIEW).where(_AT.id == review)
    return dict(connection.execute(query).mappings().one())


def _set(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(sa.update(REVIEW).where(_AT.id == row["id"]).values(values))
