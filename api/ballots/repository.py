"""Rows of polls, of named answers and of anonymous ballots."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.repositories.people import holds_on
from api.accounts.repositories.units import below
from api.ballots.answers import decoded, encoded
from api.ballots.box import random_key, shuffled
from api.ballots.questions import Answers, Form, Values
from api.ballots.records import Poll, PollState, Response
from api.ballots.tables import ANSWER, BOX, DRAFT, POLL, RESPONSE, VOTER
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT

NOT_YET = "0000-00-00"
"""The day of whoever has not answered: as long as any other, so that a row never moves."""


def add(connection: Connection, poll: Poll) -> int:
    """Write a draft; its id. A new series has the number of its first poll."""
    values = _values(poll) | {"token": secrets.token_urlsafe(16)}
    made = connection.execute(sa.insert(POLL).values(values))
    (poll_id,) = made.inserted_primary_key or (0,)
    if not poll.series:
        own = POLL.c.id == poll_id
        connection.execute(sa.update(POLL).where(own).values(series=poll_id))
    return int(poll_id)


def save(connection: Connection, poll: Poll) -> bool:
    """Write a draft's other values; False where it is no draft any more."""
    own = sa.and_(POLL.c.id == poll.id, POLL.c.state == "draft")
    return bool(connection.execute(sa.update(POLL).where(own).values(_values(poll))).rowcount)


def move(
    connection: Connection, poll_id: int, state: PollState, to: PollState, **values: int
) -> bool:
    """Move a poll to another state; False where it is not in the first."""
    own = sa.and_(POLL.c.id == poll_id, POLL.c.state == state)
    return bool(connection.execute(sa.update(POLL).where(own).values(state=to, **values)).rowcount)


def one(connection: Connection, poll_id: int) -> Poll | None:
    """A poll."""
    row = connection.execute(sa.select(POLL).where(POLL.c.id == poll_id)).mappings().first()
    return _poll(row) if row else None


def by_token(connection: Connection, token: str) -> Poll | None:
    """The poll for the public whose address ends so."""
    own = sa.and_(POLL.c.token == token, POLL.c.audience == "public", POLL.c.state != "draft")
    row = connection.execute(sa.select(POLL).where(own)).mappings().first()
    return _poll(row) if row else None


def some(connection: Connection, poll_ids: Collection[int]) -> Mapping[int, Poll]:
    """Polls by id."""
    query = sa.select(POLL).where(POLL.c.id.in_(poll_ids))
    return {row["id"]: _poll(row) for row in connection.execute(query).mappings()}


def latest_version(connection: Connection, series: int) -> int:
    """The highest version of a series; 0: there is none."""
    query = sa.select(sa.func.max(POLL.c.version)).where(POLL.c.series == series)
    return connection.scalar(query) or 0


def of_series(connection: Connection, series: int) -> list[int]:
    """Every version of a poll."""
    query = sa.select(POLL.c.id).where(POLL.c.series == series)
    return list(connection.scalars(query.order_by(POLL.c.version)))


def _values(poll: Poll) -> dict[str, object]:
    return {
        "series": poll.series,
        "version": poll.version,
        "state": poll.state,
        "design": poll.design,
        "audience": poll.audience,
        "units": json.dumps(poll.units),
        "last_day": poll.last_day,
        "form": msgspec.json.encode(poll.form).decode(),
        "asked": poll.asked,
        "answered": poll.answered,
    }


def _poll(row: Mapping[Any, Any]) -> Poll:
    values = {name: row[name] for name in row}
    values["units"] = tuple(json.loads(row["units"]))
    values["form"] = msgspec.json.decode(row["form"], type=Form)
    return Poll(**values)


# Who is asked, and who has answered.


def people_of(connection: Connection, role: str, units: Sequence[str], day: str) -> list[str]:
    """Who holds a role on a day and belongs to one of the units or one below them; no units: of
    all.
    """
    holds = sa.select(ROLE_GRANT.c.username).where(
        ROLE_GRANT.c.role == role, holds_on(ROLE_GRANT, day)
    )
    query = sa.select(ACCOUNT.c.username).where(ACCOUNT.c.disabled_ms.is_(None))
    query = query.where(ACCOUNT.c.username.in_(holds))
    if units:
        belongs = sa.select(MEMBERSHIP.c.username).where(
            MEMBERSHIP.c.unit.in_(below(tuple(units))), holds_on(MEMBERSHIP, day)
        )
        query = query.where(ACCOUNT.c.username.in_(belongs))
    return list(connection.scalars(query.order_by(ACCOUNT.c.username)))


