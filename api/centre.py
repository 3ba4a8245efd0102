"""How the core is, by its own last word over the broker."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from config.vocabulary.bounds import BODY_BYTES
from config.vocabulary.health import Health
from config.vocabulary.reports import ChannelPulse, Pulse, StationPulse

PATIENCE_MS = 15_000
"""A core that was silent for longer is not there, or its broker is not."""

log = logging.getLogger(__name__)
_UNHEARD = StationPulse()


class Centre:
    """The newest pulse; the same whether the core is this process or another."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms, self._since_ms = now_ms, now_ms()
        self.pulse: Pulse | None = None
        self._health: dict[str, Health] = {}

    def hear(self, _topic: str, payload: bytes) -> None:
        """Take a pulse; called on the bus's thread."""
        try:
            self.pulse = msgspec.json.decode(payload, type=Pulse)
        except msgspec.MsgspecError as error:
            log.warning("a pulse does not decode and is passed over: %s", error)

    def hear_health(self, topic: str, payload: bytes) -> None:
        """Take a station's report of itself; called on the bus's thread."""
        station = topic.split("/")[-2]
        try:
            if len(payload) > BODY_BYTES:
                raise msgspec.ValidationError(f"it is larger than {BODY_BYTES} bytes")
            self._health[station] = msgspec.json.decode(payload, type=Health)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            log.warning("the report of %s does not decode and is passed over: %s", station, error)

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
