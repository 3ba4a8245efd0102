"""Excursions: a series leaves its level in a step, and comes back in a step. Pure.

Water does not do that. A wave of salt or mud may come at once, but it goes slowly; an instrument
that falls dry, is covered with ice or disturbed jumps, and jumps back when it is set right. So
what lies between two such steps is doubted as a whole, as a technician would; a step that is never
taken back is a change of the water's (or of the instrument's) that a person must judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from config.catalogue.quality import Amount, Excursion
from ingest.quality.checks import HOUR_MS, Flags, Instants, Places, Values

LEVEL_ROWS, LEAST_ROWS = 5, 3
"""A level is the median of so many plausible rows; of fewer than the second it is unknown."""
LEVEL_MS = 24 * HOUR_MS
"""Older rows say nothing of the level."""
ABRUPT = 0.6
"""A step is abrupt when it alone makes this part of the departure."""
_LEAVES = 60
"""What leaves its level more often than this before it settles is erratic, no excursion."""
_NEVER: Amount = (np.inf, 0.0)


@dataclass(frozen=True, slots=True)
class Edges:
    """Rows at which a step leads away from the level beside them (before an opening, behind a
    closing), with the band around that level: ``low .. high`` is at the level.
    """

    rows: Places
    low: Values
    high: Values


def excursions(
    t: Instants, value: Values, plausible: Flags, rule: Excursion, step_ms: float
) -> Flags:
    """Rows that lie between leaving the level and coming back.

    ``plausible`` rows make the level; the others are away from it, whatever they are. Two rows
    further apart than ``step_ms`` make no step. What is said of a row rests on rows at most
    ``rule.hours`` and the time of two levels away from it.
    """
    found = np.zeros(len(t), np.bool_)
    if len(t) < LEAST_ROWS + 1:
        return found
    series = _Series(t, value, plausible, rule, step_ms)
    closings = series.edges(backward=True)
    closes = np.zeros(len(t), np.bool_)
    closes[closings.rows] = True
    for begin, end in series.there_and_back(series.edges(backward=False)):
        if closes[end - 1] or (rule.gradual and closes[begin:end].any()):
            found[begin:end] = True
    for place in range(len(closings.rows) - 1, -1, -1):
        row = int(closings.rows[place])
        if not found[row]:
            begin = series.way_back(row, closings.low[place], closings.high[place], found)
            found[begin : row + 1] = True
    return found


def steps(t: Instants, value: Values, rule: Excursion, step_ms: float) -> Places:
    """Rows before a step that may lead away from a level or back to it; no other row can begin or
    end an excursion.
    """
    least = ABRUPT * min((rule.below or _NEVER)[0], (rule.above or _NEVER)[0])
    return np.flatnonzero((np.abs(np.diff(value)) > least) & (np.diff(t) <= step_ms))


@dataclass(frozen=True, slots=True)
class _Series:
    t: Instants
    value: Values
    plausible: Flags
    rule: Excursion
    step_ms: float

    def edges(self, *, backward: bool) -> Edges:
        """Openings in the order of time; backward: closings, the last row of each excursion."""
        below, above = self.rule.below or _NEVER, self.rule.above or _NEVER
        before = steps(self.t, self.value, self.rule, self.step_ms)
        rows = before if backward else before + 1
        by = (self.value[before + 1] - self.value[before]) * (-1.0 if backward else 1.0)
        level = self._level(rows, backward=backward)
        floor = np.fmin(level, self._background(rows, backward=backward))
        fall, rise = below[0] + below[1] * np.abs(floor), above[0] + above[1] * np.abs(level)
        value = self.value[rows]
        fallen = (value < floor - fall) & (by < -ABRUPT * fall)
        risen = (value > level + rise) & (by > ABRUPT * rise)
        away = fallen | risen
        returns = self.rule.returns
        low, high = floor - returns * fall, level + returns * rise
        return Edges(rows[away], low[away], high[away])

    def there_and_back(self, openings: Edges) -> Iterator[tuple[int, int]]:
        """Of each opening not within another's excursion: the rows until it settles again. The
        step that ends one is no opening, though it leads away from where the series was.
        """
        done = -1
        for row, low, high in zip(
            openings.rows.tolist(), openings.low, openings.high, strict=True
        ):
            if row > done:
                end = self._settled(row, float(low), float(high))
                if end is not None:
                    done = end
                    yield row, end

    def _settled(self, row: int, low: float, high: float) -> int | None:
        """The first row behind an opening at which the level is held, in time."""
        limit = int(np.searchsorted(self.t, self.t[row] + self.rule.hours * HOUR_MS, "right"))
        settle_ms = self.rule.settle_hours * HOUR_MS
        begin, leaves, width = row, 0, 256
        last_away = row
        while begin < limit:
            end = min(begin + width, limit)
            seen = self.value[begin:end]
            away = np.flatnonzero((seen < low) | (seen > high)) + begin
            for place in away.tolist():
                if self._stays(last_away + 1, place, settle_ms):
                    return last_away + 1
                leaves += place > last_away + 1
                last_away = place
            least_ms = 0.0 if end == len(self.t) else settle_ms  # nothing later says otherwise yet
            if self._stays(last_away + 1, end, least_ms):
                return last_away + 1
            if leaves > _LEAVES:
                return None
            begin, width = end, 2 * width
        return None

    def _stays(self, begin: int, end: int, settle_ms: float) -> bool:
        """Whether rows ``begin .. end - 1``, all at the level, are long enough to count."""
        return end - begin >= LEAST_ROWS and bool(self.t[end - 1] - self.t[begin] >= settle_ms)

    def way_back(self, row: int, low: float, high: float, found: Flags) -> int:
        """Where the excursion began that closes at ``row``; behind it where that is unknown.

        One of gradual kind begins behind the last rows that held the level. Any other goes on
        from an excursion before it, if it was away most of the time since.
        """
        first = int(np.searchsorted(self.t, self.t[row] - self.rule.hours * HOUR_MS, "left"))
        seen = self.value[first : row + 1]
        away = (seen < low) | (seen > high)
        if not self.rule.gradual:
            before = np.flatnonzero(found[first:row])
            begin = int(before[-1]) + 1 if len(before) else len(seen)
            mostly = 4 * int(np.count_nonzero(away[begin:])) >= 3 * (len(seen) - begin)
            return first + begin if len(before) and mostly else row + 1
        places: list[int] = (np.flatnonzero(away) + first).tolist()
        settle_ms = self.rule.settle_hours * HOUR_MS
        for earlier, place in reversed(list(pairwise([first - 1, *places]))):
            if self._stays(earlier + 1, place, settle_ms):
                return place
        return row + 1

    def _level(self, rows: Places, *, backward: bool) -> Values:
        """Median of the plausible rows before (backward: behind) each; NaN where unknown."""
        known = np.flatnonzero(self.plausible)
        if not len(known) or not len(rows):
            return np.full(len(rows), np.nan)
        if backward:
            near = np.searchsorted(known, rows, "right")[:, None] + np.arange(LEVEL_ROWS)
        else:
            near = np.searchsorted(known, rows, "left")[:, None] - np.arange(1, LEVEL_ROWS + 1)
        inside = (near >= 0) & (near < len(known))
        places = known[np.clip(near, 0, len(known) - 1)]
        inside &= np.abs(self.t[places] - self.t[rows][:, None]) <= LEVEL_MS
        return _median(np.where(inside, self.value[places], np.nan))

    def _background(self, rows: Places, *, backward: bool) -> Values:
        """Low side of what was usual: a fifth of the hours before (behind) fell below it."""
        hours = self.rule.background_hours
        if hours is None or not len(rows):
            return np.full(len(rows), np.nan)
        known = np.flatnonzero(self.plausible)
        hour = self.t[known] // HOUR_MS
        begins = np.flatnonzero(np.diff(hour, prepend=-1))
        lows = np.minimum.reduceat(self.value[known], begins) if len(known) else np.empty(0)
        hour, at = hour[begins], self.t[rows] // HOUR_MS
        found = np.full(len(rows), np.nan)
        for place, mine in enumerate(at.tolist()):
            span = (mine + 1, mine + 1 + hours) if backward else (mine - hours, mine)
            seen = lows[slice(*np.searchsorted(hour, span))]
            if len(seen) >= LEAST_ROWS:
                found[place] = np.partition(seen, len(seen) // 5)[len(seen) // 5]
        return found


def _median(rows: Values) -> Values:
    """Median of each row without its NaN; NaN of fewer than LEAST_ROWS."""
    ranked = np.sort(rows, axis=1)  # NaN last
    known = np.count_nonzero(~np.isnan(rows), axis=1)
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    each = np.arange(len(rows))
    middle = (ranked[each, low] + ranked[each, np.minimum(high, rows.shape[1] - 1)]) / 2
    return np.where(known >= LEAST_ROWS, middle, np.nan)
