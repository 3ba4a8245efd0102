"""What rules on values mean: thresholds, means over a window, rates, absences, states.

Each row holds however its readings come: one by one, all at once, the last one first (each is
late), each one twice, and with a restart before each.
"""

from __future__ import annotations

from pathlib import Path

from tests.alerting.table import OXYGEN, Row, holds, rows

ABOVE = 'kind = "threshold"\nindicator = "w21003"\nlevel = [{ level = "warning", above = 1.0 }]'
BELOW = 'kind = "threshold"\nindicator = "w01009"\nlevel = [{ level = "warning", below = 5.0 }]'


def lasting(for_: str, clear: str = "") -> str:
    """Above 1.0 for so long."""
    ends = f", clear = {{ {clear} }}" if clear else ""
    return ABOVE.replace("above = 1.0", f'above = 1.0, for = "{for_}"{ends}')


def clearing(clear: str) -> str:
    """Above 1.0, over when this holds."""
    return ABOVE.replace("above = 1.0", f"above = 1.0, clear = {{ {clear} }}")


LEVELS = ABOVE.replace("}]", '}, { level = "alarm", above = 2.0 }]')


@rows(
    Row("it fires at the first reading beyond", ABOVE, "0.4 1.2 1.4 0.9", ["warning 10m 10m 30m 1.4"]),
    Row("the limit itself is not beyond", ABOVE, "1.0x5"),
    Row("below is the other side", BELOW, {OXYGEN: "7 4 3 5"}, ["warning 10m 10m 30m 3"]),
    Row("it fires once it has lasted", lasting("20m"), "0.4 1.2x3 0.4", ["warning 10m 30m 40m"]),
    Row("what does not last never was", lasting("20m"), "0.4 1.2x2 0.4"),
    Row("one reading within the limit closes a run", lasting("20m"), "1.2x2 1.0 1.2x2 0.4"),
    Row("shorter than the cadence it takes two readings", lasting("5m"), "0.4 1.2x2 0.4",
        ["warning 10m 20m 30m"]),
    Row("shorter than the cadence one is not enough", lasting("5m"), "0.4 1.2 0.4"),
    Row("it ends at the clear limit, not at the limit", clearing("below = 0.8"), "1.2 0.9 0.8 0.4",
        ["warning 0s 0s 20m"]),
    Row("it ends once it was clear for long enough", clearing('below = 0.8, for = "20m"'),
        "1.2 0.7x4", ["warning 0s 0s 30m"]),
    Row("a reading beyond the clear limit breaks the row", clearing('below = 0.8, for = "20m"'),
        "1.2 0.7x2 0.9 0.7x3", ["warning 0s 0s 60m"]),
    Row("each level is a machine of its own", LEVELS, "0.4 1.2 2.5 1.5 0.4",
        ["warning 10m 10m 40m 2.5", "alarm 20m 20m 30m 2.5"]),
    Row("two episodes are two alerts", ABOVE, "1.2 0.4 1.3 0.4",
        ["warning 0s 0s 10m 1.2", "warning 20m 20m 30m 1.3"]),
)  # fmt: skip
def test_a_threshold(row: Row, tmp_path: Path) -> None:
    """Limits, durations, levels."""
    holds(row, tmp_path)


@rows(
    Row("a silence as long as `for` closes no run", lasting("30m"), "1.2 _x2 1.2 0.4",
        ["warning 0s 30m 40m"]),
    Row("a longer one does, and the next reading begins anew", lasting("30m"), "1.2 _x3 1.2x4 0.4",
        ["warning 40m 70m 80m"]),
    Row("two and a half cadences close none", lasting("10m"), "1.2 _x24 1.2 0.4", cadence="10m",
        every="1m", expect=["warning 0s 25m 26m"]),
    Row("more than them does", lasting("10m"), "1.2 _x25 1.2 0.4", cadence="10m", every="1m"),
    Row("a silence breaks the row that would end it", clearing('below = 0.8, for = "10m"'),
        "1.2 0.7 _x2 0.7x2", ["warning 0s 0s 50m"]),
    Row("silence ends nothing: its data are lost, and it stands", ABOVE, "1.2 _x9",
        ["warning 0s 0s - lost"]),
    Row("as long as silence is not known nothing is lost", ABOVE, "1.2 _x9",
        ["warning 0s 0s -"], upto="20m"),
    Row("with the next reading they are back", ABOVE, "1.2 _x9 1.2", ["warning 0s 0s -"]),
    Row("jitter: the reading that comes late enough fires", lasting("20m"),
        "1.2 _x8 1.2 _x11 1.2 0.4", cadence="10m", every="1m", expect=["warning 0s 21m 22m"]),
    Row("jitter: one that comes a minute early does not", lasting("20m"),
        "1.2 _x8 1.2 _x9 1.2 0.4", cadence="10m", every="1m"),
)  # fmt: skip
def test_gaps_and_jitter(row: Row, tmp_path: Path) -> None:
    """A gap is longer than the duration and 2.5 cadences."""
    holds(row, tmp_path)


