"""Modbus devices of one station: connect, read, give up in time. The agent's only pymodbus."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException

from config.catalogue.shapes import SINGLE_BITS, Function, Instrument, Placement
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent import blocks, decode

LONGEST_REST_S = 60.0

logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())
logging.getLogger("pymodbus.logging").propagate = False


class Failed(Exception):
    """A read that gave nothing, and why."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.name)
        self.cause = cause


class Line:
    """One TCP connection, shared by the devices behind it."""

    def __init__(self, host: str, port: int, timeout_ms: int = 1000) -> None:
        self._client = ModbusTcpClient(host, port=port, timeout=timeout_ms / 1000, retries=0)

    def read(
        self, function: Function, unit: int, address: int, count: int, timeout_ms: int | None = None
    ) -> list[int]:
        """Registers from a wire address (0-based); a device may be given a time of its own.

        Raises:
            Failed: the line is down, the device silent, or it refused the request.
        """
        if timeout_ms is not None:
            self._client.comm_params.timeout_connect = timeout_ms / 1000
        used_before = self._client.connected
        try:
            return self._ask(function, unit, address, count)
        except Failed as failed:
            # Many devices hang up on a line that rests; only a fresh one tells of the device.
            if failed.cause is not Cause.LINE_DOWN or not used_before:
                raise
        return self._ask(function, unit, address, count)

    def _ask(self, function: Function, unit: int, address: int, count: int) -> list[int]:
        client = self._client
        if not client.connected and not client.connect():  # type: ignore[no-untyped-call]
            raise Failed(Cause.LINE_DOWN)
        ask = {
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
        }[function]
        try:
            answer = ask(address, count=count, device_id=unit)
        except (ConnectionException, ConnectionError) as error:
            self.close()
            raise Failed(Cause.LINE_DOWN) from error
        except (ModbusException, OSError) as error:
            self.close()
            raise Failed(Cause.TIMEOUT) from error
        held = answer.bits if function in SINGLE_BITS else answer.registers
        # Coils travel eight a byte, and the last byte is filled up.
        most = -count % 8 + count if function in SINGLE_BITS else count
        if answer.isError() or len(held) != most:
            raise Failed(Cause.DEVICE_REFUSED)
        return [int(word) for word in held[:count]]

    def close(self) -> None:
        """Hang up; the next read connects anew, so that a late answer meets nobody."""
        self._client.close()  # type: ignore[no-untyped-call]


class Device:
    """One instrument at its unit address; after a failure it rests, longer each time."""

    def __init__(
        self, line: Line, place: Placement, instrument: Instrument, clock_s: Callable[[], float]
    ) -> None:
        self._line = line
        self._place = place
        self._instrument = instrument
        self._clock_s = clock_s
        self._blocks = blocks.plan(blocks.wanted(instrument), instrument.oddities)
        self._failures = 0
        self._cause = Cause.TIMEOUT
        self._rest_until_s = 0.0

    def poll(self, stop: threading.Event) -> dict[str, Measured]:
        """Every value of the instrument, or None with one cause for all."""
        if self._clock_s() < self._rest_until_s:
            return self._nothing()
        try:
            found = decode.readings(self._instrument, self._words(stop))
        except Failed as failed:
            self._cause = failed.cause
            self._failures += 1
            # The first failure is tried again at once; a device that stays dead must not take
            # a time-out of every round from the others on its line.
            rest_s = 0.0 if self._failures < 2 else 2.0 ** min(self._failures, 6)
            self._rest_until_s = self._clock_s() + min(rest_s, LONGEST_REST_S)
            return self._nothing()
        self._failures = 0
        return found

    def _nothing(self) -> dict[str, Measured]:
        return dict.fromkeys(self._instrument.codes, Measured(None, self._cause))

    def _words(self, stop: threading.Event) -> dict[tuple[Function, int], int]:
        words: dict[tuple[Function, int], int] = {}
        pause_s = self._instrument.oddities.pause_ms / 1000
        place = self._place
        for index, block in enumerate(self._blocks):
            if index and pause_s:
                stop.wait(pause_s)
            address = block.first - self._instrument.first_address
            found = self._line.read(
                block.function, place.unit, address, block.words, place.timeout_ms
            )
            words |= {(block.function, block.first + n): word for n, word in enumerate(found)}
        return words
