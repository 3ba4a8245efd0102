"""Days of the congress: sessions, working days, months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from config.working_days import WorkingDays

FIRST_YEAR = 2022
"""The calendar year of year 1."""
_SESSION_DAYS = 4


@dataclass(frozen=True)
class Calendar:
    """By the notices of the State Council."""

    working_days: WorkingDays

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day; the day itself for none."""
        return self.working_days.after(day, count)[-1].date if count else day

    def working(self, day: date) -> date:
        """The day, or the next working day."""
        return self.working_days.not_before(day)[-1].date

    def session(self, year: int) -> tuple[date, date]:
        """First and last day of the session of a year, counted from 1."""
        opens = self.working(date(FIRST_YEAR + year - 1, 1, 5))
        return opens, opens + timedelta(days=_SESSION_DAYS)

    def months_later(self, day: date, months: int) -> date:
        """The same day so many months later, the month's last where it has none, and the next
        working day where that is a day off (Civil Code, articles 202 and 203).
        """
        month = day.month - 1 + months
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return self.working(date(year, month, min(day.day, last)))

    def month_end(self, day: date, months: int) -> date:
        """The last day of the month so many months later."""
        month = day.month - 1 + months
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, calendar.monthrange(year, month)[1])
