"""Rows of meetings, of who is invited and who came, of minutes and opinions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.repositories.people import holds_on
from api.accounts.repositories.units import below
from api.accounts.visibility import Marks, visible
from api.audit import Actor
from api.meetings.records import Count, Guest, Host, Invited, Mark, Meeting, Minutes, Opinion, Own
from api.meetings.tables import (
    CHECK_IN,
    INVITATION,
    MEETING,
    MINUTES,
    OPINION,
    PASS,
)
from api.procedures.tables import EVENT
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT


def wanted(connection: Connection, meeting_id: int) -> tuple[str, str]:
    """The state of a meeting, and the decision that it wants."""
    query = sa.select(MEETING.c.state, MEETING.c.wants).where(MEETING.c.id == meeting_id)
    state, wants = connection.execute(query).one()
    return state, wants


def one(connection: Connection, meeting_id: int) -> Meeting | None:
    """A meeting, whoever asks."""
    query = sa.select(MEETING).where(MEETING.c.id == meeting_id)
    found = connection.execute(query).mappings().first()
    return meeting_of(found) if found else None


def listed(
    connection: Connection, host: Host, account: Account, marks: Marks, before: int, most: int
) -> list[Meeting]:
    """Meetings of a platform that somebody convenes, the newest first; ``before`` is the id of the
    last that was seen, 0: all.
    """
    query = sa.select(MEETING).where(visible(account, host.convene, marks))
    if before:
        query = query.where(MEETING.c.id < before)
    query = query.order_by(MEETING.c.id.desc()).limit(most)
    return [meeting_of(of) for of in connection.execute(query).mappings()]


def sent(connection: Connection, platform: str) -> list[Meeting]:
    """Meetings of a platform to which people are invited now."""
    query = sa.select(MEETING).where(MEETING.c.state == "sent", MEETING.c.platform == platform)
    query = query.order_by(MEETING.c.id)
    return [meeting_of(of) for of in connection.execute(query).mappings()]


def own(
    connection: Connection, platform: str, username: str, *, open_only: bool, most: int
) -> list[Own]:
    """The invitations of a person that stand, those of the latest meetings first."""
    at = INVITATION.c
    last = sa.and_(
        EVENT.c.platform == at.platform,
        EVENT.c.kind == "invitation",
        EVENT.c.item == sa.cast(at.id, sa.String(100)),
        EVENT.c.number == at.version,
    )
    query = sa.select(at.id, at.meeting, EVENT.c.at_ms).join(MEETING, MEETING.c.id == at.meeting)
    query = query.join(EVENT, last).where(
        at.username == username, at.platform == platform, at.state != "revoked"
    )
    query = query.where(MEETING.c.state == "sent") if open_only else query
    newest = sa.func.coalesce(MEETING.c.from_ms, EVENT.c.at_ms)
    rows = connection.execute(query.order_by(newest.desc(), at.id.desc()).limit(most)).all()
    guests = {of.id: of for of in _guests(connection, at.id.in_([row.id for row in rows]))}
    held = sa.select(MEETING).where(MEETING.c.id.in_({row.meeting for row in rows}))
    meetings = {of["id"]: meeting_of(of) for of in connection.execute(held).mappings()}
    return [Own(meetings[row.meeting], guests[row.id], row.at_ms) for row in rows]


def guests(connection: Connection, meeting_id: int) -> list[Guest]:
    """Everybody who is or was invited, by number."""
    return _guests(connection, INVITATION.c.meeting == meeting_id)


def guest(connection: Connection, invitation_id: int) -> tuple[int, Guest] | None:
    """An invitation with the id of its meeting, whoever asks."""
    query = sa.select(INVITATION.c.meeting).where(INVITATION.c.id == invitation_id)
    meeting_id = connection.scalar(query)
    if meeting_id is None:
        return None
    (found,) = _guests(connection, INVITATION.c.id == invitation_id)
    return meeting_id, found


def _last_check_in() -> sa.ScalarSelect[int]:
    """The newest entry of an invitation, which is the one that stands."""
    entry = CHECK_IN.alias()
    newest = sa.select(sa.func.max(entry.c.id)).where(entry.c.invitation == INVITATION.c.id)
    return newest.scalar_subquery()


def guest_by_name(connection: Connection, meeting_id: int, username: str) -> Guest | None:
    """The invitation of a person to a meeting, where it stands."""
    at = INVITATION.c
    same = sa.and_(at.meeting == meeting_id, at.username == username, at.state != "revoked")
    return next(iter(_guests(connection, same)), None)


def counts(connection: Connection, meeting_ids: Sequence[int]) -> Mapping[int, Count]:
    """The figures of meetings, see :func:`api.meetings.records.counted`."""
    at = INVITATION.c
    present = sa.func.coalesce(CHECK_IN.c.present, sa.false())
    query = (
        sa.select(at.meeting, at.state, present.label("here"), sa.func.count().label("n"))
        .select_from(INVITATION)
        .outerjoin(CHECK_IN, CHECK_IN.c.id == _last_check_in())
        .where(at.meeting.in_(meeting_ids), at.state != "revoked")
        .group_by(at.meeting, at.state, present)
    )
    found: dict[int, list[tuple[str, bool, int]]] = {of: [] for of in meeting_ids}
    for row in connection.execute(query):
        found[row.meeting].append((row.state, bool(row.here), row.n))
    return {of: Count.of(rows) for of, rows in found.items()}


def _guests(connection: Connection, condition: sa.ColumnElement[bool]) -> list[Guest]:
    at = INVITATION.c
    serial = sa.select(sa.func.max(PASS.c.serial)).where(PASS.c.invitation == at.id)
    query = (
        sa.select(
            INVITATION,
            ACCOUNT.c.name,
            sa.func.coalesce(serial.scalar_subquery(), 0).label("serial"),
            CHECK_IN.c.present,
            CHECK_IN.c.at_ms,
            CHECK_IN.c.way,
        )
        .join(ACCOUNT, ACCOUNT.c.username == at.username)
        .outerjoin(CHECK_IN, CHECK_IN.c.id == _last_check_in())
        .where(condition)
        .order_by(at.number)
    )
    return [_guest(row) for row in connection.execute(query)]


def _guest(row: sa.Row[Any]) -> Guest:
    return Guest(
        id=row.id,
        state=row.state,
        version=row.version,
        number=row.number,
        username=row.username,
        name=row.name,
        unit=row.unit,
        why=row.why or "",
        serial=row.serial,
        present_ms=row.at_ms if row.present else None,
        way=row.way if row.present else None,
    )


def able(
    connection: Connection, roles: Collection[str], platform: str, day: str
) -> list[tuple[str, str]]:
    """Everybody who can sign in and holds one of these roles on a platform on a day: username and
    name, by name.
    """
    query = sa.select(ACCOUNT.c.username, ACCOUNT.c.name).where(
        ACCOUNT.c.username.in_(_able(roles, platform, day))
    )
    rows = connection.execute(query.order_by(ACCOUNT.c.name, ACCOUNT.c.username))
    return [(row.username, row.name) for row in rows]


def _able(roles: Collection[str], platform: str, day: str) -> sa.Select[tuple[str]]:
    return (
        sa.select(ROLE_GRANT.c.username)
        .join(ACCOUNT, ACCOUNT.c.username == ROLE_GRANT.c.username)
        .where(
            ACCOUNT.c.disabled_ms.is_(None),
            ROLE_GRANT.c.role.in_(roles),
            ROLE_GRANT.c.platform.in_(("", platform)),
            holds_on(ROLE_GRANT, day),
        )
    )


def people_of(
    connection: Connection, invited: Invited, roles: Collection[str], platform: str, day: str
) -> Mapping[str, str]:
    """Everybody who can attend, see :func:`able`, and belongs to an invited unit, or one below it,
    or is invited by name: username to unit. Of one who belongs to several it is the first invited
    one.
    """
    able_to = _able(roles, platform, day)
    found: dict[str, str] = {}
    for unit in invited.units:
        belongs = sa.select(MEMBERSHIP.c.username).where(
            MEMBERSHIP.c.unit.in_(below((unit,))),
            holds_on(MEMBERSHIP, day),
            MEMBERSHIP.c.username.in_(able_to),
        )
        for username in connection.scalars(belongs.order_by(MEMBERSHIP.c.username)):
            found.setdefault(username, unit)
    query = sa.select(ACCOUNT.c.username).where(
        ACCOUNT.c.username.in_(invited.people), ACCOUNT.c.username.in_(able_to)
    )
    for username in connection.scalars(query.order_by(ACCOUNT.c.username)):
        found.setdefault(username, "")
    return found


def invited(connection: Connection, meeting_id: int) -> set[str]:
    """The usernames of everybody who has an invitation, also one that was taken back."""
    query = sa.select(INVITATION.c.username).where(INVITATION.c.meeting == meeting_id)
    return set(connection.scalars(query))


def next_number(connection: Connection, meeting_id: int) -> int:
    """The number of the next person at a meeting; the caller holds the one writer's turn."""
    query = sa.select(sa.func.max(INVITATION.c.number)).where(INVITATION.c.meeting == meeting_id)
    return (connection.scalar(query) or 0) + 1


