"""The report that an agent sends of itself and its instruments once a minute, as it travels."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from config.vocabulary.bounds import (
    DECLARED,
    Amount,
    Boot,
    Code,
    Count,
    Duration,
    Instant,
    Name,
    Offset,
    PerCode,
    PerPart,
    Text,
)
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, clock_is_off

Unsettled = Literal["not-authorized", "quota", "packet-size", "refused", "hung-up", "silent"]
"""Reasons why the centre settles no samples of a station, while there is a connection."""


class SensorHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One indicator in the last minute, in numbers of readings."""

    good: Count = 0
    failed: Count = 0
    """Without a good value, for whatever cause."""
    last_good_ms: Instant | None = None
    """When it was taken; of this start of the agent, as those that follow."""
    cause: Cause = Cause.NORMAL
    """Of its last reading."""
    late: Count = 0
    """Brought by a logger later than two cadences and a minute after they were taken."""
    last_failed_ms: Instant | None = None
    failure: Cause = Cause.NORMAL
    """Why the last one that failed did."""


class DeviceHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """One instrument in the last minute, in numbers of polls."""

    answered: Count = 0
    silent: Count = 0
    mean_ms: Duration = 0
    """Time from asking to the whole answer; of those that were answered."""
    corrupt: Count = 0
    """Something came that was not the answer: by its CRC, its length or its unit."""
    reconnects: Count = 0
    """Connections of its line that were made anew to ask it."""
    p95_ms: Duration = 0
    """Nineteen of twenty answers took no longer."""


class LoggerHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """A data logger that calls the station."""

    counts: Annotated[dict[Name, Count], PerPart] = {}
    """Counts of its packets since the agent's start."""
    behind_ms: Offset | None = None
    """How far its clock is behind the agent's, and a packet's way at its quickest, in the last
    minute in which one came that was not sent again; below zero where it is ahead. Of data that
    may have waited in the logger two minutes have to say the same.
    """
    data_time_behind_ms: Offset = 0
    """How far DataTime was behind in the last minute under a QN that is right; its readings are in
    doubt.
    """
    senders: Annotated[list[Name], Meta(max_length=2)] = []
    """Addresses of two that send in turns with its MN."""

    @property
    def clock_off(self) -> bool:
        """Whether its clock is known to be wrong."""
        return clock_is_off(self.behind_ms)


class UplinkHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """The connection to the broker in the last minute."""

    reconnects: Count = 0
    resent: Count = 0
    """Messages with a sample that had gone out before."""
    trouble: Text = ""
    """Why there is no connection now, or nothing is settled, with its remedy."""
    unsettled_ms: Instant | None = None
    """Since when nothing was settled though something waits."""
    why: Unsettled | None = None
    said: Text = ""
    """Why, in the broker's own words."""


class ClockHealth(msgspec.Struct, frozen=True, omit_defaults=True):
    """The station's clock in the last minute."""

    state: Clock = Clock.SYNCHRONISED
    """Now; stepped, of an earlier agent, where it was set between the last two samples."""
    steps: Count = 0
    """How often it was set."""
    stepped_ms: Offset = 0
    """By how much in all; below zero where it was set back."""
    set_ms: Instant | None = None
    """When it was set last since the agent's start, by itself as it was then."""
    set_by_ms: Offset = 0
    redated: Count = 0
    """Samples that waited and were dated again when it was set last."""
    unknown: Count = 0
    """Samples that waited, of which nobody knows the year: they were taken before the machine was
    started anew, under a clock that was never set.
    """


class Declared(msgspec.Struct, frozen=True):
    """An operation state that a person at the station says an instrument is in, from an instant
    until before another.
    """

    state: Cause
    instrument: Name
    """Its name in the report of health, or the logger's MN; ``all``: everything there."""
    since_ms: Instant
    until_ms: Instant
    by: Name


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an agent and what hangs on it were in the last minute, retained."""

    v: Count
    t: Instant
    b: Boot
    up_ms: Duration
    sensors: Annotated[dict[Code, SensorHealth], PerCode]
    devices: Annotated[dict[Name, DeviceHealth], PerPart]
    late: Count = 0
    """Rounds left out because the one before took too long."""
    held: Count = 0
    """Samples in the spool."""
    oldest_ms: Instant | None = None
    days_left: Amount | None = None
    """Until the spool is full at the present pace; unknown where nothing waits."""
    given_up: Count = 0
    loggers: Annotated[dict[Name, LoggerHealth], PerPart] = {}
    """By MN."""
    uplink: UplinkHealth = UplinkHealth()
    clock: ClockHealth = ClockHealth()
    declared: Annotated[list[Declared], Meta(max_length=DECLARED)] = []
    """The position of the local switch now."""
    switch_fault: Text = ""
    """Why the local switch says nothing."""
    rss_mb: Amount = 0.0
    peak_mb: Amount = 0.0
    version: Name = ""
