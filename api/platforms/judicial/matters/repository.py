"""Matters in the state database, and the lines of inspections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.kept import rows
from api.deadlines.records import OPEN, Deadline
from api.deadlines.tables import DEADLINE
from api.platforms.judicial.matters.records import A_PAGE, KIND, Asked, Line, Sort, over
from api.platforms.judicial.matters.tables import LINE, MARKS, MATTER
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Row
from api.web.forms import MOST_ID

_AT = MATTER.c


def listed(
    connection: Connection, account: Account, asked: Asked, most: int = A_PAGE
) -> tuple[Sequence[Row], int]:
    """Matters that an account sees, the newest first, from the page that was asked for on; and
    how many there are.
    """
    conditions = _conditions(account, asked)
    query = sa.select(MATTER).where(*conditions).order_by(_AT.id.desc())
    found = connection.execute(query.limit(most).offset((asked.page - 1) * A_PAGE)).mappings()
    count = sa.select(sa.func.count()).select_from(MATTER).where(*conditions)
    return [dict(row) for row in found], connection.scalar(count) or 0


def bodies(connection: Connection, account: Account) -> frozenset[str]:
    """The bodies of all matters that an account sees, by id."""
    query = sa.select(_AT.unit).where(_seen(account)).distinct()
    return frozenset(connection.scalars(query))


def kind_of(connection: Connection, item_id: str) -> str | None:
    """The kind of a matter, whoever asks; None where there is none such."""
    if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
        return None
    return connection.scalar(sa.select(_AT.kind).where(_AT.id == int(item_id[:11])))


def open_terms(connection: Connection, ids: Collection[int]) -> Mapping[int, Deadline]:
    """The first due of the terms that run for each of some matters."""
    at = DEADLINE.c
    query = sa.select(DEADLINE).where(
        at.platform == "judicial",
        at.kind == KIND,
        at.subject.in_([str(of) for of in ids]),
        at.state.in_(OPEN),
    )
    found = connection.execute(query.order_by(at.due_ms.desc(), at.id.desc()))
    return {int(row.subject): rows.deadline_of(row) for row in found}


def lines(connection: Connection, matter: int) -> Sequence[Line]:
    """Groups and findings of an inspection, in the order in which they came."""
    query = sa.select(LINE).where(LINE.c.matter == matter).order_by(LINE.c.id)
    return [Line(row.sort, row.label, row.text) for row in connection.execute(query)]


def add_line(connection: Connection, matter: int, line: Line) -> None:
    """Write a group or a finding."""
    values = {"matter": matter, "sort": line.sort, "label": line.label, "text": line.text}
    connection.execute(sa.insert(LINE).values(values))


def drop_line(connection: Connection, matter: int, sort: Sort) -> None:
    """Take out the last group or finding: the step that wrote it is taken back."""
    at = LINE.c
    last = sa.select(sa.func.max(at.id)).where(at.matter == matter, at.sort == sort)
    connection.execute(sa.delete(LINE).where(at.id == last.scalar_subquery()))


def _seen(account: Account) -> sa.ColumnElement[bool]:
    return visible(account, JudicialPermission.SEE, MARKS)


def _conditions(account: Account, asked: Asked) -> list[sa.ColumnElement[bool]]:
    found = [_seen(account)]
    if asked.kind:
        found.append(_AT.kind == asked.kind)
    if asked.unit:
        found.append(_AT.unit == asked.unit)
    if asked.show != "all":
        closed = _AT.state.in_(over())
        found.append(closed if asked.show == "over" else ~closed)
    if asked.q:
        found.append(_AT.title.contains(asked.q, autoescape=True))
    return found
