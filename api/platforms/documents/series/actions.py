"""Give normative documents and points of reviews as rows of a series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.accounts.records import Account
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.series import repository
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services


def _texts(services: Services, _account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """By the day of publication."""
    with services.state.read() as connection:
        found = repository.published(connection, asked.first, asked.last)
    return [
        Fact(
            title=of.title,
            path=f"/documents/texts/{of.id}",
            day=date.fromisoformat(of.published),
            unit=of.unit,
        )
        for of in found
    ]


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
        "texts", DocumentsPermission.SEE, _texts, "/documents/texts", DocumentsPermission.SEE
    ),
    SeriesKind(
        "points", DocumentsPermission.SEE, _points, "/documents/reviews", DocumentsPermission.SEE
    ),
)
