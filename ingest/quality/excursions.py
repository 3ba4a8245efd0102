"""Excursions: a series leaves its level in a step, and comes back in a step. Pure.

Water does not do that. A wave of salt or mud may come at once, but it goes slowly; an instrument
that falls dry, is covered with ice or disturbed jumps, and jumps back when it is set right. So
what lies between two such steps is doubted as a whole, as a technician would; a step that is never
taken back is a change of the water's (or of the instrument's) that a person must judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from config.catalogue.quality import Amount, Excursion
from config.vocabulary.time import HOUR_MS
from ingest.quality.checks import Flags, Instants, Places, Values

LEVEL_ROWS, LEAST_ROWS = 5, 3
"""A level is the median of so many plausible rows; of fewer than the second it is unknown."""
LEVEL_MS = 24 * HOUR_MS
"""Older rows say nothing of the level."""
ABRUPT = 0.6
"""A step is abrupt when it alone makes this part of the departure."""
_LEAVES = 60
"""A series that leaves its level more often than this before it settles is erratic, no excursion.
"""
_NEVER: Amount = (np.inf, 0.0)
CLOSE_MS = HOUR_MS
"""Of rows further apart a step says little: it must stand out from those around it."""
AROUND_STEPS, STANDS_OUT = 8, 6.0
"""So many times the longest step either side, and so many times the median step there."""


def _never(*_: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Edges:
    """Rows at which a step leads away from the level beside them (before an opening, behind a
    closing), with the band around that level: ``low .. high`` is at the level.
    """

    rows: Places
    low: Values
    high: Values

    def away(self, index: int, value: Values) -> Flags:
        """Which of some values are not at the level of one of the edges."""
        found: Flags = (value < self.low[index]) | (value > self.high[index])
        return found


def excursions(
    t: Instants,
    value: Values,
    plausible: Flags,
    rule: Excursion,
    step_ms: float,
    natural: Callable[[int, int], bool] = _never,
) -> Flags:
    """Rows that lie between leaving the level and coming back, but for ``natural`` ones: it is
    asked of rows ``begin .. end - 1``.

    ``plausible`` rows make the level; the others are away from it, whatever they are. Two rows
    further apart than ``step_ms`` make no step. The flag of a row rests on rows at most three
    times ``rule.hours`` and the time of a level away from it.
    """
    found = np.zeros(len(t), np.bool_)
    if len(t) < LEAST_ROWS + 1:
        return found
    series = _Series(t, value, plausible, rule, step_ms)
    openings, closings = series.edges(backward=False), series.edges(backward=True)
    closes = np.zeros(len(t), np.bool_)
    closes[closings.rows] = True
    opening = np.full(len(t), -1)
    for index, end in series.there_and_back(openings):
        begin = int(openings.rows[index])
        ends = closes[end - 1] or (rule.gradual and closes[begin:end].any())
        if ends and not natural(begin, end):
            opening[begin:end] = index
            found[begin:end] = not rule.each or openings.away(index, value[begin:end])
    latest = np.maximum.accumulate(np.where(opening >= 0, np.arange(len(t)), 0))
    for index, row in enumerate(closings.rows.tolist()):
        if opening[row] >= 0:
            continue
        if rule.gradual:
            begin = series.held_before(closings, index)
        else:
            before = int(latest[row])
            begin = series.goes_on(closings, index, openings, int(opening[before]), before + 1)
        if begin <= row and not natural(begin, row + 1):
            rows = slice(begin, row + 1)
            found[rows] = not rule.each or closings.away(index, value[rows])
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

    @property
    def hours_ms(self) -> int:
        """Whole, for numpy would make all instants of a search floats, again and again."""
        return int(self.rule.hours * HOUR_MS)

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
        away[away] = self._stands_out(before[away])
        returns = self.rule.returns
        low, high = floor - returns * fall, level + returns * rise
        return Edges(rows[away], low[away], high[away])

    def _stands_out(self, before: Places) -> Flags:
        """Whether the steps behind some rows are none that the series makes all the time; asked
        of rows so far apart that anything may have happened in between.
        """
        found = np.ones(len(before), np.bool_)
        apart = self.t[before + 1] - self.t[before] > CLOSE_MS
        if not apart.any():
            return found
        size = np.abs(np.diff(self.value))
        around_ms = int(AROUND_STEPS * self.step_ms)
        for index in np.flatnonzero(apart).tolist():
            row = int(before[index])
            edges = self.t[row] - around_ms, self.t[row + 1] + around_ms
            first, last = np.searchsorted(self.t, edges, "left")
            usual = float(np.median(size[first : max(last - 1, first + 1)]))
            found[index] = size[row] > STANDS_OUT * usual
        return found

    def there_and_back(self, openings: Edges) -> Iterator[tuple[int, int]]:
        """Places of openings, each with the row at which it has settled again. Not of one that
        lies within another's excursion; nor is the step that ends one an opening, though it leads
        away from where the series was.

        Which of them come first is told anew for each, from ``hours`` before it: one that lies
        within one that lies within one would else rest on rows however long ago. A step that leads
        only from an excursion to the next may come first by that; a shorter one before it, not
        ended yet, forbids it.
        """
        ends = [
            self._settled(row, float(low), float(high))
            for row, low, high in zip(
                openings.rows.tolist(), openings.low, openings.high, strict=True
            )
        ]
        places = np.array([index for index, end in enumerate(ends) if end is not None], np.intp)
        end = np.array([end for end in ends if end is not None], np.intp)
        rows, each = openings.rows[places], np.arange(len(places))
        early = np.searchsorted(self.t[rows], self.t[rows] - self.hours_ms)
        at, behind = early.copy(), np.searchsorted(rows, end, "right")
        while len(late := np.flatnonzero(at < each)):
            at[late] = behind[at[late]]
        alone, lasts = at == each, self.t[end] - self.t[rows]
        for i in np.flatnonzero(alone).tolist():
            before = slice(early[i], i)
            within = alone[before] & (end[before] >= rows[i]) & (lasts[before] <= lasts[i])
            if not within.any():
                yield int(places[i]), int(end[i])

    def _settled(self, row: int, low: float, high: float) -> int | None:
        """The first row behind an opening at which the level is held, in time."""
        limit = int(np.searchsorted(self.t, self.t[row] + self.hours_ms, "right"))
        settle_ms = self.rule.settle_hours * HOUR_MS
        begin, leaves, width = row, 0, 256
        last_away = row
        while begin < limit:
            end = min(begin + width, limit)
            seen = self.value[begin:end]
            away = np.flatnonzero((seen < low) | (seen > high)) + begin
            before = np.concatenate([[last_away], away])
            back = np.flatnonzero(np.diff(before) > 1)
            stays = self._stays(before[back] + 1, away[back], settle_ms)
            if stays.any():
                return int(before[back[stays.argmax()]]) + 1
            leaves += len(back)
            last_away = int(before[-1])
            least_ms = 0.0 if end == limit and self._silent(end, settle_ms) else settle_ms
            if self._stays(before[-1:] + 1, np.array([end]), least_ms).any():
                return last_away + 1
            if leaves > _LEAVES:
                return None
            begin, width = end, 2 * width
        return None

    def _silent(self, end: int, settle_ms: float) -> bool:
        """Whether nothing says otherwise in time, or nothing yet, of the rows before ``end``."""
        return end == len(self.t) or bool(self.t[end] - self.t[end - 1] > settle_ms)

    def _stays(self, begin: Places, end: Places, settle_ms: float) -> Flags:
        """Whether rows ``begin .. end - 1``, all at the level, are enough and last long enough."""
        enough = end - begin >= LEAST_ROWS
        enough[enough] &= self.t[end[enough] - 1] - self.t[begin[enough]] >= settle_ms
        return enough

    def held_before(self, closings: Edges, index: int) -> int:
        """Where an excursion of gradual kind began: behind the last rows that held the level to
        which it closes. Behind the closing itself where none did in time.
        """
        row = int(closings.rows[index])
        first = int(np.searchsorted(self.t, self.t[row] - self.hours_ms))
        away = np.flatnonzero(closings.away(index, self.value[first : row + 1])) + first
        since = np.concatenate([[first], away[:-1] + 1])
        stays = self._stays(since, away, self.rule.settle_hours * HOUR_MS)
        return int(away[stays][-1]) if stays.any() else row + 1

    def goes_on(
        self, closings: Edges, index: int, openings: Edges, opened: int, begin: int
    ) -> int:
        """Where an excursion goes on that seemed to have settled at row ``begin``: there, if it
        had ``opened`` in time, the series was away most of the time since, and the closing leads
        to the level that was left. Behind the closing otherwise.
        """
        row = int(closings.rows[index])
        if opened < 0 or self.t[row] - self.t[openings.rows[opened]] > self.hours_ms:
            return row + 1
        away = closings.away(index, self.value[begin : row + 1])
        elsewhere = openings.away(opened, self.value[row + 1 : row + 2]).any()
        mostly = 4 * int(np.count_nonzero(away)) >= 3 * len(away)
        return begin if mostly and not elsewhere else row + 1

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
        for index, mine in enumerate(at.tolist()):
            span = (mine + 1, mine + 1 + hours) if backward else (mine - hours, mine)
            seen = lows[slice(*np.searchsorted(hour, span))]
            if len(seen) >= LEAST_ROWS:
                found[index] = np.partition(seen, len(seen) // 5)[len(seen) // 5]
        return found


def _median(rows: Values) -> Values:
    """Median of each row without its NaN; NaN of fewer than LEAST_ROWS."""
    ranked = np.sort(rows, axis=1)  # NaN last
    known = np.count_nonzero(~np.isnan(rows), axis=1)
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    each = np.arange(len(rows))
    middle = (ranked[each, low] + ranked[each, np.minimum(high, rows.shape[1] - 1)]) / 2
    return np.where(known >= LEAST_ROWS, middle, np.nan)
