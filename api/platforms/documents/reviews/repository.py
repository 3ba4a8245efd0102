"""Reviews in the state database, and what stands against their steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import OPEN
from api.deadlines.tables import DEADLINE
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews.records import (
    A_PAGE,
    CONSULTATION_KIND,
    CORRECT_DAYS_MOST,
    KIND,
    MOST_POINTS,
    OWN_MOTION,
    STAGES,
    Asked,
    DayOver,
    Special,
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


def under_review(connection: Connection, text: int) -> int | None:
    """The review of a text that is not archived, by id."""
    query = sa.select(_AT.id).where(_AT.text == text, _AT.state != "archived")
    found: int | None = connection.scalar(query.order_by(_AT.id).limit(1))
    return found


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


def specials(connection: Connection) -> Mapping[int, str]:
    """The titles of special reviews, the newest first, 50 at most."""
    query = sa.select(SPECIAL.c.id, SPECIAL.c.title).order_by(SPECIAL.c.id.desc()).limit(50)
    return {row.id: row.title for row in connection.execute(query)}


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
    rows = connection.execute(query.limit(A_PAGE).offset((asked.page - 1) * A_PAGE))
    return [dict(row) for row in rows.mappings()], count or 0


def every(connection: Connection, account: Account, asked: Asked, most: int) -> Sequence[Row]:
    """All pages of a question."""
    query = sa.select(REVIEW).where(*_conditions(account, asked)).order_by(_AT.id.desc())
    return [dict(row) for row in connection.execute(query.limit(most)).mappings()]


def counted(connection: Connection, account: Account, asked: Asked) -> int:
    """How many reviews a question finds."""
    query = sa.select(sa.func.count()).select_from(REVIEW)
    return connection.scalar(query.where(*_conditions(account, asked))) or 0


def points_counted(
    connection: Connection, account: Account, year: int, condition: Collection[str] = ()
) -> Mapping[str, int]:
    """Points of the reviews of a year by test; ``condition`` are states, empty: every one."""
    query = sa.select(POINT.c.test, sa.func.count()).group_by(POINT.c.test)
    reviews = sa.select(_AT.id).where(*_conditions(account, Asked(year=year)))
    query = query.where(POINT.c.review.in_(reviews))
    if condition:
        query = query.where(POINT.c.state.in_(condition))
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def last_terms(connection: Connection, reviews: Collection[int]) -> Mapping[int, int]:
    """The open deadline of each review that is due first, by id."""
    at = DEADLINE.c
    query = sa.select(at.subject, at.id).where(
        at.platform == "documents",
        at.kind == KIND,
        at.subject.in_([str(of) for of in reviews]),
        at.state.in_(OPEN),
    )
    found: dict[int, int] = {}
    for row in connection.execute(query.order_by(at.due_ms)):
        found.setdefault(int(row.subject), row.id)
    return found


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
        begin, end = date(asked.year, 1, 1), date(asked.year, 12, 31)
        found.append(_AT.opened_day.between(begin, end))
    if asked.points:
        found.append(_AT.id.in_(_with_points(asked.points)))
    return found


def _with_points(state: str) -> sa.Select[Any]:
    query = sa.select(POINT.c.review)
    states = {"open": ("raised",), "passed-up": ("passed-up", "answered")}
    if state == "any":
        return query
    return query.where(POINT.c.state.in_(states.get(state, (state,))))


def _review(connection: Connection, review: int) -> Row:
    query = sa.select(REVIEW).where(_AT.id == review)
    return dict(connection.execute(query).mappings().one())


def _set(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(sa.update(REVIEW).where(_AT.id == row["id"]).values(values))
