"""paho's client with fewer system calls: many packets are read at once, and acknowledged at once.

paho asks the kernel for each field of a packet (MQTT 5 section 2.1: one byte of type, up to four
of length, then the rest) and wakes its thread for each packet sent; each time it gives up the
interpreter lock. Its names with an underscore are used here alone, and the tests of this module
fail when they mean something else.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Protocol

from paho.mqtt.client import Client
from paho.mqtt.enums import MessageType, MQTTErrorCode

READ_BYTES = 1 << 16
PACKETS = 500
"""Handled at most before paho may write and see to its keep-alive."""
_PUBACK = struct.Struct("!BBH")


class Connected(Protocol):
    """A connected socket as paho uses it."""

    def recv(self, size: int, /) -> bytes:
        """Bytes, or none at the end of the stream."""
        ...

    def send(self, data: bytes | bytearray, /) -> int:
        """How many bytes were taken."""
        ...

    def close(self) -> None:
        """End it."""
        ...

    def fileno(self) -> int:
        """Its number in the kernel."""
        ...

    def setblocking(self, flag: bool, /) -> None:  # noqa: FBT001 - as the socket's
        """Whether ``recv`` and ``send`` wait."""
        ...


class BufferedSocket:
    """As much of a connected socket, plain or TLS, as paho uses. ``pending`` tells how many bytes
    are here already, as that of a TLS socket does, which paho asks before it waits for more.
    """

    def __init__(self, connected: Connected) -> None:
        self._connected = connected
        self._decrypted = getattr(connected, "pending", lambda: 0)
        self._bytes = b""
        self._at = 0

    def recv(self, size: int) -> bytes:
        """At most so many bytes, in the order in which they came; none at the end of the stream.

        Raises:
            OSError: the socket's error, once all that came before was returned.
        """
        if self._at == len(self._bytes):
            self._bytes, self._at = self._connected.recv(READ_BYTES), 0
        taken = self._bytes[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def pending(self) -> int:
        """Bytes that can be had without asking the kernel."""
        return len(self._bytes) - self._at + int(self._decrypted())

    def send(self, data: bytes | bytearray) -> int:
        """As the socket's."""
        return self._connected.send(data)

    def close(self) -> None:
        """As the socket's."""
        self._connected.close()

    def fileno(self) -> int:
        """As the socket's."""
        return self._connected.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - as the socket's
        """As the socket's."""
        self._connected.setblocking(flag)


class BufferedClient(Client):
    """A client on a buffered socket."""

    def _create_socket(self) -> BufferedSocket:
        return BufferedSocket(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle what is here, which paho itself would do packet by packet with a wait between."""
        for _ in range(PACKETS):
            outcome = super().loop_read(max_packets)
            connected = self.socket()
            if outcome or not (isinstance(connected, BufferedSocket) and connected.pending()):
                break
        return outcome

    def acknowledge(self, mids: Sequence[int]) -> None:
        """Acknowledge messages of QoS 1 by their packet identifiers, with one write."""
        packets = b"".join(_PUBACK.pack(MessageType.PUBACK, 2, mid) for mid in mids)
        if packets:
            self._packet_queue(MessageType.PUBACK, packets, mids[-1], 1)
