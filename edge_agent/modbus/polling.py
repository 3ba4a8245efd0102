"""Modbus devices of one station: connect, read, give up in time. The agent's only pymodbus."""

from __future__ import annotations

import logging
import select
import threading
import time
from collections import Counter
from collections.abc import Callable

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU

from config.catalogue.shapes import SINGLE_BITS, Function, Instrument, Placement
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus import blocks, decode
from edge_agent.modbus.decode import Place

LONGEST_REST_S = 60.0
QUIET_S = 0.03
"""A line on which nothing comes for so long has nothing left of an answer: beyond the 1.5
characters that RTU allows within a frame, at 1200 baud and with a converter in between.
"""
LONGEST_DRAIN_S = 0.5
LATEST_ANSWER = 2
"""Time-outs after its own in which a late RTU answer, which bears no number, may still come."""
SILENT_BEHIND_GATEWAY = 11
"""Exception code of a gateway whose device does not answer."""
_CODES: dict[Function, int] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}

logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())
logging.getLogger("pymodbus.logging").propagate = False


class Failed(Exception):
    """A read that gave nothing, and why.

    ``code`` is the device's exception code where it gave one; ``garbled`` says that something
    came which was not the answer.
    """

    def __init__(self, cause: Cause, *, code: int | None = None, garbled: bool = False) -> None:
        super().__init__(cause.name)
        self.cause = cause
        self.code = code
        self.garbled = garbled


