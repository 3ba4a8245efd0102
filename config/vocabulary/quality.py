"""Quality flags and causes of a reading; the worst of several flags wins.

Flags are those of QARTOD (IOOS, Quality Assurance of Real-Time Oceanographic Data). A cause says
why a reading is not plainly good: an operation state of the instrument, a failed read, a check
of the centre, or what a person of the centre decided. Causes travel on the wire and lie in the
store as their numbers, which never change.
"""

from __future__ import annotations

from enum import IntEnum


class Quality(IntEnum):
    """QARTOD flag of one reading."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    BAD = 4
    MISSING = 9


class Cause(IntEnum):
    """Why a reading has its flag. 0-19 operation states, 20-39 failed reads, 40-59 checks,
    60-79 people of the centre.
    """

    NORMAL = 0
    CALIBRATION = 1
    MAINTENANCE = 2
    STOPPED = 3
    FAULT = 4
    OVER_RANGE = 5
    BY_HAND = 6
    UNDER_RANGE = 7
    """Below what the instrument measures or can tell from nothing, in its own words."""
    SUPPLIES_OUT = 8
    """The analyser lacks reagent, pure water or standard solution."""
    NO_SAMPLE = 9
    """No water came to the analyser."""
    CONTROL_TEST = 10
    """A spiked or parallel sample: it tells of the analyser, not of the water."""
    UNKNOWN_STATE = 11
    """A mark that nobody knows."""
    PURGE = 12
    """Pipes, filters or the sensor are being flushed."""
    POWER_FAILURE = 13
    UNDETECTED = 14
    """Below the detection limit that its sender named; the value is half of that limit."""
    STANDING_STILL = 15
    """All registers of its instrument, as when a gateway repeats what it read last."""
    TIMEOUT = 20
    LINE_DOWN = 21
    DEVICE_REFUSED = 22
    SENTINEL = 23
    NOT_A_NUMBER = 24
    RANGE = 40
    CLOCK = 41
    UNUSUAL = 42
    """Possible, but not usual of the indicator, or of the season."""
    BELOW_DETECTION = 43
    """Below what the instrument can tell from nothing."""
    SPIKE = 44
    RATE = 45
    FLAT_LINE = 46
    ATTENUATED = 47
    """It varies far less than it does by nature."""
    ERRATIC = 48
    """It jumps about far more than it does by nature."""
    CROSS_CHECK = 49
    """It contradicts another indicator of the same station."""
    NEIGHBOURS = 50
    """It contradicts the stations above and below it on the river, which agree."""
    OUT_OF_WATER = 51
    """The conductivity beside it says that its sonde hung in the air."""
    PLACEHOLDER = 52
    """A number that an instrument writes where it has none, and that nothing beside it bears."""
    REVIEWED = 60
    """Set by a reviewer, who gives the flag too."""
    CORRECTED = 61
    """The value is a person's; the original stays in the store."""


# Precedence of QARTOD aggregation (ioos_qc): MISSING < NOT_EVALUATED < GOOD < SUSPECT < BAD.
_SEVERITY = {
    Quality.MISSING: 0,
    Quality.NOT_EVALUATED: 1,
    Quality.GOOD: 2,
    Quality.SUSPECT: 3,
    Quality.BAD: 4,
}

_OF_CAUSE = {
    Cause.NORMAL: Quality.GOOD,
    Cause.BY_HAND: Quality.GOOD,
    Cause.UNDER_RANGE: Quality.GOOD,
    Cause.UNDETECTED: Quality.GOOD,
    Cause.REVIEWED: Quality.GOOD,
    Cause.CORRECTED: Quality.GOOD,
    Cause.OVER_RANGE: Quality.SUSPECT,
    Cause.CLOCK: Quality.SUSPECT,
    Cause.CALIBRATION: Quality.BAD,
    Cause.MAINTENANCE: Quality.BAD,
    Cause.STOPPED: Quality.BAD,
    Cause.FAULT: Quality.BAD,
    Cause.SUPPLIES_OUT: Quality.BAD,
    Cause.NO_SAMPLE: Quality.BAD,
    Cause.CONTROL_TEST: Quality.BAD,
    Cause.UNKNOWN_STATE: Quality.BAD,
    Cause.PURGE: Quality.BAD,
    Cause.POWER_FAILURE: Quality.BAD,
    Cause.STANDING_STILL: Quality.SUSPECT,
    Cause.RANGE: Quality.BAD,
    Cause.UNUSUAL: Quality.SUSPECT,
    Cause.BELOW_DETECTION: Quality.GOOD,
    Cause.SPIKE: Quality.SUSPECT,
    Cause.RATE: Quality.SUSPECT,
    Cause.FLAT_LINE: Quality.SUSPECT,
    Cause.ATTENUATED: Quality.SUSPECT,
    Cause.ERRATIC: Quality.SUSPECT,
    Cause.CROSS_CHECK: Quality.SUSPECT,
    Cause.NEIGHBOURS: Quality.SUSPECT,
    Cause.OUT_OF_WATER: Quality.SUSPECT,
    Cause.PLACEHOLDER: Quality.SUSPECT,
    Cause.TIMEOUT: Quality.MISSING,
    Cause.LINE_DOWN: Quality.MISSING,
    Cause.DEVICE_REFUSED: Quality.MISSING,
    Cause.SENTINEL: Quality.MISSING,
    Cause.NOT_A_NUMBER: Quality.MISSING,
}

# How much an operation state says against what is measured in it: somebody works on the
# instrument, it cannot measure, it is broken. Those that are not here leave a value its worth.
_GRAVITY = {
    Cause.CALIBRATION: 1,
    Cause.MAINTENANCE: 1,
    Cause.CONTROL_TEST: 1,
    Cause.UNKNOWN_STATE: 1,
    Cause.PURGE: 1,
    Cause.STOPPED: 2,
    Cause.SUPPLIES_OUT: 2,
    Cause.NO_SAMPLE: 2,
    Cause.POWER_FAILURE: 3,
    Cause.FAULT: 3,
}
DECLARED = tuple(cause for cause in _GRAVITY if cause is not Cause.UNKNOWN_STATE)
"""Operation states that a person may say an instrument is in."""


def overruled(own: Cause, declared: Cause) -> Cause:
    """The operation state of a value whose instrument says one and a person another: the
    person's, unless the instrument's own is graver. A failed read keeps its reason.
    """
    failed = quality_of(own) is Quality.MISSING
    return own if failed or _GRAVITY.get(own, 0) > _GRAVITY[declared] else declared


def severity(flag: Quality) -> int:
    """Its place in the precedence."""
    return _SEVERITY[flag]


def worst(first: Quality, *others: Quality) -> Quality:
    """The flag that stands when several checks have spoken about one reading."""
    return max((first, *others), key=_SEVERITY.__getitem__)


def quality_of(cause: Cause) -> Quality:
    """The flag that a cause gives by itself."""
    return _OF_CAUSE[cause]
