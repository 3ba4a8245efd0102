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
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from config.catalogue.shapes import Logger, Station
from config.vocabulary.errors import Refused
from config.vocabulary.health import LoggerHealth
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured, Sample
from edge_agent.hj212 import readings
from edge_agent.hj212.frames import Broken, Frames, Malformed, Packet, answer
from edge_agent.spool.spool import Spool, SpoolFailed

MOST_CALLERS = 8
"""At one logger's port."""
MOST_GARBAGE = 16 * 1024
"""Bytes that are no packet, in a row; then the caller is no logger."""
IDLE_S = 600.0
"""Without a packet for so long a caller is gone; one that lives calls again."""
TURN_S = 0.2
_RECEIVE = 4096

_VERSIONS = {"2017": (1,), "2025": (2,), "water": (1, 2)}
"""The values of Flag; surface-water stations were seen with either."""
_COUNTED = frozenset({"2011", "2051", "2061", "2031", "2062", "9015"})
_ANSWERS = frozenset({"9011", "9012", "9013", "9014"})

State = Callable[[str, Sample], Sample]
"""Gives a sample the operation state that was declared for the logger of an MN."""
Stored = Callable[[Mapping[str, Measured], int], bool]
"""Hears the readings of an instant that are kept, and says whether they are late."""

log = logging.getLogger(__name__)


def _as_it_is(_mn: str, sample: Sample) -> Sample:
    return sample


class Stranger(Exception):
    """A packet that is not of the placement's logger: which fields differ, and how."""

    def __init__(self, differing: Mapping[str, str]) -> None:
        super().__init__(", ".join(differing.values()))
        self.fields = " and ".join(differing)


class Door:
    """The conversation with one logger: checked, kept and answered. Knows nothing of sockets."""

    def __init__(
        self,
        station_id: str,
        logger: Logger,
        spool: Spool,
        now_ms: Callable[[], int],
        clock_s: Callable[[], float] = time.monotonic,
        *,
        state: State = _as_it_is,
        stored: Stored = lambda *_: False,
    ) -> None:
        self.logger = logger
        self.decrypt = _decryption(logger)
        self.counts: Counter[str] = Counter()
        """Packets and bytes by what became of them."""
        self._quickest_ms: int | None = None
        self._behind_ms: int | None = None
        self._name = f"{station_id}: logger {logger.mn}"
        self._spool = spool
        self._now_ms = now_ms
        self._clock_s = clock_s
        self._state = state
        self._stored = stored
        self._parts = readings.Services()

    def take(self, packet: Packet) -> list[bytes]:
        """The answers to a packet; none while something of it is not kept.

        Raises:
            Stranger: it is another's.
        """
        self._know(packet)
        self._note_clock(packet)
        if readings.carries(packet, self.logger):
            return self._kept(packet)
        kind = f"CN {packet.cn}" if packet.cn in _COUNTED else "other CN"
        if packet.cn in readings.COMMANDS and not self.counts["stored"] + self.counts["repeated"]:
            self.note(kind, f"nothing yet of what is asked for, {self.logger.of}")
        else:
            self.counts[kind] += 1
        return _answered(packet)

    def note(self, what: str, why: str = "", count: int = 1) -> None:
        """Count a trouble; it is said again when it has doubled, so that no flood fills a log."""
        before, self.counts[what] = self.counts[what], self.counts[what] + count
        if self.counts[what].bit_length() > before.bit_length():
            said = f"{what} ({why})" if why else what
            log.warning("%s: %s, %d until now", self._name, said, self.counts[what])

    def minute_report(self) -> LoggerHealth:
        """Until now; of the clock, from the last call on."""
        if self._quickest_ms is not None:
            self._behind_ms, self._quickest_ms = self._quickest_ms, None
        return LoggerHealth(dict(self.counts), self._behind_ms)

    def _note_clock(self, packet: Packet) -> None:
        """A packet that is sent again bears the time of the first sending."""
        if not packet.rf:
            took_ms = self._now_ms() - packet.sent_ms
            known_ms = self._quickest_ms
            self._quickest_ms = took_ms if known_ms is None else min(known_ms, took_ms)

    def _know(self, packet: Packet) -> None:
        placed = self.logger
        differing = {}
        if packet.mn != placed.mn:
            differing["MN"] = f"MN {packet.mn} is not {placed.mn}"
        if packet.pw != placed.password:
            differing["PW"] = "PW is another"
        if packet.version not in _VERSIONS[placed.profile]:
            differing["Flag"] = f"Flag {packet.flag} is not of profile {placed.profile}"
        if differing:
            raise Stranger(differing)

    def _kept(self, packet: Packet) -> list[bytes]:
        try:
            ready = self._parts.take(packet, self._clock_s())
            said = [(part, readings.sample(part, at, self.logger)) for part, at in ready]
        except Malformed as error:
            self.note("unreadable", str(error))
            return []
        answers: list[bytes] = []
        for part, sample in said:
            self._note_unknown(part, sample)
            try:
                self._keep(sample)
            except SpoolFailed as failed:
                self.note("not kept", str(failed))
                return answers
            answers += _answered(part)
        return answers

    def _keep(self, sample: Sample) -> None:
        if not sample.readings:
            self.note("without readings", f"of {', '.join(self.logger.codes)}")
            return
        sample = self._state(self.logger.mn, sample)
        if not self._spool.append_once(self.logger.mn, sample, self._now_ms()):
            self.counts["repeated"] += 1
            return
        self.counts["stored"] += 1
        self.counts["late"] += self._stored(sample.readings, sample.taken_ms)
        good = sum(one.good for one in sample.readings.values())
        self.counts["good readings"] += good
        self.counts["failed readings"] += len(sample.readings) - good

    def _note_unknown(self, part: Packet, sample: Sample) -> None:
        for code, one in sample.readings.items():
            if one.cause is Cause.UNKNOWN_STATE:
                said = readings.marks(part, code)
                self.note("unknown mark", f"{said}, profile {self.logger.profile}")


