"""Cases and what is joined to them, in the state database."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import in_charge, visible
from api.cases.permission import CasePermission
from api.cases.records import RUNNING, Joined
from api.cases.tables import (
    CASE,
    COPY,
    MARKS,
    MEASURE,
    QUESTION,
    RECTIFICATION,
    REMOVAL,
    secrecy_of,
)
from api.copies.records import Kept
from api.ports import Frozen, Reference
from api.procedures.procedure import Row
from api.web.forms import MOST_ID

_OPEN_QUESTIONS = ("asked", "answered")
_OPEN_RECTIFICATIONS = ("open", "reported", "confirmed")


def case_to_see(connection: Connection, account: Account, item_id: str) -> Row | None:
    """The row of a case that an account sees."""
    return _one(connection, item_id, visible(account, CasePermission.SEE, MARKS))


def case_to_keep(connection: Connection, account: Account, item_id: str) -> Row | None:
    """The row of a case on which an account may act."""
    return _one(connection, item_id, in_charge(account, CasePermission.KEEP, MARKS))


def running(connection: Connection, account: Account, most: int) -> list[Row]:
    """The cases that run and on which an account may act, the newest first."""
    keeps = in_charge(account, CasePermission.KEEP, MARKS)
    query = sa.select(CASE).where(keeps, CASE.c.state.in_(RUNNING)).order_by(CASE.c.id.desc())
    return [dict(row) for row in connection.execute(query.limit(most)).mappings()]


def any_case(connection: Connection, case_id: int) -> Row:
    """The row of a case, whoever asks."""
    query = sa.select(CASE).where(CASE.c.id == case_id)
    return dict(connection.execute(query).mappings().one())


def runs(connection: Connection, part: Row) -> bool:
    """Whether the case runs of which something is a part."""
    return any_case(connection, part["case_id"])["state"] in RUNNING


def secrecy(connection: Connection, case_id: int) -> Secrecy:
    """The strictest secrecy of a case and of all that belongs to it."""
    return Secrecy(connection.scalar(sa.select(secrecy_of(sa.literal(case_id)))) or 0)


def next_number(connection: Connection, year: int) -> str:
    """The number of the next case of a year, 2026-12."""
    query = sa.select(CASE.c.number).where(CASE.c.number.like(f"{year}-%"))
    given = [int(of.partition("-")[2]) for of in connection.scalars(query)]
    return f"{year}-{max(given, default=0) + 1}"


def join(
    connection: Connection,
    case_id: int,
    copy: Frozen,
    *,
    why: str,
    who: str,
    at_ms: int,
) -> int:
    """Keep a copy at a case; its id."""
    reference = copy.reference
    made = connection.execute(
        sa.insert(COPY).values(
            case_id=case_id,
            platform=reference.platform,
            kind=reference.kind,
            item=reference.id,
            body=copy.body.decode(),
            hash=copy.hash,
            secrecy=int(copy.secrecy),
            why=why,
            who=who,
            at_ms=at_ms,
        )
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def remove(connection: Connection, copy: int, *, why: str, who: str, at_ms: int) -> None:
    """Take a copy out of its case; it stays on record."""
    connection.execute(sa.insert(REMOVAL).values(copy=copy, why=why, who=who, at_ms=at_ms))


def joined(connection: Connection, case_id: int) -> list[Joined]:
    """All copies of a case, the first one first, also those that were taken out."""
    query = sa.select(COPY, REMOVAL.c.why.label("removed")).outerjoin(REMOVAL)
    found = connection.execute(query.where(COPY.c.case_id == case_id).order_by(COPY.c.id))
    return [
        Joined(
            row.id,
            Kept(
                Frozen(
                    Reference(row.platform, row.kind, row.item),
                    row.body.encode(),
                    row.hash,
                    Secrecy(row.secrecy),
                ),
                row.who,
                row.at_ms,
            ),
            row.why,
            row.removed,
        )
        for row in found
    ]


def cases_of(connection: Connection, account: Account, reference: Reference) -> Sequence[Row]:
    """The cases that an account sees and to which an item belongs, the newest first."""
    at = COPY.c
    belongs = sa.exists().where(
        at.case_id == CASE.c.id,
        at.platform == reference.platform,
        at.kind == reference.kind,
        at.item == reference.id,
        ~sa.exists().where(REMOVAL.c.copy == at.id),
    )
    seen = visible(account, CasePermission.SEE, MARKS)
    query = sa.select(CASE).where(belongs, seen).order_by(CASE.c.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def open_questions(connection: Connection, case_id: int) -> int:
    """How many questions of a case are not settled."""
    return _count(connection, QUESTION, case_id, _OPEN_QUESTIONS)


def open_rectifications(connection: Connection, case_id: int) -> int:
    """How many points on the list of a case are not struck off."""
    return _count(connection, RECTIFICATION, case_id, _OPEN_RECTIFICATIONS)


def open_measures(connection: Connection, case_id: int) -> int:
    """How many steps of the chosen means are neither done nor skipped."""
    return _count(connection, MEASURE, case_id, ("planned",))


def _count(connection: Connection, table: sa.Table, case_id: int, states: Sequence[str]) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    query = query.where(table.c.case_id == case_id, table.c.state.in_(states))
    return connection.scalar(query) or 0


def _one(connection: Connection, item_id: str, condition: sa.ColumnElement[bool]) -> Row | None:
    if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
        return None
    query = sa.select(CASE).where(CASE.c.id == int(item_id[:11]), condition)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None