class Line:
    """One connection or serial device, shared by the units on it."""

    def __init__(self, placement: Placement) -> None:
        self._serial = placement.serial is not None
        self._rtu = placement.rtu
        # 3.5 characters of 11 bits between two frames (MODBUS over Serial Line V1.02, 2.5.1.1).
        self._gap_s = max(3.5 * 11 / placement.baud, 0.00175) if placement.serial else 0.0
        self._late = False
        self._heard = False
        self._until_s = 0.0
        self._connects = 0
        self.counts: Counter[str] = Counter()
        """``corrupt``: the bytes that came were not the answer (CRC, length, unit); and
        ``reconnects``.
        """
        client = self._client = _client(placement, self._listen)
        self._asks = {
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
        }

    def read(
        self, function: Function, unit: int, address: int, count: int, timeout_ms: int
    ) -> list[int]:
        """Registers, or coils, from a wire address (0-based).

        Raises:
            Failed: the line is down, the device silent, or it refused the request.
        """
        used_before = self._client.connected
        try:
            return self._ask(function, unit, address, count, timeout_ms / 1000)
        except Failed as failed:
            # Many devices hang up on a line that rests; only a fresh one tells of the device.
            if failed.cause is not Cause.LINE_DOWN or not used_before:
                raise
        return self._ask(function, unit, address, count, timeout_ms / 1000)

    def _ask(
        self, function: Function, unit: int, address: int, count: int, timeout_s: float
    ) -> list[int]:
        ask = self._asks[function]
        try:
            self._open(timeout_s)
            self._heard = False
            answer = ask(address, count=count, device_id=unit)
        except (ConnectionException, ConnectionError) as error:
            self.close()
            raise Failed(Cause.LINE_DOWN) from error
        except (ModbusException, OSError) as error:
            self.counts["corrupt"] += self._heard
            self._mistrust()
            raise Failed(Cause.TIMEOUT, garbled=self._heard) from error
        try:
            return _held(answer, function, count)
        except Failed as failed:
            if failed.garbled:
                self.counts["corrupt"] += 1
                self._mistrust()
            raise

    def _open(self, timeout_s: float) -> None:
        self._be_patient(timeout_s)
        if not self._client.connected:
            if not self._client.connect():
                raise ConnectionException
            self.counts["reconnects"] += self._connects > 0
            self._connects += 1
        if self._rtu:
            self._be_patient(QUIET_S if self._late else 0.0)
            self._drain()
            time.sleep(self._gap_s)
        self._be_patient(timeout_s)
        self._until_s = time.monotonic() + timeout_s

    def _be_patient(self, timeout_s: float) -> None:
        # For silence and for the whole answer: pymodbus keeps two copies of it.
        self._client.comm_params.timeout_connect = timeout_s
        self._client.transaction.comm_params.timeout_connect = timeout_s

    def _drain(self) -> None:
        """Read until the line is quiet: an RTU answer bears no number, a late one looks right."""
        until_s = time.monotonic() + LONGEST_DRAIN_S
        while self._client.recv(None):
            if time.monotonic() > until_s:
                self._heard = True
                raise ModbusException("the line does not come to rest")
        self._late = False

    def _mistrust(self) -> None:
        """From now on an answer may be that of an earlier request."""
        self._late = self._rtu
        if not self._serial:
            self.close()

    def _listen(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001  pymodbus calls it
        self._heard |= not sending
        if not sending:
            # pymodbus would wait for the rest as long again.
            self._be_patient(max(self._until_s - time.monotonic(), 0.0))
        return data

    def close(self) -> None:
        """Hang up; the next read connects anew, so that a late answer meets nobody."""
        self._client.close()  # type: ignore[no-untyped-call]


class _Serial(ModbusSerialClient):
    """pymodbus waits by the wall clock: when that is set back by an hour, for an hour."""

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002  a frame ends by itself
        """The bytes that came, as soon as there are any; nothing when patience is at its end.

        Raises:
            ConnectionException: the device is not open, or is gone.
        """
        port, patience_s = self.socket, self.comm_params.timeout_connect
        if port is None:
            raise ConnectionException(str(self))
        try:
            ready, _, _ = select.select([port], [], [], patience_s)
            return bytes(port.read(port.in_waiting or 1)) if ready else b""
        except OSError as error:
            self.close()  # type: ignore[no-untyped-call]
            raise ConnectionException(str(self)) from error


def _client(
    placement: Placement, listen: Callable[[bool, bytes], bytes]
) -> ModbusTcpClient | ModbusSerialClient:
    if placement.serial:
        return _Serial(
            placement.serial,
            baudrate=placement.baud,
            parity=placement.parity,
            stopbits=placement.stop_bits,
            retries=0,
            trace_packet=listen,
        )
    framer = FramerType.RTU if placement.rtu else FramerType.SOCKET
    return ModbusTcpClient(
        placement.host, port=placement.port, framer=framer, retries=0, trace_packet=listen
    )


def _held(answer: ModbusPDU, function: Function, count: int) -> list[int]:
    """The words of an answer to this very question."""
    if answer.isError():
        silent = answer.exception_code == SILENT_BEHIND_GATEWAY
        cause = Cause.TIMEOUT if silent else Cause.DEVICE_REFUSED
        raise Failed(cause, code=answer.exception_code)
    held = answer.bits if function in SINGLE_BITS else answer.registers
    # Coils travel eight a byte, and the last byte is filled up.
    wanted = count + -count % 8 if function in SINGLE_BITS else count
    if answer.function_code != _CODES[function] or len(held) != wanted:
        raise Failed(Cause.DEVICE_REFUSED, garbled=True)
    return [int(word) for word in held[:count]]


class Device:
    """One instrument at its unit address; after a failure it rests, longer each time."""

    def __init__(
        self,
        line: Line,
        placement: Placement,
        instrument: Instrument,
        clock_s: Callable[[], float],
    ) -> None:
        self._line = line
        self.placement = placement
        self._instrument = instrument
        self._clock_s = clock_s
        self._decoder = decode.Decoder(instrument)
        self._requests = [
            _request(block, instrument)
            for block in blocks.plan(blocks.wanted(instrument), instrument.oddities)
        ]
        self._failures = 0
        self._cause = Cause.TIMEOUT
        self._rest_until_s = 0.0

    def poll(self, stop: threading.Event) -> dict[str, Measured]:
        """Every value of the instrument, or None with one cause for all."""
        if self._clock_s() < self._rest_until_s:
            return self._nothing()
        try:
            found = self._decoder.readings(self.words(stop))
        except Failed as failed:
            self._cause = failed.cause
            self._failures += 1
            # The first failure is tried again at once; a device that stays dead must not take
            # a time-out of every round from the others on its line.
            rest_s = 0.0 if self._failures < 2 else 2.0 ** min(self._failures, 6)
            if self.placement.rtu:
                # A late answer must have come and be gone, or each would be the next one's.
                rest_s = max(rest_s, LATEST_ANSWER * self.placement.timeout_ms / 1000)
            self._rest_until_s = self._clock_s() + min(rest_s, LONGEST_REST_S)
            return self._nothing()
        self._failures = 0
        return found

    def _nothing(self) -> dict[str, Measured]:
        return dict.fromkeys(self._instrument.codes, Measured(None, self._cause))

    def words(self, stop: threading.Event) -> dict[Place, int]:
        """Everything that the instrument's values need, read now.

        Raises:
            Failed: one of the requests gave nothing.
        """
        words: dict[Place, int] = {}
        pause_s = self._instrument.oddities.pause_ms / 1000
        placement = self.placement
        for index, (function, address, places) in enumerate(self._requests):
            if index and pause_s:
                stop.wait(pause_s)
            found = self._line.read(
                function, placement.unit, address, len(places), placement.timeout_ms
            )
            words.update(zip(places, found, strict=True))
        return words


def _request(block: blocks.Block, instrument: Instrument) -> tuple[Function, int, list[Place]]:
    """The requests by function and wire address, and the value that each word belongs to."""
    function, first = block.function, block.first
    places = [(function, first + n) for n in range(block.words)]
    return function, first - instrument.first_address, places
