"""Threshold: a value beyond a limit for a duration, with its own clear limit and duration.

Exactly: a run begins at the first good reading beyond the limit and fires at the first reading
beyond it that lies ``for`` or more later; a reading not beyond ends a run that has not fired.
Firing, it resolves at the first reading at or within the clear limit that lies ``clear.for`` or
more after the first of an unbroken row of such readings. A gap between good readings longer than
the greater of that duration and 2.5 cadences ends the run or the row. An alert does not outlive
its data: it expires a day after its last reading, later where cadence or durations are long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step, episode
from config.vocabulary.time import DAY_MS

CADENCES_OF_A_GAP = 2.5
CADENCES_OF_AN_EXPIRY = 4
FEW = 32
"""Fewer readings are taken one by one."""
AHEAD = 256
"""So many readings after a firing are looked at first for its end."""


def advance(
    limit: Limit, run: Run, t: NDArray[np.int64], value: NDArray[np.float64], cadence_ms: int
) -> list[Step]:
    """Feed good readings, ascending in ``t`` and all later than those fed before."""
    steps: list[Step] = []
    fed = 0
    if run.began is not None or len(t) < FEW:
        for at, reading in zip(t.tolist(), value.tolist(), strict=True):
            _take(limit, run, at, reading, cadence_ms, steps)
            fed += 1
            if run.began is None and len(t) - fed >= FEW:
                break
    if fed < len(t):
        steps += _sweep(limit, run, t[fed:], value[fed:], cadence_ms)
    return steps


def _sweep(
    limit: Limit, run: Run, t: NDArray[np.int64], value: NDArray[np.float64], cadence_ms: int
) -> list[Step]:
    """Feed many readings to an idle run: what could fire and what could clear is found at once,
    and only episodes are walked through.
    """
    assert limit.limit is not None
    assert limit.clear_limit is not None
    beyond = value > limit.limit if limit.sign > 0 else value < limit.limit
    run.last, run.last_value, run.expired = int(t[-1]), float(value[-1]), None
    if not beyond.any():
        return []
    runs = _Rows.of(t, beyond, limit.for_ms, cadence_ms)
    lifetime_ms = _lifetime(limit, cadence_ms)
    stops = np.append(np.flatnonzero(np.diff(t) > lifetime_ms) + 1, len(t))
    steps: list[Step] = []
    at = 0
    while (fires := runs.lasting(at)) is not None:
        begin, fired = fires
        ahead, stop = fired + 1, int(stops[np.searchsorted(stops, fired, "right")])
        ends, clearing = _end(limit, t[ahead:stop], value[ahead:stop], cadence_ms)
        last = stop - 1 if ends is None else ahead + ends
        _begin(limit, run, t, value, begin, fired)
        run.fired_value = float(value[fired])
        steps.append(Step("fired", int(t[fired]), episode(run), float(value[fired])))
        _begin(limit, run, t, value, begin, last)
        run.fired = int(t[fired])
        if ends is None and stop == len(t):
            run.clear_since = None if clearing is None else int(t[ahead + clearing])
            return steps
        when, what = int(t[last]), float(value[last])
        if ends is None:
            steps.append(Step("expired", when, episode(run, when + lifetime_ms), what))
        else:
            steps.append(Step("resolved", when, episode(run, when), what))
        run.idle()
        at = last + 1
    pending = runs.open(at)
    if pending is not None:
        _begin(limit, run, t, value, pending, len(t) - 1)
        run.fired = None
    return steps


def _end(
    limit: Limit, t: NDArray[np.int64], value: NDArray[np.float64], cadence_ms: int
) -> tuple[int | None, int | None]:
    """The place at which a row within the clear limit has lasted; where none has, the one at which
    a row begins that the last reading belongs to. Most readings lie within the limit, so only
    those near the episode are looked at.
    """
    assert limit.clear_limit is not None
    size, pending = AHEAD, None
    while True:
        part = value[:size]
        clear = part <= limit.clear_limit if limit.sign > 0 else part >= limit.clear_limit
        if limit.clear_for_ms:
            rows = _Rows.of(t[:size], clear, limit.clear_for_ms, cadence_ms)
            lasting = rows.lasting(0)
            if lasting is not None:
                return lasting[1], None
            pending = rows.open(0)
        elif clear.any():
            return int(np.argmax(clear)), None
        if size >= len(t):
            return None, pending
        size *= 4


@dataclass(frozen=True, slots=True)
class _Rows:
    """Unbroken rows of readings of one kind: first and last place of each, and of those that
    last long enough the first and the place at which they do.
    """

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    size: int
    long_first: NDArray[np.intp]
    long_at: NDArray[np.intp]

    @classmethod
    def of(
        cls, t: NDArray[np.int64], which: NDArray[np.bool_], for_ms: int, cadence_ms: int
    ) -> _Rows:
        """Rows of readings that are ``which``; a gap beyond patience breaks one."""
        targets = np.flatnonzero(which)
        breaks = np.ones(len(targets), np.bool_)
        gap = t[targets[1:]] - t[targets[1:] - 1]
        breaks[1:] = (np.diff(targets) > 1) | (gap > _patience(for_ms, cadence_ms))
        starts = np.flatnonzero(breaks)
        first = targets[starts]
        last = targets[np.append(starts[1:], len(targets)) - 1] if len(targets) else first
        reached = np.searchsorted(t, t[first] + for_ms, "left")
        lasts = reached <= last
        return cls(first, last, len(t), first[lasts], reached[lasts])

    def lasting(self, at: int) -> tuple[int, int] | None:
        """The next row from a place on that lasts: where it begins, and where it has lasted."""
        target = int(np.searchsorted(self.long_first, at))
        if target == len(self.long_first):
            return None
        return int(self.long_first[target]), int(self.long_at[target])

    def open(self, at: int) -> int | None:
        """Where the row begins that the last reading belongs to, if it begins from ``at`` on."""
        ends = len(self.last) > 0 and self.last[-1] == self.size - 1 and self.first[-1] >= at
        return int(self.first[-1]) if ends else None


def _begin(
    limit: Limit,
    run: Run,
    t: NDArray[np.int64],
    value: NDArray[np.float64],
    begin: int,
    last: int,
) -> None:
    """A run from ``begin``, with its peak up to ``last``."""
    peak = begin + int(np.argmax(limit.sign * value[begin : last + 1]))
    run.began, run.fired = int(t[begin]), int(t[last])
    run.peak, run.peak_at = float(value[peak]), int(t[peak])


def elapse(limit: Limit, run: Run, upto_ms: int, cadence_ms: int) -> list[Step]:
    """A firing run whose data stay away says so once, and expires in the end."""
    if steps := expire(limit, run, upto_ms, cadence_ms):
        return steps
    if run.fired is None or run.lost or run.last is None:
        return []
    if upto_ms - run.last <= _patience(max(limit.for_ms, limit.clear_for_ms), cadence_ms):
        return []
    run.lost = True
    return [Step("lost", run.last, episode(run), run.last_value)]


def expire(limit: Limit, run: Run, upto_ms: int, cadence_ms: int) -> list[Step]:
    """End a firing run of which nothing was heard for too long, as far as silence is known."""
    lifetime_ms = _lifetime(limit, cadence_ms)
    if run.fired is None or run.last is None or upto_ms - run.last <= lifetime_ms:
        return []
    ended = run.last + lifetime_ms
    steps = [Step("expired", run.last, episode(run, ended), run.last_value)]
    run.idle()
    run.expired = ended
    return steps


def _lifetime(limit: Limit, cadence_ms: int) -> int:
    """How long an alert stands without a reading, ms; always longer than any patience."""
    longest_ms = 2 * max(limit.for_ms, limit.clear_for_ms)
    return max(DAY_MS, CADENCES_OF_AN_EXPIRY * cadence_ms, longest_ms)


def _patience(duration_ms: int, cadence_ms: int) -> float:
    return max(duration_ms, CADENCES_OF_A_GAP * cadence_ms)


def _take(
    limit: Limit, run: Run, at: int, value: float, cadence_ms: int, steps: list[Step]
) -> None:
    assert limit.limit is not None
    gap = 0 if run.last is None else at - run.last
    steps += expire(limit, run, at, cadence_ms)
    run.last, run.last_value, run.expired = at, value, None
    if run.fired is not None:
        if run.lost:
            run.lost = False
            steps.append(Step("back", at, episode(run), value))
        if gap > _patience(limit.clear_for_ms, cadence_ms):
            run.clear_since = None
        _take_firing(limit, run, at, value, steps)
        return
    if run.began is not None and gap > _patience(limit.for_ms, cadence_ms):
        run.idle()
    if limit.sign * value <= limit.sign * limit.limit:
        run.idle()
        return
    if run.began is None:
        run.began = at
    _note_peak(limit, run, at, value)
    if at - run.began >= limit.for_ms:
        run.fired, run.fired_value = at, value
        steps.append(Step("fired", at, episode(run), value))


def _take_firing(limit: Limit, run: Run, at: int, value: float, steps: list[Step]) -> None:
    assert limit.clear_limit is not None
    _note_peak(limit, run, at, value)
    if limit.sign * value > limit.sign * limit.clear_limit:
        run.clear_since = None
        return
    if run.clear_since is None:
        run.clear_since = at
    if at - run.clear_since >= limit.clear_for_ms:
        steps.append(Step("resolved", at, episode(run, at), value))
        run.idle()


def _note_peak(limit: Limit, run: Run, at: int, value: float) -> None:
    if run.peak is None or limit.sign * value > limit.sign * run.peak:
        run.peak, run.peak_at = value, at
