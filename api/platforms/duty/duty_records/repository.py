"""Facts in the state database, and the other rooms of the platform as sources of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.ballots.tables import RESPONSE
from api.meetings.tables import CHECK_IN, INVITATION, MEETING
from api.platforms.duty.duty_records.records import (
    LONGEST_TITLE,
    SHOWN,
    STANDING,
    PersonYear,
    Source,
)
from api.platforms.duty.duty_records.tables import FACT, MARKS
from api.platforms.duty.motions.records import KIND as MOTIONS
from api.platforms.duty.motions.tables import MOTION
from api.platforms.duty.opinions.records import KIND as OPINIONS
from api.platforms.duty.opinions.tables import OPINION
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.tables import SURVEY
from api.platforms.duty.tables import SIGNATURE, SUGGESTION
from api.procedures.procedure import Row
from api.procedures.tables import EVENT
from api.tables import ROLE_GRANT
from config.vocabulary.time import day_of

KIND = "duty-fact"
VERIFIED_BY = ("verify", "record", "keep", "amend")
"""Steps by which a fact is verified."""
_UNSENT = ("draft", "discarded", "retracted", "letter")
"""States of suggestions and motions that are nobody's duty work: never submitted, taken back, or
no suggestion.
"""
MOST_WAITING = 200


def _text(column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.String(20))


def _source(
    key: sa.ColumnElement[str],
    username: sa.ColumnElement[str],
    kind: sa.ColumnElement[str],
    title: sa.ColumnElement[str],
    link: sa.ColumnElement[str],
    *,
    day: sa.ColumnElement[date] | None = None,
    at_ms: sa.ColumnElement[int] | None = None,
    secret: sa.ColumnElement[bool] | None = None,
) -> sa.Select[Any]:
    """The columns that every source has. ``link`` is the path of a page; of day and instant there
    is one.
    """
    no_day, no_instant = sa.cast(sa.null(), sa.Date), sa.cast(sa.null(), sa.BigInteger)
    columns: list[sa.ColumnElement[Any]] = [
        key.label("key"),
        username.label("username"),
        kind.label("kind"),
        (no_day if day is None else day).label("day"),
        (no_instant if at_ms is None else at_ms).label("at_ms"),
        title.label("title"),
        link.label("link"),
        (sa.false() if secret is None else secret).label("secret"),
    ]
    return sa.select(*columns)


def _suggestions() -> sa.Select[Any]:
    """Who submitted a suggestion: its author, also after somebody else leads it."""
    at = SUGGESTION.c
    return _source(
        sa.literal("suggestion/") + _text(at.id) + "/" + at.author,
        at.author,
        sa.literal("suggestion"),
        at.title,
        sa.literal("/duty/suggestions/") + _text(at.id),
        day=at.submitted_day,
        secret=at.openness == "secret",
    ).where(at.state.not_in(_UNSENT), at.submitted_day.is_not(None))


def _signatures() -> sa.Select[Any]:
    """Who signed a suggestion that was submitted, as long as the signature is to its text."""
    at, by = SUGGESTION.c, SIGNATURE.c
    query = _source(
        sa.literal("signature/") + _text(by.id) + "/" + by.username,
        by.username,
        sa.literal("signature"),
        at.title,
        sa.literal("/duty/suggestions/") + _text(at.id),
        at_ms=by.at_ms,
        secret=at.openness == "secret",
    )
    return query.join(SUGGESTION, sa.and_(by.kind == "suggestion", by.item == at.id)).where(
        by.state == "signed",
        by.text_hash == at.text_hash,
        by.at_ms.is_not(None),
        at.state.not_in(_UNSENT),
        at.submitted_day.is_not(None),
    )


def _motions() -> sa.Select[Any]:
    """Who led a motion that was submitted."""
    at = MOTION.c
    return _source(
        sa.literal("motion/") + _text(at.id) + "/" + at.lead,
        at.lead,
        sa.literal("motion"),
        at.title,
        sa.literal("/duty/motions/") + _text(at.id),
        day=at.submitted_day,
    ).where(at.state.not_in(_UNSENT), at.submitted_day.is_not(None))


def _motion_signatures() -> sa.Select[Any]:
    """Who signed a motion that was submitted with the signature to its text."""
    at, by = MOTION.c, SIGNATURE.c
    query = _source(
        sa.literal("signature/") + _text(by.id) + "/" + by.username,
        by.username,
        sa.literal("motion-signature"),
        at.title,
        sa.literal("/duty/motions/") + _text(at.id),
        at_ms=by.at_ms,
    )
    return query.join(MOTION, sa.and_(by.kind == MOTIONS, by.item == at.id)).where(
        by.state == "signed",
        by.text_hash == at.text_hash,
        by.at_ms.is_not(None),
        at.state.not_in(_UNSENT),
        at.submitted_day.is_not(None),
    )


def _opinions() -> sa.Select[Any]:
    """Deputies who answered a voter; what the voter wrote is nobody else's."""
    at, event = OPINION.c, EVENT.c
    answered = sa.select(sa.func.max(event.at_ms)).where(
        event.platform == "duty",
        event.kind == OPINIONS,
        event.item == sa.cast(at.id, sa.String(100)),
        event.step == "answer",
    )
    return _source(
        sa.literal("opinion/") + _text(at.id) + "/" + at.deputy,
        at.deputy,
        sa.literal("opinion"),
        at.title,
        sa.literal("/duty/opinions/") + _text(at.id),
        at_ms=answered.scalar_subquery(),
        secret=sa.true(),
    ).where(at.state.in_(("answered", "closed")))


