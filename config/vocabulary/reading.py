"""Sample and its readings: what one station measured at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from config.vocabulary.quality import Cause, Quality, quality_of


class Clock(IntEnum):
    """How sure a station is of its own clock; travels with each sample."""

    SYNCHRONISED = 0
    FREE_RUNNING = 1
    STEPPED = 2
    NEVER_SET = 3


CLOCK_OFF_MS = 60_000
"""A clock is wrong that is further off its receiver's than this."""


def clock_is_off(behind_ms: int | None) -> bool:
    """Whether a clock that is so far behind, or ahead below zero, is known to be wrong."""
    return behind_ms is not None and abs(behind_ms) > CLOCK_OFF_MS


class Measured(NamedTuple):
    """One indicator's outcome: a value in the indicator's unit, or None and why."""

    value: float | None
    cause: Cause

    @property
    def good(self) -> bool:
        """Whether there is a value and nothing is said against it."""
        return self.value is not None and quality_of(self.cause) is Quality.GOOD


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything one station measured at one instant.

    ``taken_ms`` is the instant of measurement (UTC epoch milliseconds) and is never rewritten;
    ``readings`` is keyed by indicator code.
    """

    taken_ms: int
    clock: Clock
    readings: Mapping[str, Measured]


class Numbered(NamedTuple):
    """A sample with its place in a spool: ``boot`` (32 hex digits) and ``seq`` within it."""

    boot: str
    seq: int
    sample: Sample
