"""How an agent's sensors, instruments, spool and memory are: counted always, told each minute."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from config.catalogue.shapes import Placement
from config.vocabulary import wire
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Measured
from edge_agent.spool import Spool, SpoolFailed

MINUTE_MS = 60_000


class Health:
    """Counts of one agent, from one report to the next. ``latest`` is read by other threads."""

    def __init__(
        self,
        spool: Spool,
        file: Path,
        now_ms: Callable[[], int],
    ) -> None:
        self._spool = spool
        self._file = file
        self._now_ms = now_ms
        self.loggers: Mapping[str, Mapping[str, int]] = {}
        """Counts of each logger that calls; whoever hears them goes on counting."""
        self._begun_ms = self._told_ms = now_ms()
        self._lock = threading.Lock()
        self._good: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._last_good: dict[str, int] = {}
        self._cause: dict[str, Cause] = {}
        self._answered: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()
        self._took_s: defaultdict[str, float] = defaultdict(float)
        self._late = 0
        self.latest: wire.Health | None = None

    def polled(self, place: Placement, found: Mapping[str, Measured], took_s: float) -> None:
        """An instrument was asked; ``found`` is what it measures, or why there is nothing."""
        name = f"{place.instrument}@{place.unit}"
        silent = all(_unanswered(one) for one in found.values())
        (self._silent if silent else self._answered)[name] += 1
        self._took_s[name] += took_s
        self.read(found, self._now_ms())

    def read(self, found: Mapping[str, Measured], at_ms: int) -> None:
        """Readings of an instant, good or not; also those that a logger brings."""
        with self._lock:
            for code, one in found.items():
                good = one.value is not None and quality_of(one.cause) is Quality.GOOD
                (self._good if good else self._failed)[code] += 1
                self._cause[code] = one.cause
                if good:
                    self._last_good[code] = at_ms

    def left_out(self, rounds: int) -> None:
        """Rounds that could not be held because the one before took too long."""
        self._late += rounds

    def tell(self) -> None:
        """Once a minute: make the report, keep it in the file, and begin to count anew."""
        now = self._now_ms()
        if 0 <= now - self._told_ms < MINUTE_MS:
            return
        self._told_ms = now
        self.latest = self._report(now)
        _write(self._file, msgspec.json.encode(self.latest))
        with self._lock:
            for counts in (self._good, self._failed, self._answered, self._silent):
                counts.clear()
            self._took_s.clear()
        self._late = 0

    def _report(self, now: int) -> wire.Health:
        with self._lock:
            sensors = {
                code: wire.SensorHealth(
                    self._good[code], self._failed[code], self._last_good.get(code), cause
                )
                for code, cause in self._cause.items()
            }
        report = wire.Health(
            v=wire.VERSION,
            t=now,
            b=self._spool.boot,
            up_ms=now - self._begun_ms,
            sensors=sensors,
            devices={name: self._device(name) for name in {**self._answered, **self._silent}},
            late=self._late,
            loggers={mn: dict(counts) for mn, counts in self.loggers.items()},
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

    def _device(self, name: str) -> wire.DeviceHealth:
        answered, silent = self._answered[name], self._silent[name]
        mean_ms = round(1000 * self._took_s[name] / max(answered + silent, 1))
        return wire.DeviceHealth(answered, silent, mean_ms)


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


def _write(file: Path, body: bytes) -> None:
    """Whole or not at all; a disk that is full keeps the report before it."""
    fresh = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(body)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
