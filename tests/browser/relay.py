"""A way to the pages that can hold every byte, with connections open, as a tunnel does to a phone."""

from __future__ import annotations

import contextlib
import socket
import threading


class Relay:
    """Listens at ``port`` and leads to another one of this machine."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._passing = threading.Event()
        self._passing.set()
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def hold(self) -> None:
        """Nothing passes; nobody is told."""
        self._passing.clear()

    def release(self) -> None:
        """All that was held passes, and what comes after it."""
        self._passing.set()

    def close(self) -> None:
        """End every connection."""
        self._passing.set()
        for end in (self._listening, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join()

    def _run(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to))
                except OSError:
                    near.close()
                    continue
                self._ends += [near, far]
                self._run(self._lead, near, far)
                self._run(self._lead, far, near)

    def _lead(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self._passing.wait()
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
