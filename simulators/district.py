"""A whole district of instruments and loggers on loopback, with nature and incidents behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from pymodbus.simulator import SimDevice

from config.catalogue.shapes import Catalogue, Placement, Station
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from simulators import instruments, lines, nature
from simulators.faults import SensorFault, looked_at_ms, shown
from simulators.hj212_logger import DataLogger
from simulators.incidents import Breakdown, Incident, disturbed, state_of
from simulators.troubles import (
    On,
    Trouble,
    TroubleKind,
    ahead_ms,
    is_dead,
    is_lost,
    is_struck,
    late_s,
    spoken,
)

LOOK_S = 0.05


class _Line:
    """A line with everything on it, by unit; it may be away for a while."""

    def __init__(
        self,
        units: dict[int, On],
        devices: list[SimDevice],
        spoken: Callable[[int, bytes], bytes],
    ) -> None:
        self.units = units
        self._devices, self._spoken = devices, spoken
        self._served: lines.Served | None = None

    @property
    def placement(self) -> Placement:
        """The line's own settings, by one of its placements."""
        return next(iter(self.units.values()))[1]

    async def open(self) -> None:
        """Answer, from now on."""
        if self._served is None:
            self._served = await lines.serve(self.placement, self._devices, self._spoken)

    async def close(self) -> None:
        """Answer no more."""
        if self._served:
            await self._served.shutdown()
            self._served = None


class District:
    """Every station of a catalogue; what happens in it may grow while it runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        seed: int,
        now_ms: Callable[[], int],
        incidents: Sequence[Incident] = (),
        breakdowns: Sequence[Breakdown] = (),
        faults: Sequence[SensorFault] = (),
        troubles: Sequence[Trouble] = (),
    ) -> None:
        self._catalogue = catalogue
        self._seed = seed
        self._now_ms = now_ms
        self.incidents = list(incidents)
        self.breakdowns = list(breakdowns)
        self.faults = list(faults)
        self.troubles = list(troubles)

    def truth(self, station: Station, code: str, t_ms: int) -> float:
        """Nature's value at an instant, incidents included."""
        undisturbed = nature.value(self._seed, station, code, t_ms)
        return disturbed(self.incidents, station, code, undisturbed, t_ms)

    def shown(self, station: Station, code: str, t_ms: int) -> float:
        """A sensor's reading of it, faults included."""
        at_ms = looked_at_ms(self.faults, station, code, t_ms)
        return shown(self.faults, station, code, self.truth(station, code, at_ms), t_ms)

    def history(self, station: Station, instants_ms: Iterable[int]) -> Iterator[Sample]:
        """The readings of a station as nature and the incidents are, without faults of sensors."""
        for t_ms in instants_ms:
            readings = {
                code: Measured(round(self.truth(station, code, t_ms), 4), Cause.NORMAL)
                for code in self._catalogue.plans[station.id]
            }
            yield Sample(t_ms, Clock.SYNCHRONISED, readings)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Every instrument answers and every logger calls inside this context.

        Raises:
            Refused: a port is in use, or a serial device of that name is there.
        """
        served = list(self._lines())
        working: list[asyncio.Task[None]] = []
        try:
            for line in served:
                await line.open()
            working.append(asyncio.create_task(self._losing(served)))
            working += [asyncio.create_task(logger.run()) for logger in self._loggers()]
            yield
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            for line in served:
                await line.close()

    async def _losing(self, served: Sequence[_Line]) -> None:
        """Take lines over TCP away while they are dead; on a serial one answers are."""
        while True:
            for line in served:
                if line.placement.serial is None:
                    dead = is_dead(self.troubles, line.units.values(), self._now_ms())
                    # Who took the port meanwhile may give it back.
                    with suppress(Refused):
                        await (line.close() if dead else line.open())
            await asyncio.sleep(LOOK_S)

    def _lines(self) -> Iterator[_Line]:
        """A host may serve several stations, a serial device is one of a station's own box."""
        found: dict[tuple[str, str], dict[int, On]] = {}
        for station in self._catalogue.stations.values():
            for placement in station.instruments:
                key = (station.id if placement.serial else "", placement.where)
                found.setdefault(key, {})[placement.unit] = (station, placement)
        for units in found.values():
            yield _Line(units, [self._device(*on) for on in units.values()], self._speaking(units))

    def _speaking(self, units: dict[int, On]) -> Callable[[int, bytes], bytes]:
        """The part of a unit's answer that arrives; what breaks it is drawn from the seed,
        whatever port or device the line has.
        """
        station, placement = next(iter(units.values()))
        drawn = random.Random(f"{self._seed} {station.id} {placement.instrument} {placement.unit}")

        def arriving(unit: int, answer: bytes) -> bytes:
            t_ms = self._now_ms()
            if is_lost(self.troubles, units.values(), t_ms):
                return b""
            on = units.get(unit)
            return spoken(self.troubles, on, t_ms, answer, drawn) if on else answer

        return arriving

    def _device(self, station: Station, placement: Placement) -> SimDevice:
        make = self._catalogue.instruments[placement.instrument]
        return instruments.device(
            placement,
            make,
            partial(self._now, station),
            partial(self._state, station, placement),
            lambda: late_s(self.troubles, station, placement, self._now_ms()),
        )

    def _loggers(self) -> Iterator[DataLogger]:
        for station in self._catalogue.stations.values():
            for logger in station.loggers:
                yield DataLogger(
                    logger,
                    station,
                    partial(self._logged, station),
                    partial(self._clock_ms, station),
                    off=partial(self._is_struck, station, "power-cut"),
                    lost=partial(self._is_struck, station, "line-loss"),
                )

    def _clock_ms(self, station: Station) -> int:
        """The time by the clocks of a station's loggers."""
        now_ms = self._now_ms()
        return now_ms + ahead_ms(self.troubles, station, now_ms)

    def _logged(self, station: Station, code: str, t_ms: int) -> float:
        """A sensor's reading when its logger's clock shows an instant."""
        return self.shown(station, code, t_ms - self._clock_ms(station) + self._now_ms())

    def _is_struck(self, station: Station, kind: TroubleKind) -> bool:
        return is_struck(self.troubles, kind, station, self._now_ms())

    def _now(self, station: Station, code: str) -> float:
        return self.shown(station, code, self._now_ms())

    def _state(self, station: Station, placement: Placement) -> Cause:
        return state_of(self.breakdowns, station, placement, self._now_ms())
