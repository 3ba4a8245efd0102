"""Data loggers that speak HJ 212 and call the agent: listen, check, keep, answer.

An answer goes out after the spool's commit and never before: an answered packet is forgotten by
its logger. One thread serves all loggers of a station; a caller costs a socket and one frame of
memory.
"""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.catalogue.shapes import Logger, Station
from config.vocabulary.errors import Refused
from edge_agent.hj212.door import Door, State, Stored, Stranger, as_it_is, limits_of
from edge_agent.hj212.frames import Broken, Frames, Odd
from edge_agent.hj212.refusals import RefusalsFile
from edge_agent.hj212.segments import Packet
from edge_agent.spool.spool import Spool

MOST_CALLERS = 8
"""At one logger's port."""
MOST_GARBAGE = 16 * 1024
"""Bytes that are no packet, in a row; then the caller is no logger."""
ALIVE_S = (600, 60, 3)
"""A silent connection is probed after so long, so often in seconds, so many times: one whose
logger lost its power is gone, one through a mobile network is kept open.
"""
TURN_S = 0.2
_RECEIVE = 4096

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Caller:
    """One connection. ``heard_s`` is when it sent a packet last, at first when it called."""

    sock: socket.socket
    door: Door
    frames: Frames
    heard_s: float
    address: str
    known: bool = False
    garbage: int = 0


