"""All that operators must know of the centre and its stations beside their readings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from alerting.watching.watchman import Watchman
from alerting.wording.sentences import (
    AUDIT_BROKEN,
    CLOCK_OFF,
    CORE_CLOCK_OFF,
    LOOP_FAILING,
    OVER_BUDGET,
    TWO_AGENTS,
)
from api.audit_chain.sequencer import Sequencer
from ingest.arrival.fleet_clock import FleetClock
from ingest.arrival.station_monitor import StationMonitor
from ingest.loops import Loop, failing, is_bad
from qingyuan.runtime.site import now_ms


@dataclass(frozen=True, slots=True)
class Observation:
    """By cause and station whether it stands, None where nobody knows; the centre itself has no
    name.
    """

    stations: Collection[str]
    monitor: StationMonitor
    loops: Callable[[], Iterable[Loop]]
    sequencer: Sequencer
    watchman: Watchman
    fleet_clock: FleetClock = field(default_factory=FleetClock)

    def __call__(self) -> dict[tuple[str, str], bool | None]:
        """As it is now."""
        now = now_ms()
        clocks = {name: self.monitor.clock_off(name) for name in self.stations}
        core_off, clocks = self.fleet_clock.judged(clocks, now)
        found: dict[tuple[str, str], bool | None] = {
            (LOOP_FAILING, ""): any(is_bad(of, now) for of in failing(self.loops())),
            (AUDIT_BROKEN, ""): self.sequencer.broken,
            (CORE_CLOCK_OFF, ""): core_off,
        }
        for name, is_off in clocks.items():
            found[TWO_AGENTS, name] = self.monitor.two_agents(name, now)
            found[CLOCK_OFF, name] = is_off
            found[OVER_BUDGET, name] = self.monitor.over_budget(name, now)
        return found | self.watchman.seen()
