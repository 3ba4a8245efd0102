"""The conversation with one logger: checked, kept and answered. Knows nothing of sockets."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from ipaddress import ip_address, ip_network

from config.catalogue.quality import checks_of
from config.catalogue.shapes import Logger, Station
from config.vocabulary.bounds import cut
from config.vocabulary.health import LoggerHealth
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from edge_agent.clock import BEFORE_US_MS
from edge_agent.hj212 import fields, instants, readings
from edge_agent.hj212.frames import Broken, answer
from edge_agent.hj212.logger_clock import LoggerClock, Zone
from edge_agent.hj212.refusals import Refusals
from edge_agent.hj212.segments import Malformed, Packet
from edge_agent.hj212.senders import Senders
from edge_agent.spool.spool import Spool, SpoolFailed

ODD = "read all the same"
CLOCK_RIGHT_MS = 5 * MINUTE_MS
"""A QN that is no further off tells when its packet was sent."""
IDLE_S = 600.0
"""Patience with a silent logger, beyond two of its packets that did not come."""
_MOST_REASONS = 64
"""That are told apart in the log."""
_MOST_NAMES = 12
_PERIODS_MS = {"real-time": 0, "minute": MINUTE_MS, "hour": HOUR_MS}
_VERSIONS = {"2017": (1,), "2025": (2,), "water": (1, 2)}
"""The values of Flag; surface-water stations were seen with either."""
_OF_2005 = 0
_COUNTED = frozenset({"2011", "2051", "2061", "2031", "2062", "9015"})
_STORED = frozenset({"2011", "2051", "2061", "2031", "2062"})
"""Data that a logger keeps and sends again until they are answered."""
_ANSWERS = frozenset({"9011", "9012", "9013", "9014"})

State = Callable[[str, Sample], Sample]
"""Gives a sample the operation state that was declared for the logger of an MN."""
Stored = Callable[[Mapping[str, Measured], int], bool]
"""Hears the readings of an instant that are kept, and says whether they are late."""

log = logging.getLogger(__name__)


def as_it_is(_mn: str, sample: Sample) -> Sample:
    """No state was declared."""
    return sample


class Stranger(Exception):
    """A packet that is not of the placement's logger: which fields differ, and how."""

    def __init__(self, differing: Mapping[str, str]) -> None:
        super().__init__(", ".join(differing.values()))
        self.fields = " and ".join(differing)


