"""The line between an agent and its broker: may be slow or cut, and counts what the agent says."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from dataclasses import dataclass

from config.vocabulary import wire

CONNECT, PUBLISH = 1, 3
LEVEL_AT = 6
"""Where a CONNECT tells the version of the protocol."""
AT_ONCE = 65_536
SLICE = 256
"""Bytes that a slow line passes on at once."""


@dataclass
class Said:
    """Of samples: how often one was sent, and in how many bytes of messages."""

    samples: int = 0
    bytes: int = 0


class Link:
    """Listens at ``port`` and leads to another one of this machine.

    With ``bytes_s`` it passes on so many bytes a second of what the agent says, and buffers little.
    """

    def __init__(self, to: int, bytes_s: float = math.inf) -> None:
        self.said = Said()
        self._to = to
        self._bytes_s = bytes_s
        self._whole = threading.Event()
        self._whole.set()
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        if bytes_s < math.inf:
            self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLICE)
        self.port: int = self._door.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._run(self._listen)

    def _run(self, work: object, *arguments: object) -> None:
        assert callable(work)
        self._threads.append(threading.Thread(target=work, args=arguments))
        self._threads[-1].start()

    def _listen(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            try:
                assert self._whole.is_set()
                far = socket.create_connection(("127.0.0.1", self._to), 1)
                far.settimeout(None)
            except (OSError, AssertionError):
                guest.close()
                continue
            self._open |= {guest, far}
            self._run(self._lead, guest, far, Listener(self.said))
            self._run(self._lead, far, guest, None)

    def _lead(self, source: socket.socket, sink: socket.socket, listener: Listener | None) -> None:
        with contextlib.suppress(OSError):
            slow = listener is not None and self._bytes_s < math.inf
            while self._whole.is_set() and (data := source.recv(SLICE if slow else AT_ONCE)):
                if listener:
                    listener.hear(data)
                if slow:
                    time.sleep(len(data) / self._bytes_s)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Every connection ends, and none comes about."""
        self._whole.clear()
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def mend(self) -> None:
        """Connections come about again."""
        self._whole.set()

    def close(self) -> None:
        """Be gone."""
        self.cut()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join()


class Listener:
    """Takes the stream of one MQTT connection apart."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self._rest = b""
        self._properties = 0

    def hear(self, data: bytes) -> None:
        """Count every message of samples that is whole by now."""
        self._rest += data
        while (found := _packet(self._rest)) is not None:
            kind, body, size = found
            self._rest = self._rest[size:]
            if kind == CONNECT:
                self._properties = int(body[LEVEL_AT] == 5)  # one byte: that there are none
            elif kind == PUBLISH:
                self._count(body)

    def _count(self, body: bytes) -> None:
        """A PUBLISH of QoS 1: topic, packet identifier, properties in MQTT 5, payload."""
        length = int.from_bytes(body[:2], "big")
        kind = body[2 : 2 + length].decode().split("/")[4]
        payload = body[2 + length + 2 + self._properties :]
        if kind in ("readings", "history"):
            live = kind == "readings"
            self._said.samples += 1 if live else len(wire.decode_history(payload).s)
            self._said.bytes += len(payload)


def _packet(data: bytes) -> tuple[int, bytes, int] | None:
    """Type, body and size of the first control packet; None while it is not whole."""
    length, shift = 0, 0
    for at, byte in enumerate(data[1:5], start=1):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            size = at + 1 + length
            return (data[0] >> 4, data[at + 1 : size], size) if len(data) >= size else None
    return None
