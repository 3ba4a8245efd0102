"""The centre's state as an officer reads it."""

from __future__ import annotations

from dataclasses import dataclass

from alerting.notify.repository import DeliveryState
from config.catalogue.shapes import Station
from config.vocabulary.refusals import PassedOverCount, RefusalCount
from config.vocabulary.reports import Attempt, AuditPulse, ChannelPulse, FailingLoop, StationPulse


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A way by which messages leave; ``pulse`` is how the core says that it does, None where it
    has not said anything.
    """

    name: str
    kind: str
    reads: str
    pulse: ChannelPulse | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A test message, and what came of it; ``why`` are the provider's words where it failed."""

    channel: str
    state: DeliveryState
    why: str


@dataclass(frozen=True, slots=True)
class Running:
    """Counts are journal entries (``unstored``, ``unjudged``) and letters."""

    present: bool
    at_ms: int | None
    unstored: int
    unjudged: int
    store_away: bool
    turned_away: int
    deadletters: int
    refusals: tuple[RefusalCount, ...]
    """The most frequent first."""
    passed_over: tuple[PassedOverCount, ...]
    """The most frequent first."""
    stations: tuple[tuple[Station, StationPulse], ...]
    attempts: tuple[Attempt, ...]
    """The newest first."""
    failing: tuple[FailingLoop, ...]
    held_ms: float
    """Of the core and of this process, the longer."""
    held_over: int
    audit: AuditPulse | None
    channels: tuple[ChannelLine, ...]
    waiting: int
    """Messages that no channel has taken yet."""
    waiting_since_ms: int | None
