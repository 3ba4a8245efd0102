"""Texts of meetings, surveys and motions as the search needs them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Secrecy
from api.ballots import repository as ballots
from api.ballots.tables import VOTER
from api.meetings.tables import INVITATION
from api.meetings.tables import MEETING as MEETINGS
from api.platforms.duty.meetings.records import HOST
from api.platforms.duty.motions.tables import MOTION as MOTIONS
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.searchable.records import MEETING, MOTION, SURVEY, Text
from api.platforms.duty.surveys.tables import SURVEY as SURVEYS
from api.procedures.tables import EVENT
from config.vocabulary.time import begins_ms

INVITED = "invitation"
MOST_EVENTS = 10_000
_TABLES: Mapping[str, sa.Table] = {MEETING: MEETINGS, SURVEY: SURVEYS, MOTION: MOTIONS}


def texts(connection: Connection, kind: str, items: Collection[int]) -> list[Text]:
    """Of some things of a kind, by id."""
    of_kind = {MEETING: _meetings, SURVEY: _surveys, MOTION: _motions}[kind]
    return of_kind(connection, items)


def following(connection: Connection, kind: str, after: int, most: int) -> list[int]:
    """Ids of things of a kind after one, in their order."""
    at = _TABLES[kind].c
    query = sa.select(at.id).where(at.id > after)
    if kind == MEETING:
        query = query.where(at.platform == HOST.platform)
    return list(connection.scalars(query.order_by(at.id).limit(most)))


def changed_since(connection: Connection, since_ms: int) -> Mapping[str, list[int]]:
    """Ids of things by kind with which, or with an invitation to which, something was done since
    an instant, out of the last ``MOST_EVENTS`` of all procedures: their table has no order by
    time.
    """
    at = EVENT.c
    last = sa.select(sa.func.max(at.id)).scalar_subquery()
    query = sa.select(at.kind, at.item).where(
        at.id > last - MOST_EVENTS,
        at.platform == "duty",
        at.kind.in_((*_TABLES, INVITED)),
        at.at_ms >= since_ms,
    )
    found: dict[str, set[int]] = {}
    for row in connection.execute(query.distinct()):
        found.setdefault(row.kind, set()).add(int(row.item))
    invited = sa.select(INVITATION.c.meeting).where(INVITATION.c.id.in_(found.pop(INVITED, ())))
    meetings = set(connection.scalars(invited))
    found[MEETING] = found.get(MEETING, set()) | meetings
    return {kind: sorted(ids) for kind, ids in found.items()}


def _meetings(connection: Connection, items: Collection[int]) -> list[Text]:
    at, by = MEETINGS.c, INVITATION.c
    invited = sa.select(by.meeting, by.username).where(by.meeting.in_(items))
    people = _gathered(connection.execute(invited.where(by.state != "revoked")).all())
    query = sa.select(MEETINGS).where(at.id.in_(items), at.platform == HOST.platform)
    return [
        Text(
            kind=MEETING,
            item=row.id,
            shown=row.state != "draft",
            title=row.title,
            paragraphs=_lines(row.text, row.agenda, row.location),
            permission=HOST.convene,
            unit=row.unit,
            secrecy=Secrecy.INTERNAL,
            public=False,
            people=people.get(row.id, frozenset()),
            at_ms=row.from_ms or 0,
        )
        for row in connection.execute(query.order_by(at.id))
    ]


def _surveys(connection: Connection, items: Collection[int]) -> list[Text]:
    rows = connection.execute(sa.select(SURVEYS).where(SURVEYS.c.id.in_(items))).all()
    polls = ballots.some(connection, [row.poll for row in rows])
    # Of a survey by link the voters are marks of browsers.
    named = [of.id for of in polls.values() if of.audience != "public"]
    asked = sa.select(VOTER.c.poll, VOTER.c.voter).where(VOTER.c.poll.in_(named))
    people = _gathered(connection.execute(asked).all())
    return [
        Text(
            kind=SURVEY,
            item=row.id,
            shown=row.state in ("open", "closed"),
            title=row.title,
            paragraphs=_lines(
                polls[row.poll].form.intro, *(of.text for of in polls[row.poll].form.questions)
            ),
            permission=DutyPermission.SURVEY,
            unit=row.unit,
            secrecy=Secrecy(row.secrecy),
            public=row.public,
            people=people.get(row.poll, frozenset()),
            at_ms=begins_ms(row.last_day),
        )
        for row in rows
    ]


def _motions(connection: Connection, items: Collection[int]) -> list[Text]:
    query = sa.select(MOTIONS).where(MOTIONS.c.id.in_(items)).order_by(MOTIONS.c.id)
    return [
        Text(
            kind=MOTION,
            item=row.id,
            shown=row.state not in ("draft", "discarded"),
            title=row.title,
            paragraphs=_lines(row.basis, row.plan, row.report),
            permission=DutyPermission.SEE,
            unit=None,
            secrecy=Secrecy(row.secrecy),
            public=False,
            people=frozenset(),
            at_ms=begins_ms(row.submitted_day) if row.submitted_day else 0,
        )
        for row in connection.execute(query)
    ]


def _gathered(rows: Iterable[Sequence[Any]]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for of, username in map(tuple, rows):
        found.setdefault(of, set()).add(username)
    return {of: frozenset(usernames) for of, usernames in found.items()}


def _lines(*texts: str | None) -> list[str]:
    return [line for text in texts for line in (text or "").splitlines() if line.strip()]