@rows(
    Row("what is not good is as if it were not there", lasting("20m"), "1.2 0.4? 1.2 0.4",
        ["warning 0s 20m 30m"]),
    Row("it fires nothing", ABOVE, "0.4 5.0? 5.0c 5.0m 5.0s 5.0f 0.4"),
    Row("it ends nothing", ABOVE, "1.2 0.4? 1.2 0.4", ["warning 0s 0s 30m"]),
    Row("it fills no gap", lasting("30m"), "1.2 1.2x3? 1.2"),
    Row("found to be bad, the alert never was", ABOVE, "0.4 1.2x2 0.4", now="0.4 1.2x2? 0.4"),
    Row("found to be bad in part, it begins later", ABOVE, "0.4 1.4 1.2 0.4",
        ["warning 20m 20m 30m 1.2"], now="0.4 1.4? 1.2 0.4"),
    Row("found to be good, it comes to be", ABOVE, "0.4 1.2? 0.4", ["warning 10m 10m 20m"],
        now="0.4 1.2 0.4"),
    Row("what ended it found to be bad, it stands", ABOVE, "1.2 0.4", ["warning 0s 0s -"],
        now="1.2 0.4?"),
    Row("a clock that was set back tells of instants anew: the first reading of each stands",
        ABOVE, "0.4x2 1.2 0.4", ["warning 20m 20m 30m 1.2"], then=("10m", "5.0x3")),
    Row("a clock that jumped ahead leaves a gap", lasting("20m"), "1.2x2",
        ["warning 60m 80m -"], then=("1h", "1.2x3"), upto="80m"),
)  # fmt: skip
def test_flags_and_clocks(row: Row, tmp_path: Path) -> None:
    """Only good readings count, and what the checks say later counts as if said at once."""
    holds(row, tmp_path)


MEAN = ABOVE.replace("\nlevel", '\nwindow = "30m"\nlevel')
RATE = MEAN.replace("threshold", "rate").replace("1.0", "0.5")
FALL = RATE.replace("w21003", "w01009").replace("above = 0.5", "below = -0.5")


@rows(
    Row("the mean of the window that ends at each reading", MEAN, "0.4x3 1.6x3 0.4x3",
        ["warning 40m 40m 70m 1.6"]),
    Row("one high reading does not lift it", MEAN, "0.4x3 2.0 0.4x3"),
    Row("of the readings that are there", MEAN, "0.4 _ 1.7 0.2", ["warning 20m 20m 30m 1.05"]),
    Row("of the good ones", MEAN, "0.4 9.0? 1.7 0.2", ["warning 20m 20m 30m 1.05"]),
    Row("a reading found to be bad leaves every mean", MEAN, "0.4x3 9.0 0.4x3",
        now="0.4x3 9.0? 0.4x3"),
    Row("silence: no reading, no mean, nothing ends", MEAN, "1.6x3 _x9",
        ["warning 0s 0s - lost 1.6"]),
)  # fmt: skip
def test_a_mean_over_a_window(row: Row, tmp_path: Path) -> None:
    """Half an hour at a cadence of ten minutes holds three readings."""
    holds(row, tmp_path)