def _answered(packet: Packet) -> list[bytes]:
    """9014 to data, 9013 to what is a notice; nothing to an answer, or whoever wants none."""
    if not packet.wants_answer or packet.cn in _ANSWERS:
        return []
    return [answer(packet, "9013" if packet.cn[0] in "19" else "9014")]


@dataclass(slots=True, eq=False)
class _Caller:
    """One connection. ``heard_s`` is when it sent a packet last, at first when it called."""

    sock: socket.socket
    door: Door
    frames: Frames
    heard_s: float
    known: bool = False
    garbage: int = 0


class Loggers:
    """Listens for the loggers of one station; ``failed`` hears what ends that, if anything does.

    Raises:
        Refused: a port is in use, or the host is not this machine's.
    """

    def __init__(
        self,
        station: Station,
        spool: Spool,
        now_ms: Callable[[], int],
        *,
        state: State = _as_it_is,
        stored: Stored = lambda *_: False,
        failed: Callable[[Exception], None] = lambda _: None,
        idle_s: float = IDLE_S,
    ) -> None:
        self.doors = [
            Door(station.id, logger, spool, now_ms, state=state, stored=stored)
            for logger in station.loggers
        ]
        self._idle_s = idle_s
        self._failed = failed
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
            now_s = time.monotonic()
            for caller in [one for one in self._callers if now_s - one.heard_s > self._idle_s]:
                self._drop(caller)

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
            sock, _ = listener.accept()
        except OSError:  # gone before it was let in
            return
        sock.setblocking(False)
        here = [one for one in self._callers if one.door is door]
        if len(here) >= MOST_CALLERS:
            door.note("too many callers")
            self._drop(min(here, key=lambda one: (one.known, one.heard_s)))
        caller = _Caller(sock, door, Frames(door.decrypt), time.monotonic())
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
        door = caller.door
        for found in caller.frames.feed(data):
            if isinstance(found, Broken):
                door.note(found.reason, count=found.skipped)
                caller.garbage += found.skipped
                continue
            try:
                answers = door.take(found)
            except Stranger as error:
                door.note(f"refused for {error.fields}", str(error))
                return False
            caller.known, caller.garbage, caller.heard_s = True, 0, time.monotonic()
            for answered in answers:
                if not _sent(caller.sock, answered):
                    return False
        if caller.garbage > MOST_GARBAGE:
            door.note("no logger")
            return False
        return True

    def _drop(self, caller: _Caller) -> None:
        self._callers.remove(caller)
        self._selector.unregister(caller.sock)
        caller.sock.close()

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


def _decryption(logger: Logger) -> Callable[[bytes], bytes] | None:
    if logger.key is None:
        return None
    from edge_agent.hj212.sm4 import decrypt  # noqa: PLC0415  megabytes that few stations need

    return partial(decrypt, bytes.fromhex(logger.key))


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
