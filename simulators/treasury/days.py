"""Days on which a treasury pays."""

from __future__ import annotations

import bisect
import random
from datetime import date, timedelta

from config import working_days
from config.working_days import Reason

FIRST_YEAR = 2021
"""Five years on, all days off are those of notices."""


class Calendar:
    """Working days of some years, by the notices of the State Council."""

    def __init__(self, years: int) -> None:
        known = working_days.load()
        first, last = date(FIRST_YEAR, 1, 1), date(FIRST_YEAR + years - 1, 12, 31)
        span = (first + timedelta(days=at) for at in range((last - first).days + 1))
        self.years = range(FIRST_YEAR, FIRST_YEAR + years)
        kinds = {day: known.day(day) for day in span}
        self.days = [day for day, kind in kinds.items() if kind.working]
        self.off = [day for day, kind in kinds.items() if not kind.working]
        self.made_up = [day for day, kind in kinds.items() if kind.reason is Reason.MAKE_UP]
        self._months: dict[tuple[int, int], list[date]] = {}
        for day in self.days:
            self._months.setdefault((day.year, day.month), []).append(day)

    def in_month(self, year: int, month: int, drawn: random.Random) -> date:
        """Any working day of a month."""
        days = self._months[year, month]
        return days[int(drawn.random() * len(days))]

    def about(self, day: date) -> date:
        """The day, or the next working day of its year, or else the last one of that year."""
        at = bisect.bisect_left(self.days, day)
        if at < len(self.days) and self.days[at].year == day.year:
            return self.days[at]
        return self._months[min(max(day.year, self.years[0]), self.years[-1]), 12][-1]

    def later(self, day: date, count: int) -> date:
        """A working day about ``count`` calendar days later, in the same year."""
        return self.about(min(day + timedelta(days=count), date(day.year, 12, 31)))

    def between(self, first: date, last: date, drawn: random.Random) -> date:
        """Any working day of a span, both days in it."""
        span = (last - first).days
        return self.about(first + timedelta(days=drawn.randint(0, max(span, 0))))
