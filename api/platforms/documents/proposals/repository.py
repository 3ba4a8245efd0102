"""Proposals and identities in the state database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals.records import (
    CLOSED,
    KIND,
    MOST_FOUND,
    Asked,
    Counted,
    Identity,
    Line,
    NotLinked,
    Offered,
)
from api.platforms.documents.proposals.tables import IDENTITY, MARKS, PROPOSAL
from api.platforms.documents.reviews.records import DECIDED, OVER
from api.platforms.documents.reviews.tables import POINT, REVIEW
from api.platforms.documents.texts.tables import TEXT
from api.procedures.procedure import Given, Row
from api.procedures.tables import EVENT
from api.web.forms import MOST_ID

_AT = PROPOSAL.c
_COLUMNS = (
    *(_AT.id, _AT.number, _AT.state, _AT.kind, _AT.proposer, _AT.way),
    *(_AT.document, _AT.received_day, _AT.result),
)


def by_number(connection: Connection, number: str) -> Row | None:
    """The proposal of a number."""
    found = connection.execute(sa.select(PROPOSAL).where(_AT.number == number))
    row = found.mappings().first()
    return dict(row) if row else None


def check_linked(connection: Connection, _before: Row, given: Given) -> None:
    """Whether the review is one of the text, and runs.

    Raises:
        NotLinked
    """
    at = REVIEW.c
    query = sa.select(at.id).where(
        at.id == number_of(given["review"]),
        at.text == number_of(given["text"]),
        at.state.not_in(OVER),
    )
    if connection.scalar(query) is None:
        raise NotLinked("review: give the id of a review of this text that runs")


def review_runs(connection: Connection, row: Row, _at_ms: int) -> str:
    """A reply waits for the review: its end may have been taken back."""
    query = sa.select(REVIEW.c.state).where(REVIEW.c.id == number_of(row["review"]))
    return "" if connection.scalar(query) in OVER else "review-runs"


def number_of(said: str) -> int:
    """An id as somebody wrote it; 0, which no row has, where it is none."""
    known = said.isascii() and said.isdecimal() and len(said) <= len(str(MOST_ID))
    return int(said) if known and int(said) <= MOST_ID else 0


def reviewed(connection: Connection) -> Sequence[int]:
    """Proposals whose review is over, by id."""
    review = sa.cast(REVIEW.c.id, sa.String(10))
    query = sa.select(_AT.id).join(REVIEW, _AT.review == review)
    query = query.where(_AT.state == "reviewing", REVIEW.c.state.in_(OVER))
    return list(connection.scalars(query.order_by(_AT.id)))


def of_review(connection: Connection, review: int) -> Sequence[Row]:
    """Proposals and demands that a review answers, the first one first."""
    query = sa.select(PROPOSAL).where(_AT.review == str(review)).order_by(_AT.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def answered(connection: Connection) -> Sequence[int]:
    """Reviews that began with a proposal, are over and not fed back, and of whose proposals one is
    answered and none is open, by id.
    """
    at, other = REVIEW.c, PROPOSAL.alias().c
    review = sa.cast(at.id, sa.String(10))
    still = sa.select(other.id).where(other.review == review, other.state.not_in(CLOSED))
    query = (
        sa.select(at.id)
        .join(PROPOSAL, _AT.review == review)
        .where(
            at.state.in_(DECIDED),
            at.origin.startswith(f"documents/{KIND}/"),
            _AT.state == "answered",
            ~still.correlate(REVIEW).exists(),
        )
    )
    return sorted(set(connection.scalars(query)))


def review_of(connection: Connection, row: Row) -> Row | None:
    """The review that a proposal opened or joined."""
    query = sa.select(REVIEW).where(REVIEW.c.id == number_of(row["review"] or ""))
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def passed_up(connection: Connection, row: Row) -> bool:
    """Whether a question of the constitution was passed up in the review of a proposal."""
    at = POINT.c
    mine = (at.review == number_of(row["review"] or ""), at.addressee.is_not(None))
    return connection.scalar(sa.select(at.id).where(*mine).limit(1)) is not None


def running_review(connection: Connection, text: int) -> int | None:
    """The review of a text whose result is still to come."""
    at = REVIEW.c
    query = sa.select(at.id).where(at.text == text, at.state.not_in(OVER)).order_by(at.id.desc())
    found: int | None = connection.scalar(query.limit(1))
    return found


def published(connection: Connection, q: str, day: str) -> Sequence[Offered]:
    """Texts that were published until a day, with a part of the title or the 文号, the newest
    publication first; nothing without a part.
    """
    if not q:
        return ()
    at = TEXT.c
    said = (column.contains(q, autoescape=True) for column in (at.title, at.number))
    query = _published(day).where(sa.or_(*said)).order_by(at.published.desc(), at.id.desc())
    return [_offered(row) for row in connection.execute(query.limit(MOST_FOUND))]


def offered(connection: Connection, text: int, day: str) -> Offered | None:
    """A text that was published until a day."""
    row = connection.execute(_published(day).where(TEXT.c.id == text)).first()
    return _offered(row) if row else None


def put_identity(connection: Connection, proposal: int, identity: Identity) -> None:
    """Keep who wrote a proposal."""
    values = {
        "name": identity.name,
        "contact": identity.contact,
        "organisation": identity.organisation,
    }
    connection.execute(sa.insert(IDENTITY).values(proposal=proposal, **values))


def identity(connection: Connection, proposal: int) -> Identity:
    """Who wrote a proposal; empty where nobody said, or it was removed."""
    at = IDENTITY.c
    query = sa.select(at.name, at.contact, at.organisation).where(at.proposal == proposal)
    found = connection.execute(query).first()
    return Identity(*found) if found else Identity()


def forget_before(connection: Connection, before_ms: int, most: int) -> Sequence[int]:
    """Remove identities of proposals that ended before an instant; of which proposals."""
    last = sa.and_(
        EVENT.c.platform == "documents",
        EVENT.c.kind == KIND,
        EVENT.c.item == sa.cast(_AT.id, sa.String(100)),
        EVENT.c.number == _AT.version,
    )
    query = sa.select(IDENTITY.c.proposal).join(PROPOSAL, _AT.id == IDENTITY.c.proposal)
    query = query.join(EVENT, last).where(_AT.state.in_(CLOSED), EVENT.c.at_ms < before_ms)
    found = list(connection.scalars(query.order_by(_AT.id).limit(most)))
    connection.execute(sa.delete(IDENTITY).where(IDENTITY.c.proposal.in_(found)))
    return found


def listed(
    connection: Connection, account: Account, asked: Asked, most: int, *, before: int = 0
) -> Sequence[Line]:
    """Proposals that an account sees, the newest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(account, asked))
    if before:
        query = query.where(_AT.id < before)
    found = connection.execute(query.order_by(_AT.id.desc()).limit(most))
    return [Line(*row) for row in found]


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(PROPOSAL).where(*_conditions(account, asked))
    return connection.scalar(query) or 0


