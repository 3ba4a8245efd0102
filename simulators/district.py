"""A whole district of instruments and loggers on loopback, with nature and incidents behind."""

from __future__ import annotations

import asyncio
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


class District:
    """Every station of a catalogue; ``incidents`` and ``breakdowns`` may grow while it runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        seed: int,
        now_ms: Callable[[], int],
        incidents: Sequence[Incident] = (),
        breakdowns: Sequence[Breakdown] = (),
        faults: Sequence[SensorFault] = (),
    ) -> None:
        self._catalogue = catalogue
        self._seed = seed
        self._now_ms = now_ms
        self.incidents = list(incidents)
        self.breakdowns = list(breakdowns)
        self.faults = list(faults)

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
        served: list[lines.Served] = []
        calling: list[asyncio.Task[None]] = []
        try:
            for place, devices in self._lines():
                served.append(await lines.serve(place, devices))
            calling += [asyncio.create_task(logger.run()) for logger in self._loggers()]
            yield
        finally:
            for task in calling:
                task.cancel()
            await asyncio.gather(*calling, return_exceptions=True)
            for line in served:
                await line.shutdown()

    def _lines(self) -> Iterable[tuple[Placement, list[SimDevice]]]:
        """Each line by one of its placements; a host may serve several stations."""
        found: dict[tuple[str, str], tuple[Placement, list[SimDevice]]] = {}
        for station in self._catalogue.stations.values():
            for place in station.instruments:
                make = self._catalogue.instruments[place.instrument]
                truth = partial(self._now, station)
                state = partial(self._state, station, place)
                key = (station.id if place.serial else "", place.where)
                _, devices = found.setdefault(key, (place, []))
                devices.append(instruments.device(place, make, truth, state))
        return found.values()

    def _loggers(self) -> Iterator[DataLogger]:
        for station in self._catalogue.stations.values():
            for logger in station.loggers:
                yield DataLogger(logger, station, partial(self.shown, station), self._now_ms)

    def _now(self, station: Station, code: str) -> float:
        return self.shown(station, code, self._now_ms())

    def _state(self, station: Station, place: Placement) -> Cause:
        return state_of(self.breakdowns, station, place, self._now_ms())
