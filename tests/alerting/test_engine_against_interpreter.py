"""Every kind of rule, from its text to its record, against the plain interpreter of the docs.

Histories are random, and written in few decimals near the limits, so that a value often is the
limit. They have holes, jitter, doubted readings, operation states, failed reads, and instants of
which two readings came: the first stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from alerting import documents
from alerting.engine import Engine
from alerting.rules import Rule
from alerting.shorthand import district
from config.catalogue.shapes import Catalogue
from config.vocabulary.indicators import Kind
from config.vocabulary.quality import Cause, Quality, quality_of
from tests.alerting import centre
from tests.alerting import interpreter as plain
from tests.alerting.interpreter import DAY_MS, HOUR_MS, MINUTE_MS, Level, Series, Signal

BEGIN_MS = int(datetime(2026, 2, 26, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
"""Three days before HJ 633-2026 comes into force."""
CADENCES_MS = (20 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS)
AMMONIA, OXYGEN, PERMANGANATE, TEMPERATURE = "w21003", "w01009", "w01019", "w01010"
PM25, PM10, SO2, NO2, CO, OZONE = AIR = ("a34004", "a34002", "a21026", "a21004", "a21005", "a05024")
PLANS = {
    "water": {"lower": [AMMONIA, OXYGEN, PERMANGANATE, TEMPERATURE], "upper": [AMMONIA]},
    "air": {"lower": list(AIR)},
}
NATURE = {
    AMMONIA: (10, 0.1),
    OXYGEN: (50, 0.1),
    PERMANGANATE: (12, 0.5),
    TEMPERATURE: (40, 0.5),
    PM25: (18, 3),
    PM10: (24, 5),
    SO2: (10, 15),
    NO2: (20, 6),
    CO: (18, 0.3),
    OZONE: (30, 5),
}
"""Of each indicator its usual value in steps, and the step in its unit."""
DOUBTS = (Cause.SPIKE, Cause.RANGE, Cause.TIMEOUT, Cause.LINE_DOWN, Cause.UNUSUAL)
STATES = (Cause.CALIBRATION, Cause.MAINTENANCE, Cause.STOPPED, Cause.FAULT, Cause.NO_SAMPLE)
GOOD = (Cause.BY_HAND, Cause.BELOW_DETECTION, Cause.CORRECTED)


@dataclass(frozen=True, slots=True)
class World:
    """What two stations of a district measured; ``calm``: it changes by the day alone."""

    seed: int
    cadence_ms: int
    days: int
    calm: bool = False
    faults: float = 0.02

    @property
    def end_ms(self) -> int:
        """Silence is known up to here."""
        return BEGIN_MS + self.days * DAY_MS

    def arrived(self, series: str) -> list[centre.Reading]:
        """In order of arrival; what came twice of an instant comes in the end."""
        return _arrived(self, series)

    def __getitem__(self, series: str) -> Series:
        """As the interpreter takes it: of the lower station, or "upper/..."."""
        name = series if "/" in series else f"lower/{series}"
        return [
            plain.Reading(
                row.t_ms, row.value, quality_of(row.cause) is Quality.GOOD, int(row.cause)
            )
            for row in self.arrived(name)
        ]


@cache
def _arrived(world: World, series: str) -> list[centre.Reading]:
    name = series.partition("/")[2]
    random = np.random.default_rng([world.seed, world.cadence_ms, *series.encode()])
    count = world.days * DAY_MS // world.cadence_ms
    found, again = [], []
    missing = state = 0
    cause = Cause.NORMAL
    for at, value in enumerate(_values(world, random, *NATURE[name], count)):
        missing, state = max(missing - 1, 0), max(state - 1, 0)
        if random.random() < world.faults:
            missing = int(random.integers(1, 12))
        if random.random() < world.faults:
            state, cause = int(random.integers(1, 9)), STATES[random.integers(len(STATES))]
        if missing:
            continue
        jitter = int(random.integers(1, world.cadence_ms // 2)) if random.random() < 0.2 else 0
        t_ms = BEGIN_MS + at * world.cadence_ms + jitter
        why = cause if state else Cause.NORMAL
        if random.random() < 4 * world.faults:
            why = (DOUBTS + GOOD)[random.integers(len(DOUBTS + GOOD))]
        found.append(centre.Reading(series, t_ms, value, why))
        if random.random() < 0.03:
            other = Cause.NORMAL if random.random() < 0.5 else Cause.RANGE
            again.append(centre.Reading(series, t_ms, value + 9 * NATURE[name][1], other))
    return found + again


def _values(
    world: World, random: np.random.Generator, usual: int, step: float, count: int
) -> list[float]:
    """Written decimals: a slow walk, a swing of the day, and spills; or steps of the day alone."""
    day = np.arange(count) * world.cadence_ms // DAY_MS
    slope = random.choice([-2, -1, 0, 1, 2])
    if world.calm:
        steps = usual + slope * day + random.choice([-1, 0, 0, 0, 1], world.days)[day]
    else:
        walk, noise = 0.0, []
        for kick in random.normal(0, 1, count):
            walk = 0.9 * walk + kick
            noise.append(walk)
        spill = random.random(count) < 0.01
        spill = np.convolve(spill, np.full(8, 5))[:count]
        hour = np.arange(count) * world.cadence_ms % DAY_MS / DAY_MS
        steps = usual + 0.2 * slope * day + noise + spill + np.sin(2 * np.pi * hour)
    return [round(max(int(n), 0) * step, 2) for n in np.rint(steps)]


@dataclass(frozen=True)
class Case:
    """A rule as a district writes it, its levels from the mildest on, and how the interpreter is
    asked for the same.
    """

    name: str
    rule: str
    """Keys and values, with "; " between."""
    signal: Callable[[World, str], Signal]
    """Of a history and the indicator of the place."""
    levels: dict[str, Level]
    """As written, and as the interpreter takes it."""
    places: tuple[str, ...] = (AMMONIA,)
    span_ms: int = 0
    """Each instant of the signal closes one; 0: instants are readings."""
    days: tuple[int, int, int] = (5, 10, 25)
    """Of a history, by cadence."""

    def __str__(self) -> str:
        return self.name

    def rules(self, folder: Path, catalogue: Catalogue) -> tuple[Rule, ...]:
        """Through its document."""
        names = ("notice", "warning", "alarm", "critical")
        levels = [
            f'{{ level = "{name}"{text and ", "}{text} }}'
            for name, text in zip(names, self.levels, strict=False)
        ]
        keys = [*self.rule.split("; "), f"level = [{', '.join(levels)}]"]
        text = "\n".join(['[[rule]]\nid = "r"\nname = "n"\nreason = "b"', *keys])
        (folder / "rules.toml").write_text(text, encoding="utf-8")
        return documents.load(folder / "rules.toml", catalogue)

    def catalogue(self, cadence_ms: int) -> Catalogue:
        """Where it holds."""
        kind: Kind = "air" if self.name.startswith("air") else "water"
        return district(PLANS[kind], kind, cadence_ms)

    def world(self, seed: int, cadence_ms: int) -> World:
        """A history for it."""
        days = self.days[CADENCES_MS.index(cadence_ms)]
        daily = self.span_ms == DAY_MS
        calm = self.name.startswith("trend") and seed % 2 == 0
        return World(seed, cadence_ms, days, calm, 0.003 if daily else 0.02)

    def expected(self, world: World, code: str) -> dict[str, list[Row]]:
        """What the interpreter says of a place, level by level."""
        step = max(self.span_ms, world.cadence_ms)
        if self.signal is SILENCE:
            members = [world[name] for name in PLANS["water"]["lower"]]
            return {t: [(one.began, one.fired, one.resolved, None, None) for one in plain.absence(of.for_ms, members, world.end_ms)] for t, of in self.levels.items()}
        signal = plain.fed(self.signal(world, code))
        return {
            text: [
                (one.began, one.fired, one.resolved, one.peak, one.peak_at)
                for one in plain.threshold(level, signal, step, world.end_ms)
            ]
            for text, level in self.levels.items()
        }

Row = tuple[int, int | None, int | None, float | None, int | None]
H = HOUR_MS
SLOW = (12, 12, 12)
def SILENCE(world, code): raise NotImplementedError


def up(limit: float, for_ms: int = 0, clear: float | None = None, clear_ms: int = 0) -> Level:
    return Level("", 1, limit, for_ms, clear, clear_ms)


def down(limit: float, for_ms: int = 0, clear: float | None = None, clear_ms: int = 0) -> Level:
    return Level("", -1, limit, for_ms, clear, clear_ms)


def water(averaging: str, target: str, least: float = 0) -> Callable[[World, str], Signal]:
    def signal(world: World, _: str) -> Signal:
        members = {code: world[code] for code in PLANS["water"]["lower"]}
        return plain.standard(members, world.cadence_ms, world.end_ms, averaging, target, least)
    return signal


def air(averaging: str, least: float) -> Callable[[World, str], Signal]:
    def signal(world: World, _: str) -> Signal:
        members = {code: world[code] for code in AIR}
        return plain.standard(members, world.cadence_ms, world.end_ms, averaging, None, least)
    return signal


def trend(window: int, significance: float = 0.05, **asked) -> Callable[[World, str], Signal]:
    return lambda w, code: plain.trend_days(w[code], w.cadence_ms, w.end_ms, window, significance, **asked)


def rise(window: int, travel: tuple[int, int], sign: int) -> Callable[[World, str], Signal]:
    return lambda w, code: plain.propagation(w[code], w["upper/" + code], window, travel, sign, 3, w.end_ms)


VALUE, MEAN, CHANGE = "value", "mean", "change"
def combined(needs: set[int], *conditions):
    def signal(w, _):
        rule = []
        for code, level, kind, window in conditions:
            decimals = 3 if code == AMMONIA else 2
            s = w[code]
            made = list(plain.values(s) if kind == VALUE else plain.mean(s, window, decimals) if kind == MEAN else plain.change(s, window, decimals))
            rule.append(plain.Condition(s, made, level))
        return plain.combined(rule, needs, w.cadence_ms, w.end_ms)
    return signal


CASES = [
    Case("threshold above", 'kind = "threshold"; indicator = "w21003"', lambda w, code: plain.values(w[code]), {
        "above = 1.0": up(1.0),
        'above = 1.1, for = "10m", clear = { below = 1.0, for = "10m" }': up(1.1, 10 * MINUTE_MS, 1.0, 10 * MINUTE_MS),
        'above = 1.0, for = "2h", clear = { below = 0.8, for = "3h" }': up(1.0, 2 * H, 0.8, 3 * H),
        'above = 1.2, for = "13h", clear = { for = "12h" }': up(1.2, 13 * H, None, 12 * H),
    }),
    Case("threshold below", 'kind = "threshold"; indicator = "w01009"', lambda w, code: plain.values(w[code]), {
        "below = 5.0": down(5.0),
        'below = 4.9, for = "90m", clear = { above = 5.0, for = "1h" }': down(4.9, 90 * MINUTE_MS, 5.0, H),
        'below = 4.9, for = "1s", clear = { above = 5.1 }': down(4.9, 1000, 5.1),
    }, (OXYGEN,)),
    Case("mean above", 'kind = "threshold"; indicator = "w21003"; window = "4h"', lambda w, code: plain.mean(w[code], 4 * H, 3), {
        "above = 1.0": up(1.0),
        'above = 1.05, for = "2h", clear = { below = 1.0, for = "2h" }': up(1.05, 2 * H, 1.0, 2 * H),
    }),
    Case("mean below", 'kind = "threshold"; indicator = "w01009"; window = "3h"', lambda w, code: plain.mean(w[code], 3 * H, 2), {
        'below = 5.0, for = "4h"': down(5.0, 4 * H),
        'below = 4.95': down(4.95),
    }, (OXYGEN,)),
    Case("mean of a short window", 'kind = "threshold"; indicator = "w21003"; window = "5m"', lambda w, code: plain.mean(w[code], 5 * MINUTE_MS, 3), {
        'above = 1.1': up(1.1),
    }),
    Case("rate up", 'kind = "rate"; indicator = "w21003"; window = "2h"', lambda w, code: plain.change(w[code], 2 * H, 3), {
        "above = 0.2": up(0.2),
        'above = 0.15, for = "1h", clear = { below = 0.0 }': up(0.15, H, 0.0),
    }),
    Case("rate down", 'kind = "rate"; indicator = "w01009"; window = "4h"', lambda w, code: plain.change(w[code], 4 * H, 2), {
        "below = -0.2": down(-0.2),
        'below = -0.3, clear = { above = -0.1, for = "4h" }': down(-0.3, 0, -0.1, 4 * H),
    }, (OXYGEN,)),
    Case("water of the hour", 'kind = "standard"; stations = { kind = "water" }', water("hourly", "III"), {
        "by = 1": up(0),
        'by = 2, for = "2h"': up(1, 2 * H),
    }, ("*",), HOUR_MS, (4, 6, 20)),
    Case("water by class II", 'kind = "standard"; stations = { kind = "water" }; target = "II"', water("hourly", "II", 1), {
        'by = 2, for = "3h", clear = { below = 0, for = "2h" }': up(1, 3 * H, 0, 2 * H),
        'by = 3': up(2),
    }, ("*",), HOUR_MS, (4, 6, 20)),
    Case("water of the day", 'kind = "standard"; stations = { kind = "water" }; averaging = "day"', water("daily", "III"), {
        'for = "24h"': up(0, 24 * H),
        "by = 2": up(1),
    }, ("*",), DAY_MS, (30, 30, 30)),
    Case("air of the hour", 'kind = "standard"; stations = { kind = "air" }', air("hourly", 80), {
        "above = 80": up(80),
        'above = 100, for = "2h", clear = { below = 90, for = "2h" }': up(100, 2 * H, 90, 2 * H),
    }, ("*",), HOUR_MS, (5, 6, 20)),
    Case("air of the day", 'kind = "standard"; stations = { kind = "air" }; averaging = "day"', air("daily", 90), {
        "above = 90": up(90),
        'above = 100, for = "24h"': up(100, 24 * H),
    }, ("*",), DAY_MS, (20, 20, 20)),
    Case("trend up", 'kind = "trend"; indicator = "w21003"; window = "10d"; significance = 0.2', trend(10, 0.2), {
        "above = 0.0": up(0.0),
        "above = 0.1": up(0.1),
        'above = 0.05, for = "2d", clear = { below = 0.02 }': up(0.05, 2 * DAY_MS, 0.02),
    }, (AMMONIA,), DAY_MS, (40, 40, 40)),
    Case("trend down", 'kind = "trend"; indicator = "w21003"; window = "13d"', trend(13), {
        "below = -0.1": down(-0.1),
        "below = 0.0": down(0.0),
    }, (AMMONIA,), DAY_MS, (40, 40, 40)),
    Case("trend to a limit", 'kind = "trend"; indicator = "w21003"; window = "12d"; significance = 0.1; limit = 2.0', trend(12, 0.1, limit=2.0), {
        'within = "10d"': down(10),
        'within = "20d"': down(20),
    }, (AMMONIA,), DAY_MS, (40, 40, 40)),
    Case("trend to a limit below", 'kind = "trend"; indicator = "w01009"; window = "12d"; limit = 4.0; towards = "below"', trend(12, limit=4.0, sign=-1), {
        'within = "5d"': down(5),
        'within = "10d", for = "1d"': down(10, DAY_MS),
    }, (OXYGEN,), DAY_MS, (40, 40, 40)),
    Case("trend by the week", 'kind = "trend"; indicator = "w21003"; window = "21d"; significance = 0.3; season = "week"', trend(21, 0.3, season="week"), {
        "above = 0.0": up(0.0),
        "above = 0.1": up(0.1),
    }, (AMMONIA,), DAY_MS, (50, 50, 50)),
    Case("baseline up", 'kind = "baseline"; indicator = "w21003"; window = "10d"', lambda w, code: plain.departure(w[code], w.cadence_ms, w.end_ms, 3, 10), {
        "above = 2.02": up(2.02),
        'above = 0.67, for = "2h", clear = { below = 0.0 }': up(0.67, 2 * H, 0.0),
    }, (AMMONIA,), HOUR_MS, (15, 15, 30)),
    Case("baseline down", 'kind = "baseline"; indicator = "w01009"', lambda w, code: plain.departure(w[code], w.cadence_ms, w.end_ms, 2), {
        "below = -1.35": down(-1.35),
        'below = -0.67, for = "3h"': down(-0.67, 3 * H),
    }, (OXYGEN,), HOUR_MS, (15, 15, 35)),
    Case("drift up", 'kind = "baseline"; indicator = "w21003"; window = "9d"; cusum = { slack = 0.5, over = "1d" }', lambda w, code: plain.cusum(w[code], w.cadence_ms, w.end_ms, 3, 1, 9, 0.5, DAY_MS), {
        "above = 0.0": up(0.0),
        'above = 4.0, for = "2h", clear = { below = 2.0 }': up(4.0, 2 * H, 2.0),
    }, (AMMONIA,), HOUR_MS, (14, 14, 25)),
    Case("drift down", 'kind = "baseline"; indicator = "w01009"; window = "9d"; cusum = { over = "12h" }', lambda w, code: plain.cusum(w[code], w.cadence_ms, w.end_ms, 2, -1, 9, 0.5, DAY_MS // 2), {
        "below = 0.0": down(0.0),
        "below = -4.0": down(-4.0),
    }, (OXYGEN,), HOUR_MS, (14, 14, 25)),
    Case("rise down the river", 'kind = "propagation"; indicator = "w21003"; window = "2h"; travel = ["1h", "5h"]', rise(2 * H, (H, 5 * H), 1), {
        "above = 0.1": up(0.1),
        'above = 0.05, for = "1h", clear = { below = 0.0, for = "1h" }': up(0.05, H, 0.0, H),
    }),
    Case("fall down the river", 'kind = "propagation"; indicator = "w21003"; window = "4h"; travel = ["4h", "4h"]', rise(4 * H, (4 * H, 4 * H), -1), {
        "below = -0.1": down(-0.1),
        "below = 0.0": down(0.0),
    }),
    Case("all of three", 'kind = "combined"; condition = [{ indicator = "w21003", above = 0.9 }, { indicator = "w01009", window = "3h", below = 5.0 }, { indicator = "w01019", window = "2h", change = true, above = 0.0 }]',
        combined({3}, (AMMONIA, up(0.9), VALUE, 0), (OXYGEN, down(5.0), MEAN, 3 * H), (PERMANGANATE, up(0.0), CHANGE, 2 * H)), {
        "": up(2),
    }, ("*",)),
    Case("two of three", 'kind = "combined"; condition = [{ indicator = "w21003", above = 1.0 }, { indicator = "w01009", below = 5.0 }, { indicator = "w01019", above = 6.0 }]',
        combined({2}, (AMMONIA, up(1.0), VALUE, 0), (OXYGEN, down(5.0), VALUE, 0), (PERMANGANATE, up(6.0), VALUE, 0)), {
        'at_least = 2, for = "1h"': up(1, H),
        'at_least = 2, for = "6h", clear = { for = "2h" }': up(1, 6 * H, None, 2 * H),
    }, ("*",)),
    Case("any, and all", 'kind = "combined"; condition = [{ indicator = "w21003", above = 1.2 }, { indicator = "w21003", window = "4h", change = true, below = -0.1 }, { indicator = "w01019", window = "4h", above = 6.0 }]',
        combined({1, 3}, (AMMONIA, up(1.2), VALUE, 0), (AMMONIA, down(-0.1), CHANGE, 4 * H), (PERMANGANATE, up(6.0), MEAN, 4 * H)), {
        'at_least = "any"': up(0),
        'at_least = "all"': up(2),
    }, ("*",)),
    Case("state of any sensor", 'kind = "state"', lambda w, code: plain.state(w[code], (1, 2, 3, 4, 8, 9, 11)), {
        'for = "1h"': up(0, H),
        'for = "5h"': up(0, 5 * H),
    }, (AMMONIA, OXYGEN, PERMANGANATE, TEMPERATURE)),
    Case("states of one", 'kind = "state"; indicator = "w21003"; states = ["fault", "no_sample"]', lambda w, code: plain.state(w[code], (4, 9)), {
        'for = "30m"': up(0, 30 * MINUTE_MS),
    }),
    Case("absence", 'kind = "absence"', SILENCE, {'for = "50m"': up(0, 50 * MINUTE_MS), 'for = "8h"': up(0, 8 * H)}, ("*",)),
]  # fmt: skip


def found(case: Case, world: World, folder: Path) -> dict[str, dict[str, list[Row]]]:
    catalogue = case.catalogue(world.cadence_ms)
    engine = Engine(case.rules(folder, catalogue), catalogue)
    out = {}
    for series, sights in engine.sights.items():
        station, _, code = series.partition("/")
        if station != "lower":
            continue
        (sight,) = sights
        members = [
            centre.history(world.arrived(name.removesuffix("!")), name) for name in sight.members
        ]
        rows = {text: [] for text in case.levels}
        names = dict(zip(("NOTICE", "WARNING", "ALARM", "CRITICAL"), case.levels))
        for a in engine.replayed(sight, members, world.end_ms):
            rows[names[a.level.name]].append((a.began_ms, a.fired_ms, a.resolved_ms, a.peak, a.peak_ms))
        out[code] = rows
    return out


@pytest.mark.parametrize("cadence_ms", CADENCES_MS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_record_is_what_the_interpreter_says(tmp_path: Path, case: Case, cadence_ms: int) -> None:
    for seed in range(2):
        world = case.world(seed, cadence_ms)
        assert found(case, world, tmp_path) == {code: case.expected(world, code) for code in case.places}
