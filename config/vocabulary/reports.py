"""Reports of agents and of the core about themselves, as messages; version 1."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from config.vocabulary.bounds import (
    FAULTS,
    HELD_BOOTS,
    MISHAPS,
    Boot,
    Count,
    FileName,
    Instant,
    Name,
    Offset,
    Seq,
    Text,
)
from config.vocabulary.reading import clock_is_off
from config.vocabulary.refusals import PassedOverCount, RefusalCount
from config.vocabulary.wire import decoded


class Held(msgspec.Struct, frozen=True):
    """One boot that a spool still holds, with its lowest and highest seq."""

    b: Boot
    low: Seq
    high: Seq


class Mishap(msgspec.Struct, frozen=True):
    """An accident of a spool's file: ``broken``, it was damaged and begun anew, its samples lie in
    ``aside``; ``removed`` or ``replaced`` under the agent, which wrote all of it again and put
    aside what it found in its place; ``copied``, it is the copy of one that went on: an image was
    restored or a card cloned.
    """

    t: Instant
    what: Literal["broken", "removed", "replaced", "copied"]
    aside: FileName = ""
    """Name of the file that was set aside."""


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """An agent's report of itself, retained; ``online`` is false in its last will."""

    v: Count
    online: bool
    t: Instant
    held: Annotated[list[Held], Meta(max_length=HELD_BOOTS)]
    stalled: bool = False
    """Nothing was settled for ten minutes though something is held."""
    mishaps: Annotated[list[Mishap], Meta(max_length=MISHAPS)] = []
    """Of its spool, within the spool's bound in days, the newest last."""
    further: Count = 0
    """Samples of boots that ``held`` has no room for."""
    senders: Annotated[list[Name], Meta(max_length=2)] = []
    """Addresses of two that send in turns as one of its loggers."""


class Applied(msgspec.Struct, frozen=True):
    """Whether a station applied the configuration ``n``, with the faults where it did not."""

    v: Count
    n: Instant
    ok: bool
    faults: Annotated[list[Text], Meta(max_length=FAULTS)]


class StationPulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """The centre's counts of one station's samples."""

    arrived: Count = 0
    """Settled, kept and refused alike."""
    lost: Count = 0
    """Neither here nor at the station any more."""
    waiting: Count = 0
    """Still at the station, by its own last word."""
    repeated: Count = 0
    """Arrived again, since the centre's process began."""
    online: bool = False
    stalled: bool = False
    two_agents: bool = False
    """Two agents send as this station: a card was cloned, or an image restored."""
    held_back: Count = 0
    """Messages that came beyond its budget, since the centre's process began."""
    over_budget: bool = False
    """Some did lately: it sends more than an agent can."""
    behind_ms: Offset | None = None
    """How far its clock is behind the centre's; below zero where it is ahead, None: unknown."""
    heard_ms: Instant | None = None
    """When the station spoke of itself last."""
    mishaps: list[Mishap] = []

    @property
    def clock_off(self) -> bool:
        """Whether its clock is known to be wrong."""
        return clock_is_off(self.behind_ms)


class Attempt(msgspec.Struct, frozen=True):
    """Something that the broker's access rule refused."""

    at_ms: int
    user: str
    action: str
    topic: str


class FailingLoop(msgspec.Struct, frozen=True):
    """A loop of the core that has failed each time since an instant."""

    name: str
    since_ms: Instant
    failures: Count
    error: Text
    """Class and text of the last one."""


class AuditPulse(msgspec.Struct, frozen=True):
    """The chain of the audit as it was checked last, UTC epoch ms; ``position`` is how far."""

    checked_ms: Instant
    position: Count
    fault: Text = ""
    """Where it is broken, and how; empty where it is whole."""


class ChannelPulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a way by which messages leave does: ``failures`` in a row since an instant, the last one
    in its provider's words, and when a message was taken last. An ``open`` one is left alone but
    for an attempt now and then.
    """

    name: Text
    kind: Text
    circuit: Literal["closed", "open"] = "closed"
    failures: Count = 0
    failing_since_ms: Instant | None = None
    error: Text = ""
    sent_ms: Instant | None = None


class Pulse(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the centre's core is, retained: ``journal``, ``stored`` and ``judged`` are the journal
    numbers up to which samples are settled, stored, and seen by the rules.
    """

    v: int
    t: int
    journal: int
    stored: int
    judged: int
    store_away: bool = False
    turned_away: int = 0
    """Messages left to be sent again because too many were waiting."""
    deadletters: int = 0
    """Kept and dropped ones."""
    refusals: list[RefusalCount] = []
    """The dead letters that are kept; of many stations those with the most."""
    passed_over: list[PassedOverCount] = []
    stations: dict[str, StationPulse] = {}
    attempts: list[Attempt] = []
    failing: list[FailingLoop] = []
    held_ms: float = 0.0
    """How long the core's longest transaction kept other writers of the state database waiting."""
    held_over: int = 0
    """How many of its transactions lasted longer than one may."""
    audit: AuditPulse | None = None
    channels: list[ChannelPulse] = []


def decode_status(payload: bytes) -> Status:
    """An agent's report of itself.

    Raises:
        Malformed: not JSON, not the shape, or another version.
    """
    return decoded(payload, Status)