def ask(connection: Connection, poll_id: int, voters: Iterable[str]) -> None:
    """Write who may answer."""
    rows = [{"poll": poll_id, "voter": of, "day": NOT_YET} for of in voters]
    if rows:
        connection.execute(sa.insert(VOTER), rows)


def day_of_voter(connection: Connection, poll_id: int, voter: str) -> str | None:
    """On which day somebody answered, ``NOT_YET``, or None: was not asked."""
    own = sa.and_(VOTER.c.poll == poll_id, VOTER.c.voter == voter)
    return connection.scalar(sa.select(VOTER.c.day).where(own))


def mark(connection: Connection, poll_id: int, voter: str, day: str) -> bool:
    """Write that somebody has answered; False where they had, or were not asked."""
    own = sa.and_(VOTER.c.poll == poll_id, VOTER.c.voter == voter, VOTER.c.day == NOT_YET)
    return bool(connection.execute(sa.update(VOTER).where(own).values(day=day)).rowcount)


def counts(connection: Connection, poll_id: int) -> tuple[int, int]:
    """How many people are asked, and how many of them have answered."""
    answered = sa.func.sum(sa.case((VOTER.c.day == NOT_YET, 0), else_=1))
    query = sa.select(sa.func.count(), answered).where(VOTER.c.poll == poll_id)
    asked, done = connection.execute(query).one()
    return int(asked), int(done or 0)


def asked_of(connection: Connection, voter: str, most: int) -> list[tuple[Poll, str]]:
    """The polls that somebody is asked, with the day on which they answered; the newest first."""
    query = sa.select(POLL, VOTER.c.day).join(VOTER, VOTER.c.poll == POLL.c.id)
    query = query.where(VOTER.c.voter == voter, POLL.c.state != "draft")
    rows = connection.execute(query.order_by(POLL.c.id.desc()).limit(most)).mappings()
    return [(_poll({c.name: row[c.name] for c in POLL.c}), row["day"]) for row in rows]


def silent(connection: Connection, poll_id: int) -> list[str]:
    """Who was asked and has not answered."""
    own = sa.and_(VOTER.c.poll == poll_id, VOTER.c.day == NOT_YET)
    return list(connection.scalars(sa.select(VOTER.c.voter).where(own)))


# Named answers.


def respond(connection: Connection, poll_id: int, response: Response, on_behalf: str) -> None:
    """Keep the answers of somebody beside those before."""
    values = {
        "poll": poll_id,
        "username": response.username,
        "on_behalf": on_behalf,
        "signed": response.signed,
        "number": response.number,
        "at_ms": response.at_ms,
        "answers": encoded(response.answers).decode(),
    }
    connection.execute(sa.insert(RESPONSE).values(values))


def keep_draft(connection: Connection, poll_id: int, username: str, answers: Answers) -> None:
    """Keep named answers that are half done, instead of those before."""
    forget_draft(connection, poll_id, username)
    values = {"poll": poll_id, "username": username, "answers": encoded(answers).decode()}
    connection.execute(sa.insert(DRAFT).values(values))


def forget_draft(connection: Connection, poll_id: int, username: str) -> None:
    """They were given."""
    own = sa.and_(DRAFT.c.poll == poll_id, DRAFT.c.username == username)
    connection.execute(sa.delete(DRAFT).where(own))


def draft(connection: Connection, poll_id: int, username: str) -> Answers | None:
    """Named answers that are half done."""
    own = sa.and_(DRAFT.c.poll == poll_id, DRAFT.c.username == username)
    body: str | None = connection.scalar(sa.select(DRAFT.c.answers).where(own))
    return None if body is None else decoded(body.encode())