def counted(connection: Connection, account: Account, asked: Asked) -> Sequence[Counted]:
    """How many there are of each kind, proposer and state."""
    query = sa.select(_AT.kind, _AT.proposer, _AT.state, sa.func.count())
    query = query.where(*_conditions(account, asked)).group_by(_AT.kind, _AT.proposer, _AT.state)
    return [Counted(*row) for row in connection.execute(query)]


def _published(day: str) -> sa.Select[Any]:
    at = TEXT.c
    query = sa.select(at.id, at.title, at.number, at.published)
    return query.where(at.published.is_not(None), at.published <= day)


def _offered(row: sa.Row[Any]) -> Offered:
    return Offered(row.id, row.title, " · ".join(filter(None, (row.number, row.published))))


def _conditions(account: Account, asked: Asked) -> Collection[sa.ColumnElement[bool]]:
    return list(_asked(account, asked))


def _asked(account: Account, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield visible(account, DocumentsPermission.HANDLE_PROPOSALS, MARKS)
    shown: dict[str, sa.ColumnElement[Any]] = {
        "open": _AT.state.not_in(CLOSED),
        "closed": _AT.state.in_(CLOSED),
        "all": sa.true(),
    }
    yield shown[asked.show]
    if asked.kind:
        yield _AT.kind == asked.kind
    if asked.by:
        yield _AT.proposer == asked.by
    if asked.state:
        yield _AT.state == asked.state
    if asked.text:
        yield _AT.text == str(asked.text)
    if asked.year:
        yield _AT.received_day.between(date(asked.year, 1, 1), date(asked.year, 12, 31))
