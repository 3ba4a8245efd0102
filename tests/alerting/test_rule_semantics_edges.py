"""What rules mean where it is narrow: limits that are just reached, windows, completeness, seasons,
the sets of standards, what is unknown and what decides it.

Each row holds however its readings come; see ``test_rule_semantics.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.vocabulary.quality import Cause
from tests.alerting.table import OXYGEN, PARTICLES, Row, holds, rows

PERMANGANATE, OZONE, UPPER = "w01019", "a05024", "upstream/w21003"


def hourly(says: str, rule: str, values: Any, *expect: str, **more: Any) -> Row:
    """A reading an hour."""
    return Row(says, rule, values, expect, **({"every": "1h"} | more))


def daily(says: str, rule: str, values: Any, *expect: str, **more: Any) -> Row:
    """A reading a day, which stands for it."""
    return Row(says, rule, values, expect, every="1d", **more)


LASTING = """
kind = "threshold"
indicator = "w21003"
level = [{ level = "alarm", above = 1.0, for = "3h", clear = { below = 0.8, for = "2h" } }]
"""
LOW = """
kind = "threshold"
indicator = "w01009"
level = [{ level = "alarm", below = 2.0, for = "1h", clear = { above = 3.0 } }]
"""
ACIDITY = """
kind = "threshold"
indicator = "w01001"
level = [{ level = "warning", above = 9.0 }, { level = "alarm", below = 6.0 }]
"""


@rows(
    hourly("below: the limit itself is not beyond it, the clear limit itself is within", LOW, {OXYGEN: "2.0x2 1.9x2 2.0 2.9 3.0"}, "alarm 2h 3h 6h 1.9"),
    hourly("what is below detection is below", LOW, {OXYGEN: "3.0 1.9? 1.9?"}, "alarm 1h 2h - 0", doubt=Cause.UNDETECTED),
    hourly("levels may lie on both sides", ACIDITY, {"w01001": "7 9.5 9.0 5.5 6.0"}, "warning 1h 1h 2h 9.5", "alarm 3h 3h 4h 5.5"),
    hourly("between the limits nothing clears", LASTING, "1.2x4 0.9x9", "alarm 0h 3h -"),
    hourly("a reading beyond the limit breaks the row of the end as well", LASTING, "1.2x4 0.8x2 1.2 0.8x3", "alarm 0h 3h 9h"),
    hourly("a row that has not lasted ends nothing", LASTING, "1.2x4 0.8x2", "alarm 0h 3h -"),
    hourly("doubted readings do not break it", LASTING, "1.2x4 0.8 9? 0.8", "alarm 0h 3h 6h 1.2"),
    hourly("2.5 cadences of silence keep it", LASTING, "1.2x7 0.8x2 _x4 0.8", "alarm 0h 180m 390m", every="30m", cadence="1h"),
    hourly("more do not", LASTING, "1.2x7 0.8x2 _x5 0.8", "alarm 0h 180m -", every="30m", cadence="1h"),
    hourly("the peak is the worst since the run began", LASTING, "1.5 1.2x3", "alarm 0h 3h - 1.5"),
    hourly("or while it clears", LASTING, "1.2x4 0.8 1.9 0.8x3", "alarm 0h 3h 8h 1.9"),
    hourly("a closed run leaves none behind", LASTING, "9 0.4 1.2x4", "alarm 2h 5h - 1.2"),
    hourly("silence fires nothing", LASTING, "1.2x3", upto="2d"),
    hourly("just `for` of silence is not lost yet", LASTING, "1.2x4", "alarm 0h 3h -", upto="6h"),
    hourly("a failed read is as if it were not there", LASTING, "1.2 0? 0? 1.2", "alarm 0h 3h - 1.2", doubt=Cause.TIMEOUT),
    hourly("half of a high limit of detection stands above no limit", LASTING, "1.2x2 9? 1.2x2", doubt=Cause.UNDETECTED),
    hourly("what is below detection is a reading", LASTING, "1.2x2 0? 1.2x2", doubt=Cause.BELOW_DETECTION),
)  # fmt: skip
def test_a_threshold(row: Row, tmp_path: Path) -> None:
    """Above 1.0 for three hours, over with two hours at 0.8."""
    holds(row, tmp_path)


MEAN = """
kind = "threshold"
indicator = "w21003"
window = "4h"
level = [{ level = "alarm", above = 1.0 }]
"""
PAIR = MEAN.replace("4h", "2h")
OXYGEN_MEAN = """
kind = "threshold"
indicator = "w01009"
window = "2h"
level = [{ level = "warning", below = 5.0 }, { level = "alarm", below = 3.0, for = "1h" }]
"""
RATE = PAIR.replace("threshold", "rate").replace("1.0", "0.5")


@rows(
    hourly("a mean that is the limit is not beyond it", MEAN, "0.8x3 1.6"),
    hourly("a reading leaves the window when it is as old as it is long", MEAN, "9 0.8x3 0.9", "alarm 0h 0h 4h 9"),
    hourly("less than half a step of one decimal beyond the indicator's three is rounded away", MEAN, "1.00004x4"),
    hourly("more counts as a whole one", MEAN, "1.00006x4", "alarm 0h 0h - 1.0001"),
    hourly("with jitter it is of as many as there are in its time", PAIR, "0.8 _x10 0.8 _x8 1.5", "alarm 100m 100m - 1.0333", every="5m", cadence="1h"),
    hourly("a doubted reading is no instant at which a mean could end it", PAIR, "0.4 2.0 0.4 0.4?", "alarm 1h 1h - 1.2"),
    hourly("each level judges the same mean", OXYGEN_MEAN, {OXYGEN: "6 4 2x3"}, "warning 2h 2h - 2", "alarm 3h 4h - 2"),
    hourly("a rise by the limit itself is not beyond it", RATE, "0.4x3 0.9"),
    hourly("over a gap it is scaled: 0.8 in three hours are 0.5333 in two", RATE, "0.4 _x2 1.2", "alarm 3h 3h - 0.5333"),
    hourly("0.7 in three hours are less than 0.5", RATE, "0.4 _x2 1.1"),
    hourly("known where the reading before lies just another window back", RATE, "0.4 _x3 9", "alarm 4h 4h - 4.3"),
    hourly("unknown where it lies farther back", RATE, "0.4 _x4 9"),
    hourly("jitter is scaled away: 0.9 in 150 minutes", RATE, "0.4 _x14 1.3", "alarm 150m 150m - 0.72", every="10m", cadence="2h"),
    hourly("while it is unknown nothing ends, and the data are lost", RATE, "0.4x2 1.2x2 _x5 1.2", "alarm 2h 2h - lost"),
)  # fmt: skip
def test_means_and_rates(row: Row, tmp_path: Path) -> None:
    """A mean of four hours or of two above 1.0; a rise by more than 0.5 in two hours."""
    holds(row, tmp_path)


SILENT = """
kind = "absence"
level = [{ level = "warning", for = "3h" }, { level = "alarm", for = "6h" }]
"""
IMPATIENT = """
kind = "absence"
level = [{ level = "warning", for = "30m" }]
"""
BUSY = """
kind = "state"
level = [{ level = "warning", for = "2h" }, { level = "alarm", for = "4h" }]
"""
BUSY_AMMONIA = BUSY + 'indicator = "w21003"'
BROKEN = BUSY + 'states = ["fault"]'


@rows(
    hourly("levels are machines of their own", SILENT, "0.4 _x9 0.4 _x3 0.4", "warning 0h 3h 10h", "alarm 0h 6h 10h", "warning 10h 13h 14h"),
    hourly("any more is", SILENT, "0.4", "warning 0h 3h -", upto="181m"),
    hourly("the last of any indicator begins it, the first of any ends it", SILENT, {"w21003": "0.4x3 _x5 0.4", OXYGEN: "7x4 _x5 7"}, "warning 3h 6h 8h"),
    hourly("a value beyond all limits ends it as well", SILENT, "0.4 _x4 99", "warning 0h 3h 5h"),
    hourly("a station whose readings were never good has not spoken", SILENT, "0.4x3?", upto="2d"),
    hourly("a reading in a state or with a doubted clock does not end it", SILENT, "0.4 0.4m 0.4f 0.4? 0.4c 0.4", "warning 0h 3h 5h", doubt=Cause.CLOCK),
    hourly("2.5 cadences are jitter whatever `for` says", IMPATIENT, "0.4 _x6 0.4 _x7 0.4", "warning 70m 145m 150m", every="10m", cadence="30m"),
    hourly("no pause between two readings of a slow station is silence", IMPATIENT, "0.4x3 _ 0.4 _x2 0.4", "warning 4h 390m 7h", upto="9h"),
)  # fmt: skip
def test_an_absence(row: Row, tmp_path: Path) -> None:
    """Nothing good for longer than three hours, six, or half an hour."""
    holds(row, tmp_path)


@rows(
    hourly("levels are machines of their own", BUSY, "0.4x4m 0.4 0.4x5m", "warning 0h 2h 4h", "warning 5h 7h -", "alarm 5h 9h -"),
    hourly("the peak is the number of the state", BUSY, "0.4x3c 0.4 0.4x3s 0.4 0.4x3f", "warning 0h 2h 3h 1", "warning 4h 6h 7h 3", "warning 8h 10h - 4"),
    hourly("each indicator of a station has its own", BUSY, {"w21003": "0.4x3m 0.4", OXYGEN: "7x2 7x3f"}, "warning 0h 2h 3h 2", "warning 2h 4h - 4"),
    hourly("or that which is named", BUSY_AMMONIA, {"w21003": "0.4x5", OXYGEN: "7x5f"}),
    hourly("a doubted measurement is in no state", BUSY, "0.4x2m 0.4? 0.4x2m"),
    hourly("a failed read tells of none and is passed over", BUSY, "0.4x2m 0.4? 0.4m", "warning 0h 3h -", doubt=Cause.TIMEOUT),
    hourly("and is none itself", BUSY, "0.4x5?", doubt=Cause.LINE_DOWN),
    hourly("a reading whose clock is doubted does not end the run", BUSY, "0.4x2m 0.4? 0.4m", "warning 0h 3h -", doubt=Cause.CLOCK),
    hourly("nor the alert", BUSY, "0.4x3m 0.4x2? 0.4m 0.4", "warning 0h 2h 6h", "alarm 0h 5h 6h", doubt=Cause.CLOCK),
    hourly("nor does it fire one", BUSY, "0.4x2m 0.4?", doubt=Cause.CLOCK),
    hourly("after too many of them the next state begins anew", BUSY, "0.4m 0.4x4? 0.4x3m", "warning 5h 7h -", doubt=Cause.CLOCK),
    hourly("while all are doubted the data are lost", BUSY, "0.4x3m 0.4x5?", "warning 0h 2h - lost", doubt=Cause.CLOCK),
    hourly("a lack of reagent is a state", BUSY, "0.4x3?", "warning 0h 2h - 8", doubt=Cause.SUPPLIES_OUT),
    hourly("a test of quality control is none", BUSY, "0.4x5?", doubt=Cause.CONTROL_TEST),
    hourly("what is not named is as good as a measurement", BROKEN, "0.4x6m 0.4x2f 0.4m 0.4x3f", "warning 9h 11h - 4"),
    hourly("2.5 cadences of silence leave it open", BUSY, "0.4m _x4 0.4m", "warning 0m 150m -", every="30m", cadence="1h"),
    hourly("more close it", BUSY, "0.4m _x5 0.4m", every="30m", cadence="1h"),
    hourly("nothing waits for silence to be known", BUSY, "0.4x3m", "warning 0h 2h -", upto="0h"),
)  # fmt: skip
def test_a_state(row: Row, tmp_path: Path) -> None:
    """For two hours, or four."""
    holds(row, tmp_path)


CLASS = """
kind = "standard"
stations = { kind = "water" }
level = [{ level = "warning" }]
"""
OF_DAYS = 'averaging = "day"\n'
INDEX = """
kind = "standard"
stations = { kind = "air" }
level = [{ level = "warning", above = 100 }]
"""


@rows(
    hourly("the limit of the class itself is held", CLASS, {"w21003": "1.0x3", OXYGEN: "5.0x3"}),
    hourly("a rule may hold another class than the station's", CLASS + 'target = "II"', "0.5 0.6 0.5", "warning 2h 2h 3h 1"),
    hourly("45 minutes make an hour", CLASS, "1.1x3 _ 0.9x4", "warning 1h 1h 2h 1", every="15m"),
    hourly("30 do not", CLASS, "1.1x2 _x2 0.9x4", every="15m"),
    hourly("an hour begins on the clock, wherever its readings lie", CLASS, "_x2 2.0x3 0.4x3", every="15m"),
    hourly("after a gap of more than 2.5 hours the duration begins anew", CLASS.replace("}]", ', for = "2h" }]'), "1.1 _x3 1.1x3", "warning 5h 7h -"),
    hourly("the mean of a day", CLASS + OF_DAYS, "0.8x12 1.4x12 0.4x24", "warning 1d 1d 2d 1"),
    hourly("a day begins at midnight in Asia/Shanghai", CLASS + OF_DAYS, "0.4x8 1.25x24 0.4x16"),
    hourly("an index of 100 is not above 100", INDEX, {PARTICLES: "75x2"}),
    hourly("by the set in force on the day: 61 is 83 in January and 101 in March", INDEX, {PARTICLES: "61 _x1415 61 40"}, "warning 1417h 1417h 1418h 101"),
    hourly("of ozone a day is its largest mean of eight hours", INDEX + OF_DAYS, {OZONE: "0x16 170x8 0x24"}, "warning 1d 1d 2d 110"),
    hourly("with an item missing the others say how bad it is at least", INDEX, {PARTICLES: "40 116 40x2", OZONE: "80 _x2 80"}, "warning 2h 2h 4h 152"),
)  # fmt: skip
def test_a_standard(row: Row, tmp_path: Path) -> None:
    """Class III is ammonia up to 1.0 and oxygen from 5.0 on, II up to 0.5; PM2.5 of 75 is an index
    of 100 by HJ 633-2012, of 60 by HJ 633-2026 from March 2026 on.
    """
    holds(row, tmp_path)


TREND = """
kind = "trend"
indicator = "w21003"
window = "10d"
level = [{ level = "notice", above = 0.05 }, { level = "warning", above = 0.2 }]
"""
MONTH = TREND.replace("10d", "30d")
FORTNIGHT = TREND.replace("10d", "14d")
WEEKLY = TREND.replace("10d", "21d") + 'season = "week"'
FALL = TREND.replace("above = 0.05", "below = -0.05").replace("above = 0.2", "below = -0.2")
HEADING = """
kind = "trend"
indicator = "w21003"
window = "10d"
limit = 3.0
level = [{ level = "notice", within = "12d" }, { level = "warning", within = "108h" }]
"""
SINKING = HEADING.replace("w21003", "w01009").replace("3.0", '5.0\ntowards = "below"')


@rows(
    daily("each level judges the same slope", TREND, "1.0+0.3x10", "notice 10d 10d - 0.3", "warning 10d 10d - 0.3"),
    daily("a score of 21 in ten days is chance: p is 0.074", TREND, "4 3 2 1 8 7 6 5 9 10"),
    daily("a score of 23 is a trend: p is 0.049", TREND, "3 4 2 1 8 7 6 5 9 10", "notice 10d 10d -", "warning 10d 10d -"),
    daily("which a stricter significance does not see", TREND + "significance = 0.04", "3 4 2 1 8 7 6 5 9 10"),
    daily("one wild day does not change the slope", TREND, "1.0+0.1x9 99", "notice 10d 10d - 0.1"),
    daily("a fall is below", FALL, "5.0-0.1x10", "notice 10d 10d - -0.1"),
    daily("it ends where the slope is not significant any more: two low days", TREND, "1.0+0.1x10 0x2", "notice 10d 10d 12d"),
    daily("nine valid days of ten are too few", TREND, "1.0+0.1x5 _ 1.6+0.1x5"),
    daily("days that are missing are gaps in time", FORTNIGHT, "1.0+0.1x5 _ 1.6+0.1x5", "notice 11d 11d - 0.1"),
    daily("less than half of the window is too little", MONTH, "1.0+0.1x14"),
    daily("half of it is enough", MONTH, "1.0+0.1x15", "notice 15d 15d - 0.1"),
    daily("where no day is valid it expires, four days behind the last one", TREND, "1.0+0.1x11 _x9 0", "notice 10d 10d 15d lost"),
    daily("nor is a day without readings one of the trend, though its window has enough", FORTNIGHT, "1.0+0.1x12 _x3", "notice 10d 10d - lost"),
    daily("weeks that are alike rise from day to day", FORTNIGHT, "1+1x7 1+1x7", "notice 14d 14d - 0.363636364", "warning 14d 14d - 0.363636364"),
    daily("but not from week to week", WEEKLY.replace("21d", "14d"), "1+1x7 1+1x7"),
    daily("weeks that rise do: six weekdays that rose once are enough, 1 in 7 days", WEEKLY, "1x7 2x7 3x7", "notice 13d 13d - 0.142857143"),
    daily("1.1 away at 0.1 a day is 11 days away", HEADING, "1.0+0.1x10", "notice 10d 10d - 11"),
    daily("just `within` is not less than it", HEADING, "0.9+0.1x10"),
    daily("each level has its own time", HEADING, "1.0+0.1x18", "notice 10d 10d - 3", "warning 17d 17d - 3"),
    daily("what has passed it is 0 days away", HEADING, "2.5+0.1x10", "notice 10d 10d - 0", "warning 10d 10d - 0"),
    daily("whether it rises or not", HEADING, "3.5x10", "notice 10d 10d - 0", "warning 10d 10d - 0"),
    daily("near it without a trend never comes there", HEADING, "2.9x10"),
    daily("nor does what falls", HEADING, "2.9-0.1x10"),
    daily("towards below", SINKING, {OXYGEN: "7.0-0.1x10"}, "notice 10d 10d - 11"),
    daily("what rises is no trouble there", SINKING, {OXYGEN: "6.0+0.1x10"}),
)  # fmt: skip
def test_a_trend(row: Row, tmp_path: Path) -> None:
    """More than 0.05 and 0.2 mg/L a day; 3.0 mg/L, or 5.0 from above, within twelve days
    and four and a half.
    """
    holds(row, tmp_path)


UNUSUAL = """
kind = "baseline"
indicator = "w01009"
window = "10d"
level = [{ level = "notice", above = 3 }, { level = "warning", above = 10 }]
"""
WEEK = UNUSUAL.replace("10d", "7d")
LOWER = UNUSUAL.replace("above = 3", "below = -3").replace("above = 10", "below = -10")
DRIFT = """
kind = "baseline"
indicator = "w01009"
window = "10d"
cusum = { slack = 0.5, over = "3d" }
level = [{ level = "notice", above = 4 }]
"""
SINK = DRIFT.replace("above = 4", "below = -4")


def oxygen(says: str, rule: str, values: str, *expect: str, **more: Any) -> Row:
    """A reading a day of oxygen: 0:00 to 1:00 of each day, whose instant is 1:00."""
    return daily(says, rule, {OXYGEN: values}, *expect, **more)


@rows(
    oxygen("8.92 above the median of 1 to 7 are 3.01 deviations", UNUSUAL, "1+1x7 12.92", "notice 169h 169h - 3.01"),
    oxygen("8.9 are 3.00, which is not beyond 3", UNUSUAL, "1+1x7 12.9"),
    oxygen("each level judges the same departure", UNUSUAL, "1+1x7 40", "notice 169h 169h - 12.14", "warning 169h 169h - 12.14"),
    oxygen("below", LOWER, "11+1x7 5.08", "notice 169h 169h - -3.01"),
    oxygen("a day that is missing does not matter while seven are there", UNUSUAL, "1+1x3 _ 4+1x4 12.92", "notice 193h 193h - 3.01"),
    oxygen("what is older than the window is forgotten", WEEK, "9x2 1+1x7 12.92", "notice 217h 217h - 3.01"),
    oxygen("where all are equal a step of the decimals is the measure", UNUSUAL, "1x7 1.05", "notice 169h 169h - 5"),
    oxygen("a gap ends nothing; the next usual hour does", UNUSUAL, "1+1x7 12.92 _x3 4", "notice 169h 169h 265h"),
    Row("what is usual at noon is not at midnight", UNUSUAL, {OXYGEN: "1 9 1 9 1 9 1 9 1 9 1 9 1 9 9 9"}, ["notice 169h 169h 181h 800", "warning 169h 169h 181h 800"], every="12h"),
    oxygen("each day of two deviations adds 1.5: three are 4.5", DRIFT, "1x7 1.02x3", "notice 217h 217h - 4.5"),
    oxygen("one within the slack takes from the sum", DRIFT, "1x7 1.02x2 1 1.02"),
    oxygen("but never below nothing: 5 in two days, whatever was before", DRIFT, "1x7 0.5 1.03x2", "notice 217h 217h - 5"),
    oxygen("what began longer ago is left out", DRIFT.replace("3d", "2d"), "1x7 1.02x3"),
    oxygen("a missing day adds nothing, and time goes on", DRIFT, "1x7 1.02x2 _ 1.02"),
    oxygen("an hour of which the usual is not known has no sum, and ends nothing", DRIFT.replace("10d", "7d").replace("3d", "2d"), "1x7 1.06 _ 1", "notice 169h 169h - 5.5", upto="220h"),
    oxygen("below it is mirrored", SINK, "1x7 0.98x3", "notice 217h 217h - -4.5"),
    oxygen("where a rise is nothing", SINK, "1x7 1.02x3"),
)  # fmt: skip
def test_a_baseline(row: Row, tmp_path: Path) -> None:
    """Of 1 to 7 the median is 4 and the median absolute deviation 2: a deviation is 2.9652. Where
    all are equal it is one step, 0.01 mg/L.
    """
    holds(row, tmp_path)


DOWN = """
kind = "propagation"
indicator = "w21003"
window = "1h"
travel = ["1h", "3h"]
level = [{ level = "alarm", above = 0.5 }, { level = "critical", above = 2.0 }]
"""
DOWN_OXYGEN = """
kind = "propagation"
indicator = "w01009"
window = "1h"
travel = ["1h", "3h"]
level = [{ level = "alarm", below = -0.5 }]
"""


@rows(
    hourly("the shortest travel time counts", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x3 1.4x2"}, "alarm 4h 4h - 1"),
    hourly("and the longest", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4 1.4x4"}, "alarm 4h 4h - 1"),
    hourly("a rise that is the limit is not beyond it", DOWN, {"w21003": "0.4x4 0.9", UPPER: "0.4x2 1.4x3"}),
    hourly("a rise upstream alone is none", DOWN, {"w21003": "0.4x5", UPPER: "0.4x2 9x3"}),
    hourly("of several rises upstream the largest", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4 1.0 1.9 1.9x2"}, "alarm 4h 4h - 0.9"),
    hourly("each level judges the lesser of the two", DOWN, {"w21003": "0.4x4 3.4", UPPER: "0.4x2 2.6x3"}, "alarm 4h 4h - 2.2", "critical 4h 4h - 2.2"),
    hourly("of two falls the least", DOWN_OXYGEN, {OXYGEN: "8x4 7", f"upstream/{OXYGEN}": "8x2 6x3"}, "alarm 4h 4h - -1"),
    hourly("unknown where it is unknown here: too long a gap", DOWN, {"w21003": "0.4x2 _x2 9", UPPER: "0.4x2 9x3"}),
    hourly("over a shorter gap the rise is scaled", DOWN, {"w21003": "0.4x3 _ 2.4", UPPER: "0.4x2 1.4x3"}, "alarm 4h 4h - 1"),
    hourly("unknown where no change is known upstream in that time", DOWN, {"w21003": "0.4x4 9", UPPER: "0.4 _x3 9"}),
    hourly("it ends with the rise", DOWN, {"w21003": "0.4x4 1.4x2", UPPER: "0.4x2 1.4x4"}, "alarm 4h 4h 5h 1"),
    hourly("doubted readings are neither here nor there", DOWN, {"w21003": "0.4x4 1.4?", UPPER: "0.4x2 1.4x3"}),
    hourly("jitter: instants are those of readings here", DOWN, {"w21003": "0.4 _x6 0.4 _ 1.4", UPPER: "0.4 _x3 0.4 _ 1.4"}, "alarm 270m 270m - 1", every="30m", cadence="1h"),
)  # fmt: skip
def test_a_propagation(row: Row, tmp_path: Path) -> None:
    """A change within an hour after one upstream, one to three hours before."""
    holds(row, tmp_path)


BOTH = """
kind = "combined"
condition = [{ indicator = "w21003", above = 1.0 }, { indicator = "w01009", below = 5.0 }]
level = [{ level = "warning", at_least = "any" }, { level = "alarm" }]
"""
ALL = BOTH.replace('{ level = "warning", at_least = "any" }, ', "")
ANY = BOTH.replace(', { level = "alarm" }', "")
LASTING_BOTH = ALL.replace('"alarm"', '"alarm", for = "2h"')
TWO_OF_THREE = """
kind = "combined"
level = [{ level = "alarm", at_least = 2 }]
[[rule.condition]]
indicator = "w21003"
above = 1.0
[[rule.condition]]
indicator = "w01009"
below = 5.0
[[rule.condition]]
indicator = "w01019"
above = 6.0
"""
SEWAGE = """
kind = "combined"
level = [{ level = "alarm" }]
[[rule.condition]]
indicator = "w21003"
window = "2h"
change = true
above = 0.5
[[rule.condition]]
indicator = "w01009"
window = "3h"
below = 5.0
"""


@rows(
    hourly("each level has its own number", BOTH, {"w21003": "0.4 1.2x2 0.4x2", OXYGEN: "7x2 4x2 7"}, "warning 1h 1h 4h 2", "alarm 2h 2h 3h 2"),
    hourly("a limit itself is not beyond it", BOTH, {"w21003": "1.0x2", OXYGEN: "5.0x2"}),
    hourly("two of three, whichever", TWO_OF_THREE, {"w21003": "1.2x2 0.4x2", OXYGEN: "4 7 4 7", PERMANGANATE: "4x2 7x2"}, "alarm 0h 0h 1h", "alarm 2h 2h 3h"),
    hourly("two that hold decide whatever the third is", TWO_OF_THREE, {"w21003": "1.2x4", OXYGEN: "4x4", PERMANGANATE: "_x4"}, "alarm 0h 0h -"),
    hourly("two that do not hold decide as well", TWO_OF_THREE, {"w21003": "1.2x3 0.4", OXYGEN: "4x3 7", PERMANGANATE: "4 _x3"}, "alarm 0h 0h 3h"),
    hourly("one and one do not, so that nothing ends", TWO_OF_THREE, {"w21003": "1.2x4", OXYGEN: "4x3 7", PERMANGANATE: "4 _x3"}, "alarm 0h 0h -"),
    hourly("a value that could be the one of any leaves it unknown", ANY, {"w21003": "0.4x4", OXYGEN: "4 _x3"}, "warning 0h 0h -"),
    hourly("what could decide one level leaves the signal unknown for all", BOTH, {"w21003": "1.2x4", OXYGEN: "4 _x3"}, "warning 0h 0h -", "alarm 0h 0h -"),
    hourly("a value of 2.5 cadences ago counts", ALL, {"w21003": "_x5 1.2 _ 1.2", OXYGEN: "4 _x6 7"}, "alarm 150m 150m 210m", every="30m", cadence="1h"),
    hourly("an older one is unknown", ALL, {"w21003": "_x6 1.2", OXYGEN: "4 _x6"}, every="30m", cadence="1h"),
    hourly("instants are the readings of any", ALL, {"w21003": "1.2 _x3 1.2", OXYGEN: "_ 7 _ 4 _"}, "alarm 90m 90m -", every="30m", cadence="1h"),
    hourly("a change and a mean may be among them", SEWAGE, {"w21003": "0.4x3 1.0", OXYGEN: "6x2 4x2"}, "alarm 3h 3h - 2"),
    hourly("a change that is unknown decides nothing", SEWAGE, {"w21003": "0.4 9.0", OXYGEN: "4x2"}),
    hourly("after a silence of more than `for` and 2.5 cadences the duration begins anew", LASTING_BOTH, {"w21003": "1.2x2 _x4 1.2x3", OXYGEN: "4x2 _x4 4x3"}, "alarm 6h 8h -"),
    hourly("doubted values are as if they were not there: the one before counts", ALL, {"w21003": "1.2x3", OXYGEN: "4 7? 7?"}, "alarm 0h 0h -"),
)  # fmt: skip
def test_a_combination(row: Row, tmp_path: Path) -> None:
    """Ammonia beyond 1.0, oxygen below 5.0, permanganate beyond 6.0."""
    holds(row, tmp_path)
