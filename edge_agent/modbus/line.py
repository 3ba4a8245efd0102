"""A line to Modbus devices: connect, read, give up in time. Under it lies pymodbus."""

from __future__ import annotations

import logging
import select
import time
from collections import Counter
from collections.abc import Callable

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusException
from pymodbus.pdu import ModbusPDU

from config.catalogue.shapes import SINGLE_BITS, Function, Placement
from config.vocabulary.quality import Cause
from edge_agent.modbus.framing import FIRST_NUMBER, RtuFramer, TcpFramer, WrongAnswer

QUIET_S = 0.03
"""A line on which nothing comes for so long has nothing left of an answer: beyond the 1.5
characters that RTU allows within a frame, at 1200 baud and with a converter in between.
"""
LONGEST_DRAIN_S = 0.5
SILENT_BEHIND_GATEWAY = 11
"""Exception code of a gateway whose device does not answer."""
LONGEST_DEAF_S = 10.0
"""After connecting; a device that is silent for longer is asked on another connection."""
_MOST_AT_ONCE = 4096

logging.getLogger("pymodbus.logging").addHandler(logging.NullHandler())
logging.getLogger("pymodbus.logging").propagate = False


class Failed(Exception):
    """A read that gave nothing, and why.

    ``code`` is the device's exception code where it gave one; ``garbled`` says that something
    came which was not the answer, and ``came`` what it was; ``hung_up`` that there was a
    connection, and the device ended it.
    """

    def __init__(
        self,
        cause: Cause,
        *,
        code: int | None = None,
        garbled: bool = False,
        came: bytes = b"",
        hung_up: bool = False,
    ) -> None:
        super().__init__(cause.name)
        self.cause = cause
        self.code = code
        self.garbled = garbled
        self.came = came
        self.hung_up = hung_up


