"""Terms and deputies in the state database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.duty.deputies.records import CongressTerm, Deputy, Entered, drawn_code
from api.platforms.duty.deputies.tables import DEPUTY, TERM


def terms(connection: Connection) -> Sequence[CongressTerm]:
    """Every term, the last one first."""
    query = sa.select(TERM).order_by(TERM.c.number.desc())
    return [
        CongressTerm(row.number, row.from_day, row.until_day) for row in connection.execute(query)
    ]


def term_on(connection: Connection, day: date) -> int | None:
    """The number of the term of a day; before the first one has begun none."""
    query = sa.select(sa.func.max(TERM.c.number)).where(TERM.c.from_day <= day)
    return connection.execute(query).scalar()


def put_term(connection: Connection, term: CongressTerm) -> None:
    """Write a term, or other days of one."""
    same = TERM.c.number == term.number
    days = {"from_day": term.from_day, "until_day": term.until_day}
    if connection.execute(sa.update(TERM).where(same).values(days)).rowcount == 0:
        connection.execute(sa.insert(TERM).values(number=term.number, **days))


def of_term(connection: Connection, term: int) -> Sequence[Deputy]:
    """The deputies of a term, in the order of the office's list."""
    query = sa.select(DEPUTY).where(DEPUTY.c.term == term)
    found = connection.execute(query.order_by(DEPUTY.c.position, DEPUTY.c.id))
    return [_deputy(row) for row in found]


def deputy(connection: Connection, deputy_id: int) -> Deputy | None:
    """A deputy of a term, by id."""
    return _first(connection, DEPUTY.c.id == deputy_id)


def by_code(connection: Connection, code: str) -> Deputy | None:
    """A deputy of a term, by the code that voters have."""
    return _first(connection, DEPUTY.c.code == code)


def of_person(connection: Connection, username: str, term: int) -> Deputy | None:
    """A person as a deputy of a term."""
    return _first(connection, sa.and_(DEPUTY.c.username == username, DEPUTY.c.term == term))


def last_of_person(connection: Connection, username: str) -> Deputy | None:
    """A person as a deputy of the last term in which they were one."""
    return _first(connection, DEPUTY.c.username == username)


def certificates(connection: Connection, term: int) -> Mapping[str, str]:
    """Who has which certificate in a term: usernames by its number."""
    query = sa.select(DEPUTY.c.certificate, DEPUTY.c.username)
    query = query.where(DEPUTY.c.term == term, DEPUTY.c.certificate.is_not(None))
    return {row.certificate: row.username for row in connection.execute(query)}


def not_in_later_terms(connection: Connection, term: int) -> Sequence[str]:
    """Usernames of the deputies of a term whom no later one has."""
    at = DEPUTY.c
    later = sa.select(at.username).where(at.term > term)
    query = sa.select(at.username).where(at.term == term, at.username.not_in(later))
    return list(connection.scalars(query.order_by(at.position, at.id)))


def put(connection: Connection, term: int, entered: Collection[Entered]) -> None:
    """Write deputies of a term, or what is said of them now. Each keeps the code and position."""
    at = DEPUTY.c
    known = set(connection.scalars(sa.select(at.username).where(at.term == term)))
    last = connection.execute(sa.select(sa.func.max(at.position)).where(at.term == term)).scalar()
    position = last or 0
    rows = []
    for of in entered:
        values = {
            "delegation": of.delegation,
            "constituency": of.constituency,
            "certificate": of.certificate or None,
            "sector": of.sector,
            "gender": of.gender,
            "education": of.education,
        }
        if of.username in known:
            same = sa.and_(at.term == term, at.username == of.username)
            connection.execute(sa.update(DEPUTY).where(same).values(values))
            continue
        position += 1
        own = {"term": term, "username": of.username, "position": position, "code": drawn_code()}
        rows.append(own | values)
    if rows:
        connection.execute(sa.insert(DEPUTY), rows)


def _first(connection: Connection, condition: sa.ColumnElement[bool]) -> Deputy | None:
    query = sa.select(DEPUTY).where(condition).order_by(DEPUTY.c.term.desc()).limit(1)
    row = connection.execute(query).first()
    return _deputy(row) if row else None


def _deputy(row: Row[Any]) -> Deputy:
    return Deputy(
        row.id,
        row.term,
        row.username,
        row.delegation,
        row.constituency,
        row.certificate or "",
        row.sector,
        row.gender,
        row.education,
        row.code,
    )