class Loggers:
    """Listens for the loggers of one station; ``failed`` hears what ends that, if anything does.
    ``idle_s`` is the patience with silent callers, by default what each logger's packets ask for.

    Raises:
        Refused: a port is in use, or the host is not this machine's.
    """

    def __init__(
        self,
        station: Station,
        spool: Spool,
        now_ms: Callable[[], int],
        *,
        state: State = as_it_is,
        stored: Stored = lambda *_: False,
        failed: Callable[[Exception], None] = lambda _: None,
        idle_s: float | None = None,
        clock_s: Callable[[], float] = time.monotonic,
        refused: Path | None = None,
    ) -> None:
        self.doors = [
            Door(
                station.id,
                logger,
                spool,
                now_ms,
                clock_s,
                state=state,
                stored=stored,
                limits=limits_of(station, logger),
                cadence_ms=station.cadence_ms,
            )
            for logger in station.loggers
        ]
        self._idle_s, self._clock_s = idle_s, clock_s
        self._failed = failed
        self._now_ms = now_ms
        kept = {door.logger.mn: door.refusals for door in self.doors}
        self._refused = RefusalsFile(refused, kept)
        self._stop = threading.Event()
        name = f"loggers {station.id}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._selector = selectors.DefaultSelector()
        self._listeners: list[socket.socket] = []
        self._callers: list[_Caller] = []
        try:
            for door in self.doors:
                self._listeners.append(_listening(door.logger))
                self._selector.register(self._listeners[-1], selectors.EVENT_READ, door)
        except Exception:
            self._hang_up()
            raise

    def start(self) -> None:
        """Serve from now on, if there are any."""
        if self.doors:
            self._thread.start()

    def close(self) -> None:
        """Leave no thread and no socket; a second time there is none."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            for caller in self._callers:
                self._note_rest(caller)
            self._refused.keep(self._now_ms(), ending=True)
        finally:
            self._hang_up()

    def _run(self) -> None:
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001  it is raised where the agent's round is
            self._failed(error)

    def _serve(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(TURN_S):
                try:
                    self._turn(key)
                except Exception:  # the outermost: nothing that one says may end it for all
                    log.exception("loggers")
            for caller in [one for one in self._callers if self._is_idle(one)]:
                self._drop(caller)
            self._refused.keep(self._now_ms())

    def _is_idle(self, caller: _Caller) -> bool:
        idle_s = caller.door.idle_s if self._idle_s is None else self._idle_s
        return self._clock_s() - caller.heard_s > idle_s

    def _turn(self, key: selectors.SelectorKey) -> None:
        if isinstance(key.data, Door):
            self._admit(key.fileobj, key.data)  # type: ignore[arg-type]
        elif key.data in self._callers:
            stays = False
            try:
                stays = self._heard(key.data)
            finally:
                if not stays:
                    self._drop(key.data)

    def _admit(self, listener: socket.socket, door: Door) -> None:
        """Where connections are too many, one that never sent a packet goes first, then the most
        silent.
        """
        try:
            sock, peer = listener.accept()
        except OSError:  # gone before it was let in
            return
        if not door.admits(peer[0]):
            sock.close()
            return
        sock.setblocking(False)
        _probe_when_silent(sock)
        here = [one for one in self._callers if one.door is door]
        if len(here) >= MOST_CALLERS:
            door.note("too many callers")
            self._drop(min(here, key=lambda one: (one.known, one.heard_s)))
        frames = Frames(door.decrypt, lenient=not door.logger.strict)
        caller = _Caller(sock, door, frames, self._clock_s(), f"{peer[0]}:{peer[1]}")
        self._callers.append(caller)
        self._selector.register(sock, selectors.EVENT_READ, caller)

    def _heard(self, caller: _Caller) -> bool:
        """False when the caller is gone, or has to go."""
        try:
            data = caller.sock.recv(_RECEIVE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return bool(data) and self._taken(caller, data)

    def _taken(self, caller: _Caller, data: bytes) -> bool:
        for found in caller.frames.feed(data):
            if isinstance(found, Broken):
                caller.door.broken(found, caller.address)
                caller.garbage += found.skipped
            elif isinstance(found, Odd):
                caller.door.odd(found.what, caller.address)
            elif not self._answered(caller, found):
                return False
        if caller.garbage > MOST_GARBAGE:
            caller.door.note("no logger")
            return False
        return True

    def _answered(self, caller: _Caller, packet: Packet) -> bool:
        """False when the caller has to go: it is another's, or does not take its answer."""
        door = caller.door
        try:
            answers = door.take(packet, caller.address)
        except Stranger as error:
            what = f"refused for {error.fields}"
            door.refuse(what, str(error), packet.raw, caller.address)
            return False
        caller.known, caller.garbage, caller.heard_s = True, 0, self._clock_s()
        return all(_sent(caller.sock, one) for one in answers)

    def _drop(self, caller: _Caller) -> None:
        self._note_rest(caller)
        self._callers.remove(caller)
        self._selector.unregister(caller.sock)
        caller.sock.close()

    def _note_rest(self, caller: _Caller) -> None:
        """Bytes that waited for more at the end of a connection leave a trace."""
        rest = caller.frames.rest.strip(b"\r\n")
        if rest:
            caller.door.refuse("cut off", "the rest of a packet never came", rest, caller.address)

    def _hang_up(self) -> None:
        for sock in (*self._listeners, *(caller.sock for caller in self._callers)):
            sock.close()
        self._selector.close()


def _sent(sock: socket.socket, data: bytes) -> bool:
    """Whether it went out at once; who does not even take an answer is not waited for."""
    try:
        return sock.send(data) == len(data)
    except OSError:
        return False


def _probe_when_silent(sock: socket.socket) -> None:
    idle_s, every_s, times = ALIVE_S
    with suppress(OSError, AttributeError):  # only to lose a dead one sooner
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, every_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, times)


def _listening(logger: Logger) -> socket.socket:
    where = f"port {logger.port} (HJ 212)"
    family = socket.AF_INET6 if ":" in logger.host else socket.AF_INET
    try:
        sock = socket.create_server((logger.host, logger.port), family=family)
    except (OSError, ValueError) as error:  # ValueError: a name that is no host's
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            remedy = "stop what uses it or give the logger another port in stations.toml"
            raise Refused(where, "is in use", remedy) from error
        what = f"cannot be opened on {logger.host} ({getattr(error, 'strerror', error)})"
        raise Refused(where, what, "mend host or port in stations.toml") from error
    sock.setblocking(False)
    return sock
