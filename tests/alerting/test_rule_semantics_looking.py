"""What rules mean that look at more than a value: classes and indices, trends, what is usual, what
comes down a river, and several at once.

Each row holds however its readings come; see ``test_rule_semantics.py``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.alerting.table import OXYGEN, PARTICLES, Row, holds, rows

WATER = """
kind = "standard"
stations = { kind = "water" }
level = [{ level = "warning" }, { level = "alarm", by = 2 }]
"""
DAILY = WATER.replace("\nstations", '\naveraging = "day"\nstations')
AIR = (
    'kind = "standard"\nstations = { kind = "air" }\nlevel = [{ level = "warning", above = 150 }]'
)


@rows(
    Row("an hour of class IV where III should be is one worse, of class V two", WATER,
        "0.3x6 1.2x6 1.8x6 0.3x6", ["warning 2h 2h 4h 2", "alarm 3h 3h 4h 2"]),
    Row("the mean of the hour counts, not its readings", WATER, "0.9x3 1.05x3"),
    Row("an hour is valid with five readings of six", WATER, "0.3x6 1.2x5 _ 0.3x6",
        ["warning 2h 2h 3h 1"]),
    Row("with four it is not", WATER, "0.3x6 1.8x4 _x2 0.3x6"),
    Row("an hour that is not valid ends nothing", WATER, "1.2x6 0.3x4 _x2 0.3x6",
        ["warning 1h 1h 3h"]),
    Row("readings in maintenance make no hour", WATER, "0.3x6 1.8x6m 0.3x6"),
    Row("the worst item tells the class", WATER,
        {"w21003": "0.3x18", OXYGEN: "7x6 4x6 7x6"}, ["warning 2h 2h 3h 1"]),
    Row("where an item is missing the others say how bad it is at least", WATER,
        {"w21003": "0.3x6 1.2x6 0.3x6", OXYGEN: "7x6 _x6 7x6"}, ["warning 2h 2h 3h 1"]),
    Row("where they say nothing bad it is unknown, and nothing ends", WATER,
        {"w21003": "1.2x6 0.3x12", OXYGEN: "7x6 _x6 7x6"}, ["warning 1h 1h 3h 1"]),
    Row("an hour is judged when silence is known up to its end", WATER, "0.3x6 1.2x6",
        ["warning 2h 2h -"]),
    Row("not before", WATER, "0.3x6 1.2x6", upto="110m"),
    Row("or when a reading shows that it is over", WATER, "0.3x6 1.2x6 0.3",
        ["warning 2h 2h -"], upto="110m"),
    Row("an hour found to be bad never was", WATER, "0.3x6 1.8x6 0.3x6", now="0.3x6 1.8x6? 0.3x6"),
    Row("of a day the mean counts, with twenty valid hours", DAILY, "0.3x24 1.2x20 _x4 0.3x24",
        ["warning 48h 48h 72h 1"], every="1h"),
    Row("with nineteen it is no day", DAILY, "0.3x24 1.2x19 _x5 0.3x24", every="1h"),
    Row("the next version sees the hours that end from its beginning on", WATER,
        "1.2x18 0.3x6", ["warning 1h 1h 100m", "warning 2h 2h 4h"], next=("100m", WATER)),
)  # fmt: skip
def test_the_class_of_water(row: Row, tmp_path: Path) -> None:
    """GB 3838: ammonia up to 1.0 mg/L is class III, up to 1.5 IV, up to 2.0 V; oxygen from 5 on is
    III, from 3 on IV. The station's target is III.
    """
    holds(row, tmp_path)


@rows(
    Row("115 μg/m³ of PM2.5 is an index of 150, which is not beyond it", AIR,
        {PARTICLES: "40x3 115x2 40x2"}, every="1h"),
    Row("116 is one of 152, rounded up", AIR, {PARTICLES: "40x3 116x2 40x2"},
        ["warning 4h 4h 6h 152"], every="1h"),
    Row("the item with the greatest index tells it", AIR,
        {PARTICLES: "40x5", "a34002": "50x2 300x2 50"}, ["warning 3h 3h 5h"], every="1h"),
)  # fmt: skip
def test_the_index_of_air(row: Row, tmp_path: Path) -> None:
    """HJ 633-2012, which was in force then: PM2.5 of 75 to 115 is 100 to 150, up to 150 is 200."""
    holds(row, tmp_path)


def days(*values: float, hours: int = 24) -> str:
    """So many readings of each day, the rest of it missing."""
    missing = f" _x{24 - hours}" if hours < 24 else ""
    return " ".join(f"{value}x{hours}{missing}" for value in values)


RISING = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9]
TREND = """
kind = "trend"
indicator = "w21003"
window = "10d"
level = [{ level = "warning", above = 0.05 }]
"""
LONGER = TREND.replace("10d", "20d")
HEADING = TREND.replace('"10d"', '"10d"\nlimit = 2.5').replace("above = 0.05", 'within = "30d"')


@rows(
    Row("ten days that rise are a trend at the end of the tenth", TREND, days(*RISING),
        ["warning 10d 10d - 0.1"]),
    Row("nine are none", TREND, days(*RISING[:9])),
    Row("days that go up and down are none", TREND, days(*[1.0, 1.5] * 5)),
    Row("equal days are none", TREND, days(*[1.0] * 10)),
    Row("a day of nineteen hours is no day, and the next ones make up for it", LONGER,
        f"{days(*RISING[:4])} {days(1.4, hours=19)} {days(*RISING[5:], 2.0)}",
        ["warning 11d 11d -"]),
    Row("a fall is no rise", TREND, days(*reversed(RISING))),
    Row("the days until the limit is passed at this pace", HEADING, days(*RISING),
        ["warning 10d 10d -"]),
    Row("a pace that takes longer is no news", HEADING.replace("2.5", "9.0"), days(*RISING)),
    Row("days found to be bad leave too few", TREND, days(*RISING),
        now=f"{days(*RISING[:4])} 1.4x24? {days(*RISING[5:])}"),
)  # fmt: skip
def test_a_trend(row: Row, tmp_path: Path) -> None:
    """Mann-Kendall and Theil-Sen over the means of days; more than 0.05 mg/L a day."""
    holds(replace(row, every="1h"), tmp_path)


BASELINE = """
kind = "baseline"
indicator = "w21003"
window = "28d"
level = [{ level = "warning", above = 4 }]
"""
CUSUM = BASELINE.replace('"28d"', '"28d"\ncusum = { slack = 0.5, over = "2d" }')
WEEK = days(1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.1)
"""Of each hour of the day the median is 1.1 and the median absolute deviation 0.1."""


@rows(
    Row("an hour far from what is usual at this hour", BASELINE, f"{WEEK} 1.1x10 3.0 1.1x13",
        ["warning 179h 179h 180h 12.82"]),
    Row("one within four deviations is usual", BASELINE, f"{WEEK} 1.1x10 1.6 1.1x13"),
    Row("before a week is known nothing is unusual", BASELINE, f"{days(*[1.0] * 6)} 3.0x24"),
    Row("too low is another side", BASELINE, f"{WEEK} 1.1x10 0.1 1.1x13"),
    Row("and has its own level", BASELINE.replace("above = 4", "below = -4"),
        f"{WEEK} 1.1x10 0.1 1.1x13", ["warning 179h 179h 180h -6.74"]),
    Row("an hour found to be bad is as if it were not there", BASELINE,
        f"{WEEK} 1.1x10 3.0 1.1x13", now=f"{WEEK} 1.1x10 3.0? 1.1x13"),
    Row("slow drift adds up", CUSUM, f"{WEEK} 1.3x5", ["warning 173h 173h - 4.24"]),
    Row("what does not exceed the slack does not", CUSUM, f"{WEEK} 1.17x24"),
)  # fmt: skip
def test_what_is_usual(row: Row, tmp_path: Path) -> None:
    """In robust deviations: 1.4826 times the median absolute one, 0.148 here. 1.3 is 1.349 of them,
    0.849 more than the slack: five hours make 4.24.
    """
    holds(replace(row, every="1h"), tmp_path)


DOWN = """
kind = "propagation"
indicator = "w21003"
window = "20m"
travel = ["20m", "40m"]
level = [{ level = "warning", above = 0.3 }]
"""
ABOVE = "upstream/w21003"


@rows(
    Row("a rise here after one upstream", DOWN, {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x3 1.0x9"},
        ["warning 50m 50m 70m 0.5"]),
    Row("the smaller of the two counts", DOWN, {"w21003": "0.4x5 5.0x7", ABOVE: "0.4x3 0.75x9"},
        ["warning 50m 50m 70m 0.35"]),
    Row("without one upstream it is no news", DOWN, {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x12"}),
    Row("at the same time it came from elsewhere", DOWN,
        {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x5 1.0x7"}),
    Row("too long ago it came from elsewhere as well", DOWN,
        {"w21003": "0.4x9 0.9x7", ABOVE: "0.4x2 1.0x14"}),
    Row("where upstream is silent it is unknown", DOWN, {"w21003": "0.4x5 0.9x7", ABOVE: "_x12"}),
    Row("it waits for what upstream may have to say", DOWN,
        {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x3 1.0x2 _x7"}, upto="0m"),
    Row("until silence is known", DOWN,
        {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x3 1.0x2 _x7"}, ["warning 50m 50m 70m 0.5"]),
    Row("a rise upstream found to be bad was none", DOWN,
        {"w21003": "0.4x5 0.9x7", ABOVE: "0.4x3 1.0x9"},
        now={"w21003": "0.4x5 0.9x7", ABOVE: "0.4x3 1.0x9?"}),
)  # fmt: skip
def test_what_comes_down_a_river(row: Row, tmp_path: Path) -> None:
    """A rise by more than 0.3 within 20 minutes, 20 to 40 minutes after one at the station above."""
    holds(row, tmp_path)


BOTH = """
kind = "combined"
condition = [{ indicator = "w21003", above = 1.0 }, { indicator = "w01009", below = 5.0 }]
level = [{ level = "warning" }]
"""
ANY = BOTH.replace('"warning" }', '"warning", at_least = "any" }')


@rows(
    Row("all of them at once", BOTH, {"w21003": "0.4 1.2x3 0.4", OXYGEN: "7x2 4x3"},
        ["warning 20m 20m 40m 2"]),
    Row("any of them", ANY, {"w21003": "0.4 1.2x3 0.4x2", OXYGEN: "7x2 4x3 7"},
        ["warning 10m 10m 50m 2"]),
    Row("one after the other is not at once", BOTH, {"w21003": "1.2x2 0.4x2", OXYGEN: "7x2 4x2"}),
    Row("a last value counts for two and a half cadences", BOTH,
        {"w21003": "0.4x2 1.2 0.4", OXYGEN: "4 _x3"}, ["warning 20m 20m 30m 2"]),
    Row("an older one is unknown, and nothing begins", BOTH,
        {"w21003": "0.4x3 1.2", OXYGEN: "4 _x3"}),
    Row("nor ends where it could decide", BOTH, {"w21003": "1.2x4", OXYGEN: "4 _x3"},
        ["warning 0s 0s -"]),
    Row("where the others decide it does not matter", BOTH,
        {"w21003": "1.2x3 0.4", OXYGEN: "4 _x3"}, ["warning 0s 0s 30m"]),
    Row("it waits for the other", BOTH, {"w21003": "0.4 1.2", OXYGEN: "4 _"}, upto="0m"),
    Row("until silence is known", BOTH, {"w21003": "0.4 1.2", OXYGEN: "4 _"},
        ["warning 10m 10m -"]),
    Row("one of them found to be bad", BOTH, {"w21003": "0.4 1.2 0.4", OXYGEN: "7 4 7"},
        now={"w21003": "0.4 1.2? 0.4", OXYGEN: "7 4 7"}),
)  # fmt: skip
def test_several_at_once(row: Row, tmp_path: Path) -> None:
    """Ammonia beyond 1.0 while oxygen is below 5."""
    holds(row, tmp_path)
