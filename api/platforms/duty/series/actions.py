"""Give suggestions and promises as rows of a series."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.records import Account
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.series import repository
from api.ports import Fact, SeriesAsked, SeriesKind
from api.services import Services


def _suggestions(services: Services, account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """By the day of submission."""
    with services.state.read() as connection:
        found = repository.submitted(connection, account, asked.first, asked.last)
    return [
        Fact(
            title=of.title,
            path=f"/duty/suggestions/{of.id}",
            day=of.day,
            state="answered" if of.answered else "open",
            unit=of.unit or "",
            town=of.town or "",
            topic=of.topic or "",
        )
        for of in found
    ]


def _promises(services: Services, account: Account, asked: SeriesAsked) -> Sequence[Fact]:
    """By the day that was promised."""
    with services.state.read() as connection:
        found = repository.promised(
            connection, account, asked.first, asked.last, services.now_ms()
        )
    return [
        Fact(
            title=of.title,
            path=f"/duty/promises/{of.id}",
            day=of.day,
            state=of.standing,
            unit=of.unit,
            topic=of.topic or "",
        )
        for of in found
    ]


SERIES = (
    SeriesKind(
        "suggestions",
        DutyPermission.SEE,
        _suggestions,
        "/duty/suggestions",
        DutyPermission.SEE,
    ),
    SeriesKind("promises", DutyPermission.SEE, _promises, "/duty/promises", DutyPermission.SEE),
)
