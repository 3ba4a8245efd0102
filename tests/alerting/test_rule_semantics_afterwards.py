"""What is on record at first, and what becomes of it: readings that come late or twice, clocks
that are doubted, words on readings that are there, versions, silence.

Each row is looked at twice; and what it has in the end holds however its readings come.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.vocabulary.quality import Cause
from tests.alerting.table import OXYGEN, Row, holds, rows

UPPER = "upstream/w21003"
LASTING = """
kind = "threshold"
indicator = "w21003"
level = [{ level = "alarm", above = 1.0, for = "3h", clear = { below = 0.8, for = "2h" } }]
"""
HIGHER = LASTING.replace("above = 1.0", "above = 1.5")
LEVELS = """
kind = "threshold"
indicator = "w21003"
level = [{ level = "warning", above = 1.0 }, { level = "alarm", above = 1.5, for = "1h" }]
"""


def hourly(
    says: str, rule: str, values: Any, at_first: list[str], expect: list[str], **more: Any
) -> Row:
    """A reading an hour."""
    return Row(says, rule, values, expect, every="1h", at_first=at_first, **more)


@rows(
    hourly("a late reading that is not beyond withdraws the alert", LASTING, "1.2x2 _ 1.2x2", ["alarm 0h 3h -"], [], then=("2h", "0.9")),
    hourly("late readings add what was", LASTING, "0.4 _x7 0.4", [], ["alarm 1h 4h 7h"], then=("1h", "1.2x4 0.4x3")),
    hourly("late readings move the beginning", LASTING, "_x2 1.2x4", ["alarm 2h 5h -"], ["alarm 0h 3h -"], then=("0h", "1.2x2")),
    hourly("late readings move the end", LASTING, "1.2x4 _x2 0.8x3", ["alarm 0h 3h 8h"], ["alarm 0h 3h 6h"], then=("4h", "0.8x2")),
    hourly("a late peak is the peak", LASTING, "1.2x3 _ 1.2", ["alarm 0h 4h - 1.2"], ["alarm 0h 3h - 9"], then=("3h", "9.0")),
    hourly("a late reading mends each level", LEVELS, "1.6x2 _ 1.6x2", ["warning 0h 0h -", "alarm 0h 1h -"], ["warning 0h 0h -", "alarm 0h 1h 2h", "alarm 3h 4h -"], then=("2h", "1.2")),
    hourly("a backlog that comes again changes nothing", LASTING, "1.2x4 0.4x3", ["alarm 0h 3h 6h 1.2"], ["alarm 0h 3h 6h 1.2"], then=("0h", "1.2x4 0.4x3")),
    hourly("of an instant that is told twice the first stands", LASTING, "1.2x4", ["alarm 0h 3h -"], ["alarm 0h 3h -"], then=("2h", "0.4x2")),
    hourly("a clock that ran ahead for one reading holds nothing up", LASTING, "1.2x2 _x24 1.2?", [], ["alarm 0h 3h -"], then=("2h", "1.2x2"), doubt=Cause.CLOCK, known="1h", upto="3h"),
    hourly("and has no peak", LASTING, "1.2x4 _x20 9.0?", ["alarm 0h 3h - 1.2"], ["alarm 0h 3h 6h 1.2"], then=("4h", "0.4x3"), doubt=Cause.CLOCK, known="3h", upto="6h"),
    hourly("readings that turn out to be faulty withdraw the alert", LASTING, "1.2x4", ["alarm 0h 3h -"], [], now="1.2x2 1.2x2?"),
    hourly("or move its beginning", LASTING, "1.2x6", ["alarm 0h 3h -"], ["alarm 1h 4h -"], now="1.2? 1.2x5"),
    hourly("or open again what had ended", LASTING, "1.2x4 0.4x3", ["alarm 0h 3h 6h"], ["alarm 0h 3h - lost"], now="1.2x4 0.4x3?"),
    hourly("those that turn out to be good raise it", LASTING, "1.2x4?", [], ["alarm 0h 3h -"], now="1.2x4"),
    hourly("corrected readings end it", LASTING, "1.2x7", ["alarm 0h 3h -"], ["alarm 0h 3h 6h"], now="1.2x4 0.4x3"),
    hourly("a corrected peak is the peak no more", LASTING, "1.2x3 9.0 1.2", ["alarm 0h 3h - 9"], ["alarm 0h 3h - 1.2"], now="1.2x5"),
    hourly("what stands ends when another version holds; what is beyond still is an alert of its own", LASTING, "1.2x12", ["alarm 0h 3h -"], ["alarm 0h 3h 6h", "alarm 6h 9h -"], next=("6h", LASTING)),
    hourly("at its instant, which need be no reading's", LASTING, "1.2x8", ["alarm 0h 3h -"], ["alarm 0h 3h 330m"], next=("330m", LASTING)),
    hourly("a higher limit judges from then on", LASTING, "1.2x12", ["alarm 0h 3h -"], ["alarm 0h 3h 6h"], next=("6h", HIGHER)),
    hourly("a lower one does not judge the past", HIGHER, "1.2x12", [], ["alarm 6h 9h -"], next=("6h", LASTING)),
    hourly("a run that has not fired begins anew", LASTING, "1.2x6", [], ["alarm 2h 5h -"], next=("2h", LASTING)),
    hourly("a late reading is judged by the version of its time", LASTING, "1.2x2 _ 1.2x8", ["alarm 0h 3h -"], ["alarm 6h 9h -"], then=("2h", "0.4"), next=("6h", LASTING)),
    hourly("a level that the next version has not is over", LEVELS, "1.6x6", ["warning 0h 0h -", "alarm 0h 1h -"], ["warning 0h 0h 3h", "alarm 0h 1h 3h", "alarm 3h 6h -"], next=("3h", LASTING), upto="6h", then=("6h", "1.6")),
    hourly("silence ends nothing: the data are lost, and the next reading brings them back", LASTING, "1.2x4", ["alarm 0h 3h - lost"], ["alarm 0h 3h -"], then=("23h", "1.2"), known="22h", upto="23h"),
    hourly("and are lost again when it was the last", LASTING, "1.2x4", ["alarm 0h 3h - lost"], ["alarm 0h 3h - lost"], then=("23h", "1.2"), known="22h", upto="47h"),
    hourly("and expire a day behind it", LASTING, "1.2x4", ["alarm 0h 3h - lost"], ["alarm 0h 3h 47h lost"], then=("23h", "1.2"), known="22h", upto="48h"),
    hourly("the next reading begins anew, and what was imported of a year ago speaks of then", LASTING, "1.2x4", ["alarm 0h 3h 27h lost"], ["alarm 0h 3h 27h lost", "alarm 8760h 8763h -"], then=("8760h", "1.2x4"), known="8759h"),
    hourly("a backlog shows that it went on", LASTING, "1.2x4", ["alarm 0h 3h 27h lost"], ["alarm 0h 3h -"], then=("4h", "1.2x36"), known="38h", upto="40h"),
    hourly("and that it was over, before silence ended it", LASTING, "1.2x4", ["alarm 0h 3h 27h lost"], ["alarm 0h 3h 27h 1.2"], then=("25h", "0.4x3"), known="40h", upto="41h"),
    hourly("one reading more, and it expires later", LASTING, "1.2x4", ["alarm 0h 3h 27h lost"], ["alarm 0h 3h 44h lost"], then=("20h", "1.2"), known="40h", upto="60h"),
    hourly("readings that are corrected leave it to expire", LASTING, "1.2x4 0.4x4", ["alarm 0h 3h 6h"], ["alarm 0h 3h 27h lost"], now="1.2x4 0.4x4?", upto="40h"),
    hourly("a session that is down tells of no silence", LASTING, "1.2x4", ["alarm 0h 3h -"], ["alarm 0h 3h -"], then=("23h", "1.2"), known="3h", upto="23h"),
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
RATE = """
kind = "rate"
indicator = "w21003"
window = "2h"
level = [{ level = "alarm", above = 0.5 }]
"""


@rows(
    hourly("a late reading changes the means of its window", MEAN, "0.8x3 _ 0.8", [], ["alarm 3h 3h - 1.1"], then=("3h", "2.0")),
    hourly("a clock that ran ahead for one reading enters no mean", MEAN, "0.8x3 _x20 9.0?", [], ["alarm 3h 3h - 1.025"], then=("3h", "1.7"), doubt=Cause.CLOCK, known="2h", upto="3h"),
    hourly("a corrected reading enters the means", MEAN, "0.8x5", [], ["alarm 3h 3h - 1.05"], now="0.8x3 1.8 0.8"),
    hourly("another version has its own window, and looks back over the change", MEAN, "0.8x3 1.8 0.8x3", ["alarm 3h 3h -"], ["alarm 3h 3h 4h 1.05", "alarm 4h 4h 5h 1.3"], next=("4h", MEAN.replace("4h", "2h"))),
    hourly("a late reading is what the rise is from", RATE, "0.4 _ 0.4 1.0", [], ["alarm 3h 3h - 0.8"], then=("1h", "0.2")),
    hourly("a rise from a corrected reading is none", RATE, "0.4 0.2 0.4 1.0", ["alarm 3h 3h -"], [], now="0.4 0.6 0.4 1.0"),
    hourly("a spike found to be faulty was no rise", RATE, "0.4x2 1.4 0.4", ["alarm 2h 2h 3h"], [], now="0.4x2 1.4? 0.4"),
    hourly("a clock that ran ahead for one reading is no rise", RATE, "0.4x2 _x20 9.0?", [], ["alarm 3h 3h - 0.6"], then=("2h", "0.6 1.0"), doubt=Cause.CLOCK, known="1h", upto="3h"),
    hourly("another version rises from before the change", RATE, "0.4x2 1.2x4", ["alarm 2h 2h -"], ["alarm 2h 2h 3h", "alarm 3h 3h 4h 0.8"], next=("3h", RATE)),
)  # fmt: skip
def test_means_and_rates(row: Row, tmp_path: Path) -> None:
    """A mean of four hours above 1.0, a rise by more than 0.5 in two."""
    holds(row, tmp_path)


SILENT = """
kind = "absence"
level = [{ level = "warning", for = "3h" }]
"""
SILENT_SOON = SILENT.replace("3h", "1h")
BUSY = """
kind = "state"
indicator = "w21003"
level = [{ level = "warning", for = "4h" }]
"""


@rows(
    hourly("it begins and fires at the same instants however late that is known", SILENT, "0.4x3", ["warning 2h 5h -"], ["warning 2h 5h 20h"], then=("20h", "0.4"), known="15h", upto="20h"),
    hourly("while the session is down there is none", SILENT, "0.4x3", [], [], then=("3h", "0.4x9"), known="2h", upto="11h"),
    hourly("a backlog shows that it was none", SILENT, "0.4x3", ["warning 2h 5h -"], [], then=("3h", "0.4x5"), known="6h", upto="7h"),
    hourly("a late reading moves it", SILENT, "0.4x3 _x5 0.4", ["warning 2h 5h 8h"], ["warning 4h 7h 8h"], then=("4h", "0.4")),
    hourly("a late one in its middle takes it away", SILENT, "0.4 _x5 0.4", ["warning 0h 3h 6h"], [], then=("3h", "0.4")),
    hourly("one that is not good does not", SILENT, "0.4 _x5 0.4", ["warning 0h 3h 6h"], ["warning 0h 3h 6h"], then=("3h", "0.4?")),
    hourly("a reading that comes again ends nothing", SILENT, "0.4x3", ["warning 2h 5h -"], ["warning 2h 5h -"], then=("2h", "0.4"), upto="6h"),
    hourly("one whose clock ran ahead neither ends nor makes one", SILENT, "0.4x3 _x20 0.4?", [], [], then=("3h", "0.4x4"), doubt=Cause.CLOCK, known="3h", upto="7h"),
    hourly("readings found to be good were none", SILENT, "0.4x3 0.4x5? 0.4", ["warning 2h 5h 8h"], [], now="0.4x9"),
    hourly("corrected values are good readings still", SILENT, "0.4x9", [], [], now="0.4x3 0.9x6"),
    hourly("another version goes on with the silence that stands", SILENT, "0.4x3", ["warning 2h 5h -"], ["warning 2h 5h 6h", "warning 2h 6h 9h"], then=("9h", "0.4"), next=("6h", SILENT_SOON), upto="9h"),
    hourly("a silence that is long enough already fires when the shorter rule begins", SILENT, "0.4x3 _x5 0.4", [], ["warning 2h 4h 8h"], next=("4h", SILENT_SOON), cadence="30m"),
)  # fmt: skip
def test_an_absence(row: Row, tmp_path: Path) -> None:
    """Nothing good for longer than three hours."""
    holds(row, tmp_path)


@rows(
    hourly("a late measurement shows that it was two", BUSY, "0.4x2m _ 0.4x3m", ["warning 0h 4h -"], [], then=("2h", "0.4")),
    hourly("a late state fills a gap", BUSY, "0.4m _x4 0.4m", [], ["warning 0h 5h -"], then=("2h", "0.4m")),
    hourly("of an instant that is told twice the first stands", BUSY, "0.4x5m", ["warning 0h 4h -"], ["warning 0h 4h -"], then=("2h", "0.4")),
    hourly("a clock that ran ahead for one reading holds nothing up", BUSY, "0.4x3m _x24 0.4?", [], ["warning 0h 4h 5h"], then=("3h", "0.4x2m 0.4"), doubt=Cause.CLOCK, known="2h", upto="5h"),
    hourly("a state that turns out to have been none ends in between", BUSY, "0.4x5m", ["warning 0h 4h -"], [], now="0.4x2m 0.4 0.4x2m"),
    hourly("measurements that turn out to be of a state raise it", BUSY, "0.4x5", [], ["warning 0h 4h - 4"], now="0.4x5f"),
    hourly("another version begins anew", BUSY, "0.4x12m", ["warning 0h 4h -"], ["warning 0h 4h 6h", "warning 6h 10h -"], next=("6h", BUSY)),
    hourly("and may not ask for this state", BUSY, "0.4x12m", ["warning 0h 4h -"], ["warning 0h 4h 6h"], next=("6h", BUSY + 'states = ["fault"]')),
    hourly("silence ends nothing: the data are lost, and the next one brings them back", BUSY, "0.4x5m", ["warning 0h 4h - lost"], ["warning 0h 4h -"], then=("27h", "0.4m"), known="1d", upto="27h"),
    hourly("after a day of silence nobody knows what the instrument does", BUSY, "0.4x5m", ["warning 0h 4h 28h lost"], ["warning 0h 4h 28h lost"], then=("30h", "0.4m"), known="29h", upto="31h"),
)  # fmt: skip
def test_a_state(row: Row, tmp_path: Path) -> None:
    """In maintenance and the like for four hours."""
    holds(row, tmp_path)


CLASS = """
kind = "standard"
stations = { kind = "water" }
level = [{ level = "warning" }]
"""
TREND = """
kind = "trend"
indicator = "w21003"
window = "10d"
level = [{ level = "notice", above = 0.05 }]
"""
UNUSUAL = """
kind = "baseline"
indicator = "w21003"
window = "10d"
level = [{ level = "notice", above = 3 }]
"""


def daily(
    says: str, rule: str, values: str, at_first: list[str], expect: list[str], **more: Any
) -> Row:
    """A reading a day, which stands for it."""
    return Row(says, rule, values, expect, every="1d", at_first=at_first, **more)


@rows(
    hourly("a late hour is judged", CLASS, "0.9 _ 0.9x2", [], ["warning 2h 2h 3h 1"], then=("1h", "1.1")),
    hourly("an hour that turns out to be faulty says nothing", CLASS, "0.9 1.1 0.9x2", ["warning 2h 2h 3h"], [], now="0.9 1.1? 0.9x2"),
    hourly("a corrected one is of its new class", CLASS, "0.9x2 0.9", [], ["warning 2h 2h 3h 2"], now="0.9 1.6 0.9"),
    hourly("of an instant that is told twice the first stands", CLASS, "0.9x3", [], [], then=("1h", "1.6")),
    hourly("a clock that ran ahead for one reading makes no hour", CLASS, "0.9 _x24 1.6?", [], ["warning 2h 2h 4h 1"], then=("1h", "1.1x2 0.9"), doubt=Cause.CLOCK, known="1h", upto="4h"),
    hourly("another version holds another class from then on", CLASS, "0.6x6", [], ["warning 3h 3h - 1"], next=("3h", CLASS + 'target = "II"')),
    hourly("silence ends nothing: the data are lost", CLASS, "1.1x2", ["warning 1h 1h -"], ["warning 1h 1h - lost"], known="2h", upto="1d"),
    hourly("a day of it does", CLASS, "1.1x2", ["warning 1h 1h -"], ["warning 1h 1h 26h lost"], known="2h", upto="27h"),
    daily("a late day makes ten of nine", TREND, "1.0+0.1x5 _ 1.6+0.1x4", [], ["notice 10d 10d - 0.1"], then=("5d", "1.5")),
    daily("a day that turns out to be faulty makes nine of ten", TREND, "1.0+0.1x10", ["notice 10d 10d -"], [], now="1.0+0.1x5 1.5? 1.6+0.1x4"),
    daily("corrected days do not rise", TREND, "1.0+0.1x10", ["notice 10d 10d -"], [], now="1.5 1.1 1.3 1.2 1.5 1.4 1.2 1.3 1.1 1.4"),
    daily("of an instant that is told twice the first stands", TREND, "1.0+0.1x10", ["notice 10d 10d - 0.1"], ["notice 10d 10d - 0.1"], then=("0d", "9.0x5")),
    daily("a clock that ran ahead for one reading is no day", TREND, "1.0+0.1x9 _x2 9.0?", [], ["notice 10d 10d - 0.1"], then=("9d", "1.9"), doubt=Cause.CLOCK, known="9d", upto="10d"),
    daily("another version looks back over the change", TREND, "1.0+0.1x12", ["notice 10d 10d -"], ["notice 10d 10d 11d", "notice 11d 11d -"], next=("11d", TREND)),
    daily("a late hour is one that says what is usual", UNUSUAL, "1+1x6 _ 12.92", [], ["notice 169h 169h - 3.01"], then=("6d", "7")),
    daily("one that turns out to be faulty leaves too few", UNUSUAL, "1+1x7 12.92", ["notice 169h 169h -"], [], now="1+1x6 7? 12.92"),
    daily("a corrected one is usual", UNUSUAL, "1+1x7 12.92", ["notice 169h 169h -"], [], now="1+1x7 4"),
    daily("of an instant that is told twice the first stands", UNUSUAL, "1+1x7 4", [], [], then=("7d", "99")),
    daily("a clock that ran ahead for one reading is not usual", UNUSUAL, "1+1x6 _x24 99?", [], ["notice 169h 169h - 3.01"], then=("6d", "7 12.92"), doubt=Cause.CLOCK, known="6d", upto="8d"),
    daily("another version looks back over the change", UNUSUAL, "1+1x7 40x2", ["notice 169h 169h - 12.14"], ["notice 169h 169h 180h", "notice 193h 193h - 11.97"], next=("180h", UNUSUAL)),
)  # fmt: skip
def test_what_looks_at_hours_and_days(row: Row, tmp_path: Path) -> None:
    """Worse than class III, more than 0.05 a day, three deviations from what is usual: of 1 to 7
    the median is 4 and the median absolute deviation 2, so 12.92 is 3.008 of them.
    """
    holds(row, tmp_path)


DOWN = """
kind = "propagation"
indicator = "w21003"
window = "1h"
travel = ["1h", "3h"]
level = [{ level = "alarm", above = 0.5 }]
"""
BOTH = """
kind = "combined"
condition = [{ indicator = "w21003", above = 1.0 }, { indicator = "w01009", below = 5.0 }]
level = [{ level = "alarm" }]
"""


@rows(
    hourly("a late rise upstream", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x2"}, [], ["alarm 4h 4h - 1"], then=("2h", {UPPER: "1.4x3"})),
    hourly("which is waited for where silence is not known", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x2"}, [], ["alarm 4h 4h - 1"], then=("2h", {UPPER: "1.4x3"}), known="1h"),
    hourly("a rise upstream that turns out to be faulty was none", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x2 1.4x3"}, ["alarm 4h 4h -"], [], now={"w21003": "0.4x4 1.4", UPPER: "0.4x2 1.4x3?"}),
    hourly("of an instant that is told twice the first stands", DOWN, {"w21003": "0.4x5", UPPER: "0.4x2 1.4x3"}, [], [], then=("4h", "1.4")),
    hourly("a clock upstream that ran ahead for one reading", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x2 _x24 1.4?"}, [], ["alarm 4h 4h - 1"], then=("2h", {UPPER: "1.4x3"}), doubt=Cause.CLOCK, upto="4h"),
    hourly("another version looks back over the change, up the river too", DOWN, {"w21003": "0.4x4 1.4 2.4", UPPER: "0.4x2 1.4 2.4x3"}, ["alarm 4h 4h -"], ["alarm 4h 4h 5h", "alarm 5h 5h -"], next=("5h", DOWN)),
    hourly("silence ends nothing: the data are lost", DOWN, {"w21003": "0.4x4 1.4", UPPER: "0.4x2 1.4x3"}, ["alarm 4h 4h -"], ["alarm 4h 4h - lost"], known="5h", upto="1d"),
    hourly("a late value of the other", BOTH, {"w21003": "0.4 1.2x2", OXYGEN: "7"}, [], ["alarm 1h 1h - 2"], then=("1h", {OXYGEN: "4x2"})),
    hourly("what one of them ended is not over before the other has spoken", BOTH, {"w21003": "1.2x3 0.4", OXYGEN: "4x3"}, ["alarm 0h 0h -"], ["alarm 0h 0h 3h"], then=("3h", {OXYGEN: "4"}), known="2h", upto="3h"),
    hourly("which a reading that is not good does as well", BOTH, {"w21003": "1.2x3 0.4", OXYGEN: "4x3 4?"}, ["alarm 0h 0h 3h"], ["alarm 0h 0h 3h"], known="2h", upto="3h"),
    hourly("a value that turns out to be faulty is unknown", BOTH, {"w21003": "1.2x3", OXYGEN: "4x3"}, ["alarm 0h 0h -"], ["alarm 1h 1h -"], now={"w21003": "1.2x3", OXYGEN: "4? 4x2"}),
    hourly("of an instant that is told twice the first stands", BOTH, {"w21003": "1.2x3", OXYGEN: "7x3"}, [], [], then=("1h", {OXYGEN: "4x2"})),
    hourly("a clock of the other that ran ahead for one reading", BOTH, {"w21003": "1.2x2", OXYGEN: "4 _x24 4?"}, ["alarm 0h 0h -"], ["alarm 0h 0h 2h"], then=("2h", "0.4"), doubt=Cause.CLOCK, known="1h", upto="2h"),
    hourly("another version begins anew", BOTH, {"w21003": "1.2x4", OXYGEN: "4x4"}, ["alarm 0h 0h -"], ["alarm 0h 0h 2h", "alarm 2h 2h -"], next=("2h", BOTH)),
    hourly("silence ends nothing: the data are lost", BOTH, {"w21003": "1.2", OXYGEN: "4"}, ["alarm 0h 0h -"], ["alarm 0h 0h - lost"], known="1h", upto="1d"),
    hourly("a day of it does", BOTH, {"w21003": "1.2", OXYGEN: "4"}, ["alarm 0h 0h -"], ["alarm 0h 0h 24h lost"], known="1h", upto="25h"),
)  # fmt: skip
def test_what_looks_at_several(row: Row, tmp_path: Path) -> None:
    """A rise after one upstream, one to three hours before; ammonia beyond 1.0 while oxygen is
    below 5.
    """
    holds(row, tmp_path)
