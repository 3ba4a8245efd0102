"""How an agent's sensors, instruments, spool and memory are: counted always, told each minute."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from config.catalogue.shapes import Station
from config.files import write_whole
from config.vocabulary import bounds, wire
from config.vocabulary.health import (
    ClockHealth,
    DeviceHealth,
    LoggerHealth,
    SensorHealth,
    UplinkHealth,
)
from config.vocabulary.health import Health as Report
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from config.vocabulary.time import MINUTE_MS
from edge_agent.operation_state import OperationStates
from edge_agent.spool.spool import Spool, SpoolFailed

MOST_TIMES = 1000
"""Answers of a minute whose times are kept for the percentile, the newest."""


@dataclass(slots=True)
class _Sensor:
    """Readings of a minute, and the newest of the agent's life."""

    good: int = 0
    failed: int = 0
    late: int = 0
    newest_ms: int = 0
    cause: Cause = Cause.NORMAL
    last_good_ms: int | None = None
    last_failed_ms: int | None = None
    failure: Cause = Cause.NORMAL

    def read(self, one: Measured, taken_ms: int, now_ms: int, *, late: bool) -> None:
        self.good += one.good
        self.failed += not one.good
        self.late += late
        # A clock that was set back leaves instants that are still to come.
        newest = taken_ms >= self.newest_ms or self.newest_ms > now_ms
        if newest:
            self.newest_ms, self.cause = taken_ms, one.cause
        if one.good and (newest or taken_ms > (self.last_good_ms or 0)):
            self.last_good_ms = taken_ms
        if not one.good and (newest or taken_ms > (self.last_failed_ms or 0)):
            self.last_failed_ms, self.failure = taken_ms, one.cause

    def moved(self, by_ms: int) -> None:
        """The clock that dated it was set."""
        if self.newest_ms:
            self.newest_ms += by_ms
        if self.last_good_ms is not None:
            self.last_good_ms = max(self.last_good_ms + by_ms, 0)
        if self.last_failed_ms is not None:
            self.last_failed_ms = max(self.last_failed_ms + by_ms, 0)

    def minute_report(self) -> SensorHealth:
        """Of the minute; the next begins with this."""
        said = SensorHealth(
            good=self.good,
            failed=self.failed,
            last_good_ms=self.last_good_ms,
            cause=self.cause,
            late=self.late,
            last_failed_ms=self.last_failed_ms,
            failure=self.failure,
        )
        self.good = self.failed = self.late = 0
        return said


@dataclass(slots=True)
class _Device:
    """Polls of a minute."""

    silent: int = 0
    corrupt: int = 0
    reconnects: int = 0
    answered: int = 0
    took_s: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_TIMES))

    def minute_report(self) -> DeviceHealth:
        took_s = sorted(self.took_s)
        return DeviceHealth(
            answered=self.answered,
            silent=self.silent,
            mean_ms=round(1000 * sum(took_s) / max(len(took_s), 1)),
            corrupt=self.corrupt,
            reconnects=self.reconnects,
            p95_ms=round(1000 * took_s[math.ceil(0.95 * len(took_s)) - 1]) if took_s else 0,
        )


