"""A whole district of instruments and loggers on loopback, with nature and incidents behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from pymodbus.simulator import SimDevice

from config.catalogue.shapes import Catalogue, Placement, Station
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from simulators import instruments, lines, nature
from simulators.faults import SensorFault, looked_at_ms, shown
from simulators.hj212_logger import DataLogger
from simulators.incidents import Breakdown, Incident, disturbed, state_of
from simulators.troubles import Trouble, ahead_ms, is_off, late_s, spoken

LOOK_S = 0.05
On = tuple[Station, Placement]
"""An instrument where it stands."""


class _Line:
    """A line with everything on it, which may be away for a while."""

    def __init__(
        self,
        place: Placement,
        devices: list[SimDevice],
        units: dict[int, On],
        drawn: random.Random,
        spoken: Callable[[On, random.Random, bytes], bytes],
    ) -> None:
        self.place, self.units = place, units
        self._devices = devices
        self._spoken = lambda unit, answer: spoken(units[unit], drawn, answer)
        self._served: lines.Served | None = None

    async def open(self) -> None:
        """Answer, from now on."""
        if self._served is None:
            self._served = await lines.serve(self.place, self._devices, self._spoken)

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
        """What nature holds at an instant, incidents included."""
        undisturbed = nature.value(self._seed, station, code, t_ms)
        return disturbed(self.incidents, station, code, undisturbed, t_ms)

    def shown(self, station: Station, code: str, t_ms: int) -> float:
        """What a sensor makes of it, faults included."""
        at_ms = looked_at_ms(self.faults, station, code, t_ms)
        return shown(self.faults, station, code, self.truth(station, code, at_ms), t_ms)

    def past(self, station: Station, instants_ms: Iterable[int]) -> Iterator[Sample]:
        """What the station would have measured, from nature alone."""
        for t_ms in instants_ms:
            readings = {
                code: Measured(
                    round(nature.value(self._seed, station, code, t_ms), 4), Cause.NORMAL
                )
                for code in self._catalogue.plans[station.id]
            }
            yield Sample(t_ms, Clock.SYNCHRONISED, readings)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Every instrument answers and every logger calls inside this context.

        Raises:
            Refused: a port is in use, or a serial device of that name is there.
        """
        served = [_Line(*line, self._spoken) for line in self._lines()]
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
        """Take lines over TCP away while they are lost; on a serial one answers are."""
        while True:
            for line in served:
                if line.place.serial is None:
                    await (line.close() if self._is_lost(line) else line.open())
            await asyncio.sleep(LOOK_S)

    def _is_lost(self, line: _Line) -> bool:
        t_ms = self._now_ms()
        losses = [of for of in self.troubles if of.kind == "line-loss"]
        return any(of.strikes(*on, t_ms) for of in losses for on in line.units.values())

    def _spoken(self, on: On, drawn: random.Random, answer: bytes) -> bytes:
        return spoken(self.troubles, *on, self._now_ms(), answer, drawn)

    def _lines(self) -> Iterator[tuple[Placement, list[SimDevice], dict[int, On], random.Random]]:
        """Each line by one of its placements; a host may serve several stations."""
        found: dict[tuple[str, str], list[On]] = {}
        for station in self._catalogue.stations.values():
            for place in station.instruments:
                key = (station.id if place.serial else "", place.where)
                found.setdefault(key, []).append((station, place))
        for key, placed in found.items():
            devices = [self._device(*on) for on in placed]
            drawn = random.Random(f"{self._seed} {key}")
            yield placed[0][1], devices, {place.unit: (of, place) for of, place in placed}, drawn

    def _device(self, station: Station, place: Placement) -> SimDevice:
        make = self._catalogue.instruments[place.instrument]
        return instruments.device(
            place,
            make,
            partial(self._now, station),
            partial(self._state, station, place),
            lambda: late_s(self.troubles, station, place, self._now_ms()),
        )

    def _loggers(self) -> Iterator[DataLogger]:
        for station in self._catalogue.stations.values():
            for logger in station.loggers:
                yield DataLogger(
                    logger,
                    station,
                    partial(self._logged, station),
                    partial(self._clock_ms, station),
                    off=partial(self._is_off, station),
                )

    def _clock_ms(self, station: Station) -> int:
        """What the clocks of a station's loggers show."""
        now_ms = self._now_ms()
        return now_ms + ahead_ms(self.troubles, station, now_ms)

    def _logged(self, station: Station, code: str, t_ms: int) -> float:
        """What a sensor shows when its logger's clock shows an instant."""
        return self.shown(station, code, t_ms - self._clock_ms(station) + self._now_ms())

    def _is_off(self, station: Station) -> bool:
        return is_off(self.troubles, station, self._now_ms())

    def _now(self, station: Station, code: str) -> float:
        return self.shown(station, code, self._now_ms())

    def _state(self, station: Station, place: Placement) -> Cause:
        return state_of(self.breakdowns, station, place, self._now_ms())
