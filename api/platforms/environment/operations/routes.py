"""The centre's state over the API."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from msgspec import structs
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.environment.operations import actions
from api.platforms.environment.operations.records import ChannelLine
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf
from config.vocabulary.refusals import PassedOver, Reason

router = APIRouter(prefix="/operations", tags=["operations"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_OPERATIONS)]


class StationSamples(BaseModel):
    """Counts of one station's samples."""

    station: str
    online: bool
    arrived: int
    waiting: int
    lost: int
    repeated: int
    stalled: bool
    two_agents: bool
    held_back: int
    """Messages that came beyond its budget."""
    over_budget: bool
    """Some did within five minutes."""
    behind_ms: int | None
    """How far its clock is behind the centre's; below zero where it is ahead."""


class FailingLoop(BaseModel):
    """A loop of the core that has failed each time since an instant."""

    name: str
    since_ms: int
    failures: int
    error: str


class AuditChain(BaseModel):
    """How far the chain of the audit was checked, and where it is broken; empty: nowhere."""

    checked_ms: int
    position: int
    fault: str


class Refusals(BaseModel):
    """The dead letters of a station and a reason, and when the first and last were received; the
    station is empty where their topics name none.
    """

    station: str
    reason: Reason
    letters: int
    first_ms: int
    last_ms: int


class NotKept(BaseModel):
    """Data of a station that were neither kept as they came nor refused, in readings or samples,
    since the core began.
    """

    station: str
    kind: PassedOver
    n: int


class ChannelState(BaseModel):
    """A way by which messages leave. ``circuit`` is open where it fails on and on and is left
    alone but for an attempt now and then, null where the core has not said anything; ``error`` are
    the provider's last words.
    """

    name: str
    kind: str
    reads: str
    circuit: Literal["closed", "open"] | None
    failures: int
    failing_since_ms: int | None
    error: str
    sent_ms: int | None


class OperationsState(BaseModel):
    """How the centre is; ``unstored`` and ``unjudged`` in journal entries."""

    core: bool
    at_ms: int | None
    unstored: int
    unjudged: int
    store_away: bool
    turned_away: int
    deadletters: int
    failing: list[FailingLoop]
    held_ms: float
    """The longest transaction of the state database, ms."""
    held_over: int
    audit: AuditChain | None
    refusals: list[Refusals]
    passed_over: list[NotKept]
    stations: list[StationSamples]
    channels: list[ChannelState]
    waiting: int
    """Messages that no channel has taken yet, the oldest since."""
    waiting_since_ms: int | None


@router.get("")
def operations(services: ServicesOf, _who: Viewer) -> OperationsState:
    """How the centre is."""
    found = actions.running(services)
    return OperationsState(
        core=found.present,
        at_ms=found.at_ms,
        unstored=found.unstored,
        unjudged=found.unjudged,
        store_away=found.store_away,
        turned_away=found.turned_away,
        deadletters=found.deadletters,
        failing=[FailingLoop(**structs.asdict(of)) for of in found.failing],
        held_ms=found.held_ms,
        held_over=found.held_over,
        audit=AuditChain(**structs.asdict(found.audit)) if found.audit else None,
        refusals=[Refusals(**structs.asdict(row)) for row in found.refusals],
        passed_over=[NotKept(**structs.asdict(row)) for row in found.passed_over],
        stations=[
            StationSamples(
                station=station.id,
                online=said.online,
                arrived=said.arrived,
                waiting=said.waiting,
                lost=said.lost,
                repeated=said.repeated,
                stalled=said.stalled,
                two_agents=said.two_agents,
                held_back=said.held_back,
                over_budget=said.over_budget,
                behind_ms=said.behind_ms,
            )
            for station, said in found.stations
        ],
        channels=[_channel(of) for of in found.channels],
        waiting=found.waiting,
        waiting_since_ms=found.waiting_since_ms,
    )


def _channel(line: ChannelLine) -> ChannelState:
    pulse = line.pulse
    return ChannelState(
        name=line.name,
        kind=line.kind,
        reads=line.reads,
        circuit=pulse.circuit if pulse else None,
        failures=pulse.failures if pulse else 0,
        failing_since_ms=pulse.failing_since_ms if pulse else None,
        error=pulse.error if pulse else "",
        sent_ms=pulse.sent_ms if pulse else None,
    )
