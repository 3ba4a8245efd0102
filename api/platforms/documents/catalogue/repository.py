"""Yearly lists and the unfiled in the state database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.documents.catalogue.records import (
    A_PAGE,
    Asked,
    Known,
    Line,
    Listed,
    NotSentWhole,
)
from api.platforms.documents.catalogue.records import UNFILED as KIND
from api.platforms.documents.catalogue.tables import LINE, LIST, LIST_MARKS, MARKS, UNFILED
from api.platforms.documents.filings.records.facts import PRIVATE
from api.platforms.documents.filings.tables import FILING
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.tables import TEXT
from api.procedures.procedure import Given, Row
from api.procedures.tables import EVENT
from config.vocabulary.time import begins_ms, day_of

_AT = UNFILED.c
_OPEN = ("found", "asked", "answered")
_FOUND = (
    EVENT.c.platform == "documents",
    EVENT.c.kind == KIND,
    EVENT.c.step == "find",
)


def makers(connection: Connection) -> Sequence[str]:
    """Units that ever filed a document, or of which one is kept."""
    query = sa.union(sa.select(TEXT.c.unit), sa.select(FILING.c.unit))
    return sorted(str(of) for of in connection.execute(query).scalars())


def list_of(connection: Connection, unit: str, year: int) -> int | None:
    """The list of a unit and a year, by its id."""
    query = sa.select(LIST.c.id).where(LIST.c.unit == unit, LIST.c.year == year)
    found: int | None = connection.scalar(query)
    return found


def seen_lists(connection: Connection, account: Account) -> Sequence[Row]:
    """Lists that an account sees, of the last year first."""
    see = visible(account, DocumentsPermission.SEE, LIST_MARKS)
    query = sa.select(LIST).where(see).order_by(LIST.c.year.desc(), LIST.c.id).limit(500)
    return [dict(row) for row in connection.execute(query).mappings()]


def add_lines(connection: Connection, of: int, sending: int, lines: Sequence[Listed]) -> None:
    """Write the lines of a list that is being sent."""
    rows = [
        {
            "list": of,
            "sending": sending,
            "title": one.title,
            "number": one.number,
            "published": one.published,
        }
        for one in lines
    ]
    if rows:
        connection.execute(sa.insert(LINE), rows)


def check_lines(connection: Connection, before: Row, given: Given) -> None:
    """Whether the lines of this sending lie there; a list of nothing has none.

    Raises:
        NotSentWhole
    """
    query = sa.select(LINE.c.id).where(
        LINE.c.list == before["id"], LINE.c.sending == before["version"] + 1
    )
    there = connection.scalar(query.limit(1)) is not None
    number, _, what = given["sending"].partition("-")
    if number != str(before["version"] + 1) or there != (what == "lines"):
        raise NotSentWhole("sending: send the list by POST …/lines")


def lines(connection: Connection, row: Row) -> Sequence[Listed]:
    """The lines of a list that hold."""
    sending = (row["sending"] or "").partition("-")[0]
    if not sending:
        return ()
    query = sa.select(LINE).where(LINE.c.list == row["id"], LINE.c.sending == int(sending))
    rows = connection.execute(query.order_by(LINE.c.id))
    return [Listed(of.title, of.number, of.published) for of in rows]


def every_line(connection: Connection) -> Sequence[tuple[str, int, Listed]]:
    """Lines of all lists that hold, with unit and year."""
    own = sa.cast(LINE.c.sending, sa.String(10)) + "-lines"
    query = (
        sa.select(LIST.c.unit, LIST.c.year, LINE.c.title, LINE.c.number, LINE.c.published)
        .join(LINE, sa.and_(LINE.c.list == LIST.c.id, LIST.c.sending == own))
        .order_by(LIST.c.id, LINE.c.id)
    )
    return [(row[0], row[1], Listed(*row[2:])) for row in connection.execute(query)]


def known(connection: Connection) -> Sequence[Known]:
    """Documents that were filed or are kept."""
    kept = sa.select(TEXT.c.unit, TEXT.c.title, TEXT.c.number)
    at = FILING.c
    filed = sa.select(at.unit, at.title, sa.func.coalesce(at.number, ""))
    rows = connection.execute(sa.union_all(kept, filed.where(at.state.not_in(PRIVATE))))
    return [Known(*row) for row in rows]


def keys(connection: Connection) -> Collection[str]:
    """Of every finding that is there."""
    return set(connection.execute(sa.select(_AT.key)).scalars())


def open_lines(connection: Connection) -> Sequence[Line]:
    """Lines that are neither settled nor filed."""
    query = sa.select(UNFILED).where(_AT.state.in_(_OPEN)).order_by(_AT.id)
    return [_line(row) for row in connection.execute(query)]


def listed(connection: Connection, account: Account, asked: Asked) -> tuple[Sequence[Line], int]:
    """A page of a question, and how many there are."""
    query = _ordered(_asked(account, asked)).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    rows = connection.execute(query)
    return [_line(row) for row in rows], count(connection, account, asked)


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many a question means."""
    query = sa.select(sa.func.count()).select_from(UNFILED).where(_asked(account, asked))
    return connection.scalar(query) or 0


def years(connection: Connection) -> Sequence[int]:
    """Years in which lines were found, the last one first."""
    first, last = connection.execute(
        sa.select(sa.func.min(EVENT.c.at_ms), sa.func.max(EVENT.c.at_ms)).where(*_FOUND)
    ).one()
    if first is None:
        return ()
    return range(int(day_of(last)[:4]), int(day_of(first)[:4]) - 1, -1)


def every(connection: Connection, account: Account, asked: Asked, most: int) -> Sequence[Line]:
    """All pages of a question."""
    query = _ordered(_asked(account, asked)).limit(most)
    return [_line(row) for row in connection.execute(query)]


def _ordered(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    waits = sa.case((_AT.state.in_(_OPEN), 0), else_=1)
    return sa.select(UNFILED).where(condition).order_by(waits, _AT.id.desc())


def _asked(account: Account, asked: Asked) -> sa.ColumnElement[bool]:
    conditions = [visible(account, DocumentsPermission.SEE, MARKS)]
    if asked.q:
        of = (_AT.title, _AT.number)
        conditions.append(sa.or_(*(column.contains(asked.q, autoescape=True) for column in of)))
    if asked.maker:
        conditions.append(_AT.unit == asked.maker)
    if asked.source:
        conditions.append(_AT.source == asked.source)
    if asked.state:
        conditions.append(_AT.state == asked.state)
    if asked.found:
        begin, end = (begins_ms(date(int(asked.found) + of, 1, 1)) for of in (0, 1))
        found = sa.select(EVENT.c.id).where(
            *_FOUND,
            EVENT.c.item == sa.cast(_AT.id, sa.String(100)),
            EVENT.c.at_ms.between(begin, end - 1),
        )
        conditions.append(found.exists())
    return sa.and_(*conditions)


def _line(row: sa.Row[Any]) -> Line:
    return Line(
        row.id, row.unit, row.source, row.year, row.title, row.number, row.state, row.about
    )
