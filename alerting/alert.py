"""The alert: its levels, its states and marks, and what may become of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Literal

About = Literal["pollution", "maintenance"]
"""The kind of an alert; faults of sensors and links are never told as pollution."""


class Level(IntEnum):
    """提示, 关注, 警告, 严重."""

    NOTICE = 1
    WARNING = 2
    ALARM = 3
    CRITICAL = 4


class State(StrEnum):
    """Where an alert stands. A run that has not fired is the engine's own affair."""

    FIRING = "firing"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    """Late readings showed that it never was."""


class Verdict(StrEnum):
    """The verdict of people on an alert, looking back."""

    TRUE = "true-alarm"
    FALSE = "false-alarm"
    SENSOR = "sensor-fault"
    PLANNED = "planned-work"


class Change(StrEnum):
    """The effect of a transition on the record."""

    FIRED = "fired"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    """Its data stayed away for too long: nobody knows whether it is over."""
    DATA_LOST = "data-lost"
    DATA_BACK = "data-back"
    ADDED = "added"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Alert:
    """One stretch of time in which a level of a rule held at a series.

    ``peak``, ``last_value`` and ``fired_value`` are in the indicator's unit; all times are UTC
    epoch ms of measurement. ``indicator`` is empty where the alert concerns the whole station.
    """

    id: str
    rule_id: str
    rule_version: int
    level: Level
    about: About
    station: str
    indicator: str
    state: State
    began_ms: int
    fired_ms: int
    resolved_ms: int | None = None
    peak: float | None = None
    peak_ms: int | None = None
    last_value: float | None = None
    last_ms: int | None = None
    data_lost: bool = False
    """Its data stay away; a resolved alert ended for that reason alone."""
    retrospective: bool = False
    """It first entered the record by an amendment, however it went on."""
    fired_value: float | None = None
    """The value at ``fired_ms``, in the unit of the limit; None of an absence, and of a record
    older than the field.
    """

    def resolve(self, at_ms: int) -> Alert:
        """The alert after its condition ended.

        Raises:
            ValueError: it is not firing.
        """
        if self.state is not State.FIRING:
            raise ValueError(f"alert {self.id} is {self.state}, only a firing one resolves")
        return replace(self, state=State.RESOLVED, resolved_ms=at_ms, data_lost=False)

    def withdraw(self) -> Alert:
        """The alert after late readings showed that it never was."""
        return replace(self, state=State.WITHDRAWN, data_lost=False)


@dataclass(frozen=True, slots=True)
class Transition:
    """A change to the record, with the event time at which it holds."""

    change: Change
    alert: Alert
    at_ms: int
    reason: str


def again_id(first: str, ended_ms: int | None) -> str:
    """The id of an alert that stands on after people heard that it ended."""
    return hashlib.sha256(f"{first}|{ended_ms}".encode()).hexdigest()[:20]


def alert_id(rule_id: str, version: int, level: Level, series: str, began_ms: int) -> str:
    """An id that an undisturbed and a repeated run give alike: 20 hex digits."""
    text = f"{rule_id}@{version}|{level.name}|{series}|{began_ms}"
    return hashlib.sha256(text.encode()).hexdigest()[:20]
