"""A station's last days in quarters of an hour: enough to tell, mostly, that no check which looks
far back has anything to say of what arrived. Pure.

Readings come in order and are healthy, as a rule. Then only their own flags and those of the rows
beside them can change, and nobody need look at days of a sensor that measures every second. What a
summary cannot prove, it leaves to ``flag`` and the whole window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import CONDUCTIVITY, Amount, Checks
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS, MINUTE_MS
from ingest.quality import sondes, stillness
from ingest.quality.checks import LEAST_ERRATIC, Instants, Values, equal_to_any
from ingest.quality.flagging import (
    ICE_CELSIUS,
    ICE_HOURS,
    TEMPERATURE,
    Series,
    is_sound,
    leans,
    leans_ms,
    part_of,
)
from ingest.quality.spans import APART_MS, Span

BLOCK_MS = 15 * MINUTE_MS
LEANT_MS = sondes.REACH_MS + sondes.BLOCK_MS + ICE_HOURS * HOUR_MS
"""As far back as a check of sondes or of ice leans on another series, and its window."""
BESIDE_ROWS, STEP_ROWS = 3, 8
"""Checks of a row look at fewer beside it; a step is understood when so many rows follow it."""
HELD_ROWS = 3
"""So many equal rows are a value that is held."""
_NOTHING = Series(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8), np.empty(0, np.uint8))


def row_checks(asked: Checks) -> Checks:
    """The checks that look at a row and those beside it alone."""
    return msgspec.structs.replace(
        asked, flat=None, attenuated=None, held=None, erratic=None, dry=None, sonde=False,
        placeholders=[], surge=None,
    )  # fmt: skip


@dataclass(slots=True)
class Summary:
    """Of the sound rows of a series the extremes and the number of large steps in each block."""

    asked: Checks
    apart_ms: float
    """Rows further apart make no step."""
    block: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    large: Instants = field(default_factory=lambda: np.empty(0, np.int64))
    low: Values = field(default_factory=lambda: np.empty(0))
    high: Values = field(default_factory=lambda: np.empty(0))
    last: Series = _NOTHING
    """The last sound rows, as many as make a held value."""
    strange: bool = False
    """Whether of those that were added last one may end values that were held, be a surge or a
    placeholder.
    """
    unproven_ms: int = -FOR_EVER_MS
    """The last row of which a check that looks far back may have something to say."""

    def add(self, series: Series) -> None:
        """Rows behind those that were added."""
        came = part_of(series, is_sound(series))
        self.strange = False
        if not len(came.t):
            return
        rows = _joined(self.last, came)
        t, value = rows.t, rows.value
        self.strange = self._is_strange(value)
        self.last = part_of(rows, slice(-HELD_ROWS, None))
        self._note(came, self._large(t, value)[len(t) - len(came.t) :])

    def _is_strange(self, value: Values) -> bool:
        held, surge, change = self.asked.held, self.asked.surge, np.diff(value)
        return bool(
            (held and _ends_held(value, held.step))
            or (surge and (change > surge[0]).any())
            or equal_to_any(value, self.asked.placeholders).any()
        )

    def _large(self, t: Instants, value: Values) -> NDArray[np.bool_]:
        """Steps that are too large for the water, as ``checks.erratic`` counts them."""
        rule, found = self.asked.erratic, np.zeros(len(t), np.bool_)
        if rule:
            level = (np.abs(value[1:]) + np.abs(value[:-1])) / 2
            near = np.diff(t) <= self.apart_ms
            found[1:] = near & (np.abs(np.diff(value)) > rule.ratio * (level + rule.offset))
        return found

    def _note(self, came: Series, large: NDArray[np.bool_]) -> None:
        block = came.t // BLOCK_MS
        first = np.flatnonzero(np.diff(block, prepend=block[0] - 1))
        begun = len(self.block) and self.block[-1] == block[0]
        large_rows = np.add.reduceat(large.astype(np.int64), first)
        low, high = np.minimum.reduceat(came.value, first), np.maximum.reduceat(came.value, first)
        if begun:
            large_rows[0] += self.large[-1]
            low[0], high[0] = min(low[0], self.low[-1]), max(high[0], self.high[-1])
        kept = int(np.searchsorted(self.block, (int(came.t[-1]) - self.reach_ms()) // BLOCK_MS))
        old = slice(kept, len(self.block) - bool(begun))
        self.block = np.concatenate([self.block[old], block[first]])
        self.large = np.concatenate([self.large[old], large_rows])
        self.low = np.concatenate([self.low[old], low])
        self.high = np.concatenate([self.high[old], high])

    def reach_ms(self) -> int:
        """As far back as anything is proven of."""
        asked = (self.asked.flat, self.asked.attenuated, self.asked.erratic)
        hours = max((rule.hours for rule in asked if rule), default=0.0)
        return max(int(hours * HOUR_MS), LEANT_MS) + APART_MS + 2 * BLOCK_MS

    def lowest(self, from_ms: int) -> float:
        """No row from an instant on lies lower."""
        first = np.searchsorted(self.block, from_ms // BLOCK_MS)
        return float(self.low[first:].min(initial=np.inf))

    def moved(self, from_ms: int, to_ms: int, by: float) -> bool:
        """Whether it certainly moved by more than this between two instants."""
        first = np.searchsorted(self.block, -(-from_ms // BLOCK_MS))
        end = np.searchsorted(self.block, to_ms // BLOCK_MS)
        if first >= end:
            return False
        return float(self.high[first:end].max() - self.low[first:end].min()) > by

    def erratic(self, from_ms: int) -> bool:
        """Whether large steps since an instant may be most of those of some hours."""
        first = np.searchsorted(self.block, from_ms // BLOCK_MS)
        return 2 * int(self.large[first:].sum()) >= LEAST_ERRATIC


@dataclass(slots=True)
class Summaries:
    """The series of a station by code, with its checks, up to ``newest_ms``, UTC epoch ms."""

    checks: Mapping[str, Checks]
    cadence_ms: int
    apart_ms: float
    newest_ms: int = -FOR_EVER_MS
    _of: dict[str, Summary] = field(default_factory=dict)

    def reach_ms(self, code: str) -> int:
        """As far back as anything is proven of a series."""
        return self._summary(code).reach_ms()

    @property
    def lingers_ms(self) -> int:
        """So long flags may change behind a row that a check had something to say of."""
        return int(2 * max(stillness.BESIDE_MS, self.apart_ms))

    def take(self, series: Mapping[str, Series]) -> None:
        """Rows that arrived behind all that were taken before. Of many those that may still matter
        are looked at block by block.
        """
        t = [of.t for of in series.values() if len(of.t)]
        if not t:
            return
        first, newest = min(int(of[0]) for of in t), max(int(of[-1]) for of in t)
        edges = [first, newest + 1]
        if newest - first > APART_MS:
            begin = newest - self.lingers_ms - max(HOUR_MS, 5 * self.cadence_ms)
            blocks = range(max(first + 1, begin), newest + 1, BLOCK_MS)
            edges = [first, *blocks, newest + 1]
        for low, high in pairwise(edges):
            self._take(
                {
                    code: part_of(of, slice(*np.searchsorted(of.t, (low, high))))
                    for code, of in series.items()
                }
            )

    def _take(self, series: Mapping[str, Series]) -> None:
        t = [of.t for of in series.values() if len(of.t)]
        if not t:
            return
        for code in self.checks:
            self._summary(code).add(series.get(code, _NOTHING))
        first_ms, self.newest_ms = min(int(of[0]) for of in t), max(int(of[-1]) for of in t)
        long = self.newest_ms - first_ms > APART_MS
        for code in self.checks:
            if long or not self._silent(code, first_ms, self.newest_ms):
                self._summary(code).unproven_ms = self.newest_ms

    def proven(self, code: str, from_ms: int) -> bool:
        """Whether no check that looks far back says, or changes, anything from an instant on."""
        return self._summary(code).unproven_ms + self.lingers_ms < from_ms

    def changed(
        self, series: Mapping[str, Series], span: Span
    ) -> tuple[dict[str, Span], dict[str, Span]]:
        """Of a station at which readings of a span arrived, behind all others, by code: where
        checks that look at rows beside each other may now say something else, and how far back
        they look.
        """
        near, seen = dict[str, Span](), dict[str, Span]()
        for code, of in series.items():
            leant = self.checks[code].neighbours
            low_ms = span[0] - (leans_ms(self.cadence_ms) if leant else self.cadence_ms)
            far_ms, end = span[0], int(np.searchsorted(of.t, span[0]))
            if is_sound(part_of(of, slice(end, None))).any():
                low_ms = min(low_ms, self._before(of, end, BESIDE_ROWS, span[0]))
                far_ms = self._before(of, end, STEP_ROWS, span[0])
            begin = int(np.searchsorted(of.t, low_ms))
            far_ms = min(far_ms, self._before(of, begin, BESIDE_ROWS, low_ms))
            near[code], seen[code] = (low_ms, span[1]), (far_ms, span[1])
        leaning = [near[code][0] for code in near if leans(row_checks(self.checks[code]))]
        beside_ms = min([span[0], *leaning]) - 2 * self.cadence_ms
        return near, {code: (min(of[0], beside_ms), of[1]) for code, of in seen.items()}

    def _before(self, series: Series, end: int, rows: int, none_ms: int) -> int:
        """The instant of the sound row that has so many sound ones up to a row; where there are
        not so many, as far back as they could have to do with what follows.
        """
        for most in (4 * rows, 64 * rows, end):
            part = part_of(series, slice(max(end - most, 0), end))
            sound = np.flatnonzero(is_sound(part))
            if len(sound) >= rows:
                return max(int(part.t[sound[-rows]]), none_ms - int(rows * self.apart_ms))
        return none_ms - int(rows * self.apart_ms)

    def _summary(self, code: str) -> Summary:
        if code not in self._of:
            self._of[code] = Summary(self.checks[code], self.apart_ms)
        return self._of[code]

    def _silent(self, code: str, first_ms: int, last_ms: int) -> bool:
        """Whether checks that look far back certainly say nothing because of rows within a span,
        the last ones.
        """
        asked, of = self.checks[code], self._summary(code)
        still = [(rule.hours, rule.tolerance) for rule in (asked.flat,) if rule]
        still += [(rule.hours, rule.range) for rule in (asked.attenuated,) if rule]
        return (
            all(of.moved(last_ms - int(hours * HOUR_MS), first_ms, by) for hours, by in still)
            and not of.strange
            and not (asked.erratic and self._restless(of, first_ms))
            and not (self._hangs(code) and self._dry(first_ms))
        )

    def _restless(self, of: Summary, first_ms: int) -> bool:
        assert of.asked.erratic
        icy = self._lowest(TEMPERATURE, first_ms - LEANT_MS) < ICE_CELSIUS
        return icy or of.erratic(first_ms - int(of.asked.erratic.hours * HOUR_MS))

    def _hangs(self, code: str) -> bool:
        return self.checks[code].sonde or code == CONDUCTIVITY

    def _dry(self, first_ms: int) -> bool:
        rule = self.checks[CONDUCTIVITY].dry if CONDUCTIVITY in self.checks else None
        return rule is not None and self._lowest(CONDUCTIVITY, first_ms - LEANT_MS) < rule.film

    def _lowest(self, code: str, from_ms: int) -> float:
        return self._summary(code).lowest(from_ms) if code in self.checks else np.inf


def _ends_held(value: Values, least: Amount) -> bool:
    """Whether a step follows equal rows."""
    change = np.diff(value)
    stood = (change[:-2] == 0) & (change[1:-1] == 0)
    steps = np.abs(change[2:]) > least[0] + least[1] * np.abs(value[2:-1])
    return bool((stood & steps).any())


def _joined(one: Series, other: Series) -> Series:
    """Rows of two series behind each other."""
    return Series(
        np.concatenate([one.t, other.t]),
        np.concatenate([one.value, other.value]),
        np.concatenate([one.quality, other.quality]),
        np.concatenate([one.cause, other.cause]),
    )
