"""What HJ 212 packets say of the water or the air: packets to samples. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.catalogue.shapes import Logger
from config.vocabulary.letters import cause_of
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.hj212_frames import Malformed, Packet, instant_ms

MOST_OPEN, MOST_WAITING = 8, 16
"""Packets in parts at once, and parts of each that wait for the instant."""
PATIENCE_S = 60.0
"""A packet in parts that is not heard of for so long is forgotten."""

_KINDS = {"real-time": ("2011", "Rtd"), "minute": ("2051", "Avg"), "hour": ("2061", "Avg")}
"""Which command carries what a logger is placed for, and which field its value."""
COMMANDS = frozenset(command for command, _ in _KINDS.values())
"""Those that carry data of any kind."""
_NUMBER = re.compile(r"[+-]?\d{1,10}(?:\.\d{1,10})?", re.ASCII)


def carries(packet: Packet, logger: Logger) -> bool:
    """Whether a packet's data become readings."""
    return packet.cn == _KINDS[logger.of][0]


def sample(packet: Packet, data_time: str, logger: Logger) -> Sample:
    """The readings of a packet; ``taken_ms`` is its DataTime, of means the period's beginning.

    Raises:
        Malformed: the DataTime is no time, or the fields cannot be read.
    """
    taken_ms = instant_ms(data_time)
    if taken_ms is None:
        raise Malformed(f"DataTime {data_time!r} is no time")
    fields = packet.fields()
    found = {code: _measured(fields, code, logger) for code in logger.codes}
    readings = {code: one for code, one in found.items() if one}
    return Sample(taken_ms, Clock.FREE_RUNNING, readings)


def _measured(fields: Mapping[str, str], code: str, logger: Logger) -> Measured | None:
    """None where a packet says nothing of a code. A value without a mark is taken as normal."""
    text = fields.get(f"{code}-{_KINDS[logger.of][1]}")
    mark = fields.get(f"{code}-Flag")
    cause = Cause.NORMAL if mark is None else cause_of(logger.profile, mark)
    useless = quality_of(cause) in (Quality.BAD, Quality.MISSING)
    if text is None and not useless:
        return None
    if quality_of(cause) is Quality.MISSING:
        return Measured(None, cause)  # what stands there is none of now
    if text is None or not _NUMBER.fullmatch(text):
        return Measured(None, cause if useless else Cause.NOT_A_NUMBER)
    value = float(f"{float(text) * logger.scale.get(code, 1.0):.12g}")
    return Measured(round(value, 9), cause)


@dataclass(slots=True)
class _Open:
    """A packet in parts: its instant, once known, and the parts that wait for it."""

    heard_s: float
    data_time: str | None = None
    waiting: dict[int, Packet] = field(default_factory=dict)


class Parts:
    """Gives parts of a packet their instant.

    Loggers wait for the answer to each part, and an answer promises that it is kept; so a part is
    kept as soon as its instant is known, from itself or from another of the same QN and CN.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], _Open] = {}

    def take(self, packet: Packet, now_s: float) -> list[tuple[Packet, str]]:
        """What can be read now, each with its DataTime.

        Raises:
            Malformed: the fields cannot be read, a whole packet has no DataTime, or a part may
                have been cut within a group.
        """
        groups = packet.groups()
        own = next((group["DataTime"] for group in groups if "DataTime" in group), None)
        if packet.pnum is None or packet.pno is None:
            if own is None:
                raise Malformed("there is no DataTime")
            return [(packet, own)]
        if packet.pno < packet.pnum and not (groups and _closed(groups[-1])):
            raise Malformed("a part must end with the -Flag of a group")
        whole = self._of(packet, now_s)
        whole.data_time = own or whole.data_time
        if len(whole.waiting) < MOST_WAITING:
            whole.waiting[packet.pno] = packet
        if whole.data_time is None:
            return []
        ready = [(part, whole.data_time) for part in whole.waiting.values()]
        whole.waiting.clear()
        return ready

    def _of(self, packet: Packet, now_s: float) -> _Open:
        old = [key for key, one in self._open.items() if now_s - one.heard_s > PATIENCE_S]
        for key in old:
            del self._open[key]
        whole = self._open.pop((packet.qn, packet.cn), _Open(now_s))
        whole.heard_s = now_s
        self._open[packet.qn, packet.cn] = whole  # the last heard of is the last in the row
        if len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        return whole


def _closed(group: Mapping[str, str]) -> bool:
    return "DataTime" in group or any(
        name.endswith("-Flag") and value for name, value in group.items()
    )
