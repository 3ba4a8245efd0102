"""A broker of a few lines that limits, refuses and hangs up as it is told to; what it takes it
settles at once, in the place of a centre.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from config.vocabulary import topics, wire

FAILURE = 0x80
CONNECT, PUBLISH, SUBSCRIBE, DISCONNECT = 1, 3, 8, 14


class Published(NamedTuple):
    """One PUBLISH packet as it came; ``size``: of all of it, in bytes."""

    topic: str
    payload: bytes
    size: int


class ScriptedBroker:
    """Takes one connection after the other. ``code`` gives the reason code of a PUBACK, None hangs
    up without a word.
    """

    def __init__(
        self,
        *,
        version: int = 5,
        most: int | None = None,
        code: Callable[[Published], int | None] = lambda _: 0,
        granted: int = 1,
    ) -> None:
        self._version, self._most, self._code, self._granted = version, most, code, granted
        self.published: list[Published] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._line: socket.socket | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._line = line
            with line, contextlib.suppress(ConnectionError, OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        with line.makefile("rb") as stream:
            while first := stream.read(1):
                length, power, head = 0, 0, 1
                while True:
                    (byte,) = stream.read(1)
                    head += 1
                    length += (byte & 127) << power
                    power += 7
                    if byte < 128:
                        break
                answer = self._answer(first[0] >> 4, stream.read(length), head + length)
                if answer is None:
                    return
                line.sendall(answer)

    def _answer(self, kind: int, body: bytes, size: int) -> bytes | None:
        new = self._version == 5
        if kind == CONNECT:
            if body[6] != self._version:
                return None
            self.connections += 1
            limit = b"" if self._most is None else b"\x27" + struct.pack(">I", self._most)
            properties = bytes([len(limit)]) + limit if new else b""
            return bytes([0x20, 2 + len(properties), 0, 0]) + properties
        if kind == SUBSCRIBE:
            topics = 2
            granted = bytes([self._granted] * topics)
            return bytes([0x90, 2 + new + topics]) + body[:2] + b"\0" * new + granted
        if kind == PUBLISH:
            return self._puback(body, size)
        return b""

    def _puback(self, body: bytes, size: int) -> bytes | None:
        end = 2 + int.from_bytes(body[:2], "big")
        payload = body[end + 2 + (self._version == 5) :]
        found = Published(body[2:end].decode(), payload, size)
        code = self._code(found)
        if code is None:
            return None
        self.published.append(found)
        reason = bytes([code]) if self._version == 5 else b""
        puback = bytes([0x40, 2 + len(reason)]) + body[end : end + 2] + reason
        return puback + (self._settled(found.topic) if code < FAILURE else b"")

    def _settled(self, topic: str) -> bytes:
        """The acknowledgement of the centre, as a PUBLISH of QoS 0."""
        parts = topic.split("/")
        if len(parts) < 7 or self._granted >= FAILURE:
            return b""
        address = topics.parse_topic(topic)
        ack = wire.Ack(wire.VERSION, address.boot, [(address.first, address.last)])
        name = topics.station_topic(address.site, address.station, "ack").encode()
        rest = struct.pack(">H", len(name)) + name + b"\0" * (self._version == 5)
        rest += msgspec.json.encode(ack)
        return b"\x30" + bytes([len(rest) % 128 | 128, len(rest) // 128]) + rest

    def close(self) -> None:
        """Hang up on everybody."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
