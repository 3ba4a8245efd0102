"""Opinions and identities in the state database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.duty.deputies import repository as register
from api.platforms.duty.deputies.records import Deputy
from api.platforms.duty.opinions.records import (
    CLOSED,
    KIND,
    UNANSWERED,
    Asked,
    Identity,
    Line,
    NotColleague,
    NotLinked,
)
from api.platforms.duty.opinions.tables import IDENTITY, MARKS, OPINION
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import SUGGESTION
from api.procedures.procedure import Given, Row
from api.procedures.tables import EVENT
from config.vocabulary.time import day_of

_AT = OPINION.c
_COLUMNS = (
    *(_AT.id, _AT.state, _AT.deputy, _AT.way, _AT.title, _AT.location),
    *(_AT.received_day, _AT.number),
)


def in_term(connection: Connection, day: str) -> Sequence[Deputy]:
    """The deputies of the term that runs on a day, in the order of the office's list."""
    on = date.fromisoformat(day)
    number = register.term_on(connection, on)
    if number is None:
        return ()
    term = next(of for of in register.terms(connection) if of.number == number)
    over = term.until_day is not None and term.until_day < on
    return () if over else register.of_term(connection, number)


def colleagues(connection: Connection, username: str, day: str) -> Sequence[Deputy]:
    """The deputies to whom an opinion may go on: those of the same constituency; where there are
    none those of the same delegation, and else all of the term.
    """
    found = in_term(connection, day)
    of = register.last_of_person(connection, username)
    others = [one for one in found if one.username != username]
    same = [one for one in others if of and of.constituency == one.constituency != ""]
    near = [one for one in others if of and of.delegation == one.delegation]
    return same or near or others


def colleagues_for(connection: Connection, row: Row) -> Sequence[Deputy]:
    """The same of an opinion, on the day since which it waits for another deputy."""
    query = sa.select(sa.func.max(EVENT.c.at_ms)).where(*_events_of(str(row["id"])))
    return colleagues(connection, row["deputy"], day_of(connection.scalar(query) or 0))


def check_colleague(connection: Connection, before: Row, given: Given) -> None:
    """Whether the deputy may be given the opinion.

    Raises:
        NotColleague
    """
    known = [of.username for of in colleagues_for(connection, before)]
    if given["deputy"] not in known:
        raise NotColleague(f"deputy: give one of {known[:20]}")


def check_linked(connection: Connection, before: Row, given: Given) -> None:
    """Whether the suggestion was made of this opinion.

    Raises:
        NotLinked
    """
    at, said = SUGGESTION.c, given["suggestion"]
    known = said.isascii() and said.isdecimal()
    query = sa.select(at.source).where(at.id == int(said[:9]))
    if not known or connection.scalar(query) != source(before["id"]):
        raise NotLinked("suggestion: give the id of the one that was made of this opinion")


def source(opinion: int) -> str:
    """The source that a suggestion made of an opinion names."""
    return f"duty/{KIND}/{opinion}"


def by_code(connection: Connection, code_hash: str) -> Row | None:
    """The opinion of a receipt."""
    found = connection.execute(sa.select(OPINION).where(_AT.code_hash == code_hash))
    row = found.mappings().first()
    return dict(row) if row else None


def put_identity(connection: Connection, opinion: int, identity: Identity) -> None:
    """Keep who wrote an opinion."""
    values = {
        "name": identity.name,
        "phone": identity.phone,
        "for_office": identity.for_office,
    }
    connection.execute(sa.insert(IDENTITY).values(opinion=opinion, **values))


def identity(connection: Connection, opinion: int) -> Identity:
    """The voter who wrote an opinion; empty where nobody said, or it was removed."""
    at = IDENTITY.c
    query = sa.select(at.name, at.phone, at.for_office).where(at.opinion == opinion)
    found = connection.execute(query).first()
    return Identity(*found) if found else Identity()


def forget_before(connection: Connection, before_ms: int, most: int) -> Sequence[int]:
    """Remove identities of opinions that were closed before an instant; of which opinions."""
    query = sa.select(IDENTITY.c.opinion).join(OPINION, _AT.id == IDENTITY.c.opinion)
    query = query.join(EVENT, _last()).where(_AT.state.in_(CLOSED), EVENT.c.at_ms < before_ms)
    found = list(connection.scalars(query.order_by(_AT.id).limit(most)))
    connection.execute(sa.delete(IDENTITY).where(IDENTITY.c.opinion.in_(found)))
    return found


def answered_before(connection: Connection, before_ms: int) -> Sequence[int]:
    """Answered opinions with which nothing was done since an instant, by id."""
    query = sa.select(_AT.id).join(EVENT, _last())
    query = query.where(_AT.state == "answered", EVENT.c.at_ms < before_ms)
    return list(connection.scalars(query.order_by(_AT.id)))


def listed(
    connection: Connection, account: Account, asked: Asked, most: int, *, before: int = 0
) -> Sequence[Line]:
    """Opinions that an account sees, the newest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(account, asked))
    if before:
        query = query.where(_AT.id < before)
    found = connection.execute(query.order_by(_AT.id.desc()).limit(most))
    return [Line(*row) for row in found]


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(OPINION).where(*_conditions(account, asked))
    return connection.scalar(query) or 0


def answers() -> sa.Select[Any]:
    """Opinions that were answered, as facts of duty work: columns ``id``, ``username`` of the
    deputy, ``at_ms`` of the answer, ``title``, and ``link``, the path of the page.
    """
    answer = sa.select(sa.func.max(EVENT.c.at_ms)).where(
        *_events_of(sa.cast(_AT.id, sa.String(100))), EVENT.c.step == "answer"
    )
    columns: tuple[sa.ColumnElement[Any], ...] = (
        _AT.id.label("id"),
        _AT.deputy.label("username"),
        answer.scalar_subquery().label("at_ms"),
        _AT.title.label("title"),
        (sa.literal("/duty/opinions/") + sa.cast(_AT.id, sa.String(20))).label("link"),
    )
    return sa.select(*columns).where(_AT.state.in_(("answered", "closed")))


def _events_of(item: str | sa.ColumnElement[str]) -> Iterator[sa.ColumnElement[bool]]:
    yield EVENT.c.platform == "duty"
    yield EVENT.c.kind == KIND
    yield EVENT.c.item == item


def _last() -> sa.ColumnElement[bool]:
    return sa.and_(*_events_of(sa.cast(_AT.id, sa.String(100))), EVENT.c.number == _AT.version)


def _conditions(account: Account, asked: Asked) -> Collection[sa.ColumnElement[bool]]:
    shown = {
        "open": _AT.state.in_(UNANSWERED),
        "answered": _AT.state.in_(("answered", "closed")),
        "all": sa.true(),
    }
    return [visible(account, DutyPermission.SEE_OPINIONS, MARKS), shown[asked.show]]
