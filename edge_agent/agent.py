"""The loop of one station: poll, stamp, spool; loggers call and the uplink sends beside it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from config.catalogue.shapes import Catalogue, Placement
from config.settings import BrokerSettings
from config.vocabulary.errors import Refused
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.health import Health
from edge_agent.hj212 import Loggers
from edge_agent.modbus import Device, Line
from edge_agent.spool import Spool, SpoolFailed
from edge_agent.uplink import Uplink

log = logging.getLogger(__name__)


class Agent:
    """One station: its devices, its loggers, its spool and its uplink.

    Raises:
        Refused: the spool cannot be used, or a logger's port not be opened.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        station_id: str,
        spool_path: Path,
        broker: BrokerSettings,
        *,
        reconnect_wait_s: tuple[float, float] = (0.0, 5.0),
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.station = catalogue.stations[station_id]
        self.spool = Spool(spool_path, failpoint=failpoint)
        try:
            self._loggers = Loggers(self.station, self.spool, now_ms)
        except Refused:
            self.spool.close()
            raise
        self._now_ms = now_ms
        self._keeping = True
        report = spool_path.with_name(f"{station_id}.health.json")
        self._health = Health(self.spool, report, now_ms)
        self._health.loggers = {door.logger.mn: door.counts for door in self._loggers.doors}
        self._uplink = Uplink(
            self.spool,
            broker,
            catalogue.site.id,
            station_id,
            reconnect_wait_s=reconnect_wait_s,
            now_ms=now_ms,
            health=lambda: self._health.latest,
            failpoint=failpoint,
        )
        self._lines: dict[str, Line] = {}
        self._devices: list[tuple[Placement, Device]] = []
        for place in self.station.instruments:
            line = self._lines.setdefault(place.where, Line(place))
            instrument = catalogue.instruments[place.instrument]
            self._devices.append((place, Device(line, place, instrument, time.monotonic)))

    def run(self, stop: threading.Event, *, drain_s: float = 0.0) -> None:
        """Work until told to stop; leaves no thread, no socket and no open file.

        The uplink goes on for up to ``drain_s`` while the spool still holds something.
        """
        hang_up = threading.Event()
        sending = threading.Thread(
            target=self._uplink.run, args=(hang_up,), name=f"uplink {self.station.id}"
        )
        sending.start()
        self._loggers.start()
        cadence_s = self.station.cadence_ms / 1000
        due_s = time.monotonic()
        try:
            while not stop.wait(max(due_s - time.monotonic(), 0)):
                self._poll(stop)
                # Rounds that took too long are left out, not made up for: a sample a cadence.
                late = max(int((time.monotonic() - due_s) / cadence_s), 0)
                due_s += cadence_s * (late + 1)
                self._health.left_out(late)
                self._health.tell()
        finally:
            self._loggers.close()
            self.spool.empty.wait(drain_s)
            hang_up.set()
            sending.join()
            for line in self._lines.values():
                line.close()
            self.spool.close()

    def _poll(self, stop: threading.Event) -> None:
        if not self._devices:
            return
        taken_ms = self._now_ms()
        readings: dict[str, Measured] = {}
        for place, device in self._devices:
            begun_s = time.monotonic()
            found = device.poll(stop)
            self._health.polled(place, found, time.monotonic() - begun_s)
            readings.update(found)
        self._keep(Sample(taken_ms, Clock.SYNCHRONISED, readings))

    def _keep(self, sample: Sample) -> None:
        """On disk, or loudly lost; said once for as long as it lasts."""
        try:
            self.spool.append(sample)
        except SpoolFailed as failed:
            if self._keeping:
                log.error("%s: samples are lost: %s", self.station.id, failed)  # noqa: TRY400
            self._keeping = False
            return
        if not self._keeping:
            log.warning("%s: the spool takes samples again", self.station.id)
        self._keeping = True
