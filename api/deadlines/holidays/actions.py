"""The years that are known, and the notice of one that the office enters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api import audit
from api.accounts.records import Account
from api.deadlines.holidays.records import Written
from api.deadlines.kept.notices import Entered
from api.deadlines.opening import deadlines_of
from api.deadlines.recomputation import Recomputation
from api.services import Services
from config.working_days import Notice


@dataclass(frozen=True, slots=True)
class Year:
    """A year whose days off are known; ``entered`` where the office's notice holds."""

    year: int
    notice: Notice
    entered: Entered | None


def years(services: Services) -> Sequence[Year]:
    """All of them, the newest first."""
    calendar = deadlines_of(services).calendar
    with services.state.read() as connection:
        days = calendar.known(connection)
        own: Mapping[int, Entered] = {one.year: one for one in calendar.entered(connection)}
    known = sorted(days.notices.items(), reverse=True)
    return [Year(year, notice, own.get(year)) for year, notice in known]


def enter(services: Services, account: Account, written: Written) -> int:
    """Keep a notice; open deadlines are reckoned anew at once. How many of them moved.

    Raises:
        NotAccepted
    """
    notice, now = written.read(), services.now_ms()
    deadlines = deadlines_of(services)
    detail = {
        "notice": notice.notice,
        "published": notice.published.isoformat(),
        "holiday": {of.name: [str(of.begin), str(of.to)] for of in notice.holiday},
        "make_up": [str(of) for of in notice.make_up],
    }
    with services.state.begin() as connection:
        deadlines.calendar.add(connection, written.year, notice, who=account.username, at_ms=now)
        audit.record(
            connection,
            by=account.actor,
            action="deadline.notice",
            subject=str(written.year),
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now,
        )
    return Recomputation(deadlines, services.words, services.now_ms).follow_calendar()
