"""Random histories of a district's two stations, written in few decimals near the limits of rules,
so that a value often is the limit.

They have holes, jitter, doubted readings, operation states, failed reads, late readings, and
instants of which two readings came: the first stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.indicators import Kind
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, ZONE
from tests.alerting import centre, interpreter

BEGIN_MS = int(datetime(2026, 2, 26, tzinfo=ZONE).timestamp() * 1000)
"""A midnight, three days before HJ 633-2026 comes into force."""
CADENCES_MS = (20 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS)
AMMONIA, OXYGEN, PERMANGANATE, NITROGEN = "w21003", "w01009", "w01019", "w21001"
AIR = ("a34004", "a34002", "a21026", "a21004", "a21005", "a05024", "a01001")
PLANS: dict[Kind, dict[str, list[str]]] = {
    "water": {"lower": [AMMONIA, OXYGEN, PERMANGANATE, NITROGEN], "upper": [AMMONIA]},
    "air": {"lower": list(AIR), "upper": ["a34004", "a05024"]},
}
NATURE = {
    AMMONIA: (10, 0.1),
    OXYGEN: (50, 0.1),
    PERMANGANATE: (12, 0.5),
    NITROGEN: (8, 0.5),
    **dict(
        zip(AIR, ((18, 3), (24, 5), (10, 15), (20, 6), (18, 0.3), (30, 5), (9, 1)), strict=True)
    ),
}
"""Of each indicator its usual value in steps, and the step in its unit."""
DOUBTS = [Cause.SPIKE, Cause.RANGE, Cause.TIMEOUT, Cause.LINE_DOWN, Cause.UNUSUAL, Cause.CLOCK]
STATES = [Cause.CALIBRATION, Cause.MAINTENANCE, Cause.STOPPED, Cause.FAULT, Cause.NO_SAMPLE]
NOTES = [Cause.BY_HAND, Cause.BELOW_DETECTION, Cause.CORRECTED]
"""Of readings that are good."""


@dataclass(frozen=True)
class History:
    """Readings in order of arrival, and up to where silence is known; UTC epoch ms."""

    readings: tuple[centre.Reading, ...]
    cadence_ms: int
    upto_ms: int

    def __getitem__(self, series: str) -> list[interpreter.Reading]:
        """One of the series as the interpreter takes it."""
        return [
            interpreter.Reading(
                row.t_ms, row.value, quality_of(row.cause) is Quality.GOOD, int(row.cause)
            )
            for row in self.readings
            if row.series == series
        ]

    def so_far(self, count: int, upto_ms: int) -> History:
        """What was known when so many readings had arrived."""
        return replace(self, readings=self.readings[:count], upto_ms=upto_ms)


@dataclass(frozen=True)
class Weather:
    """``faults``: how likely a reading begins a hole or a state; ``calm``: values change by the
    day alone.
    """

    days: int
    faults: float
    calm: bool = False


def history(
    kind: Kind, codes: frozenset[str], weather: Weather, cadence_ms: int, seed: int
) -> History:
    """Of some indicators wherever they are measured."""
    rows = [
        row
        for station, plan in PLANS[kind].items()
        for code in plan
        if code in codes
        for row in _series(f"{station}/{code}", weather, cadence_ms, seed)
    ]
    rows.sort(key=lambda row: row[0])
    end_ms = BEGIN_MS + weather.days * DAY_MS
    return History(tuple(reading for _, reading in rows), cadence_ms, end_ms)


@cache
def _series(
    series: str, weather: Weather, cadence_ms: int, seed: int
) -> list[tuple[float, centre.Reading]]:
    """Readings with their instants of arrival."""
    usual, step = NATURE[series.partition("/")[2]]
    random = np.random.default_rng([seed, cadence_ms, *series.encode()])
    count = weather.days * DAY_MS // cadence_ms
    chance, length = random.random((8, count)), random.integers(1, 12, (2, count))
    found: list[tuple[float, centre.Reading]] = []
    hole_until = state_until = 0
    state = Cause.NORMAL
    for at, value in enumerate(_values(random, weather, cadence_ms, count, usual) * step):
        hole, stop, doubted, jitter, late, again, other, which = chance[:, at]
        if hole < weather.faults:
            hole_until = at + length[0, at]
        if stop < weather.faults:
            state_until, state = at + length[1, at], _of(STATES, which)
        if at < hole_until:
            continue
        cause = state if at < state_until else Cause.NORMAL
        if doubted < 4 * weather.faults:
            cause = _of(DOUBTS + NOTES, which)
        t_ms = BEGIN_MS + at * cadence_ms + int(max(jitter - 0.8, 0) * 2.5 * cadence_ms)
        reading = centre.Reading(series, t_ms, round(float(value), 2), cause)
        arrives = t_ms - 20 * cadence_ms * np.log(late / 0.05) if late < 0.05 else t_ms
        found.append((arrives, reading))
        if again < 0.03 and cause is Cause.NORMAL:
            second = Cause.NORMAL if other < 0.5 else Cause.RANGE
            found.append((arrives + 1, replace(reading, value=reading.value + 9, cause=second)))
    return found


def _of(causes: list[Cause], chance: float) -> Cause:
    return causes[int(chance * len(causes))]


def _values(
    random: np.random.Generator, weather: Weather, cadence_ms: int, count: int, usual: int
) -> NDArray[np.int64]:
    """In steps: a drift that turns, a walk, the day's swing and spills; or a step a day."""
    at_ms = np.arange(count) * cadence_ms
    day = at_ms // DAY_MS
    turn = 2 * weather.days // 3
    drift = random.choice([-2, -1, 1, 2]) * (turn - abs(day - turn))
    if weather.calm:
        found = usual + drift + random.choice([-1, 0, 0, 0, 1], weather.days)[day]
    else:
        back = 0.9 ** np.arange(40)
        walk = np.convolve(random.normal(0, 1, count), back)[:count]
        spills = np.convolve(random.random(count) < 0.01, np.full(8, 5))[:count]
        swing = np.sin(2 * np.pi * at_ms / DAY_MS)
        found = usual + 0.2 * drift + walk + spills + swing
    steps: NDArray[np.int64] = np.maximum(np.rint(found), 0).astype(np.int64)
    return steps
