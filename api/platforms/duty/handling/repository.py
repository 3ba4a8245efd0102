"""Contacts, contributions and replies in the state database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import OPEN, Standing
from api.deadlines.tables import DEADLINE
from api.platforms.duty import terms
from api.platforms.duty.handling.records import WAITING, Contact, Logged, Reply, Word
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import (
    ANSWER,
    CONFIRMATION,
    CONTACT,
    CONTRIBUTION,
    CONTRIBUTION_MARKS,
    MARKS,
    SUGGESTION,
)
from api.procedures.procedure import Row

CONTRIBUTION_KIND = "contribution"
MOST_JOINT = 50


def contacted(connection: Connection, suggestion: int) -> bool:
    """Whether the unit says that it spoke with the deputy, and the deputy does not deny it."""
    at = CONTACT.c
    query = sa.select(at.id).where(at.suggestion == suggestion, at.confirmed.isnot(sa.false()))
    return connection.execute(query.limit(1)).first() is not None


def awaited(connection: Connection, suggestion: int, now_ms: int) -> bool:
    """Whether a further unit still has time for its opinion: a late one holds up nobody."""
    at, term = CONTRIBUTION.c, DEADLINE.c
    running = sa.select(term.id).where(
        term.platform == "duty",
        term.kind == CONTRIBUTION_KIND,
        term.subject == sa.cast(at.id, sa.String(100)),
        term.state.in_(OPEN),
        term.due_ms >= now_ms,
    )
    waiting = at.state.in_(WAITING)
    query = sa.select(at.id).where(at.suggestion == suggestion, waiting)
    return connection.execute(query.where(running.exists()).limit(1)).first() is not None


def contacts(connection: Connection, suggestion: int) -> Sequence[Contact]:
    """Every contact of a suggestion, the newest first."""
    at, word = CONTACT.c, CONFIRMATION.c
    query = sa.select(CONFIRMATION).join(CONTACT).where(at.suggestion == suggestion)
    others: dict[int, dict[str, Word]] = {}
    for row in connection.execute(query.order_by(word.at_ms)):
        said = Word(row.username, row.confirmed, row.note, row.signed, row.at_ms)
        others.setdefault(row.contact, {})[row.username] = said
    query = sa.select(CONTACT).where(at.suggestion == suggestion).order_by(at.id.desc())
    return [_contact(row, others.get(row.id, {})) for row in connection.execute(query)]


def contact_of(connection: Connection, contact: int) -> int | None:
    """The suggestion of a contact, by id."""
    query = sa.select(CONTACT.c.suggestion).where(CONTACT.c.id == contact)
    return connection.execute(query).scalar()


def add_contact(
    connection: Connection, row: Row, logged: Logged, account: Account, at_ms: int
) -> None:
    """Log that the unit in charge spoke with the deputies."""
    connection.execute(
        sa.insert(CONTACT).values(
            suggestion=row["id"],
            unit=row["unit"],
            way=logged.way,
            day=logged.day,
            text=logged.text,
            username=account.username,
            signed=account.signed,
            at_ms=at_ms,
        )
    )


def add_word(connection: Connection, contact: int, said: Word, *, lead: bool) -> bool:
    """Keep the word of a signer; False where it was given before."""
    if lead:
        at = CONTACT.c
        values = {
            "confirmed": said.confirmed,
            "confirmed_by": said.signed,
            "confirmed_ms": said.at_ms,
            "note": said.note,
        }
        same = sa.and_(at.id == contact, at.confirmed.is_(None))
        return connection.execute(sa.update(CONTACT).where(same).values(values)).rowcount == 1
    key = sa.and_(CONFIRMATION.c.contact == contact, CONFIRMATION.c.username == said.username)
    if connection.execute(sa.select(CONFIRMATION.c.contact).where(key)).first():
        return False
    connection.execute(
        sa.insert(CONFIRMATION).values(
            contact=contact,
            username=said.username,
            confirmed=said.confirmed,
            note=said.note,
            signed=said.signed,
            at_ms=said.at_ms,
        )
    )
    return True


def contact_term(connection: Connection, suggestion: int) -> int | None:
    """The last deadline of the first contact of a suggestion that was met, by id."""
    at = DEADLINE.c
    query = sa.select(sa.func.max(at.id)).where(
        at.platform == "duty",
        at.kind == "suggestion",
        at.subject == str(suggestion),
        at.rule == terms.CONTACT,
        at.state == Standing.ENDED,
    )
    return connection.execute(query).scalar()


def contributions(
    connection: Connection, suggestion: int, account: Account | None = None
) -> Sequence[Row]:
    """The parts of further units, in the order in which they were asked; those that an account
    sees where one is given.
    """
    at = CONTRIBUTION.c
    query = sa.select(CONTRIBUTION).where(at.suggestion == suggestion).order_by(at.id)
    if account is not None:
        query = query.where(visible(account, DutyPermission.SEE, CONTRIBUTION_MARKS))
    return [dict(row) for row in connection.execute(query).mappings()]


def of_former_lead(
    connection: Connection, suggestion: int, standing: Collection[str]
) -> Mapping[int, str | None]:
    """Contributions that a suggestion waits for while another unit is in charge than they name: by
    id, with that unit; None where it is none of those that are standing. A unit that ended with
    the suggestion in its hands stays in charge.
    """
    at, unit = CONTRIBUTION.c, SUGGESTION.c.unit
    lead = sa.case((unit.in_(standing), unit))
    query = sa.select(at.id, lead.label("lead")).join(SUGGESTION, SUGGESTION.c.id == at.suggestion)
    other = sa.and_(at.lead_unit.is_distinct_from(unit), at.lead_unit.is_distinct_from(lead))
    query = query.where(at.suggestion == suggestion, at.state.in_(WAITING), other)
    return {row.id: row.lead for row in connection.execute(query.order_by(at.id))}


def replies(connection: Connection, suggestion: int) -> Sequence[Reply]:
    """The replies that stand, the first one first."""
    at = ANSWER.c
    query = sa.select(ANSWER).where(at.suggestion == suggestion, ~at.withdrawn)
    return [
        Reply(row.id, row.round, row.unit, row.number, row.signer, row.result, row.text, row.day)
        for row in connection.execute(query.order_by(at.round))
    ]


def joint(connection: Connection, account: Account, row: Row) -> Sequence[Row]:
    """Others that are handled together with a suggestion, as far as an account sees them."""
    at, first = SUGGESTION.c, row["joint"] or row["number"]
    if not first:
        return []
    together = sa.or_(at.joint == first, at.number == first)
    query = sa.select(SUGGESTION).where(
        together, at.id != row["id"], visible(account, DutyPermission.SEE, MARKS)
    )
    found = connection.execute(query.order_by(at.number).limit(MOST_JOINT)).mappings()
    return [dict(one) for one in found]


def _contact(row: sa.Row[Any], others: Mapping[str, Word]) -> Contact:
    lead = None
    if row.confirmed is not None:
        lead = Word("", row.confirmed, row.note or "", row.confirmed_by, row.confirmed_ms)
    return Contact(
        row.id, row.unit, row.way, row.day, row.text, row.signed, row.at_ms, lead, others
    )
