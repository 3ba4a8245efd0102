"""What an agent says once a minute of itself and of what hangs on it, as it travels."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, clock_is_off

Unsettled = Literal["not-authorized", "quota", "packet-size", "refused", "hung-up", "silent"]
"""What keeps the centre from settling what a station sends, while there is a connection."""


class SensorHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One indicator in the last minute, in numbers of readings."""

    good: int = 0
    failed: int = 0
    """Without a good value, for whatever cause."""
    last_good_ms: int | None = None
    """When it was taken; of this start of the agent, as those that follow."""
    cause: Cause = Cause.NORMAL
    """Of its last reading."""
    late: int = 0
    """Brought by a logger later than two cadences and a minute after they were taken."""
    last_failed_ms: int | None = None
    failure: Cause = Cause.NORMAL
    """Why the last one that failed did."""


class DeviceHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One instrument in the last minute, in numbers of polls."""

    answered: int = 0
    silent: int = 0
    mean_ms: int = 0
    """Time from asking to the whole answer; of those that were answered."""
    corrupt: int = 0
    """Something came that was not the answer: by its CRC, its length or its unit."""
    reconnects: int = 0
    """Connections of its line that were made anew to ask it."""
    p95_ms: int = 0
    """Of twenty answers nineteen took no longer."""


class LoggerHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """A data logger that calls the station."""

    counts: dict[str, int] = {}
    """What became of its packets, since the agent's start."""
    behind_ms: int | None = None
    """How far its clock is behind the agent's, and a packet's way at its quickest, in the last
    minute in which one came that was not sent again; below zero where it is ahead.
    """

    @property
    def clock_off(self) -> bool:
        """Whether its clock is known to be wrong."""
        return clock_is_off(self.behind_ms)


class UplinkHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """The connection to the broker in the last minute."""

    reconnects: int = 0
    resent: int = 0
    """Messages with a sample that had gone out before."""
    trouble: str = ""
    """Why there is no connection now, or nothing is settled, with its remedy."""
    unsettled_ms: Annotated[int, Meta(ge=0, le=1 << 53)] | None = None
    """Since when nothing was settled though something waits."""
    why: Unsettled | None = None
    said: Annotated[str, Meta(max_length=100)] = ""
    """Why, in the broker's own words."""


class ClockHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """The station's clock in the last minute."""

    state: Clock = Clock.SYNCHRONISED
    """At the last sample; stepped where that was the first one after it."""
    steps: int = 0
    """How often it was set."""
    stepped_ms: int = 0
    """By how much in all; below zero where it was set back."""


class Declared(msgspec.Struct, frozen=True):
    """An operation state that a person at the station says an instrument is in, from an instant
    until before another.
    """

    state: Cause
    instrument: str
    """Its name in the report of health, or the logger's MN; ``all``: everything there."""
    since_ms: int
    until_ms: int
    by: str


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an agent and what hangs on it were in the last minute, retained."""

    v: int
    t: int
    b: str
    up_ms: int
    sensors: dict[str, SensorHealth]
    devices: dict[str, DeviceHealth]
    late: int = 0
    """Rounds left out because the one before took too long."""
    held: int = 0
    """Samples in the spool."""
    oldest_ms: int | None = None
    days_left: float | None = None
    """Until the spool is full at the present pace; unknown where nothing waits."""
    given_up: int = 0
    loggers: dict[str, LoggerHealth] = {}
    """By MN."""
    uplink: UplinkHealth = UplinkHealth()
    clock: ClockHealth = ClockHealth()
    declared: list[Declared] = []
    """What the local switch says now."""
    switch_fault: str = ""
    """Why the local switch says nothing."""
    rss_mb: float = 0.0
    peak_mb: float = 0.0
    version: str = ""