class Door:
    """One logger's packets: known, read, kept, answered; and what is wrong with them, said once.

    ``limits`` are the detection limits of its codes, in the indicator's unit; ``cadence_ms`` is
    the station's.
    """

    def __init__(
        self,
        station_id: str,
        logger: Logger,
        spool: Spool,
        now_ms: Callable[[], int],
        clock_s: Callable[[], float] = time.monotonic,
        *,
        state: State = as_it_is,
        stored: Stored = lambda *_: False,
        limits: Mapping[str, float] | None = None,
        cadence_ms: int = MINUTE_MS,
    ) -> None:
        self.logger = logger
        self.idle_s = IDLE_S + 2 * max(cadence_ms, _PERIODS_MS[logger.of]) / 1000
        """Without a packet for so long a caller is gone; one that lives calls again."""
        self.decrypt = _decryption(logger)
        self.counts: Counter[str] = Counter()
        """Packets and bytes by what became of them."""
        self.refusals = Refusals()
        self._said: Counter[tuple[str, str]] = Counter()
        self._callers = [ip_network(one) for one in logger.callers]
        self._name = f"{station_id}: logger {logger.mn}"
        self._spool = spool
        self._now_ms = now_ms
        self._clock_s = clock_s
        self._state = state
        self._stored = stored
        self._parts = readings.Services(strict=logger.strict)
        self._limits = limits or {}
        self._clock = LoggerClock()
        self._zone = Zone(_PERIODS_MS[logger.of])
        self._zone_off_ms = 0
        near_ms, window_s = 2 * cadence_ms + MINUTE_MS, max(600.0, 3 * cadence_ms / 1000)
        self._senders = Senders(near_ms, window_s)

    def admits(self, host: str) -> bool:
        """Whether the logger may call from an address; another one is noted."""
        if not self._callers or any(ip_address(host) in one for one in self._callers):
            return True
        self.refuse("caller from elsewhere", f"{host} is not among the callers", b"", host)
        return False

    def take(self, packet: Packet, caller: str = "") -> list[bytes]:
        """The answers to a packet; none while something of it is not kept.

        Raises:
            Stranger: it is another's.
        """
        self._know(packet)
        self._note_clock(packet)
        for oddity in packet.oddities:
            self._odd(oddity, packet, caller)
        if readings.carries(packet, self.logger):
            return self._kept(packet, caller)
        kind = f"CN {packet.cn}" if packet.cn in _COUNTED else "other CN"
        if packet.cn in readings.COMMANDS and not self.counts["stored"] + self.counts["repeated"]:
            self.note(kind, f"nothing yet of what is asked for, {self.logger.of}")
        else:
            self.counts[kind] += 1
        return _answered(packet)

    def note(self, what: str, why: str = "", count: int = 1) -> None:
        """Count a trouble; it is said again when it has doubled, so that no flood fills a log."""
        self.counts[what] += count
        key = (what, why) if len(self._said) < _MOST_REASONS else (what, "")
        before, self._said[key] = self._said[key], self._said[key] + count
        if self._said[key].bit_length() > before.bit_length():
            said = f"{what} ({why})" if why else what
            log.warning("%s: %s, %d until now", self._name, said, self._said[key])

    def refuse(self, what: str, why: str, data: bytes, caller: str, count: int = 1) -> None:
        """Note what was not taken, and keep the first of its kind to look at."""
        self.note(what, why, count)
        self._keep_first(what, why, data, caller, count)

    def broken(self, found: Broken, caller: str) -> None:
        """Bytes that are no packet came."""
        self.refuse(found.reason, found.detail, found.data, caller, found.skipped)

    def odd(self, what: str, caller: str) -> None:
        """Note an oddity around a packet that was taken."""
        self.note(ODD, what)
        self._keep_first(ODD, what, b"", caller, 1, taken=True)

    def _odd(self, what: str, packet: Packet, caller: str) -> None:
        self.note(ODD, what)
        self._keep_first(ODD, what, packet.raw, caller, 1, taken=True)

    def _keep_first(
        self, what: str, why: str, data: bytes, caller: str, count: int, *, taken: bool = False
    ) -> None:
        self.refusals.note(what, why, count, self._now_ms(), data=data, caller=caller, taken=taken)

    def minute_report(self) -> LoggerHealth:
        """Until now; of the clock, from the last call on."""
        zone_off_ms, self._zone_off_ms = self._zone_off_ms, 0
        return LoggerHealth(
            dict(self.counts),
            self._clock.minute(),
            data_time_behind_ms=zone_off_ms,
            senders=list(self._senders.known(self._clock_s())),
        )

    def _note_clock(self, packet: Packet) -> None:
        """A packet that is sent again bears the time of the first sending. By a clock that was
        never set no other is judged.
        """
        now_ms = self._now_ms()
        if not packet.rf and packet.sent_ms is not None and now_ms >= BEFORE_US_MS:
            behind_ms = now_ms - packet.sent_ms
            self._clock.heard(behind_ms, may_have_waited=packet.cn in _STORED)

    def _know(self, packet: Packet) -> None:
        placed = self.logger
        differing = {}
        if packet.mn != placed.mn:
            differing["MN"] = f"MN {packet.mn[:40]} is not {placed.mn}"
        if packet.pw != placed.password:
            differing["PW"] = "PW is another"
        versions = _VERSIONS[placed.profile]
        if packet.version not in (versions if placed.strict else (_OF_2005, *versions)):
            differing["Flag"] = f"Flag {packet.flag} is not of profile {placed.profile}"
        if differing:
            raise Stranger(differing)

    def _kept(self, packet: Packet, caller: str) -> list[bytes]:
        try:
            ready = self._parts.take(packet, self._clock_s())
            said = [(part, self._read(part, at)) for part, at in ready]
        except Malformed as error:
            self.refuse("unreadable", str(error), packet.raw, caller)
            return []
        answers: list[bytes] = []
        for part, one in said:
            for oddity in one.oddities:
                self._odd(oddity, part, caller)
            try:
                self._keep(part, one.samples, caller)
            except SpoolFailed as failed:
                self.note("not kept", str(failed))
                return answers
            answers += _answered(part)
        return answers

    def _read(self, part: Packet, data_time: str) -> readings.Reading:
        """Its samples; all in doubt where DataTime is hours off a QN that is right."""
        one = readings.read(part, data_time, self.logger, self._limits)
        off_ms = self._zone_of(part, data_time)
        if not off_ms:
            return one
        self._zone_off_ms = off_ms
        said = (
            f"DataTime is {abs(off_ms) // HOUR_MS} h {'behind' if off_ms > 0 else 'ahead of'} QN"
        )
        doubted = [replace(sample, clock=Clock.NEVER_SET) for sample in one.samples]
        return readings.Reading(doubted, (*one.oddities, said))

    def _zone_of(self, part: Packet, data_time: str) -> int:
        now_ms, sent_ms = self._now_ms(), part.sent_ms
        data_ms = instants.instant_of(data_time, strict=self.logger.strict)
        if sent_ms is None:
            sent_ms = now_ms  # without QN, when it came
        if data_ms is None or part.rf or abs(now_ms - sent_ms) > CLOCK_RIGHT_MS:
            return 0
        return self._zone.off_ms(data_ms, sent_ms)

    def _keep(self, part: Packet, samples: list[Sample], caller: str) -> None:
        if not samples:
            sent = ", ".join(fields.read(part, strict=self.logger.strict).codes[:_MOST_NAMES])
            why = f"of {', '.join(self.logger.codes)}; it sends {sent or 'none'}"
            self.refuse("without readings", why, part.raw, caller)
            return
        for sample in samples:
            self._note_unknown(part, sample)
            self._keep_one(sample, caller)

    def _keep_one(self, read: Sample, caller: str) -> None:
        sample = self._state(self.logger.mn, read)
        if not self._spool.append_once(self.logger.mn, sample, self._now_ms()):
            self.counts["repeated"] += 1
            return
        self.counts["stored"] += 1
        self.counts["late"] += self._stored(sample.readings, sample.taken_ms)
        good = sum(one.good for one in sample.readings.values())
        self.counts["good readings"] += good
        self.counts["failed readings"] += len(sample.readings) - good
        if self._senders.heard(caller, sample.taken_ms, sample.readings, self._clock_s()):
            callers = " and ".join(self._senders.known(self._clock_s()))
            self.note("two senders", f"with this MN, in turns: {callers}")

    def _note_unknown(self, part: Packet, sample: Sample) -> None:
        for code, one in sample.readings.items():
            if one.cause is Cause.UNKNOWN_STATE:
                said = readings.marks(part, code, self.logger)
                self.note("unknown mark", cut(f"{said}, profile {self.logger.profile}"))


def _answered(packet: Packet) -> list[bytes]:
    """9014 to data, 9013 to what is a notice; nothing to an answer, or whoever wants none."""
    if not packet.wants_answer or packet.cn in _ANSWERS:
        return []
    return [answer(packet, "9013" if packet.cn[0] in "19" else "9014")]


def limits_of(station: Station, logger: Logger) -> dict[str, float]:
    """Detection limits of a logger's codes, where quality control knows them."""
    found = {code: checks_of(code, station.quality).detection for code in logger.codes}
    return {code: limit for code, limit in found.items() if limit}


def _decryption(logger: Logger) -> Callable[[bytes], bytes] | None:
    if logger.key is None:
        return None
    from edge_agent.hj212.sm4 import decrypt  # noqa: PLC0415  megabytes that few stations need

    return partial(decrypt, bytes.fromhex(logger.key))