def response(connection: Connection, poll_id: int, username: str) -> Response | None:
    """The answers of somebody as they stand."""
    own = sa.and_(RESPONSE.c.poll == poll_id, RESPONSE.c.username == username)
    query = sa.select(RESPONSE).where(own).order_by(RESPONSE.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return _response(row) if row else None


def responses(connection: Connection, poll_id: int) -> list[Response]:
    """The answers of everybody as they stand, by username."""
    at, later = RESPONSE.c, RESPONSE.alias().c
    last = sa.select(sa.func.max(later.number)).where(
        later.poll == at.poll, later.username == at.username
    )
    query = sa.select(RESPONSE).where(at.poll == poll_id, at.number == last.scalar_subquery())
    rows = connection.execute(query.order_by(at.username)).mappings()
    return [_response(row) for row in rows]


def _response(row: Mapping[Any, Any]) -> Response:
    answers = decoded(row["answers"].encode())
    return Response(row["username"], row["signed"], row["number"], row["at_ms"], answers)


# Anonymous ballots.


@contextmanager
def erasing(connection: Connection) -> Iterator[None]:
    """Bytes that are deleted or moved within SQLite's file are overwritten with zeros."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("pragma secure_delete").scalar_one()
    connection.exec_driver_sql("pragma secure_delete=on").fetchall()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"pragma secure_delete={int(before)}").fetchall()


def put_box(connection: Connection, poll_id: int, sealed: bytes) -> None:
    """Write a box for the first time."""
    connection.execute(sa.insert(BOX).values(poll=poll_id, sealed=sealed))


def box(connection: Connection, poll_id: int) -> bytes:
    """The sealed box of a poll."""
    found: bytes = connection.execute(
        sa.select(BOX.c.sealed).where(BOX.c.poll == poll_id)
    ).scalar_one()
    return found


def change_box(connection: Connection, poll_id: int, sealed: bytes) -> None:
    """Write a box anew."""
    connection.execute(sa.update(BOX).where(BOX.c.poll == poll_id).values(sealed=sealed))


def write(connection: Connection, poll_id: int, ballots: Sequence[Answers]) -> None:
    """Write ballots, the answers to each question by themselves and in an order of their own."""
    by_question: dict[str, list[bytes]] = defaultdict(list)
    for ballot in ballots:
        for question, values in ballot.items():
            by_question[question].append(msgspec.json.encode(values))
    rows = [
        _row(poll_id, question, answer)
        for question, answers in by_question.items()
        for answer in shuffled(answers)
    ]
    if rows:
        connection.execute(sa.insert(ANSWER), rows)


def _row(poll_id: int, question: str, answer: bytes) -> dict[str, object]:
    values = {"poll": poll_id, "question": question, "answer": answer.decode()}
    return values | {"random_key": random_key()}


def has_written(connection: Connection, poll_id: int) -> bool:
    """Whether any ballots of a poll are written."""
    query = sa.select(ANSWER.c.poll).where(ANSWER.c.poll == poll_id).limit(1)
    return connection.execute(query).first() is not None


def keys(connection: Connection, poll_id: int) -> list[tuple[str, str]]:
    """Question and key of every answer of a poll."""
    query = sa.select(ANSWER.c.question, ANSWER.c.random_key).where(ANSWER.c.poll == poll_id)
    return [(question, key) for question, key in connection.execute(query)]


def write_anew(connection: Connection, poll_id: int, old_keys: Sequence[tuple[str, str]]) -> None:
    """Write answers once more under other keys, in another order: then the file shows no more
    which of them were written at the same time.
    """
    by_question: dict[str, list[str]] = defaultdict(list)
    for question, key in old_keys:
        by_question[question].append(key)
    rows = []
    for question, chosen in by_question.items():
        own = sa.and_(
            ANSWER.c.poll == poll_id,
            ANSWER.c.question == question,
            ANSWER.c.random_key.in_(chosen),
        )
        answers = connection.scalars(sa.select(ANSWER.c.answer).where(own)).all()
        connection.execute(sa.delete(ANSWER).where(own))
        rows += [_row(poll_id, question, answer.encode()) for answer in shuffled(answers)]
    if rows:
        connection.execute(sa.insert(ANSWER), rows)


def written(connection: Connection, poll_id: int) -> Mapping[str, Sequence[Values]]:
    """By question every answer of an anonymous poll, in no order."""
    found: dict[str, list[Values]] = defaultdict(list)
    query = sa.select(ANSWER.c.question, ANSWER.c.answer).where(ANSWER.c.poll == poll_id)
    for question, answer in connection.execute(query.order_by(ANSWER.c.random_key)):
        found[question].append(msgspec.json.decode(answer.encode(), type=tuple[str, ...]))
    return found