def _meetings() -> sa.Select[Any]:
    """Which deputies were at a meeting of this platform, or at a hearing: by the last entry of its
    list. Both have the same tables.
    """
    at, of, entry = INVITATION.c, MEETING.c, CHECK_IN.alias()
    newest = sa.select(sa.func.max(entry.c.id)).where(entry.c.invitation == at.id)
    query = _source(
        sa.literal("meeting/") + _text(at.id),
        at.username,
        sa.case(
            (of.kind.in_(("session", "training", "activity")), of.kind),
            (of.kind == "committee", sa.literal("meeting")),
            else_=sa.literal("other"),
        ),
        of.title,
        sa.case(
            (of.platform == "judicial", sa.literal("/judicial/hearings/invitations/")),
            else_=sa.literal("/duty/meetings/invitations/"),
        )
        + _text(at.id),
        at_ms=of.from_ms,
    )
    return (
        query.select_from(INVITATION)
        .join(MEETING, of.id == at.meeting)
        .join(CHECK_IN, CHECK_IN.c.id == newest.scalar_subquery())
        .where(
            of.platform.in_(("duty", "judicial")),
            of.state.in_(("sent", "ended")),
            of.from_ms.is_not(None),
            at.state != "revoked",
            CHECK_IN.c.present,
            at.username.in_(_deputies()),
        )
    )


def _surveys() -> sa.Select[Any]:
    """Which deputies answered a survey by name. Of anonymous ones nobody can tell, and no record
    says.
    """
    at, of = RESPONSE.c, SURVEY.c
    query = _source(
        sa.literal("survey/") + _text(of.id) + "/" + at.username,
        at.username,
        sa.literal("survey"),
        of.title,
        sa.literal("/duty/my-surveys/") + _text(of.id),
        at_ms=at.at_ms,
    )
    return query.join(SURVEY, of.poll == at.poll).where(
        at.number == 1, of.design == "named", at.username.in_(_deputies())
    )


def _deputies() -> sa.Select[tuple[str]]:
    """Whoever is or was a deputy: others are asked to meetings and in surveys too."""
    return sa.select(ROLE_GRANT.c.username).where(ROLE_GRANT.c.role == "deputy")


SOURCES = (
    _suggestions,
    _signatures,
    _motions,
    _motion_signatures,
    _opinions,
    _meetings,
    _surveys,
)
"""One for each table that facts come from: queries with the same columns."""


