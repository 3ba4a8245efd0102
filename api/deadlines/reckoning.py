"""The due date of a term and each day on the way to it. Pure.

Counting follows the Civil Code, articles 201 to 203, by analogy; docs/deadlines-law.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from api.deadlines import calendar_months
from api.deadlines.trace import Code, Marked, Reckoned, Why, traced
from config.law import Extension, Rule, Term, Unit
from config.vocabulary.time import DAY_MS, HOUR_MS, begins_ms, day_of
from config.working_days import Day, WorkingDays

_DAY = timedelta(days=1)
_HALF_MONTH_DAYS = 15


@dataclass(frozen=True, slots=True)
class Extended:
    """A term made longer by somebody, ``by`` an amount or ``to`` one from the start in all."""

    amount: int
    unit: Unit
    by: str = ""
    reason: str = ""
    to: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, the first and the last of them included."""

    first: date
    last: date
    by: str = ""
    reason: str = ""


class Lamp(StrEnum):
    """How a deadline stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNCONFIRMED = "unconfirmed"


def lamp(started_ms: int, due_ms: int, now_ms: int, *, verified: bool) -> Lamp:
    """Green while over a quarter of the term is left, then yellow, red when it is over; a rule
    that nobody stands for is never red. The length of a term before a day is that from its due
    day to that day, though it starts there.
    """
    if now_ms > due_ms:
        return Lamp.RED if verified else Lamp.UNCONFIRMED
    length_ms = due_ms - started_ms
    if length_ms < 0:
        length_ms = DAY_MS - length_ms
    return Lamp.GREEN if 4 * (due_ms - now_ms) > length_ms else Lamp.YELLOW


def reckon(
    term: Term,
    start: date | int,
    days: WorkingDays,
    extensions: Sequence[Extended] = (),
    pauses: Sequence[Pause] = (),
) -> Reckoned:
    """The due date of a term with its trace.

    Args:
        term: a rule, or a term that somebody sets.
        start: the day of the act, or of what the term runs back from; an instant in ms for hours.
        days: which days are off.
        extensions: in the order in which they were given.
        pauses: without overlap.

    Raises:
        ValueError: an hour term without an instant; an extension or a pause of a term that has
            none: one of dates, or before a day.
    """
    fixed = term.unit == "calendar" or term.direction == "before"
    if (fixed and extensions) or (pauses and (fixed or term.unit == "hour")):
        raise ValueError("a term of hours has no pause, one of dates or before a day no change")
    if term.unit == "hour":
        if isinstance(start, date):
            raise ValueError("a term of hours begins at an instant")
        return _hours(term, start, extensions)
    on = start if isinstance(start, date) else date.fromisoformat(day_of(start))
    started_ms = begins_ms(on) if isinstance(start, date) else start
    if term.unit == "calendar":
        return _calendar(term, on, started_ms, days)
    if term.direction == "before":
        return _before(term, on, started_ms, days)
    return _after(term, on, started_ms, days, extensions, pauses)


def latest(rule: Rule, start: date | int, days: WorkingDays) -> Reckoned:
    """The due date with every extension that the rule allows."""
    return reckon(rule, start, days, [_granted(one) for one in rule.extensions])


def _granted(allowed: Extension) -> Extended:
    return Extended(allowed.amount, allowed.unit, to=allowed.to)


def changes(old: Reckoned, new: Reckoned) -> tuple[tuple[Day, Day], ...]:
    """The days that moved a due date: each as it was and as it is, where another notice made
    another kind of it.
    """
    known = {step.date: step.day for step in old.trace}
    pairs = ((known.get(step.date), step.day) for step in new.trace)
    return tuple((was, now) for was, now in pairs if was and now and _kind(was) != _kind(now))


def _kind(day: Day) -> tuple[str, str]:
    return day.reason, day.holiday


def _end_ms(on: date) -> int:
    return begins_ms(on + _DAY) - 1


def _hours(term: Term, start_ms: int, extensions: Sequence[Extended]) -> Reckoned:
    due_ms = start_ms + term.amount * HOUR_MS
    first = date.fromisoformat(day_of(start_ms))
    marked: Marked = [(first, Why(Code.HOUR_START, at_ms=start_ms))]
    hours = term.amount
    for one in extensions:
        hours = one.amount if one.to else hours + one.amount
        on = date.fromisoformat(day_of(due_ms))
        due_ms = max(due_ms, start_ms + hours * HOUR_MS)
        marked.append((on, _extended(one)))
    due = date.fromisoformat(day_of(due_ms))
    between = (first + _DAY * n for n in range(1, (due - first).days))
    marked += [(on, Why(Code.HOUR_RUNS)) for on in between]
    marked.append((due, Why(Code.HOUR_END, hours, at_ms=due_ms)))
    return Reckoned(start_ms, due, due_ms, False, traced(sorted(marked, key=lambda one: one[0])))


def _extended(one: Extended) -> Why:
    code = Code.EXTENDED_TO if one.to else Code.EXTENDED
    return Why(code, one.amount, unit=one.unit, by=one.by, reason=one.reason)


def _calendar(term: Term, on: date, started_ms: int, days: WorkingDays) -> Reckoned:
    opens, due = calendar_months.window(term, on)
    marked: Marked = [(on, Why(Code.ASKED))] if on < due else []
    if on < opens:
        marked.append((opens, Why(Code.OPENS)))
    marked.append((due, Why(Code.CLOSES)))
    better = _better_before(due, days, marked)
    return Reckoned(started_ms, due, _end_ms(due), False, traced(marked), opens, better)


def _better_before(due: date, days: WorkingDays, marked: Marked) -> date | None:
    """The working day before a due day that is a day off and is not moved."""
    day = days.day(due)
    if day.working:
        return None
    before = due
    while not days.day(before).working:
        before -= _DAY
    marked.append((due, Why(Code.BETTER_BEFORE, day=day, at_ms=begins_ms(before))))
    return before


def _before(term: Term, on: date, started_ms: int, days: WorkingDays) -> Reckoned:
    marked: Marked = [(on, _begun(term))]
    if term.unit in ("day", "working-day"):
        marked += _counted_back(term, on, days)
    else:
        marked += _months_back(term, on)
    due = marked[-1][0]
    provisional = any(why.day.provisional for _, why in marked if why.day)
    better = _better_before(due, days, marked)
    return Reckoned(
        started_ms, due, _end_ms(due), provisional, traced(marked), better_before=better
    )


def _counted_back(term: Term, on: date, days: WorkingDays) -> Iterator[tuple[date, Why]]:
    count, working_only = 0, term.unit == "working-day"
    while count < term.amount:
        on -= _DAY
        day = days.day(on) if working_only else None
        if day and not day.working:
            yield on, Why(Code.SKIPPED, day=day)
            continue
        count += 1
        yield on, Why(Code.BACK_WORKING if day else Code.BACK_DAY, count, day)


def _months_back(term: Term, on: date) -> Iterator[tuple[date, Why]]:
    months, halves = calendar_months.parts(term.amount, term.unit)
    for count in range(1, months + 1):
        yield calendar_months.add(on, -count), Why(Code.BACK_MONTH, count)
    due = calendar_months.add(on, -months)
    if months and due.day < on.day:
        yield due, Why(Code.CLAMPED, on.day)
    if halves:
        yield due - _DAY * _HALF_MONTH_DAYS, Why(Code.HALF_MONTH)


def _after(
    term: Term,
    on: date,
    started_ms: int,
    days: WorkingDays,
    extensions: Sequence[Extended],
    pauses: Sequence[Pause],
) -> Reckoned:
    count = _Count(days, pauses, on, on, [(on, _begun(term))])
    count.add(term.amount, term.unit)
    for one in extensions:
        count.extend(one)
    return count.reckoned(started_ms, moves=term.moves)


def _begun(term: Term) -> Why:
    return Why(Code.START if term.amount else Code.ON_THE_DAY)


@dataclass
class _Count:
    """A count that runs forward from the day of an act."""

    days: WorkingDays
    pauses: Sequence[Pause]
    start: date
    end: date
    marked: Marked = field(default_factory=list)
    depends: bool = False
    """Whether the end depends on a day that waits for a notice."""
    _origin: date = date.min
    _months: int = 0
    """Months that were added to the origin: a second step of months keeps the first one's day."""

    def __post_init__(self) -> None:
        self._origin = self.start

    def add(self, amount: int, unit: Unit) -> None:
        """Count on from the end."""
        if unit in ("day", "working-day"):
            self._add_days(amount, working_only=unit == "working-day")
            return
        before = self.end
        months, halves = calendar_months.parts(amount, unit)
        self._add_months(months, by_year=unit == "year")
        if halves:
            self._set(self.end + _DAY * _HALF_MONTH_DAYS, Why(Code.HALF_MONTH))
        paused = 0
        if self.pauses:
            paused = sum(self._pause_on(day) is not None for day in _days(before, self.end))
        if paused:
            self.marked.append((self.end, Why(Code.PAUSED, paused, by=self._paused_by(before))))
            self._add_days(paused, working_only=False)

    def extend(self, one: Extended) -> None:
        """Count an extension, from the end as it was before it was moved past days off."""
        self.marked.append((self.end, _extended(one)))
        if not one.to:
            self.add(one.amount, one.unit)
            return
        whole = _Count(self.days, self.pauses, self.start, self.start)
        whole.add(one.amount, one.unit)
        if whole.end > self.end:
            self.marked += [pair for pair in whole.marked if pair[0] > self.end]
            self.end, self.depends = whole.end, self.depends or whole.depends
            self._origin, self._months = whole._origin, whole._months

    def reckoned(self, started_ms: int, *, moves: bool) -> Reckoned:
        """The end, moved to a working day where it moves."""
        better = None
        if moves:
            self._move()
        elif self.end > self.start:
            better = _better_before(self.end, self.days, self.marked)
        trace = traced(self.marked)
        return Reckoned(
            started_ms, self.end, _end_ms(self.end), self.depends, trace, better_before=better
        )

    def _move(self) -> None:
        on_the_way = self.days.not_before(self.end)
        for day in on_the_way[:-1]:
            self.marked.append((day.date, Why(Code.MOVED, day=day)))
        last, moved = on_the_way[-1], len(on_the_way) > 1
        if moved or self.marked[-1][1].code is not Code.WORKING:
            self.marked.append((last.date, Why(Code.MOVED_HERE if moved else Code.LAST, day=last)))
        self.depends = self.depends or any(day.provisional for day in on_the_way)
        self.end = last.date

    def _set(self, end: date, why: Why) -> None:
        self.end, self._origin, self._months = end, end, 0
        self.marked.append((end, why))

    def _add_days(self, amount: int, *, working_only: bool) -> None:
        count = 0
        while count < amount:
            on = self.end + _DAY
            day = self.days.day(on) if working_only else None
            pause = self._pause_on(on)
            if pause:
                self._set(on, Why(Code.PAUSED, by=pause.by, reason=pause.reason))
                continue
            self.depends = self.depends or bool(day and day.provisional)
            if day and not day.working:
                self._set(on, Why(Code.SKIPPED, day=day))
                continue
            count += 1
            self._set(on, Why(Code.WORKING if day else Code.DAY, count, day))

    def _add_months(self, months: int, *, by_year: bool) -> None:
        step = 12 if by_year else 1
        for _ in range(0, months, step):
            self._months += step
            self.end = calendar_months.add(self._origin, self._months)
            code = Code.YEAR if by_year else Code.MONTH
            self.marked.append((self.end, Why(code, self._months // step)))
        if months and self.end.day < self._origin.day:
            self.marked.append((self.end, Why(Code.CLAMPED, self._origin.day)))

    def _pause_on(self, on: date) -> Pause | None:
        return next((one for one in self.pauses if one.first <= on <= one.last), None)

    def _paused_by(self, before: date) -> str:
        found = (self._pause_on(day) for day in _days(before, self.end))
        return next((one.by for one in found if one), "")


def _days(after: date, to: date) -> Iterator[date]:
    return (after + _DAY * n for n in range(1, (to - after).days + 1))
