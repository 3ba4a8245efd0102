"""Occasions, seats and comments in the state database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.meetings.tables import CHECK_IN, INVITATION
from api.platforms.judicial.hearings.records import (
    A_PAGE,
    HOLDS,
    Asked,
    Candidate,
    Comment,
    Listed,
    Seat,
)
from api.platforms.judicial.hearings.tables import (
    ATTENDANCE,
    COMMENT,
    COMMENTED,
    HEARING,
    MARKS,
    SEAT,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Given, Row
from config.vocabulary.time import day_of

MOST = 200
_WAITS = ("proposed", "asked", "waiting")
_SETTLED = ("held", "decided", "cancelled")


def one(connection: Connection, hearing: int) -> Row:
    """An occasion, whoever asks."""
    query = sa.select(HEARING).where(HEARING.c.id == hearing)
    return dict(connection.execute(query).mappings().one())


def listed(connection: Connection, account: Account, asked: Asked) -> Listed:
    """A page of the occasions that an account sees, those to come latest first."""
    conditions = [visible(account, JudicialPermission.SEE, MARKS)]
    if asked.show:
        conditions.append(HEARING.c.state == asked.show)
    query = sa.select(HEARING).where(*conditions).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    found = connection.execute(query.order_by(HEARING.c.from_ms.desc(), HEARING.c.id.desc()))
    count = sa.select(sa.func.count()).select_from(HEARING).where(*conditions)
    return Listed([dict(row) for row in found.mappings()], connection.scalar(count) or 0)


def announced(connection: Connection, account: Account) -> int:
    """How many occasions an account may ask a seat of and has not asked yet."""
    mine = sa.select(SEAT.c.hearing).where(SEAT.c.username == account.username)
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(sa.func.count()).select_from(HEARING)
    query = query.where(seen, HEARING.c.state == "announced", HEARING.c.id.not_in(mine))
    return connection.scalar(query) or 0


def seats(connection: Connection, hearing: int) -> Sequence[Seat]:
    """Everybody at an occasion, in the order where there is one, then as they came."""
    query = sa.select(SEAT).where(SEAT.c.hearing == hearing)
    query = query.order_by(sa.func.coalesce(SEAT.c.turn, 1_000_000), SEAT.c.id)
    return [_seat(row) for row in connection.execute(query)]


def _seat(row: sa.Row[Any]) -> Seat:
    return Seat(
        id=row.id,
        state=row.state,
        username=row.username,
        batch=row.batch,
        turn=row.turn,
        had=row.had or 0,
        last_day=row.last_day.isoformat() if row.last_day else "",
    )


def own_seat(connection: Connection, hearing: int, username: str) -> Seat | None:
    """The seat of a person, in whatever state."""
    query = sa.select(SEAT).where(SEAT.c.hearing == hearing, SEAT.c.username == username)
    found = connection.execute(query).first()
    return _seat(found) if found else None


def own_seats(
    connection: Connection, username: str, hearings: Collection[int]
) -> Mapping[int, str]:
    """The states of a person's seats at some occasions."""
    query = sa.select(SEAT.c.hearing, SEAT.c.state).where(
        SEAT.c.username == username, SEAT.c.hearing.in_(hearings)
    )
    return {row.hearing: row.state for row in connection.execute(query)}


def candidates(
    connection: Connection, hearing: int, usernames: Collection[str]
) -> Mapping[str, Candidate]:
    """The seats that people had before at other occasions that were not cancelled."""
    query = (
        sa.select(
            SEAT.c.username,
            sa.func.count().label("had"),
            sa.func.max(HEARING.c.from_ms).label("last_ms"),
        )
        .join(HEARING, HEARING.c.id == SEAT.c.hearing)
        .where(
            SEAT.c.username.in_(list(usernames)),
            SEAT.c.state.in_(HOLDS),
            SEAT.c.hearing != hearing,
            HEARING.c.state.in_(("allotted", "held", "decided")),
        )
        .group_by(SEAT.c.username)
    )
    found = {
        row.username: Candidate(row.username, row.had, day_of(row.last_ms))
        for row in connection.execute(query)
    }
    return {name: found.get(name, Candidate(name, 0, "")) for name in usernames}


def write_turn(connection: Connection, before: Row, given: Given) -> None:
    """Keep a seat's turn in the order, with the reasons for it."""
    last = date.fromisoformat(given["last"]) if "last" in given else None
    values = {name: int(given[name]) for name in ("batch", "turn", "had")}
    change = sa.update(SEAT).where(SEAT.c.id == before["id"])
    connection.execute(change.values(last_day=last, **values))


def concerned(connection: Connection, row: Row) -> Collection[str]:
    """Everybody who has a seat at an occasion or waits for one."""
    return _usernames(connection, row["id"], (*_WAITS, *HOLDS))


def holders(connection: Connection, row: Row) -> Collection[str]:
    """Everybody who has a seat at an occasion."""
    return _usernames(connection, row["id"], HOLDS)


