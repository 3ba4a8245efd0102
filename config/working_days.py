"""Working days and days off in mainland China: a file a year, after the State Council's notice.

A year without a file has its weekends and the festivals that 全国年节及纪念日放假办法 (as of
2025-01-01), article 2, gives everybody, and its days are provisional. The notice of a year may
move the last days of the year before, so those are provisional until it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

import config
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

SHIPPED = Path(config.__file__).parent / "data" / "calendar"
_FESTIVALS = "festivals.toml"
_MOVED_BY_NEXT = (12, 26)
"""From this month and day on a notice of the next year has moved days."""
_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why a day is a working day or a day off."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"


@dataclass(frozen=True, slots=True)
class Day:
    """A date; ``holiday`` names the festival of a day off."""

    date: date
    reason: Reason
    holiday: str = ""
    awaits: int = 0
    """The year whose notice may still make another kind of it; 0 for none."""

    @property
    def provisional(self) -> bool:
        """Whether it waits for a notice."""
        return self.awaits > 0

    @property
    def working(self) -> bool:
        """Whether it counts as a working day."""
        return self.reason in (Reason.WEEKDAY, Reason.MAKE_UP)


class _Holiday(Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from"}):
    name: Annotated[str, Meta(min_length=1)]
    begin: date
    to: date

    def dates(self) -> Iterator[date]:
        """Every date of it."""
        day = self.begin
        while day <= self.to:
            yield day
            day += _DAY


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """A year's arrangement, the title and date of its notice, and how sure we are: ``read`` in
    its text, or ``secondary``, agreed by tables that others keep.
    """

    notice: Annotated[str, Meta(min_length=1)]
    published: date
    mark: Literal["read", "secondary"]
    holiday: Annotated[tuple[_Holiday, ...], Meta(min_length=1)]
    make_up: tuple[date, ...] = ()


@dataclass(frozen=True)
class WorkingDays:
    """Every day's reason, from the notices by year and the lawful festivals."""

    notices: Mapping[int, Notice]
    festivals: Mapping[str, str]
    """Name by "YYYY-MM-DD", or "MM-DD" where it is the same in every year."""
    _off: Mapping[date, str] = field(init=False, repr=False)
    _make_up: frozenset[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = [row for notice in self.notices.values() for row in notice.holiday]
        made_up = (day for notice in self.notices.values() for day in notice.make_up)
        object.__setattr__(self, "_off", {day: row.name for row in rows for day in row.dates()})
        object.__setattr__(self, "_make_up", frozenset(made_up))

    def day(self, on: date) -> Day:
        """The kind of a day, and why."""
        known = on.year in self.notices
        awaits = self._awaited(on)
        holiday = self._off.get(on, "")
        if not holiday and not known:
            holiday = self.festivals.get(f"{on:%Y-%m-%d}") or self.festivals.get(f"{on:%m-%d}", "")
        if holiday:
            return Day(on, Reason.HOLIDAY, holiday, awaits)
        if on in self._make_up:
            return Day(on, Reason.MAKE_UP, "", awaits)
        weekend = on.isoweekday() > 5
        return Day(on, Reason.WEEKEND if weekend else Reason.WEEKDAY, "", awaits)

    def _awaited(self, on: date) -> int:
        if on.year not in self.notices:
            return on.year
        ends_year = (on.month, on.day) >= _MOVED_BY_NEXT
        return on.year + 1 if ends_year and on.year + 1 not in self.notices else 0

    def after(self, start: date, count: int) -> tuple[Day, ...]:
        """Every day from the one after ``start`` to the ``count``-th working day, which is the
        last of them: the starting day is not counted (Civil Code, article 201).

        Args:
            start: the day of the act that starts the count.
            count: working days, at least 1.
        """
        days: list[Day] = []
        while count > 0:
            days.append(self.day((days[-1].date if days else start) + _DAY))
            count -= days[-1].working
        return tuple(days)

    def not_before(self, on: date) -> tuple[Day, ...]:
        """The days from ``on`` to the first working day, which is the last of them: a term that
        ends on a day off ends on the next working day (Civil Code, article 203).
        """
        days = [self.day(on)]
        while not days[-1].working:
            days.append(self.day(days[-1].date + _DAY))
        return tuple(days)


def load(*folders: Path) -> WorkingDays:
    """The files ``YYYY.toml`` of the product and of other folders, where a later one wins.

    Raises:
        FaultyInput: with every fault of the files at once.
    """
    faults: list[Fault] = []
    notices: dict[int, Notice] = {}
    for folder in (SHIPPED, *folders):
        for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].toml")):
            notice = _read(path, faults)
            if notice is not None:
                notices[int(path.stem)] = notice
    if faults:
        raise FaultyInput(faults)
    return WorkingDays(notices, _festivals())


def _read(path: Path, faults: list[Fault]) -> Notice | None:
    """A year's file; faults are added to the list."""
    try:
        values = read_toml(path, "name an existing file")
        notice = msgspec.convert(values, Notice)
    except FaultyInput as error:
        faults += error.faults
        return None
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        remedy = "give notice, published, mark, make_up and [[holiday]] with name, from and to"
        faults.append(Fault(f"{path.name}: {where.strip('`$.') or 'file'}", what, remedy))
        return None
    found = list(faults_of(int(path.stem), notice))
    faults += (Fault(f"{path.name}: {one.where}", one.what, one.remedy) for one in found)
    return None if found else notice


def faults_of(year: int, notice: Notice) -> Iterator[Fault]:
    """All that does not hold in the notice of a year."""
    off = set[date]()
    first = date(year - 1, *_MOVED_BY_NEXT)
    for index, row in enumerate(notice.holiday, start=1):
        where, days = f"holiday[{index}]", set(row.dates())
        if not days:
            yield Fault(where, "ends before it begins", "exchange from and to")
        if any(not first <= day <= date(year, 12, 31) for day in days):
            yield Fault(
                where, f"has days that the notice of {year} does not move", "mend the year"
            )
        if off & days:
            yield Fault(where, "has days of another holiday", "name both in one row")
        off |= days
    for day in notice.make_up:
        where = f"make_up {day}"
        if day.isoweekday() <= 5:
            yield Fault(where, "is no Saturday or Sunday", "take it out or mend the date")
        if day in off:
            yield Fault(where, "is also a day off", "take it out of one of the two")
        if not first <= day <= date(year, 12, 31):
            yield Fault(where, f"is no day that the notice of {year} moves", "mend the year")


def _festivals() -> dict[str, str]:
    values = read_toml(SHIPPED / _FESTIVALS, "install Qingyuan anew")
    return {
        str(day): name
        for part in ("fixed", "moving")
        for name, days in values[part].items()
        for day in days
    }