def missing(connection: Connection, most: int, secrets: Mapping[str, str]) -> Sequence[Source]:
    """Facts of other rooms that no record has yet.

    Args:
        connection: to read by.
        most: at a time, of each source.
        secrets: by kind the title of what was written in confidence.
    """
    known = sa.select(FACT.c.source).where(FACT.c.source.is_not(None))
    found: list[Source] = []
    for source in SOURCES:
        rows = source().subquery()
        query = sa.select(rows).where(rows.c.key.not_in(known)).order_by(rows.c.key)
        for row in connection.execute(query.limit(most)):
            day = row.day or date.fromisoformat(day_of(row.at_ms))
            title = secrets[row.kind] if row.secret else row.title[:LONGEST_TITLE]
            found.append(Source(row.key, row.username, row.kind, day, title, row.link))
    return found


def lapsed(connection: Connection) -> Sequence[int]:
    """Facts whose source is no more, by id."""
    at = FACT.c
    query = sa.select(at.id).where(at.source.is_not(None), at.state.in_(SHOWN))
    return list(connection.scalars(query.where(at.source.not_in(_keys())).order_by(at.id)))


def returned(connection: Connection) -> Sequence[int]:
    """Void facts whose source is there again, by id."""
    at = FACT.c
    query = sa.select(at.id).where(at.state == "void", at.source.in_(_keys()))
    return list(connection.scalars(query.order_by(at.id)))


def has_source(connection: Connection, key: str) -> bool:
    """Whether a record has the fact of a source."""
    query = sa.select(FACT.c.id).where(FACT.c.source == key)
    return connection.execute(query).first() is not None


def of_person(
    connection: Connection, account: Account, username: str, first: date, last: date
) -> Sequence[Row]:
    """The facts of a person from one day to another that an account sees, the last one first."""
    at = FACT.c
    query = sa.select(FACT).where(
        at.username == username,
        at.state.in_(SHOWN),
        at.day.between(first, last),
        visible(account, DutyPermission.SEE_RECORDS, MARKS),
    )
    query = query.order_by(at.day.desc(), at.id.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def standing(
    connection: Connection, account: Account, permission: DutyPermission, of: PersonYear
) -> Sequence[Row]:
    """The facts of a person's year that an account sees by a permission, the first one first."""
    at = FACT.c
    query = sa.select(FACT).where(
        at.username == of.username,
        at.state.in_(STANDING),
        at.day.between(of.first, of.last),
        visible(account, permission, MARKS),
    )
    found = connection.execute(query.order_by(at.day, at.id))
    return [dict(row) for row in found.mappings()]


def years(connection: Connection, account: Account, username: str) -> Sequence[int]:
    """The years of which a person's record has something that an account sees."""
    at = FACT.c
    seen = visible(account, DutyPermission.SEE_RECORDS, MARKS)
    query = sa.select(sa.extract("year", at.day)).distinct()
    query = query.where(at.username == username, at.state.in_(SHOWN), seen)
    return [int(of) for of in connection.scalars(query)]


def waiting(connection: Connection, account: Account) -> Sequence[Row]:
    """Facts that wait for the office: to be verified, or decided on; the oldest first."""
    at = FACT.c
    query = sa.select(FACT).where(
        at.state.in_(("entered", "contested")), visible(account, DutyPermission.VERIFY, MARKS)
    )
    found = connection.execute(query.order_by(at.id).limit(MOST_WAITING))
    return [dict(row) for row in found.mappings()]


def verifiers(connection: Connection, ids: Collection[int]) -> Mapping[int, str]:
    """Who verified facts last, as signed, by id."""
    at = EVENT.c
    query = sa.select(at.item, at.signed).where(
        at.platform == "duty",
        at.kind == KIND,
        at.item.in_([str(of) for of in ids]),
        at.step.in_(VERIFIED_BY),
    )
    return {int(row.item): row.signed for row in connection.execute(query.order_by(at.number))}


def first_person(connection: Connection, account: Account) -> str | None:
    """Somebody of whom there is a record that an account may verify."""
    seen = visible(account, DutyPermission.VERIFY, MARKS)
    return connection.execute(sa.select(sa.func.min(FACT.c.username)).where(seen)).scalar()


def _keys() -> sa.Select[Any]:
    every = sa.union_all(*(source() for source in SOURCES)).subquery()
    return sa.select(every.c.key)
