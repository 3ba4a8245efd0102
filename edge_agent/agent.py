"""The loop of one station: poll, stamp, spool; loggers call and the uplink sends beside it."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.catalogue.shapes import Catalogue, Station
from config.settings import BrokerSettings, SpoolLimits
from config.vocabulary.errors import Fault, QingyuanError
from config.vocabulary.reading import CLOCK_OFF_MS, Clock, Measured, Sample
from config.vocabulary.time import DAY_MS
from edge_agent.clock import BEFORE_US_MS, Machine, this_machine
from edge_agent.health import Health
from edge_agent.hj212.refusals import file_of
from edge_agent.hj212.server import Loggers
from edge_agent.modbus.polling import Device, Line, undated
from edge_agent.operation_state import OperationStates
from edge_agent.remote_configuration import TRIAL_MS, Remote
from edge_agent.spool.spool import LIMITS, Spool, SpoolFailed
from edge_agent.timekeeping import Timekeeping
from edge_agent.uplink.session import Uplink

LONGEST_WAIT_S = 1.0
"""Until a round looks again whether a part of the agent has failed."""
TRIED_EVERY_S = 15.0
"""So often at least a station polls while it tries a configuration."""
LONGEST_SHOWN_MS = 7 * DAY_MS
"""An instrument that shows an older measurement has a wrong clock, or is out of order."""
LONGEST_LEAVE_S = 30.0
"""The uplink's time to say goodbye; a name server may keep it longer than anybody waits."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _OnLine:
    """A line with its devices by name, which are asked one after the other."""

    line: Line
    devices: list[tuple[str, Device]]

    def ask(
        self, stop: threading.Event
    ) -> list[tuple[str, dict[str, Measured], int | None, float, Counter[str]]]:
        """For each device its readings, when it says that it measured them, the seconds that they
        took, and the fault of the line.
        """
        asked = []
        for name, device in self.devices:
            begun_s, before = time.monotonic(), self.line.counts.copy()
            found = device.poll(stop)
            took_s = time.monotonic() - begun_s
            befell = self.line.counts - before
            asked.append((name, found, device.measured_ms, took_s, befell))
        return asked


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
        limits: SpoolLimits = LIMITS,
        reconnect_wait_s: tuple[float, float] = (0.0, 5.0),
        written_ms: int = 0,
        trial_ms: int = TRIAL_MS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        machine: Machine | None = None,
        failpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        machine = machine or this_machine()
        self.spool = Spool(
            spool_path,
            limits=limits,
            now_ms=now_ms,
            monotonic_s=machine.up_s,
            machine=machine.boot,
            failpoint=failpoint,
        )
        self._time = Timekeeping(station_id, self.spool, machine, now_ms)
        kept, up_ms = spool_path.with_name(f"{station_id}.config.json"), self._time.up_ms
        self._remote = Remote(
            kept, catalogue, station_id, up_ms, written_ms=written_ms, trial_ms=trial_ms
        )
        self.station = self._remote.catalogue.stations[station_id]
        self._switch = OperationStates(spool_path.with_name(f"{station_id}.state.json"))
        self._refused = file_of(spool_path)
        self._now_ms, self._keeping, self._stepped = now_ms, True, False
        self._failure: Exception | None = None
        self._uplink = self._uplink_to(broker, catalogue.site.id, reconnect_wait_s, failpoint)
        report = spool_path.with_name(f"{station_id}.health.json")
        self._health = Health(
            self.spool,
            report,
            now_ms,
            self._switch,
            self._uplink.counts,
            self._time.minute_report,
            up_ms=up_ms,
        )
        self._lines: list[_OnLine] = []
        self._asking = ThreadPoolExecutor(1)
        try:
            self._loggers = self._called(self.station)
            self._listened_for = self.station.loggers
            self._fit(self._remote.catalogue)
        except Exception:
            self.spool.close()
            raise

    def _uplink_to(
        self,
        broker: BrokerSettings,
        site: str,
        reconnect_wait_s: tuple[float, float],
        failpoint: Callable[[str], None],
    ) -> Uplink:
        return Uplink(
            self.spool,
            broker,
            site,
            self.station.id,
            reconnect_wait_s=reconnect_wait_s,
            now_ms=self._now_ms,
            dated=self._time.tend,
            health=lambda: self._health.latest,
            offered=self._remote.hear,
            answer=self._remote.answer,
            failpoint=failpoint,
        )

    def _fit(self, catalogue: Catalogue) -> None:
        """Loggers, lines and devices as a catalogue has them; the spool and the uplink stay.

        Raises:
            Refused: a logger's port cannot be opened. Then, as with whatever else is raised,
                nobody may be listened for; fit what was before.
        """
        station = catalogue.stations[self.station.id]
        lines: dict[str, _OnLine] = {}
        for name, place in zip(station.names, station.instruments, strict=True):
            there = lines.setdefault(place.where, _OnLine(Line(place), []))
            instrument = catalogue.instruments[place.instrument]
            there.devices.append((name, Device(there.line, place, instrument, time.monotonic)))
        self._listen_for(station)
        self._hang_up()
        loggers = {door.logger.mn: door.minute_report for door in self._loggers.doors}
        self._health.fit(station, catalogue.plans[station.id], loggers)
        self._lines, self.station = list(lines.values()), station
        self._asking = ThreadPoolExecutor(max(len(lines), 1), f"line {station.id}")

    def _listen_for(self, station: Station) -> None:
        if station.loggers == self._listened_for:
            return
        self._stop_listening()
        self._loggers = self._called(station)
        self._listened_for = station.loggers
        self._loggers.start()

    def _stop_listening(self) -> None:
        self._loggers.close()
        self._listened_for = []

    def _hang_up(self) -> None:
        self._asking.shutdown()
        for there in self._lines:
            there.line.close()

    def _called(self, station: Station) -> Loggers:
        """The ports that a station's loggers call."""
        return Loggers(
            station,
            self.spool,
            self._now_ms,
            state=self._switch.laid_over,
            stored=self._health.read,
            failed=self._fail,
            refused=self._refused,
        )

    def _fail(self, error: Exception) -> None:
        """A part of the agent ended by an error, on whatever thread; the agent ends as well."""
        self._failure = error

    def run(self, stop: threading.Event, *, drain_s: float = 0.0) -> None:
        """Work until told to stop; leaves no thread, no socket and no open file.

        The uplink goes on for up to ``drain_s`` while the spool still holds something.

        Raises:
            Exception: what ended the round, the loggers or the uplink. The agent does not go on
                without one of them: whoever started it may start it again.
        """
        hang_up = threading.Event()
        # A thread that hangs in the system keeps no process alive that was told to end.
        sending = threading.Thread(
            target=self._send, args=(hang_up,), name=f"uplink {self.station.id}", daemon=True
        )
        sending.start()
        try:
            with ExitStack() as ending:  # each of these, whatever becomes of the others
                ending.callback(self.spool.close)
                ending.callback(self._hang_up)
                ending.callback(sending.join, LONGEST_LEAVE_S)
                ending.callback(hang_up.set)
                ending.callback(lambda: self._failure or self.spool.empty.wait(drain_s))
                ending.callback(self._stop_listening)
                self._loggers.start()
                self._rounds(stop)
                self._remote.leave()
        except Exception as error:
            log.critical("%s: the agent ends: %r", self.station.id, error)
            raise

    def _send(self, hang_up: threading.Event) -> None:
        try:
            self._uplink.run(hang_up)
        except Exception as error:  # noqa: BLE001  the round raises it
            self._fail(error)

    def _rounds(self, stop: threading.Event) -> None:
        next_s = time.monotonic()
        while (due_s := self._awaited(stop, next_s)) is not None:
            good, cadence_s = self._round(stop), self._cadence_s()
            # Rounds that took too long are left out, not made up for: a sample a cadence.
            late = max(int((time.monotonic() - due_s) / cadence_s), 0)
            self._health.left_out(late)
            changed = self._tend(good=good)
            next_s = time.monotonic() if changed else due_s + cadence_s * (late + 1)

    def _cadence_s(self) -> float:
        """An offer is tried more often than a slow station polls: its trial is shorter."""
        cadence_s = self.station.cadence_ms / 1000
        return min(cadence_s, TRIED_EVERY_S) if self._remote.tries else cadence_s

    def _awaited(self, stop: threading.Event, due_s: float) -> float | None:
        """Wait until a round is due, and when it was: at once where the configuration changed
        meanwhile; None where there is none any more.
        """
        while not stop.wait(min(max(due_s - time.monotonic(), 0), LONGEST_WAIT_S)):
            if self._failure is not None:
                raise self._failure
            if time.monotonic() >= due_s:
                return due_s
            if self._tend(good=False):
                return time.monotonic()
        return None

    def _tend(self, *, good: bool) -> bool:
        """See to the clock, the report and what the centre asks for; whether another
        configuration came of it, which is polled at once.
        """
        self._time.tend()
        self._note_step()
        stepped, self._stepped = self._stepped, False
        self._health.tell(at_once=stepped)
        return self._heed(good=good)

    def _note_step(self) -> None:
        moved_ms = self._time.moved_ms()
        if not moved_ms:
            return
        self._switch.clock_moved(moved_ms, self._now_ms())
        self._health.clock_moved(moved_ms, self.station)
        self._stepped = True

    def _round(self, stop: threading.Event) -> bool:
        """Poll; whether any reading was good."""
        try:
            return self._poll(stop)
        except Exception as error:  # noqa: BLE001  whatever an offer may bring about
            self._undo(error)
            return False

    def _heed(self, *, good: bool) -> bool:
        """Become what the centre asks for, or again what was before; whether there was anything
        of that.
        """
        asked = self._remote.next(good=good)
        if asked is None:
            return False
        try:
            self._fit(asked)
        except Exception as error:  # noqa: BLE001  whatever an offer may bring about
            self._undo(error)
        return True

    def _undo(self, error: Exception) -> None:
        """The configuration on trial fails; where nothing is, the agent does."""
        if not self._remote.tries:
            raise error
        why = str(error)
        if not isinstance(error, QingyuanError):
            log.error("%s: the configuration on trial fails", self.station.id, exc_info=error)
            remedy = "mend it and send it again; the agent's log tells more"
            why = str(Fault("config", f"cannot be applied ({error!r:.120})", remedy))
        self._fit(self._remote.undo(why))

    def _poll(self, stop: threading.Event) -> bool:
        """One round, of all lines at once; whether any reading was good, whatever the local
        switch says.
        """
        taken_ms, up_ms, clock = self._time.read()
        self._note_step()
        if not self._lines:
            return False
        readings: dict[str, Measured] = {}
        good = False
        for line in self._asking.map(lambda there: there.ask(stop), self._lines):
            for name, found, own_ms, took_s, befell in line:
                good = good or any(one.good for one in found.values())
                at_ms = own_ms if own_ms is not None and _possible(own_ms, taken_ms) else None
                if at_ms is None and own_ms is not None:
                    found = undated(found)  # noqa: PLW2901
                minute_report = self._switch.over(name, found, at_ms or taken_ms)
                self._health.polled(name, minute_report, took_s, befell)
                if at_ms is None:
                    readings.update(minute_report)
                else:
                    sure = Clock.FREE_RUNNING if clock is Clock.NEVER_SET else clock
                    self._keep(partial(self._keep_shown, name, Sample(at_ms, sure, minute_report)))
        if readings:
            self._keep(partial(self._time.keep, Sample(taken_ms, clock, readings), up_ms))
        return good

    def _keep_shown(self, name: str, sample: Sample) -> None:
        """A measurement at an instant of the instrument's own is kept once, however often it is
        read.
        """
        self.spool.append_once(name, sample, self._now_ms())

    def _keep(self, keeping: Callable[[], None]) -> None:
        """On disk, or loudly lost; said once for as long as it lasts."""
        try:
            keeping()
        except SpoolFailed as failed:
            if self._keeping:
                log.error("%s: samples are lost: %s", self.station.id, failed)  # noqa: TRY400
            self._keeping = False
            return
        if not self._keeping:
            log.warning("%s: the spool takes samples again", self.station.id)
        self._keeping = True


def _possible(measured_ms: int, now_ms: int) -> bool:
    """Whether an instrument can have measured then what it shows now; by a clock that was never
    set nothing can be told of that.
    """
    if now_ms < BEFORE_US_MS:
        return measured_ms >= BEFORE_US_MS
    return now_ms - LONGEST_SHOWN_MS <= measured_ms <= now_ms + CLOCK_OFF_MS
