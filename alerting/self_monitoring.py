"""Alerts of the centre's own for operators, which no reading causes: two agents that speak as one
station, a clock that is wrong, a loop of the centre that fails on and on, an audit that was
changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerting.alert import Alert, Change, Level, State, Transition, alert_id
from alerting.record.repository import Repository
from alerting.rules.rule import WHOLE_STATION
from ingest.loops import Loop

LOOK_S = 5.0
KNOWN_MS = 300_000
"""A centre that was started less than this ago has not seen enough to say that it is over."""


@dataclass(slots=True)
class SelfMonitoring:
    """Opens and ends them as the centre sees and ceases to see their cause. ``seen`` gives by
    cause and station whether it stands, None where that cannot be known now; ``changed`` is called
    when the record has news.
    """

    repository: Repository
    seen: Callable[[], Mapping[tuple[str, str], bool | None]]
    changed: Callable[[], None]
    now_ms: Callable[[], int]
    loop: Loop = field(default_factory=lambda: Loop("self-monitoring"))
    _since_ms: int = field(init=False)

    def __post_init__(self) -> None:
        self._since_ms = self.now_ms()

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        self.loop.run(stop, lambda: None if stop.wait(LOOK_S) else self.observe())

    def observe(self) -> None:
        """Open and end what there is to open and end now."""
        seen = self.seen()
        with self.repository.database.read() as connection:
            standing = {
                (cause, alert.station): alert
                for cause in {cause for cause, _ in seen}
                for alert in self.repository.standing_of(connection, cause)
            }
        now = self.now_ms()
        for (cause, station), stands in seen.items():
            alert = standing.get((cause, station))
            if stands and alert is None:
                begun = _begun(cause, station, now)
                self._write(Transition(Change.FIRED, begun, now, f"fired: {cause} is seen"))
            if stands is False and alert is not None and now - self._since_ms >= KNOWN_MS:
                ended = alert.resolve(now)
                self._write(Transition(Change.RESOLVED, ended, now, f"resolved: {cause} is over"))

    def _write(self, transition: Transition) -> None:
        with self.repository.database.begin() as connection:
            self.repository.record(connection, 0, [transition])
        self.changed()


def _begun(cause: str, station: str, now_ms: int) -> Alert:
    return Alert(
        id=alert_id(cause, 1, Level.WARNING, f"{station}/{WHOLE_STATION}", now_ms),
        rule_id=cause,
        rule_version=1,
        level=Level.WARNING,
        about="maintenance",
        station=station,
        indicator="",
        state=State.FIRING,
        began_ms=now_ms,
        fired_ms=now_ms,
    )
