"""How the core is, by its own last word over the broker."""

from __future__ import annotations

import logging
from collections.abc import Callable

from config.vocabulary import wire
from config.vocabulary.bounds import BODY_BYTES
from config.vocabulary.health import Health
from config.vocabulary.refusals import Details, Reason
from config.vocabulary.reports import ChannelPulse, Pulse, StationPulse

PATIENCE_MS = 15_000
"""A core that was silent for longer is not there, or its broker is not."""
SAID_EACH_MS = 60_000
"""Of what a sender says in vain the log has a line so often, however much it is."""

log = logging.getLogger(__name__)
_UNHEARD = StationPulse()


class Centre:
    """The newest pulse; the same whether the core is this process or another."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms, self._since_ms = now_ms, now_ms()
        self.pulse: Pulse | None = None
        self._health: dict[str, Health] = {}
        self._in_vain: dict[str, tuple[int, int]] = {}
        """By sender when a line was written, and how many were passed over since."""

    def hear(self, _topic: str, payload: bytes) -> None:
        """Take a pulse; called on the bus's thread."""
        try:
            self.pulse = wire.decoded(payload, Pulse)
        except wire.Malformed as error:
            self._pass_over("the core", error)

    def hear_health(self, topic: str, payload: bytes) -> None:
        """Take a station's report of itself; called on the bus's thread."""
        station = topic.split("/")[-2]
        try:
            self._health[station] = _health_in(payload)
        except wire.Malformed as error:
            self._pass_over(station, error)

    def _pass_over(self, sender: str, error: wire.Malformed) -> None:
        now_ms = self._now_ms()
        said_ms, untold = self._in_vain.get(sender, (now_ms - SAID_EACH_MS, 0))
        if 0 <= now_ms - said_ms < SAID_EACH_MS:
            self._in_vain[sender] = said_ms, untold + 1
            return
        log.warning("a report of %s is passed over, after %d others: %s", sender, untold, error)
        self._in_vain[sender] = now_ms, 0

    def health(self, station: str) -> Health | None:
        """A station's last report of its sensors and itself."""
        return self._health.get(station)

    @property
    def present(self) -> bool:
        """Whether the core spoke lately."""
        return self.pulse is not None and self._now_ms() - self.pulse.t <= PATIENCE_MS

    @property
    def channels(self) -> list[ChannelPulse]:
        """The ways by which messages leave, as the core saw them last."""
        return self.pulse.channels if self.pulse else []

    @property
    def heard_ms(self) -> int:
        """When the core spoke last, or this process began."""
        return self._since_ms if self.pulse is None else max(self.pulse.t, self._since_ms)

    @property
    def silent(self) -> bool:
        """Whether the core has said nothing for so long, also since this process began."""
        return self._now_ms() - self.heard_ms > PATIENCE_MS

    def station(self, station: str) -> StationPulse:
        """The core's counts of a station's samples; nothing while it is silent."""
        if self.pulse is None or not self.present:
            return _UNHEARD
        return self.pulse.stations.get(station, _UNHEARD)


def _health_in(payload: bytes) -> Health:
    if (size := len(payload)) > BODY_BYTES:
        raise wire.Malformed(Details(Reason.TOO_LARGE, size=size, largest=BODY_BYTES))
    return wire.decoded(payload, Health)
