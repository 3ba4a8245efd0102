"""The lines on which pretended instruments answer: Modbus TCP, RTU over TCP, RTU on ptys."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import tty
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pymodbus import FramerType
from pymodbus.constants import ExcCodes
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import SimDevice

from config.catalogue.shapes import Placement
from config.listening import stop_listening
from config.vocabulary.errors import Refused

UNIT_AT = 6
"""Where an answer over TCP bears its unit, behind number, protocol and length."""


class Served:
    """A line with everything on it, until it is shut down."""

    def __init__(self, server: ModbusTcpServer | ModbusSerialServer, wire: Wire | None) -> None:
        self._server = server
        self._wire = wire

    async def shutdown(self) -> None:
        """Nobody answers any more; a serial device is gone."""
        if isinstance(self._server.transport, asyncio.Server):
            await stop_listening(self._server.transport)
        await self._server.shutdown()  # type: ignore[no-untyped-call]
        if self._wire:
            self._wire.close()


async def serve(
    placement: Placement,
    devices: Sequence[SimDevice],
    spoken: Callable[[int, bytes], bytes] = lambda _unit, answer: answer,
) -> Served:
    """Answer with these devices on a placement's line; ``spoken`` says what arrives of a unit's
    answer.

    Raises:
        Refused: a port in use, a host of another machine, a serial device that cannot be.
    """
    if placement.serial and placement.parity != "N":
        remedy = 'write parity = "N" to try it'
        raise Refused(f"serial device {placement.serial}", "a pty knows no parity", remedy)
    units = {device.id for device in devices}

    def keep_silent(sending: bool, data: bytes) -> bytes:  # noqa: FBT001  pymodbus calls it
        """On RTU nobody answers for a unit that is not there."""
        if not sending:
            return data
        return spoken(data[0], data) if data[0] in units else b""

    def speak(sending: bool, data: bytes) -> bytes:  # noqa: FBT001  likewise
        return spoken(data[UNIT_AT], data) if sending and len(data) > UNIT_AT else data

    def blame(sending: bool, answer: ModbusPDU) -> ModbusPDU:  # noqa: FBT001  likewise
        """A gateway answers for it; pymodbus itself would speak of a broken device."""
        if sending and answer.dev_id not in units:
            answer.exception_code = ExcCodes.GATEWAY_NO_RESPONSE
        return answer

    wire = Wire(Path(placement.serial)) if placement.serial else None
    server: ModbusTcpServer | ModbusSerialServer
    if wire:
        server = ModbusSerialServer(
            list(devices),
            port=wire.far_end,
            baudrate=placement.baud,
            stopbits=placement.stop_bits,
            trace_packet=keep_silent,
        )
    else:
        _must_be_free(placement.host, placement.port)
        server = ModbusTcpServer(
            list(devices),
            address=(placement.host, placement.port),
            framer=FramerType.RTU if placement.rtu else FramerType.SOCKET,
            trace_packet=keep_silent if placement.rtu else speak,
            trace_pdu=None if placement.rtu else blame,
        )
    await server.serve_forever(background=True)
    return Served(server, wire)


class Wire:
    """A serial line: two ptys that hand each other what they get.

    ``name`` becomes a link to the one, as a serial device has a name; ``far_end`` is the other.

    Raises:
        Refused: the name stands for something already, or cannot be given.
    """

    def __init__(self, name: Path) -> None:
        self._name = name
        # The ends are held open, or the wire would be cut when one side closes its device.
        self._near, near_end = os.openpty()
        self._far, far_end = os.openpty()
        self._ends = (near_end, far_end)
        self.far_end = os.ttyname(far_end)
        self._loop = asyncio.get_running_loop()
        for end in self._ends:
            tty.setraw(end)
        try:
            self._link(os.ttyname(near_end))
        except OSError as error:
            self._close_ends()
            remedy = "remove it, or give the instrument another serial device in stations.toml"
            raise Refused(f"serial device {name}", str(error.strerror), remedy) from error
        for source, target in ((self._near, self._far), (self._far, self._near)):
            os.set_blocking(source, False)
            self._loop.add_reader(source, self._carry, source, target)

    def _link(self, target: str) -> None:
        """A link that a killed simulator left behind is taken over."""
        if self._name.is_symlink() and str(self._name.readlink()).startswith("/dev/pts/"):
            self._name.unlink()
        self._name.symlink_to(target)

    @staticmethod
    def _carry(source: int, target: int) -> None:
        # What finds no room is lost, as on a wire.
        with suppress(OSError):
            os.write(target, os.read(source, 4096))

    def _close_ends(self) -> None:
        for descriptor in (self._near, self._far, *self._ends):
            os.close(descriptor)

    def close(self) -> None:
        """Cut it, and take its name away."""
        self._loop.remove_reader(self._near)
        self._loop.remove_reader(self._far)
        self._close_ends()
        self._name.unlink(missing_ok=True)


def _must_be_free(host: str, port: int) -> None:
    where = f"port {port} (Modbus)"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                remedy = "stop what uses it or give the station another port in stations.toml"
                raise Refused(where, "is in use", remedy) from error
            what = f"cannot be opened on {host} ({error.strerror})"
            raise Refused(where, what, "mend host or port in stations.toml") from error