def issue_pass(connection: Connection, invitation_id: int, serial: int, at_ms: int) -> None:
    """Note that a device was given a pass."""
    row = {"invitation": invitation_id, "serial": serial, "issued_ms": at_ms}
    connection.execute(sa.insert(PASS).values(row))


def known_marks(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of some keys that were sent before."""
    return set(connection.scalars(sa.select(CHECK_IN.c.key).where(CHECK_IN.c.key.in_(keys))))


def check_in(
    connection: Connection, invitation_id: int, mark: Mark, by: Actor, received_ms: int
) -> None:
    """Enter a mark of a desk."""
    row = {
        "key": mark.key,
        "invitation": invitation_id,
        "present": mark.present,
        "way": mark.way,
        "at_ms": mark.at_ms,
        "received_ms": received_ms,
        "who": by.who,
        "on_behalf": by.on_behalf,
    }
    connection.execute(sa.insert(CHECK_IN).values(row))


def add_minutes(
    connection: Connection, meeting_id: int, text: str, by: Actor, signed: str, at_ms: int
) -> int:
    """Write a version of the minutes; its number."""
    query = sa.select(sa.func.max(MINUTES.c.number)).where(MINUTES.c.meeting == meeting_id)
    number = (connection.scalar(query) or 0) + 1
    row = {"meeting": meeting_id, "number": number, "text": text}
    connection.execute(sa.insert(MINUTES).values(row | _signed(by, signed, at_ms)))
    return number


def minutes(connection: Connection, meeting_id: int) -> list[Minutes]:
    """Every version, the newest first."""
    query = sa.select(MINUTES).where(MINUTES.c.meeting == meeting_id)
    rows = connection.execute(query.order_by(MINUTES.c.number.desc()))
    return [Minutes(row.number, row.text, row.signed, row.at_ms) for row in rows]


def add_opinion(
    connection: Connection, invitation_id: int, text: str, by: Actor, signed: str, at_ms: int
) -> None:
    """Write an opinion; it stays as it is."""
    row = {"invitation": invitation_id, "text": text}
    connection.execute(sa.insert(OPINION).values(row | _signed(by, signed, at_ms)))


def opinions(
    connection: Connection, meeting_id: int, invitation_id: int | None = None
) -> list[Opinion]:
    """The opinions of everybody, or of one person, in the order in which they came."""
    at = OPINION.c
    query = (
        sa.select(OPINION, ACCOUNT.c.name)
        .join(INVITATION, INVITATION.c.id == at.invitation)
        .join(ACCOUNT, ACCOUNT.c.username == INVITATION.c.username)
        .where(INVITATION.c.meeting == meeting_id)
        .order_by(at.id)
    )
    if invitation_id is not None:
        query = query.where(at.invitation == invitation_id)
    return [
        Opinion(row.id, row.name, row.signed, row.text, row.at_ms)
        for row in connection.execute(query)
    ]


def without_leave(
    connection: Connection, platform: str, kind: str, usernames: Iterable[str]
) -> Mapping[str, int]:
    """How many meetings of a kind that have ended each person was away from without leave."""
    at = INVITATION.c
    query = (
        sa.select(at.username, sa.func.count().label("n"))
        .join(MEETING, MEETING.c.id == at.meeting)
        .outerjoin(CHECK_IN, CHECK_IN.c.id == _last_check_in())
        .where(
            MEETING.c.platform == platform,
            MEETING.c.kind == kind,
            MEETING.c.wants == "attend",
            MEETING.c.state == "ended",
            at.username.in_(list(usernames)),
            at.state.not_in(("revoked", "on-leave", "leave-asked")),
            sa.func.coalesce(CHECK_IN.c.present, sa.false()) == sa.false(),
        )
        .group_by(at.username)
    )
    return {row.username: row.n for row in connection.execute(query)}


def meeting_of(row: Mapping[Any, Any]) -> Meeting:
    """A meeting out of its row."""
    return Meeting(
        id=row["id"],
        state=row["state"],
        version=row["version"],
        platform=row["platform"],
        unit=row["unit"],
        kind=row["kind"],
        wants=row["wants"],
        title=row["title"],
        text=row["text"] or "",
        agenda=row["agenda"] or "",
        from_ms=row["from_ms"],
        until_ms=row["until_ms"],
        location=row["location"] or "",
        link=row["link"] or "",
        invited=Invited.of(row["invited"]),
    )


def _signed(by: Actor, signed: str, at_ms: int) -> dict[str, object]:
    return {"who": by.who, "on_behalf": by.on_behalf, "signed": signed, "at_ms": at_ms}
