"""Rows of what is still to be sent about meetings, and to whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.meetings.records import Meeting
from api.meetings.repository import meeting_of
from api.meetings.tables import CHANGE_SENT, INVITATION, MEETING
from api.procedures.tables import EVENT
from api.tables import ACCOUNT


def languages(connection: Connection, usernames: Iterable[str]) -> Mapping[str, str]:
    """The languages that people chose."""
    query = sa.select(ACCOUNT.c.username, ACCOUNT.c.language)
    query = query.where(ACCOUNT.c.username.in_(list(usernames)))
    return {row.username: row.language for row in connection.execute(query)}


def silent(connection: Connection, meeting: Meeting) -> list[tuple[int, str, int]]:
    """Whoever can still sign in and has not answered: invitation, username, and since when."""
    at = INVITATION.c
    last = sa.and_(
        EVENT.c.platform == at.platform,
        EVENT.c.kind == "invitation",
        EVENT.c.item == sa.cast(at.id, sa.String(100)),
        EVENT.c.number == at.version,
    )
    query = (
        sa.select(at.id, at.username, EVENT.c.at_ms)
        .join(EVENT, last)
        .join(ACCOUNT, ACCOUNT.c.username == at.username)
        .where(at.meeting == meeting.id, at.state == "invited", ACCOUNT.c.disabled_ms.is_(None))
        .order_by(at.id)
    )
    return [(row.id, row.username, row.at_ms) for row in connection.execute(query)]


def changes(
    connection: Connection, platform: str, since_ms: int
) -> list[tuple[Meeting, int, str]]:
    """Meetings of a platform that were changed or cancelled after people had been invited, and of
    which these have not heard yet, with number and reason of the event.
    """
    at = EVENT.c
    done = sa.and_(CHANGE_SENT.c.meeting == MEETING.c.id, CHANGE_SENT.c.version == at.number)
    query = (
        sa.select(MEETING, at.number, at.given)
        .join(EVENT, at.item == sa.cast(MEETING.c.id, sa.String(100)))
        .outerjoin(CHANGE_SENT, done)
        .where(
            MEETING.c.platform == platform,
            at.platform == platform,
            at.kind == "meeting",
            at.from_state == "sent",
            at.step.in_(("change", "cancel")),
            at.at_ms >= since_ms,
            CHANGE_SENT.c.meeting.is_(None),
        )
        .order_by(at.id)
    )
    rows = connection.execute(query).mappings()
    return [(meeting_of(of), of["number"], json.loads(of["given"])["why"]) for of in rows]


def note_change_sent(connection: Connection, meeting_id: int, version: int, at_ms: int) -> None:
    """Note that everybody was sent a change."""
    row = {"meeting": meeting_id, "version": version, "at_ms": at_ms}
    connection.execute(sa.insert(CHANGE_SENT).values(row))
