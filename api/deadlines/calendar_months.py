"""Months, years and the windows of a year as the calendar has them."""

from __future__ import annotations

import calendar
from datetime import date

from config.law import Period, Term, Unit

_MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "half-year": 6}


def add(on: date, months: int) -> date:
    """The same-numbered day so many months away; the month's last one where it has no such day
    (Civil Code, article 202).
    """
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def parts(amount: int, unit: Unit) -> tuple[int, int]:
    """Whole months of an amount of months, half months or years, and the half that is left."""
    if unit == "half-month":
        return divmod(amount, 2)
    return (amount * 12 if unit == "year" else amount), 0


def window(term: Term, on: date) -> tuple[date, date]:
    """The first and the last day of the window of a calendar term that ends first, on or behind
    a day.
    """
    if term.period == "year":
        year = on.year + (f"{on:%m-%d}" > term.until)
        return date.fromisoformat(f"{year}-{term.opens}"), date.fromisoformat(
            f"{year}-{term.until}"
        )
    if term.period == "day":
        return on, on
    if term.period == "ten-days":
        begin = min((on.day - 1) // 10, 2) * 10 + 1
        last = begin + 9 if begin < 21 else calendar.monthrange(on.year, on.month)[1]
        return on.replace(day=begin), on.replace(day=last)
    months = _MONTHS[term.period]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    end = add(first, months - 1)
    return first, end.replace(day=calendar.monthrange(end.year, end.month)[1])
