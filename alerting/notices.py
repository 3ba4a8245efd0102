"""Alerts of the centre's own for operators, which no reading causes: two agents as one station."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerting.alert import Alert, Change, Level, State, Transition, alert_id
from alerting.repository import Repository
from alerting.rules import WHOLE_STATION
from alerting.telling import write
from alerting.wording import TWO_AGENTS, Wording

LOOK_S = 5.0
KNOWN_MS = 300_000
"""A centre that was started less than this ago has not seen enough to say that it is over."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Notices:
    """Opens and ends them as the centre sees and ceases to see their cause. ``two_agents`` gives
    by station whether two agents speak as it; ``told`` is set when the outbox has news.
    """

    repository: Repository
    wording: Wording
    two_agents: Callable[[], Mapping[str, bool]]
    told: threading.Event
    now_ms: Callable[[], int]
    _since_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self._since_ms = self.now_ms()

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        while not stop.wait(LOOK_S):
            try:
                self.look()
            except Exception:
                log.exception("the centre's own alerts wait for the state database")

    def look(self) -> None:
        """Open and end what there is to open and end now."""
        with self.repository.database.read() as connection:
            standing = {
                alert.station: alert
                for alert in self.repository.standing_of(connection, TWO_AGENTS)
            }
        now = self.now_ms()
        for station, stands in self.two_agents().items():
            if stands and station not in standing:
                alert = _begun(station, now)
                self._write(Transition(Change.FIRED, alert, now, "fired: two boots take turns"))
            if not stands and station in standing and now - self._since_ms >= KNOWN_MS:
                ended = standing[station].resolve(now)
                self._write(Transition(Change.RESOLVED, ended, now, "resolved: one agent speaks"))

    def _write(self, transition: Transition) -> None:
        with self.repository.database.begin() as connection:
            write(connection, self.repository, self.wording, 0, [transition], transition.at_ms)
        self.told.set()


def _begun(station: str, now_ms: int) -> Alert:
    return Alert(
        id=alert_id(TWO_AGENTS, 1, Level.WARNING, f"{station}/{WHOLE_STATION}", now_ms),
        rule_id=TWO_AGENTS,
        rule_version=1,
        level=Level.WARNING,
        about="maintenance",
        station=station,
        indicator="",
        state=State.FIRING,
        began_ms=now_ms,
        fired_ms=now_ms,
    )