@rows(
    Row("the change over the window", RATE, "0.4x4 1.0x4", ["warning 40m 40m 70m 0.6"]),
    Row("a slow rise is none", RATE, "0.4+0.1x10"),
    Row("the first readings have nothing to be compared with", RATE, "9.0x2 0.4x2"),
    Row("a fall", FALL, {OXYGEN: "8x4 7x4"}, ["warning 40m 40m 70m -1"]),
    Row("over a gap it is scaled to the window", RATE, "0.4 _x4 1.3", ["warning 50m 50m - 0.54"]),
    Row("over too long a gap it is unknown", RATE, "0.4 _x6 9.0"),
    Row("a reading that is not good is no beginning", RATE, "0.4 0.1? 0.4x2 1.0"),
    Row("a beginning found to be bad changes the rate", RATE, "0.4 0.1 0.4x2 1.0",
        now="0.4 0.1? 0.4x2 1.0"),
)  # fmt: skip
def test_a_rate(row: Row, tmp_path: Path) -> None:
    """More than 0.5 within half an hour."""
    holds(row, tmp_path)


ABSENCE = 'kind = "absence"\nlevel = [{ level = "warning", for = "30m" }]'
STATE = ABSENCE.replace("absence", "state")


@rows(
    Row("it begins at the last good reading and ends with the next", ABSENCE, "0.4 _x5 0.4",
        ["warning 0s 30m 1h"]),
    Row("a silence as long as `for` is none yet", ABSENCE, "0.4 _x2 0.4 _x2 0.4"),
    Row("what is not good says nothing", ABSENCE, "0.4 0.4x5? 0.4", ["warning 0s 30m 1h"]),
    Row("any indicator of the station speaks for it", ABSENCE,
        {"w21003": "0.4 _x9", OXYGEN: "7x10"}),
    Row("silence that is not known is none", ABSENCE, "0.4 _x9", upto="20m"),
    Row("known up to the end it stands", ABSENCE, "0.4 _x9", ["warning 0s 30m -"]),
    Row("who never spoke is not silent", ABSENCE, "_x10"),
    Row("readings found to be bad make a silence", ABSENCE, "0.4x7", ["warning 0s 30m 1h"],
        now="0.4 0.4x5? 0.4"),
    Row("a backlog shows that there was none", ABSENCE, "0.4 _x5 0.4", then=("10m", "0.4x5")),
)  # fmt: skip
def test_an_absence(row: Row, tmp_path: Path) -> None:
    """Nothing good for longer than half an hour, of the whole station."""
    holds(row, tmp_path)


@rows(
    Row("a state that lasts", STATE, "0.4 0.4x4m 0.4", ["warning 10m 40m 50m"]),
    Row("one that ends in time", STATE, "0.4 0.4x3m 0.4"),
    Row("several states are one stretch", STATE, "0.4x2c 0.4x2m 0.4", ["warning 0s 30m 40m"]),
    Row("a reading of another kind ends it, though not good", STATE, "0.4x2m 0.4? 0.4x2m 0.4"),
    Row("only the states that are named",
        STATE.replace("\n", '\nstates = ["calibration"]\n'), "0.4x9m 0.4"),
)  # fmt: skip
def test_a_state(row: Row, tmp_path: Path) -> None:
    """Calibration, maintenance and the like for half an hour."""
    holds(row, tmp_path)


STRICT, LAX = ABOVE.replace("1.0", "0.8"), ABOVE.replace("1.0", "1.5")


@rows(
    Row("what stands is resolved; what is still beyond is an alert of its own", ABOVE,
        "1.2x6 0.4", ["warning 0s 0s 30m", "warning 30m 30m 1h"], next=("30m", STRICT)),
    Row("what is beyond no more is over", ABOVE, "1.2x6 0.4", ["warning 0s 0s 30m"],
        next=("30m", LAX)),
    Row("the next version counts its duration from its beginning", ABOVE, "1.2x6 0.4",
        ["warning 0s 0s 30m", "warning 30m 50m 1h"], next=("30m", lasting("20m"))),
    Row("what is pending is forgotten", lasting("40m"), "1.2x6 0.4", next=("30m", lasting("40m"))),
    Row("a mean looks back beyond the beginning", MEAN, "1.6x2 0.4x4",
        ["warning 0s 0s 20m 1.6", "warning 20m 20m 30m 1.2"], next=("20m", MEAN)),
    Row("a silence that lasts is one of the next version at once", ABSENCE, "0.4 _x9",
        ["warning 0s 30m 50m", "warning 0s 50m -"], next=("50m", ABSENCE)),
)  # fmt: skip
def test_another_version_while_an_alert_stands(row: Row, tmp_path: Path) -> None:
    """It holds from an instant on."""
    holds(row, tmp_path)
