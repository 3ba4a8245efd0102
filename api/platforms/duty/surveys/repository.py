"""Rows of surveys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.ballots import repository as ballots
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.records import Survey
from api.platforms.duty.surveys.tables import MARKS, SURVEY


def of_office(connection: Connection, account: Account, item_id: int) -> Survey | None:
    """A survey that somebody of the office sees."""
    own = sa.and_(SURVEY.c.id == item_id, visible(account, DutyPermission.SURVEY, MARKS))
    return next(iter(_surveys(connection, sa.select(SURVEY).where(own))), None)


def one(connection: Connection, item_id: int) -> Survey | None:
    """A survey, whoever asks."""
    query = sa.select(SURVEY).where(SURVEY.c.id == item_id)
    return next(iter(_surveys(connection, query)), None)


def listed(connection: Connection, account: Account, before: int, most: int) -> list[Survey]:
    """Those that somebody of the office sees, the newest first; ``before`` is an id, 0: all."""
    query = sa.select(SURVEY).where(visible(account, DutyPermission.SURVEY, MARKS))
    if before:
        query = query.where(SURVEY.c.id < before)
    return _surveys(connection, query.order_by(SURVEY.c.id.desc()).limit(most))


def newest_closed(connection: Connection, account: Account) -> int:
    """The number of the survey that was begun last of those that have ended and that somebody of
    the office sees; 0: there is none.
    """
    seen = visible(account, DutyPermission.SURVEY, MARKS)
    query = sa.select(sa.func.max(SURVEY.c.id)).where(SURVEY.c.state == "closed", seen)
    return connection.scalar(query) or 0


def of_polls(connection: Connection, polls: Collection[int]) -> Mapping[int, Survey]:
    """Surveys by their polls."""
    found = _surveys(connection, sa.select(SURVEY).where(SURVEY.c.poll.in_(polls)))
    return {survey.poll.id: survey for survey in found}


def versions(connection: Connection, series: int) -> list[Survey]:
    """Every version of a survey, the first one first."""
    polls = ballots.of_series(connection, series)
    query = sa.select(SURVEY).where(SURVEY.c.poll.in_(polls))
    return _surveys(connection, query.order_by(SURVEY.c.id))


def _surveys(connection: Connection, query: sa.Select[Any]) -> list[Survey]:
    rows = connection.execute(query).mappings().all()
    polls = ballots.some(connection, [row["poll"] for row in rows])
    names = ("id", "state", "version", "kind", "title")
    return [Survey(**{name: row[name] for name in names}, poll=polls[row["poll"]]) for row in rows]
