"""Letters and petitioners in the state database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.judicial.letters.records import (
    KIND,
    Asked,
    DayBefore,
    Line,
    Petitioner,
    WriterNamed,
    WrongBody,
    names,
    quarter_of,
    sorting,
)
from api.platforms.judicial.letters.tables import LETTER, MARKS, PETITIONER
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Given, Row
from api.procedures.tables import EVENT
from config.vocabulary.time import day_of

_AT = LETTER.c
_COLUMNS = (
    *(_AT.id, _AT.state, _AT.kind, _AT.topic, _AT.way, _AT.summary, _AT.town, _AT.unit),
    *(_AT.received_day, _AT.repeat_of),
)
_OVER = ("answered", "reviewed", "rechecked", "closed")
"""States in which nobody is waited for."""
TEXTS = ("summary", "why", "answer")


def check_writer(connection: Connection, before: Row, given: Given) -> None:
    """Whether no text of a step names who wrote the letter.

    Raises:
        WriterNamed
    """
    writer = petitioner(connection, before["id"])
    for name in TEXTS:
        if names(given.get(name, ""), writer):
            raise WriterNamed(name)


def check_body(_connection: Connection, before: Row, given: Given) -> None:
    """Whether a letter goes to this body.

    Raises:
        WrongBody, DayBefore
    """
    _in_order(before["received_day"], given, "passed")
    bodies = sorting().kinds[before["kind"]]
    if bodies and given["unit"] not in bodies:
        raise WrongBody(f"letters of kind {before['kind']} go to one of {list(bodies)}")
    if given["unit"] == before["objected"]:
        raise WrongBody("this body sent the letter back; give another one")


def note_objection(connection: Connection, before: Row, given: Given) -> None:
    """Keep which body sent a letter back, and why without who wrote it.

    Raises:
        WriterNamed
    """
    check_writer(connection, before, given)
    same = _AT.id == before["id"]
    connection.execute(sa.update(LETTER).where(same).values(objected=before["unit"]))


def check_accepted(_connection: Connection, before: Row, given: Given) -> None:
    """Whether the body decided after the letter was passed on.

    Raises:
        DayBefore
    """
    _in_order(before["passed_day"], given, "accepted")
    _in_order(before["passed_day"], given, "declined")


def check_answer(connection: Connection, before: Row, given: Given) -> None:
    """Whether the body answered without naming who wrote, and after it had accepted.

    Raises:
        WriterNamed, DayBefore
    """
    check_writer(connection, before, given)
    _in_order(before["accepted_day"], given, "answered")


def counted(_connection: Connection, row: Row, at_ms: int) -> str:
    """Whether the quarter in which a letter was registered is counted: its counts stand."""
    today = date.fromisoformat(day_of(at_ms))
    return "counted" if quarter_of(row["registered_day"]) < quarter_of(today) else ""


def first_of(connection: Connection, mark: str) -> int | None:
    """The first letter of a person that is known by a mark."""
    query = sa.select(_AT.id, _AT.repeat_of).join(PETITIONER, PETITIONER.c.letter == _AT.id)
    found = connection.execute(
        query.where(PETITIONER.c.mark == mark).order_by(_AT.id).limit(1)
    ).first()
    return (found.repeat_of or found.id) if found else None


def repeats(connection: Connection, account: Account, row: Row) -> Sequence[Line]:
    """The letters of the same person that an account sees, itself among them, the first one first;
    none where it is the only one.
    """
    first = row["repeat_of"] or row["id"]
    same = sa.or_(_AT.id == first, _AT.repeat_of == first)
    seen = visible(account, JudicialPermission.SEE_LETTERS, MARKS)
    found = [Line(*of) for of in connection.execute(_lines().where(same, seen).order_by(_AT.id))]
    return found if len(found) > 1 else []


def put_petitioner(
    connection: Connection, letter: int, petitioner: Petitioner, mark: str | None
) -> None:
    """Keep who wrote a letter."""
    values = {
        "name": petitioner.name,
        "phone": petitioner.phone,
        "address": petitioner.address,
        "mark": mark,
    }
    connection.execute(sa.insert(PETITIONER).values(letter=letter, **values))


def petitioner(connection: Connection, letter: int) -> Petitioner:
    """The person who wrote a letter; empty where nobody said, or it was removed."""
    at = PETITIONER.c
    query = sa.select(at.name, at.phone, at.address).where(at.letter == letter)
    found = connection.execute(query).first()
    return Petitioner(*found) if found else Petitioner()


def forget_before(connection: Connection, before_ms: int, most: int) -> Sequence[int]:
    """Remove who wrote letters with which nothing was left to do at an instant, closed or not; of
    which letters.
    """
    query = sa.select(PETITIONER.c.letter).join(LETTER, _AT.id == PETITIONER.c.letter)
    query = query.join(EVENT, _last()).where(_AT.state.in_(_OVER), EVENT.c.at_ms < before_ms)
    found = list(connection.scalars(query.order_by(_AT.id).limit(most)))
    connection.execute(sa.delete(PETITIONER).where(PETITIONER.c.letter.in_(found)))
    return found


def listed(
    connection: Connection, account: Account, asked: Asked, most: int, *, before: int = 0
) -> Sequence[Line]:
    """Letters that an account sees, the newest first."""
    query = _lines().where(*_conditions(account, asked))
    if before:
        query = query.where(_AT.id < before)
    return [Line(*row) for row in connection.execute(query.order_by(_AT.id.desc()).limit(most))]


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(LETTER).where(*_conditions(account, asked))
    return connection.scalar(query) or 0


def registered(
    connection: Connection, first: date, last: date
) -> Sequence[tuple[str, str | None, date]]:
    """Topic, town and day of each letter that was registered from a day to another."""
    query = sa.select(_AT.topic, _AT.town, _AT.registered_day)
    found = connection.execute(query.where(_AT.registered_day.between(first, last)))
    return [(row.topic, row.town, row.registered_day) for row in found]


def _lines() -> sa.Select[Any]:
    return sa.select(*_COLUMNS)


def _in_order(earliest: date | None, given: Given, field: str) -> None:
    if earliest and field in given and date.fromisoformat(given[field]) < earliest:
        raise DayBefore(field, earliest)


def _events_of(item: sa.ColumnElement[str]) -> Iterator[sa.ColumnElement[bool]]:
    yield EVENT.c.platform == "judicial"
    yield EVENT.c.kind == KIND
    yield EVENT.c.item == item


def _last() -> sa.ColumnElement[bool]:
    return sa.and_(*_events_of(sa.cast(_AT.id, sa.String(100))), EVENT.c.number == _AT.version)


def _conditions(account: Account, asked: Asked) -> Sequence[sa.ColumnElement[bool]]:
    shown = {
        "open": _AT.state != "closed",
        "closed": _AT.state == "closed",
        "all": sa.true(),
    }
    found = [visible(account, JudicialPermission.SEE_LETTERS, MARKS), shown[asked.show]]
    return [*found, _AT.topic == asked.topic] if asked.topic else found
