"""Who is on duty in a position: by its entries, as they were known at an instant. Pure.

Of rotas the one saved last holds from its beginning on; substitutes and swaps stand on top of it,
among them again the last. No entry says anything of the time before it was saved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from alerting.duty.records import Entry, Rota, Substitute, Swap, What, Withdrawal
from config.vocabulary.time import DAY_MS, EAST_MS, FOR_EVER_MS

Source = Literal["rota", "hand", "substitute", "swap", "nobody"]
_AHEAD_MS = 15 * DAY_MS
"""More than two weeks' turns."""
WhoCan = Callable[[str, int], bool]
"""Whether a person can be on duty at an instant."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty, and by what: ``entry`` is its number, ``turn_ms`` the beginning of the day
    or week. ``person`` is empty where the rota has nobody.
    """

    person: str
    source: Source
    backup: str
    entry: int
    turn_ms: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A span, half open, in which one is on duty without a change."""

    from_ms: int
    until_ms: int
    duty: OnDuty

    @property
    def person(self) -> str:
        """Who; empty where nobody is."""
        return self.duty.person


@dataclass(frozen=True, slots=True)
class Gap:
    """A span, half open, in which nobody is on duty, or a ``person`` who cannot be."""

    position: str
    name: str
    from_ms: int
    until_ms: int
    person: str
    backup: str


class Calendar:
    """The entries of one position, in the order in which they were saved."""

    def __init__(self, position: str, entries: Iterable[Entry]) -> None:
        self.position = position
        self.entries = tuple(entries)
        self._rotas = [(of, of.what) for of in self.entries if isinstance(of.what, Rota)]
        self._ends = {
            of.what.entry: of.saved_ms for of in self.entries if isinstance(of.what, Withdrawal)
        }
        self._over = [(of, *span) for of in self.entries for span in _spans(of.what)]

    @property
    def newest(self) -> int:
        """The number of the last entry; 0 where there is none."""
        return self.entries[-1].id if self.entries else 0

    @property
    def newest_ms(self) -> int:
        """When it was saved."""
        return self.entries[-1].saved_ms if self.entries else 0

    def rota(self, at_ms: int, known_ms: int = FOR_EVER_MS) -> tuple[Entry, Rota] | None:
        """The rota of an instant, also one that ends the position; None: not kept yet."""
        for entry, rota in reversed(self._rotas):
            if entry.saved_ms <= known_ms and rota.valid_from_ms <= at_ms:
                return entry, rota
        return None

    def latest(self) -> Rota | None:
        """The rota saved last, whenever it begins."""
        return self._rotas[-1][1] if self._rotas else None

    def lives(self, at_ms: int) -> bool:
        """Whether the position is kept at an instant, or will be."""
        latest = self.latest()
        return latest is not None and (not latest.ended or latest.valid_from_ms > at_ms)

    def withdrawn_ms(self, entry: int) -> int | None:
        """When a substitute or swap was withdrawn."""
        return self._ends.get(entry)

    def on_duty(self, at_ms: int, known_ms: int = FOR_EVER_MS) -> OnDuty | None:
        """Who is on duty at an instant, as known at another; None: the position is not kept."""
        found = self.rota(at_ms, known_ms)
        if found is None or found[1].ended:
            return None
        planned = _planned(*found, at_ms)
        for entry, from_ms, until_ms, person in reversed(self._over):
            withdrawn = self._ends.get(entry.id, FOR_EVER_MS)
            stands = entry.saved_ms <= known_ms and (withdrawn > known_ms or at_ms < withdrawn)
            if stands and from_ms <= at_ms < until_ms:
                source: Source = "swap" if isinstance(entry.what, Swap) else "substitute"
                return replace(planned, person=person, source=source, entry=entry.id)
        return planned

    def shifts(
        self, from_ms: int, until_ms: int, known_ms: int = FOR_EVER_MS
    ) -> tuple[Shift, ...]:
        """Who is on duty from one instant to before another, a shift behind the other; they leave
        out only when the position is not kept.
        """
        found: list[Shift] = []
        for begin, end in self._pieces(from_ms, until_ms, known_ms):
            duty = self.on_duty(begin, known_ms)
            if duty is None:
                continue
            if found and (found[-1].until_ms, found[-1].duty) == (begin, duty):
                found[-1] = replace(found[-1], until_ms=end)
            else:
                found.append(Shift(begin, end, duty))
        return tuple(found)

    def now_and_next(self, at_ms: int) -> tuple[Shift | None, Shift | None]:
        """The rest of the shift of an instant, and the one behind it; None: not kept."""
        shifts = self.shifts(at_ms, at_ms + _AHEAD_MS)
        present = shifts[0] if shifts and shifts[0].from_ms == at_ms else None
        following = shifts[1 if present else 0 :]
        return present, following[0] if following else None

    def gaps(self, from_ms: int, until_ms: int, who_can: WhoCan) -> tuple[Gap, ...]:
        """Where nobody is on duty, or somebody who cannot be. Asked anew for each day."""
        found: list[Gap] = []
        for shift in self.shifts(from_ms, until_ms):
            for begin, end in _by_day(shift):
                if shift.person and who_can(shift.person, begin):
                    continue
                last = found[-1] if found else None
                if last and (last.until_ms, last.person) == (begin, shift.person):
                    found[-1] = replace(last, until_ms=end)
                    continue
                kept = self.rota(begin)
                name = kept[1].name if kept else ""
                gap = Gap(self.position, name, begin, end, shift.person, shift.duty.backup)
                found.append(gap)
        return tuple(found)

    def _pieces(self, from_ms: int, until_ms: int, known_ms: int) -> Iterator[tuple[int, int]]:
        """Spans within which nothing changes."""
        changes = sorted(self._changes())
        at = from_ms
        while at < until_ms:
            behind = bisect_right(changes, at)
            end = min(until_ms, changes[behind] if behind < len(changes) else until_ms)
            found = self.rota(at, known_ms)
            if found and not found[1].ended:
                rota = found[1]
                end = min(end, rota.begins_ms(rota.duty_day(at) + 1))
            yield at, end
            at = end

    def _changes(self) -> Iterator[int]:
        yield from (rota.valid_from_ms for _, rota in self._rotas)
        yield from self._ends.values()
        for _, from_ms, until_ms, _ in self._over:
            yield from_ms
            yield until_ms


def hours(shifts: Sequence[Shift]) -> Mapping[str, int]:
    """How long each person is on duty, in ms."""
    found: dict[str, int] = {}
    for shift in shifts:
        found[shift.person] = found.get(shift.person, 0) + shift.until_ms - shift.from_ms
    return found


def _spans(what: What) -> Iterator[tuple[int, int, str]]:
    """The spans of a substitute or swap, and who is on duty in each."""
    if isinstance(what, Substitute):
        yield what.from_ms, what.until_ms, what.person
    elif isinstance(what, Swap):
        yield what.one.from_ms, what.one.until_ms, what.other.person
        yield what.other.from_ms, what.other.until_ms, what.one.person


def ordered(rota: Rota, day: int) -> tuple[str, int]:
    """The person whom the order of a rota names on a duty day, whatever is set by hand, and when
    the turn begins; empty: nobody.
    """
    begins = rota.begins_ms(day)
    first = date.fromisoformat(rota.first_day).toordinal()
    off = rota.days_off(first, day) if first <= day else -rota.days_off(day, first)
    if rota.off_people and rota.off(day):
        return rota.off_people[off % len(rota.off_people)], begins
    if not rota.people:
        return "", begins
    place = day - first
    if rota.turn == "week":
        place //= 7
        begins = rota.begins_ms(first + 7 * place)
    elif rota.off_people:
        place -= off
    return rota.people[place % len(rota.people)], begins


def _planned(entry: Entry, rota: Rota, at_ms: int) -> OnDuty:
    """Who a rota has on duty."""
    day = rota.duty_day(at_ms)
    if person := rota.by_hand.get(date.fromordinal(day).isoformat()):
        return OnDuty(person, "hand", rota.backup, entry.id, rota.begins_ms(day))
    person, begins = ordered(rota, day)
    return OnDuty(person, "rota" if person else "nobody", rota.backup, entry.id, begins)


def _by_day(shift: Shift) -> Iterator[tuple[int, int]]:
    """A shift in parts that end with the district's day: roles end with it."""
    at = shift.from_ms
    while at < shift.until_ms:
        midnight = ((at + EAST_MS) // DAY_MS + 1) * DAY_MS - EAST_MS
        end = min(shift.until_ms, midnight)
        yield at, end
        at = end