class Line:
    """One connection or serial device, shared by the units on it."""

    def __init__(self, placement: Placement) -> None:
        self._serial = placement.serial is not None
        self._rtu = placement.rtu
        # 3.5 characters of 11 bits between two frames (MODBUS over Serial Line V1.02, 2.5.1.1).
        self._gap_s = max(3.5 * 11 / placement.baud, 0.00175) if placement.serial else 0.0
        self._settle_s = placement.connect_pause_ms / 1000
        self._late = False
        self._came = b""
        self._until_s = 0.0
        self._connects = 0
        self._connected_s = 0.0
        self._answered = False
        self.counts: Counter[str] = Counter()
        """``corrupt``: the bytes that came were not the answer (CRC, length, unit); and
        ``reconnects``.
        """
        client = self._client = _client(placement, self._listen)
        self._tcp = None if self._rtu else _tcp_framer(placement, client)
        framer = self._tcp or RtuFramer(client.framer.decoder)
        client.framer = client.transaction.framer = framer
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
        unsure = self._tcp is not None and not self._tcp.alone
        try:
            return self._ask(function, unit, address, count, timeout_ms / 1000)
        except Failed as failed:
            # Many devices hang up on a line that rests; only a fresh one tells of the device. And
            # where a question before is unanswered, a number of the device's own tells nothing.
            stale = failed.cause is Cause.LINE_DOWN or (unsure and failed.garbled)
            if not (used_before and stale):
                raise
        return self._ask(function, unit, address, count, timeout_ms / 1000)

    def _ask(
        self, function: Function, unit: int, address: int, count: int, timeout_s: float
    ) -> list[int]:
        ask, there = self._asks[function], False
        self._came = b""
        try:
            self._open(timeout_s)
            there = True
            answer = ask(address, count=count, device_id=unit)
        except (ConnectionException, ConnectionError) as error:
            self.close()
            raise Failed(Cause.LINE_DOWN, hung_up=there, came=self._came) from error
        except WrongAnswer as error:
            raise self._wrong(error.frame) from error
        except (ModbusException, OSError) as error:
            if self._tcp and self._tcp.wrong:
                self._tcp.learn()
                raise self._wrong(self._tcp.wrong) from error
            heard = bool(self._came)
            self.counts["corrupt"] += heard
            self._mistrust(silent=not heard)
            raise Failed(Cause.TIMEOUT, garbled=heard, came=self._came) from error
        self._answered = True
        return _held(answer, function, count)

    def _wrong(self, frame: bytes) -> Failed:
        """Somebody answers, and something else than was asked."""
        self.counts["corrupt"] += 1
        self._mistrust()
        return Failed(Cause.DEVICE_REFUSED, garbled=True, came=frame)

    def _open(self, timeout_s: float) -> None:
        if not self._client.connected:
            self._be_patient(timeout_s)
            if not self._client.connect():
                raise ConnectionException
            self._begin()
        if self._rtu:
            self._be_patient(QUIET_S if self._late else 0.0)
            self._drain()
            time.sleep(self._gap_s)
        self._be_patient(timeout_s)
        self._until_s = time.monotonic() + timeout_s

    def _begin(self) -> None:
        """There is a new connection."""
        self.counts["reconnects"] += self._connects > 0
        self._connects += 1
        self._answered, self._connected_s = False, time.monotonic()
        if self._tcp:
            self._tcp.begin()
            self._client.transaction.next_tid = FIRST_NUMBER
        time.sleep(self._settle_s)

    def _be_patient(self, timeout_s: float) -> None:
        # For silence and for the whole answer: pymodbus keeps two copies of it.
        self._client.comm_params.timeout_connect = timeout_s
        self._client.transaction.comm_params.timeout_connect = timeout_s

    def _drain(self) -> None:
        """Read until the line is quiet: what lies there answers nothing that is asked now, and a
        late answer looks right where answers bear no number.
        """
        until_s = time.monotonic() + LONGEST_DRAIN_S
        while came := self._client.recv(None):
            if time.monotonic() > until_s:
                self._came = came
                raise ModbusException("the line does not come to rest")
        self._late = False

    def _mistrust(self, *, silent: bool = False) -> None:
        """From now on an answer may be that of an earlier request."""
        self._late = self._rtu
        age_s = time.monotonic() - self._connected_s
        if self._tcp and silent and not self._answered and age_s < LONGEST_DEAF_S:
            # A fresh connection would be deaf again; numbers tell a late answer from the next.
            self._tcp.alone = False
        elif not self._serial:
            self.close()

    def _listen(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001  pymodbus calls it
        if not sending:
            self._came = data
            # pymodbus would wait for the rest as long again.
            self._be_patient(max(self._until_s - time.monotonic(), 0.0))
        return data

    def close(self) -> None:
        """Hang up; the next read connects anew, so that a late answer meets nobody."""
        self._client.close()  # type: ignore[no-untyped-call]


class _Tcp(ModbusTcpClient):
    """pymodbus waits by the wall clock: when that is set back by an hour, for an hour."""

    def recv(self, size: int | None) -> bytes:  # noqa: ARG002  a frame ends by itself
        """The bytes that came, as soon as there are any; nothing when patience is at its end.

        Raises:
            ConnectionException: there is no connection, or the device ended it.
        """
        port, came = self.socket, b""
        try:
            if port is not None:
                if not select.select([port], [], [], self.comm_params.timeout_connect)[0]:
                    return b""
                came = port.recv(_MOST_AT_ONCE)
        except OSError as error:
            self.close()  # type: ignore[no-untyped-call]
            raise ConnectionException(str(self)) from error
        if not came:
            self.close()  # type: ignore[no-untyped-call]
            raise ConnectionException(str(self))
        return came


class _Serial(ModbusSerialClient):
    """Waits by the clock that nobody sets, likewise."""

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
    return _Tcp(placement.host, port=placement.port, framer=framer, retries=0, trace_packet=listen)


def _tcp_framer(placement: Placement, client: ModbusTcpClient | ModbusSerialClient) -> TcpFramer:
    return TcpFramer(client.framer.decoder, ignored=placement.numbers == "ignored")


def _held(answer: ModbusPDU, function: Function, count: int) -> list[int]:
    """The words of an answer; coils travel eight a byte, and the last byte is filled up."""
    if answer.isError():
        silent = answer.exception_code == SILENT_BEHIND_GATEWAY
        cause = Cause.TIMEOUT if silent else Cause.DEVICE_REFUSED
        raise Failed(cause, code=answer.exception_code)
    held = answer.bits if function in SINGLE_BITS else answer.registers
    return [int(word) for word in held[:count]]
