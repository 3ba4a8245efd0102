"""Rules of every kind, each written twice: as a district does, and as the interpreter is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest

from alerting.backtest.test_series import district
from alerting.rules import documents
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue, WaterClass
from config.vocabulary.indicators import INDICATORS, Kind
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.standards.limits import Averaging
from tests.alerting import interpreter
from tests.alerting.histories import (
    AIR,
    AMMONIA,
    CADENCES_MS,
    NITROGEN,
    OXYGEN,
    PERMANGANATE,
    PLANS,
    History,
    Weather,
    history,
)
from tests.alerting.interpreter import Condition, Episode, Level, Series, Signal

H, M = HOUR_MS, MINUTE_MS
LEVELS = ("notice", "warning", "alarm")
Signals = Callable[[History, str], Signal]
"""Of a place, "station/indicator" or "station/*"."""
WATER = frozenset({AMMONIA, OXYGEN, PERMANGANATE, NITROGEN})


def up(limit: float, for_ms: int = 0, clear: float | None = None, clear_ms: int = 0) -> Level:
    return Level("", 1, limit, for_ms, clear, clear_ms)


def down(limit: float, for_ms: int = 0, clear: float | None = None, clear_ms: int = 0) -> Level:
    return Level("", -1, limit, for_ms, clear, clear_ms)


def decimals(target: str) -> int:
    return INDICATORS[target.partition("/")[2]].decimals


def value(h: History, target: str) -> Signal:
    return interpreter.values(h[target])


def mean(window_ms: int) -> Signals:
    return lambda h, target: interpreter.mean(h[target], window_ms, decimals(target))


def change(window_ms: int) -> Signals:
    return lambda h, target: interpreter.change(
        h[target], window_ms, decimals(target), h.cadence_ms
    )


def propagation(window_ms: int, travel: tuple[int, int], sign: int) -> Signals:
    def signal(h: History, target: str) -> Signal:
        upper = h[target.replace("lower", "upper")]
        return interpreter.propagation(
            h[target], upper, window_ms, travel, sign, decimals(target), h.upto_ms, h.cadence_ms
        )

    return signal


def standard(averaging: Averaging, least: float, held: WaterClass | None = None) -> Signals:
    def signal(h: History, target: str) -> Signal:
        station = target.partition("/")[0]
        plan = PLANS["water" if held else "air"][station]
        members = {code: h[f"{station}/{code}"] for code in plan}
        return interpreter.standard(members, h.cadence_ms, h.upto_ms, averaging, held, least)

    return signal


def trend(
    days: int,
    significance: float = 0.05,
    season: Literal["none", "week"] = "none",
    limit: float | None = None,
    sign: int = 1,
) -> Signals:
    return lambda h, target: interpreter.trend_days(
        h[target], h.cadence_ms, h.upto_ms, days, significance, season, limit, sign
    )


def departure(days: int) -> Signals:
    return lambda h, target: interpreter.departure(
        h[target], h.cadence_ms, h.upto_ms, decimals(target), days
    )


def cusum(sign: int, days: int, slack: float, over_ms: int) -> Signals:
    return lambda h, target: interpreter.cusum(
        h[target], h.cadence_ms, h.upto_ms, decimals(target), sign, days, slack, over_ms
    )


def combined(needs: set[int], *conditions: tuple[str, Signals, Level]) -> Signals:
    def signal(h: History, _: str) -> Signal:
        rule = [
            Condition(h[f"lower/{code}"], list(made(h, f"lower/{code}")), level)
            for code, made, level in conditions
        ]
        return interpreter.combined(rule, needs, h.cadence_ms, h.upto_ms)

    return signal


def state(*states: int) -> Signals:
    return lambda h, target: interpreter.state(h[target], states)


def _nearly(one: Episode) -> Episode:
    worst, fired = (
        None if value is None else pytest.approx(value, rel=1e-6)
        for value in (one.peak, one.fired_value)
    )
    return replace(one, peak=worst, fired_value=fired)


@dataclass(frozen=True, eq=False)
class Case:
    """A rule as a district writes it, and the same as it is asked of the interpreter."""

    name: str
    rule: str
    """Its keys, "; " between them."""
    signal: Signals | None
    """None: an absence has none."""
    levels: dict[str, Level]
    """From the mildest on: as they are written, and as the interpreter takes them."""
    codes: frozenset[str] = frozenset({AMMONIA})
    """Indicators that it looks at."""
    span_ms: int = 0
    """Of hours and days, of which each instant of the signal closes one."""
    days: tuple[int, int, int] = (5, 10, 25)
    """Of the histories, by cadence."""

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Kind:
        """Of the station."""
        return "air" if self.codes & set(AIR) else "water"

    def loaded(self, folder: Path, cadence_ms: int) -> tuple[tuple[Rule, ...], Catalogue]:
        """Through the document."""
        levels = [
            ", ".join([f'level = "{name}"', *filter(None, [text])])
            for name, text in zip(LEVELS, self.levels, strict=False)
        ]
        rows = ["[[rule]]", 'id = "r"', 'name = "n"', 'reason = "why"', *self.rule.split("; ")]
        rows += [f"level = [{', '.join(f'{{ {level} }}' for level in levels)}]"]
        (folder / "rules.toml").write_text("\n".join(rows), encoding="utf-8")
        catalogue = district(PLANS[self.kind], self.kind, cadence_ms)
        return documents.load(folder / "rules.toml", catalogue), catalogue

    def history(self, cadence_ms: int, seed: int) -> History:
        """Of the days some are calm where trends are looked for."""
        days = self.days[CADENCES_MS.index(cadence_ms)]
        calm = "trend" in self.rule and seed % 3 != 1
        weather = Weather(days, 0.003 if self.span_ms == DAY_MS else 0.02, calm)
        return history(self.kind, self.codes, weather, cadence_ms, seed)

    def seen(self, target: str, h: History) -> Series:
        """What the levels judge, by the interpreter."""
        return interpreter.fed(self.signal(h, target)) if self.signal else []

    def record(self, level: Level, seen: Series, target: str, h: History) -> list[Episode]:
        """What became of a level, by the interpreter. It does not cut means at nine decimals, as
        the engine does, which the days until a limit are worth less by three: so the values of
        trends are near; all else is exact.
        """
        if self.signal is None:
            station = target.partition("/")[0]
            members = [h[f"{station}/{code}"] for code in PLANS[self.kind][station]]
            return interpreter.absence(level.for_ms, members, h.upto_ms, h.cadence_ms)
        cadence_ms = max(self.span_ms, h.cadence_ms)
        found = interpreter.threshold(level, seen, cadence_ms, h.upto_ms)
        if "trend" in self.rule:
            found = [_nearly(one) for one in found]
        return found


CASES = [
    Case("threshold above", 'kind = "threshold"; indicator = "w21003"', value, {
        "above = 1.0": up(1.0),
        'above = 1.1, for = "10m", clear = { below = 1.0, for = "10m" }': up(1.1, 10 * M, 1.0, 10 * M),
        'above = 1.0, for = "3h", clear = { below = 0.8, for = "4h" }': up(1.0, 3 * H, 0.8, 4 * H),
    }),
    Case("threshold below", 'kind = "threshold"; indicator = "w01009"', value, {
        "below = 5.0": down(5.0),
        'below = 4.9, for = "90m", clear = { above = 5.0, for = "1h" }': down(4.9, 90 * M, 5.0, H),
        'below = 4.9, for = "1s", clear = { for = "11h" }': down(4.9, 1000, None, 11 * H),
    }, frozenset({OXYGEN})),
    Case("mean above", 'kind = "threshold"; indicator = "w21003"; window = "4h"', mean(4 * H), {
        "above = 1.0": up(1.0),
        'above = 1.05, for = "2h", clear = { below = 1.0, for = "2h" }': up(1.05, 2 * H, 1.0, 2 * H),
    }),
    Case("mean below", 'kind = "threshold"; indicator = "w01009"; window = "3h"', mean(3 * H), {
        'below = 5.0, for = "4h"': down(5.0, 4 * H),
        "below = 4.95": down(4.95),
    }, frozenset({OXYGEN})),
    Case("mean of less than a cadence", 'kind = "threshold"; indicator = "w21003"; window = "5m"', mean(5 * M), {
        "above = 1.1": up(1.1),
    }),
    Case("rate up", 'kind = "rate"; indicator = "w21003"; window = "3h"', change(3 * H), {
        "above = 0.2": up(0.2),
        'above = 0.15, for = "1h", clear = { below = 0.0 }': up(0.15, H, 0.0),
    }),
    Case("rate down", 'kind = "rate"; indicator = "w01009"; window = "4h"', change(4 * H), {
        "below = -0.2": down(-0.2),
        'below = -0.3, clear = { above = -0.1, for = "4h" }': down(-0.3, 0, -0.1, 4 * H),
    }, frozenset({OXYGEN})),
    Case("water of the hour", 'kind = "standard"; stations = { kind = "water" }', standard("hourly", 0, "III"), {
        "by = 1": up(0),
        'by = 2, for = "2h"': up(1, 2 * H),
    }, WATER, H, (4, 6, 20)),
    Case("water by class II", 'kind = "standard"; stations = { kind = "water" }; target = "II"', standard("hourly", 1, "II"), {
        'by = 2, for = "3h", clear = { below = 0, for = "2h" }': up(1, 3 * H, 0, 2 * H),
        "by = 3": up(2),
    }, WATER, H, (4, 6, 20)),
    Case("water of the day", 'kind = "standard"; stations = { kind = "water" }; averaging = "day"', standard("daily", 0, "III"), {
        'for = "24h"': up(0, 24 * H),
        "by = 2": up(1),
    }, WATER, DAY_MS, (20, 20, 20)),
    Case("air of the hour", 'kind = "standard"; stations = { kind = "air" }', standard("hourly", 80), {
        "above = 80": up(80),
        'above = 100, for = "2h", clear = { below = 90, for = "2h" }': up(100, 2 * H, 90, 2 * H),
    }, frozenset(AIR), H, (5, 6, 20)),
    Case("air of the day", 'kind = "standard"; stations = { kind = "air" }; averaging = "day"', standard("daily", 90), {
        "above = 90": up(90),
        'above = 100, for = "24h"': up(100, 24 * H),
    }, frozenset(AIR), DAY_MS, (12, 12, 12)),
    Case("trend up", 'kind = "trend"; indicator = "w21003"; window = "10d"; significance = 0.2', trend(10, 0.2), {
        "above = 0.0": up(0.0),
        "above = 0.1": up(0.1),
        'above = 0.05, for = "2d", clear = { below = 0.02 }': up(0.05, 2 * DAY_MS, 0.02),
    }, frozenset({AMMONIA}), DAY_MS, (40, 40, 40)),
    Case("trend down", 'kind = "trend"; indicator = "w01009"; window = "13d"', trend(13), {
        "below = -0.1": down(-0.1),
        "below = 0.0": down(0.0),
    }, frozenset({OXYGEN}), DAY_MS, (40, 40, 40)),
    Case("trend to a limit", 'kind = "trend"; indicator = "w21003"; window = "12d"; significance = 0.1; limit = 4.0', trend(12, 0.1, limit=4.0), {
        'within = "20d"': down(20),
        'within = "10d"': down(10),
    }, frozenset({AMMONIA}), DAY_MS, (40, 40, 40)),
    Case("trend to a limit below", 'kind = "trend"; indicator = "w01009"; window = "13d"; limit = 2.0; towards = "below"', trend(13, limit=2.0, sign=-1), {
        'within = "15d", for = "1d"': down(15, DAY_MS),
        'within = "10d"': down(10),
    }, frozenset({OXYGEN}), DAY_MS, (40, 40, 40)),
    Case("trend by the week", 'kind = "trend"; indicator = "w21003"; window = "21d"; significance = 0.3; season = "week"', trend(21, 0.3, "week"), {
        "above = 0.0": up(0.0),
        "above = 0.1": up(0.1),
    }, frozenset({AMMONIA}), DAY_MS, (45, 45, 45)),
    Case("baseline up", 'kind = "baseline"; indicator = "w21003"; window = "10d"', departure(10), {
        'above = 0.67, for = "2h", clear = { below = 0.0 }': up(0.67, 2 * H, 0.0),
        "above = 2.02": up(2.02),
    }, frozenset({AMMONIA}), H, (15, 15, 30)),
    Case("baseline down", 'kind = "baseline"; indicator = "w01009"', departure(28), {
        'below = -0.67, for = "3h"': down(-0.67, 3 * H),
        "below = -1.35": down(-1.35),
    }, frozenset({OXYGEN}), H, (15, 15, 35)),
    Case("drift up", 'kind = "baseline"; indicator = "w21003"; window = "9d"; cusum = { slack = 0.5, over = "1d" }', cusum(1, 9, 0.5, DAY_MS), {
        "above = 0.0": up(0.0),
        'above = 0.85, for = "2h", clear = { below = 0.35 }': up(0.85, 2 * H, 0.35),
    }, frozenset({AMMONIA}), H, (14, 14, 25)),
    Case("drift down", 'kind = "baseline"; indicator = "w01009"; window = "9d"; cusum = { slack = 1, over = "12h" }', cusum(-1, 9, 1, 12 * H), {
        "below = 0.0": down(0.0),
        "below = -0.35": down(-0.35),
    }, frozenset({OXYGEN}), H, (14, 14, 25)),
    Case("rise down the river", 'kind = "propagation"; indicator = "w21003"; window = "2h"; travel = ["1h", "5h"]', propagation(2 * H, (H, 5 * H), 1), {
        "above = 0.1": up(0.1),
        'above = 0.05, for = "1h", clear = { below = 0.0, for = "1h" }': up(0.05, H, 0.0, H),
    }),
    Case("fall down the river", 'kind = "propagation"; indicator = "w21003"; window = "4h"; travel = ["4h", "4h"]', propagation(4 * H, (4 * H, 4 * H), -1), {
        "below = 0.0": down(0.0),
        "below = -0.1": down(-0.1),
    }),
    Case(
        "all of three",
        'kind = "combined"; condition = [{ indicator = "w21003", above = 0.9 }, { indicator = "w01009", window = "3h", below = 5.0 }, { indicator = "w01019", window = "4h", change = true, above = 0.0 }]',
        combined({3}, (AMMONIA, value, up(0.9)), (OXYGEN, mean(3 * H), down(5.0)), (PERMANGANATE, change(4 * H), up(0.0))),
        {"": up(2)},
        WATER,
    ),
    Case(
        "two of three",
        'kind = "combined"; condition = [{ indicator = "w21003", above = 1.0 }, { indicator = "w01009", below = 5.0 }, { indicator = "w01019", above = 6.0 }]',
        combined({2}, (AMMONIA, value, up(1.0)), (OXYGEN, value, down(5.0)), (PERMANGANATE, value, up(6.0))),
        {
            'at_least = 2, for = "1h"': up(1, H),
            'at_least = 2, for = "6h", clear = { for = "2h" }': up(1, 6 * H, None, 2 * H),
        },
        WATER,
    ),
    Case(
        "any, and all",
        'kind = "combined"; condition = [{ indicator = "w21003", above = 1.2 }, { indicator = "w21003", window = "4h", change = true, below = -0.1 }, { indicator = "w01019", window = "4h", above = 6.0 }]',
        combined({1, 3}, (AMMONIA, value, up(1.2)), (AMMONIA, change(4 * H), down(-0.1)), (PERMANGANATE, mean(4 * H), up(6.0))),
        {'at_least = "any"': up(0), 'at_least = "all"': up(2)},
        WATER,
    ),
    Case("state of any sensor", 'kind = "state"', state(1, 2, 3, 4, 8, 9, 11), {
        'for = "1h"': up(0, H),
        'for = "5h"': up(0, 5 * H),
    }, WATER),
    Case("states of one", 'kind = "state"; indicator = "w21003"; states = ["fault", "no_sample"]', state(4, 9), {
        'for = "30m"': up(0, 30 * M),
    }),
    Case("absence", 'kind = "absence"', None, {
        'for = "1h"': up(0, H),
        'for = "8h"': up(0, 8 * H),
    }, frozenset({AMMONIA, OXYGEN})),
]  # fmt: skip
