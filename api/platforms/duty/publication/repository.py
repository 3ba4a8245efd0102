"""Releases in the state database, and what stands against one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.publication.records import FIELDS, MarksUnanswered, marks, unanswered
from api.platforms.duty.tables import ANSWER, MARKS, RELEASE, RELEASE_MARKS, SUGGESTION
from api.procedures.procedure import Given, Row
from api.tables import ACCOUNT

KIND = "release"
RUNNING = ("prepared", "released")
MOST = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """The last reply to a suggestion."""

    unit: str
    text: str
    result: str
    day: date


def not_to_release(connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to preparing and to releasing: the suggestion is not closed, its deputy wishes
    that it is not public, or another release of it stands.
    """
    at = SUGGESTION.c
    query = sa.select(at.state, at.openness, at.secrecy).where(at.id == row["suggestion"])
    found = connection.execute(query).one()
    if found.openness != "public" or found.secrecy > Secrecy.INTERNAL:
        return "not-public"
    if found.state != "closed":
        return "not-closed"
    others = sa.select(RELEASE.c.id).where(
        RELEASE.c.suggestion == row["suggestion"],
        RELEASE.c.state.in_(RUNNING),
        RELEASE.c.id != row["id"],
    )
    return "running" if connection.execute(others.limit(1)).first() else ""


def check_marks(connection: Connection, _before: Row, given: Given) -> None:
    """Whether everything that may point at a person was answered.

    Raises:
        MarksUnanswered
    """
    texts = {field: given.get(field, "") for field in FIELDS}
    found = marks(texts, people(connection))
    if open_ones := unanswered(found, given.get("kept", "")):
        raise MarksUnanswered(open_ones)


def people(connection: Connection) -> Collection[str]:
    """The names of everybody who has an account, now or before."""
    return frozenset(connection.scalars(sa.select(ACCOUNT.c.name)))


def last_reply(connection: Connection, suggestion: int) -> Reply | None:
    """The reply that stands, of the last round."""
    at = ANSWER.c
    query = sa.select(at.unit, at.text, at.result, at.day)
    query = query.where(at.suggestion == suggestion, ~at.withdrawn).order_by(at.round.desc())
    found = connection.execute(query.limit(1)).first()
    return Reply(*found) if found else None


def listed(connection: Connection, account: Account, states: Collection[str]) -> Sequence[Row]:
    """Those in some states that an account sees, the newest first."""
    seen = visible(account, DutyPermission.CHECK, RELEASE_MARKS)
    query = sa.select(RELEASE).where(RELEASE.c.state.in_(states), seen)
    rows = connection.execute(query.order_by(RELEASE.c.id.desc()).limit(MOST)).mappings()
    return [dict(row) for row in rows]


def candidates(connection: Connection, account: Account) -> Sequence[Row]:
    """Suggestions that may be prepared, the newest first: id, number and title."""
    at, running = SUGGESTION.c, RELEASE.c
    stands = sa.select(running.suggestion).where(running.state.in_(RUNNING))
    query = sa.select(at.id, at.number, at.title).where(
        at.state == "closed",
        at.openness == "public",
        at.secrecy <= int(Secrecy.INTERNAL),
        at.id.notin_(stands),
        visible(account, DutyPermission.CHECK, MARKS),
    )
    rows = connection.execute(query.order_by(at.id.desc()).limit(MOST)).mappings()
    return [dict(row) for row in rows]