def _usernames(connection: Connection, hearing: int, states: Iterable[str]) -> Collection[str]:
    query = sa.select(SEAT.c.username).where(
        SEAT.c.hearing == hearing, SEAT.c.state.in_(list(states))
    )
    return list(connection.scalars(query))


def unsettled(connection: Connection, at_ms: int, lasts_ms: int) -> Sequence[int]:
    """Occasions at which the centre has something to do: they are over, seats were allotted and
    somebody asks, or nothing follows for those who still wait.
    """
    at = HEARING.c
    ends = sa.func.coalesce(at.until_ms, at.from_ms + lasts_ms)
    over = sa.and_(at.state.in_(("announced", "allotted")), ends <= at_ms)
    asks = sa.select(SEAT.c.id).where(SEAT.c.hearing == at.id)
    new = sa.and_(at.state == "allotted", asks.where(SEAT.c.state.in_(_WAITS)).exists())
    left = sa.and_(at.state.in_(_SETTLED), asks.where(SEAT.c.state.in_(_WAITS)).exists())
    kept = sa.and_(at.state == "cancelled", asks.where(SEAT.c.state.in_(HOLDS)).exists())
    query = sa.select(at.id).where(sa.or_(over, new, left, kept)).order_by(at.id)
    return list(connection.scalars(query))


def meeting_at(connection: Connection, hearing: int) -> int | None:
    """The meeting by which people sign in to an occasion."""
    query = sa.select(ATTENDANCE.c.meeting).where(ATTENDANCE.c.hearing == hearing)
    return connection.scalar(query)


def hearing_of_invitation(connection: Connection, invitation: int) -> int | None:
    """The occasion to which an invitation belongs."""
    query = sa.select(ATTENDANCE.c.hearing).join(
        INVITATION, INVITATION.c.meeting == ATTENDANCE.c.meeting
    )
    return connection.scalar(query.where(INVITATION.c.id == invitation))


def keep_meeting(connection: Connection, hearing: int, meeting: int) -> None:
    """Note by which meeting people sign in."""
    connection.execute(sa.insert(ATTENDANCE).values(hearing=hearing, meeting=meeting))


def to_comment(connection: Connection, username: str) -> Sequence[Row]:
    """Occasions on which a person may comment and has not: those where the person signed in and of
    which the body noted what followed.
    """
    entry = CHECK_IN.alias()
    newest = sa.select(sa.func.max(entry.c.id)).where(entry.c.invitation == INVITATION.c.id)
    query = (
        sa.select(HEARING)
        .join(SEAT, SEAT.c.hearing == HEARING.c.id)
        .join(ATTENDANCE, ATTENDANCE.c.hearing == HEARING.c.id)
        .join(
            INVITATION,
            sa.and_(
                INVITATION.c.meeting == ATTENDANCE.c.meeting,
                INVITATION.c.username == SEAT.c.username,
            ),
        )
        .join(CHECK_IN, CHECK_IN.c.id == newest.scalar_subquery())
        .where(
            SEAT.c.username == username,
            SEAT.c.state.in_(HOLDS),
            HEARING.c.state == "decided",
            CHECK_IN.c.present,
            SEAT.c.id.not_in(sa.select(COMMENTED.c.seat)),
        )
        .order_by(HEARING.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def add_comment(
    connection: Connection, hearing: int, seat: int, comment_id: str, comment: Comment
) -> None:
    """Keep a comment, and apart from it that its author has commented."""
    row = {
        "id": comment_id,
        "hearing": hearing,
        "answers": json.dumps(dict(comment.answers)),
        "text": comment.text,
        "signed": comment.signed,
    }
    connection.execute(sa.insert(COMMENTED).values(seat=seat))
    connection.execute(sa.insert(COMMENT).values(row))


def commented(connection: Connection, seat: int) -> bool:
    """Whether the person of a seat has commented."""
    query = sa.select(COMMENTED.c.seat).where(COMMENTED.c.seat == seat)
    return connection.execute(query).first() is not None


def comments(connection: Connection, hearing: int) -> Sequence[Comment]:
    """The comments on an occasion, by their drawn ids."""
    query = sa.select(COMMENT).where(COMMENT.c.hearing == hearing).order_by(COMMENT.c.id)
    rows = connection.execute(query)
    return [Comment(json.loads(row.answers), row.text, row.signed) for row in rows]


def appointments(connection: Connection, username: str) -> Sequence[Row]:
    """Occasions at which a person has a seat, the latest first."""
    query = (
        sa.select(HEARING)
        .join(SEAT, SEAT.c.hearing == HEARING.c.id)
        .where(
            SEAT.c.username == username,
            SEAT.c.state.in_(HOLDS),
            HEARING.c.state.in_(("allotted", "held", "decided")),
        )
        .order_by(HEARING.c.from_ms.desc())
        .limit(MOST)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
