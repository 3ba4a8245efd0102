"""Rules that look at more than a value: the record is a function of the set of readings, whatever
the order of arrival, the cuts and the restarts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alerting.backtest.test_series import BEGIN_MS, district
from alerting.evaluation.engine import Engine
from alerting.evaluation.whole_history import alerts_of_history
from alerting.rules import documents
from alerting.rules.rule import Rule
from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS
from tests.alerting.centre import Centre, Reading, episode, history

RULES = """
[[rule]]
id = "mean"
name = "m"
kind = "threshold"
indicator = "w21003"
window = "4h"
reason = "r"
[[rule.level]]
level = "warning"
above = 1.0
for = "2h"
clear = { below = 0.8, for = "2h" }
[[rule.level]]
level = "alarm"
above = 1.5

[[rule]]
id = "change"
name = "c"
kind = "rate"
indicator = "w21003"
window = "2h"
reason = "r"
[[rule.level]]
level = "warning"
above = 0.6

[[rule]]
id = "class"
name = "s"
kind = "standard"
stations = { kind = "water" }
reason = "r"
[[rule.level]]
level = "warning"
[[rule.level]]
level = "alarm"
by = 2
for = "2h"

[[rule]]
id = "class-of-the-day"
name = "s"
kind = "standard"
averaging = "day"
target = "II"
stations = { kind = "water" }
reason = "r"
[[rule.level]]
level = "warning"
by = 2

[[rule]]
id = "trend"
name = "t"
kind = "trend"
indicator = "w21003"
window = "10d"
significance = 0.2
reason = "r"
[[rule.level]]
level = "notice"
above = 0.01

[[rule]]
id = "usual"
name = "b"
kind = "baseline"
indicator = "w01009"
window = "10d"
reason = "r"
[[rule.level]]
level = "notice"
below = -3.0

[[rule]]
id = "drift"
name = "b"
kind = "baseline"
indicator = "w01009"
window = "10d"
cusum = { slack = 0.5, over = "2d" }
reason = "r"
[[rule.level]]
level = "notice"
above = 6.0

[[rule]]
id = "down-the-river"
name = "p"
kind = "propagation"
indicator = "w21003"
window = "2h"
travel = ["1h", "5h"]
reason = "r"
[[rule.level]]
level = "alarm"
above = 0.4

[[rule]]
id = "together"
name = "c"
kind = "combined"
reason = "r"
[[rule.condition]]
indicator = "w21003"
above = 1.0
[[rule.condition]]
indicator = "w01009"
window = "3h"
below = 5.0
[[rule.level]]
level = "warning"
at_least = "any"
[[rule.level]]
level = "alarm"

[[rule]]
id = "too-long"
name = "s"
kind = "state"
reason = "r"
[[rule.level]]
level = "warning"
for = "3h"

[[rule]]
id = "silent"
name = "a"
kind = "absence"
reason = "r"
[[rule.level]]
level = "warning"
for = "5h"
"""
CATALOGUE = district({"lower": ["w21003", "w01009"], "upper": ["w21003"]}, "water", HOUR_MS)
CAUSES = [Cause.NORMAL] * 12 + [Cause.MAINTENANCE, Cause.TIMEOUT, Cause.SPIKE]
END_MS = BEGIN_MS + 40 * 24 * HOUR_MS


@pytest.fixture(scope="module")
def in_force(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    """A rule of every kind."""
    file: Path = tmp_path_factory.mktemp("rules") / "rules.toml"
    file.write_text(RULES, encoding="utf-8")
    return documents.load(file, CATALOGUE)


def lived(seed: int, days: int = 30) -> list[Reading]:
    """Hours of three series with spills, states, holes and jitter."""
    random = np.random.default_rng(seed)
    found = []
    for series, base, swing in (
        ("lower/w21003", 0.7, 0.5),
        ("upper/w21003", 0.7, 0.5),
        ("lower/w01009", 6.0, 1.5),
    ):
        state = Cause.NORMAL
        for hour in range(days * 24):
            if random.random() < 0.04:
                continue
            if random.random() < 0.1:
                state = CAUSES[random.integers(len(CAUSES))]
            value = base + swing * random.standard_normal() + 0.01 * hour * random.random()
            t_ms = BEGIN_MS + hour * HOUR_MS + int(random.integers(0, 600_000))
            found.append(Reading(series, t_ms, round(float(max(value, 0.0)), 2), state))
    return sorted(found, key=lambda row: (row.t_ms, row.series))


def replayed(rules: tuple[Rule, ...], readings: list[Reading], end_ms: int) -> set[object]:
    """What a back-test finds."""
    engine = Engine(rules, CATALOGUE)
    return {
        episode(alert)
        for of in engine.rule_instances.values()
        for instance in of
        for alert in alerts_of_history(
            instance, [history(readings, name) for name in instance.members], end_ms
        )
    }


@pytest.mark.parametrize("seed", range(6))
def test_any_order_any_cut_and_any_restart_give_the_record_of_a_back_test(
    in_force: tuple[Rule, ...], seed: int
) -> None:
    """A few readings late by hours or days, batches of one to fifty, restarts in between."""
    readings, random = lived(seed), np.random.default_rng(seed + 100)
    lateness = np.where(
        random.random(len(readings)) < 0.05, random.exponential(30.0, len(readings)), 0
    )
    order = np.argsort(
        [row.t_ms + hours * HOUR_MS for row, hours in zip(readings, lateness, strict=True)]
    )
    arriving = [readings[at] for at in order]
    centre = Centre(in_force, CATALOGUE)

    while arriving:
        size = int(random.integers(1, 50))
        batch, arriving = arriving[:size], arriving[size:]
        newest = max(row.t_ms for row in batch)
        centre.hear(batch, newest - HOUR_MS if random.random() < 0.5 else None)
        if random.random() < 0.1:
            centre.restart()
    centre.hear([], END_MS)

    assert centre.episodes() == replayed(in_force, readings, END_MS)


def test_every_rule_says_something_of_such_a_history(in_force: tuple[Rule, ...]) -> None:
    """Otherwise the test before would compare nothing."""
    said = {row[0] for seed in range(6) for row in replayed(in_force, lived(seed), END_MS)}
    assert said == {rule.id for rule in in_force}