class Health:
    """Counts of one agent, from one report to the next. ``latest`` is read by other threads;
    ``up_ms`` is a clock that nobody sets.
    """

    def __init__(
        self,
        spool: Spool,
        file: Path,
        now_ms: Callable[[], int],
        operation_states: OperationStates,
        uplink: Callable[[], UplinkHealth] = UplinkHealth,
        clock: Callable[[], ClockHealth] = ClockHealth,
        *,
        up_ms: Callable[[], int],
    ) -> None:
        self._spool = spool
        self._file = file
        self._now_ms = now_ms
        self._switch = operation_states
        self._uplink = uplink
        self._clock = clock
        self._before = UplinkHealth()
        self._up_ms = up_ms
        self._begun_ms = self._told_ms = up_ms()
        self._lock = threading.Lock()
        self._sensors: dict[str, _Sensor] = {}
        self._devices: dict[str, _Device] = {}
        self._loggers: Mapping[str, Callable[[], LoggerHealth]] = {}
        self._late_after_ms = 0
        self._late = 0
        self.latest: Report | None = None

    def fit(
        self,
        station: Station,
        codes: Collection[str],
        loggers: Mapping[str, Callable[[], LoggerHealth]],
    ) -> None:
        """Tell of these from now on; ``loggers`` are asked by MN."""
        with self._lock:
            self._late_after_ms = station.late_after_ms
            self._sensors = {code: one for code, one in self._sensors.items() if code in codes}
            self._devices = {name: _Device() for name in station.names}
            self._loggers = loggers

    def polled(
        self,
        name: str,
        found: Mapping[str, Measured],
        took_s: float,
        line: Mapping[str, int],
    ) -> None:
        """An instrument was asked; ``found`` is what it measures, or why there is nothing,
        ``line`` what befell its line meanwhile.
        """
        with self._lock:
            device = self._devices[name]
            device.reconnects += line.get("reconnects", 0)
            if line.get("corrupt"):
                device.corrupt += 1
            elif all(_unanswered(one) for one in found.values()):
                device.silent += 1
            else:
                device.answered += 1
                device.took_s.append(took_s)
        self.read(found, self._now_ms())

    def read(self, found: Mapping[str, Measured], taken_ms: int) -> bool:
        """Readings of an instant, good or not; whether they are late."""
        now_ms = self._now_ms()
        late = now_ms - taken_ms > self._late_after_ms
        with self._lock:
            for code, one in found.items():
                self._sensors.setdefault(code, _Sensor()).read(one, taken_ms, now_ms, late=late)
        return late

    def left_out(self, rounds: int) -> None:
        """Rounds that could not be held because the one before took too long."""
        self._late += rounds

    def clock_moved(self, by_ms: int, station: Station) -> None:
        """The station's clock was set; what loggers dated stays as it is."""
        others = {code for logger in station.loggers for code in logger.codes}
        with self._lock:
            for code, one in self._sensors.items():
                if code not in others:
                    one.moved(by_ms)

    def tell(self, *, at_once: bool = False) -> None:
        """Once a minute, or at once: make the report, keep it in the file, and begin to count
        anew.
        """
        up_ms = self._up_ms()
        if not at_once and up_ms - self._told_ms < MINUTE_MS:
            return
        self._told_ms = up_ms
        report = self._report(self._now_ms())
        with suppress(OSError):  # a disk that is full keeps the report before it
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, msgspec.json.encode(report), durable=False)
        self.latest = report
        self._late = 0

    def _report(self, now: int) -> Report:
        with self._lock:
            sensors = {code: one.minute_report() for code, one in self._sensors.items()}
            devices = {name: one.minute_report() for name, one in self._devices.items()}
            self._devices = {name: _Device() for name in devices}
        declared = self._switch.standing(now)
        report = Report(
            v=wire.VERSION,
            t=now,
            b=self._spool.boot,
            up_ms=self._up_ms() - self._begun_ms,
            sensors=sensors,
            devices=devices,
            late=self._late,
            loggers={mn: minute_report() for mn, minute_report in self._loggers.items()},
            uplink=self._uplink_since(),
            clock=self._clock(),
            declared=declared[-bounds.DECLARED :],
            switch_fault=bounds.cut(self._switch.fault),
            rss_mb=_memory("VmRSS"),
            peak_mb=_memory("VmHWM"),
            version=_version(),
        )
        try:
            spool = self._spool.report()
        except SpoolFailed:
            return report
        return msgspec.structs.replace(
            report,
            held=spool.depth,
            oldest_ms=spool.oldest_ms,
            days_left=spool.days_left,
            given_up=spool.given_up,
        )

    def _uplink_since(self) -> UplinkHealth:
        """The uplink counts for ever; a report tells of its minute."""
        before, self._before = self._before, self._uplink()
        return msgspec.structs.replace(
            self._before,
            reconnects=self._before.reconnects - before.reconnects,
            resent=self._before.resent - before.resent,
        )


def _unanswered(one: Measured) -> bool:
    return one.value is None and one.cause in (Cause.TIMEOUT, Cause.LINE_DOWN)


def _memory(name: str) -> float:
    """Of this process, MB; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    found = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return round(int(next(found, "0")) / 1024, 1)


def _version() -> str:
    try:
        return version("qingyuan")
    except PackageNotFoundError:
        return ""
