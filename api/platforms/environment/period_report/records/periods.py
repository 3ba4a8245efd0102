"""Periods of the district's calendar, and what was measured in one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from config.vocabulary.time import begins_ms

Span = Literal["day", "week", "month", "quarter", "year"]
SPANS: tuple[Span, ...] = get_args(Span)
ONE_DAY = timedelta(days=1)
WEEKS = 52
"""So many weeks lie between a week and the same one of the year before."""
_FORMS: Mapping[Span, re.Pattern[str]] = {
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}
_MONTHS: Mapping[Span, int] = {"month": 1, "quarter": 3, "year": 12}
Percent = Annotated[str, Meta(pattern=r"^(\d{1,2}(\.\d)?|100)?$", max_length=4)]
"""A share as people write it, empty where none is set."""
Text = Annotated[str, Meta(max_length=5000)]


class Chosen(Struct, frozen=True):
    """A period: 2026-11-05, 2026-W45, 2026-11, 2026-Q4 or 2026."""

    period: Annotated[str, Meta(pattern=r"^2\d{3}(-(W\d\d|Q[1-4]|\d\d(-\d\d)?))?$", max_length=10)]


class ChosenYear(Struct, frozen=True):
    """A year with the targets that it was given, in percent, and words of the office."""

    year: Annotated[int, Meta(ge=2000, le=2999)]
    water_target: Percent = ""
    air_target: Percent = ""
    problems: Text = ""
    advice: Text = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the district, both ends included."""

    span: Span
    first: date
    last: date

    @property
    def code(self) -> str:
        """As it is chosen."""
        year = self.first.year
        if self.span == "week":
            iso = self.first.isocalendar()
            return f"{iso.year}-W{iso.week:02}"
        if self.span == "quarter":
            return f"{year}-Q{self.first.month // 3 + 1}"
        return self.first.isoformat()[: {"day": 10, "month": 7}.get(self.span, 4)]

    @property
    def from_ms(self) -> int:
        """When it begins."""
        return begins_ms(self.first)

    @property
    def until_ms(self) -> int:
        """When the next one begins."""
        return begins_ms(self.last + ONE_DAY)

    def year_before(self, first: date, last: date) -> tuple[date, date]:
        """The same days of the year before: of weeks by their number, else by their date."""
        if self.span == "week":
            back = timedelta(weeks=WEEKS)
            return first - back, last - back
        return _last_year(first), max(_last_year(last + ONE_DAY) - ONE_DAY, _last_year(first))


def period_of(code: str) -> Period:
    """The period that a text names.

    Raises:
        ValueError: there is none.
    """
    for span, form in _FORMS.items():
        if (found := form.fullmatch(code)) is None:
            continue
        if span == "day":
            day = date.fromisoformat(code)
            return Period(span, day, day)
        year, *rest = map(int, found.groups())
        if span == "week":
            first = date.fromisocalendar(year, rest[0], 1)
            return Period(span, first, first + timedelta(days=6))
        months = _MONTHS[span]
        month = (rest[0] - 1) * months + 1 if rest else 1
        return Period(span, date(year, month, 1), _first_of(year, month + months) - ONE_DAY)
    raise ValueError(f"{code!r} is no period")


def holding(span: Span, day: date) -> Period:
    """The period in which a day lies."""
    if span == "day":
        return Period(span, day, day)
    if span == "week":
        first = day - timedelta(days=day.weekday())
        return Period(span, first, first + timedelta(days=6))
    months = _MONTHS[span]
    month = (day.month - 1) // months * months + 1
    return Period(span, date(day.year, month, 1), _first_of(day.year, month + months) - ONE_DAY)


def ended_before(span: Span, day: date) -> Period:
    """The newest period that was over when a day began."""
    return holding(span, holding(span, day).first - ONE_DAY)


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_year(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def days_of(first: date, last: date) -> Sequence[date]:
    """Every day of a span, both ends included."""
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a period in which the same standards hold, with the same days last year."""

    first: date
    last: date
    standards: tuple[str, ...]
    before: tuple[date, date]
