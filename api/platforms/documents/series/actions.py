"""Give normative documents and points of reviews as rows of a series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.accounts.records import Account
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.series import repository
from api.platforms.documents.series.records import Text
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services
from config.vocabulary.time import day_of


def _texts(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """By the day of publication."""
    with services.state.read() as connection:
        found = repository.published(connection, asked.first, asked.last)
    return [_of_text(of) for of in found]


def _in_force(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """Those that hold on the last day that is asked for, or today where that is to come."""
    today = date.fromisoformat(day_of(services.now_ms()))
    with services.state.read() as connection:
        found = repository.in_force(connection, min(asked.last, today))
    return [_of_text(of) for of in found]


def _of_text(of: Text) -> Fact:
    return Fact(
        title=of.title,
        path=f"/documents/texts/{of.id}",
        day=date.fromisoformat(of.day),
        unit=of.unit,
    )


def _points(services: Services, account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """By the day on which the review was opened."""
    with services.state.read() as connection:
        found = repository.raised(connection, account, asked.first, asked.last)
    return [
        Fact(
            title=of.title,
            path=f"/documents/reviews/points/{of.id}",
            day=of.opened,
            unit=of.unit,
        )
        for of in found
    ]


SERIES = (
    SeriesKind(
        "in-force", DocumentsPermission.SEE, _in_force, "/documents/texts", DocumentsPermission.SEE
    ),
    SeriesKind(
        "texts", DocumentsPermission.SEE, _texts, "/documents/texts", DocumentsPermission.SEE
    ),
    SeriesKind(
        "points", DocumentsPermission.SEE, _points, "/documents/reviews", DocumentsPermission.SEE
    ),
)
