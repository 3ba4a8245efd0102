"""The readings in HJ 212 packets: packets to samples. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from config.catalogue.shapes import Logger
from config.vocabulary.data_flags import cause_of
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.hj212.frames import Malformed, Packet, instant_ms

MOST_OPEN, MOST_WAITING = 8, 16
"""Packets in parts at once, and parts of each that wait for the instant."""
PATIENCE_S = 60.0
"""A packet in parts that is not heard of for so long is forgotten."""

_KINDS = {"real-time": ("2011", "Rtd"), "minute": ("2051", "Avg"), "hour": ("2061", "Avg")}
"""Which command carries what a logger is placed for, and which field its value."""
COMMANDS = frozenset(command for command, _ in _KINDS.values())
"""Those that carry data of any kind."""
_FIGURES = {
    "rtd", "avg", "min", "max", "cou", "zsrtd", "zsavg", "zsmin", "zsmax", "sampletime", "data",
    "daydata", "nightdata", "standardvalue", "info", "sn", "check", "unit", "name",
}  # fmt: skip
"""Fields of an indicator that say nothing of whether its value is good."""
_DEVICE_MARK = "eflag"
"""State of the instrument in its maker's own codes, beside ``-Flag`` (HJ 212-2017, EFlag)."""
_LIKE_A_MARK = re.compile(r"fla?g|mark|stat(?:e|us)")
_LETTERS = re.compile(r"[A-Za-z/]{1,8}", re.ASCII)
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
    groups = _folded(packet)
    found = {code: _measured(groups, code, logger) for code in logger.codes}
    readings = {code: one for code, one in found.items() if one}
    return Sample(taken_ms, Clock.FREE_RUNNING, readings)


def marks(packet: Packet, code: str) -> str:
    """Everything in a packet that marks a code's value or looks as if it did, for the log.

    Raises:
        Malformed: the fields cannot be read.
    """
    groups = _folded(packet)
    written = {name.lower(): f"{name}={value}" for name, value in packet.fields().items()}
    own = [f"{code}-flag"] if f"{code}-flag" in written else []
    found = [*own, *_strange(groups, code, marked=bool(own))]
    return ", ".join(written[name] for name in found)


def _folded(packet: Packet) -> list[dict[str, str]]:
    """The groups with the names of their fields in small letters: loggers write them in any."""
    return [{name.lower(): value for name, value in group.items()} for group in packet.groups()]


def _measured(groups: Sequence[Mapping[str, str]], code: str, logger: Logger) -> Measured | None:
    """None where a packet says nothing of a code. A value without any mark is taken as normal."""
    fields = {name: value for group in groups for name, value in group.items()}
    text = fields.get(f"{code}-{_KINDS[logger.of][1].lower()}")
    mark = fields.get(f"{code}-flag")
    cause = Cause.NORMAL if mark is None else cause_of(logger.profile, mark)
    useless = quality_of(cause) in (Quality.BAD, Quality.MISSING)
    if not useless and any(_strange(groups, code, marked=mark is not None)):
        cause, useless = Cause.UNKNOWN_STATE, True
    if text is None and not useless:
        return None
    if quality_of(cause) is Quality.MISSING:
        return Measured(None, cause)  # what stands there is none of now
    if text is None or not _NUMBER.fullmatch(text):
        return Measured(None, cause if useless else Cause.NOT_A_NUMBER)
    value = float(f"{float(text) * logger.scale.get(code, 1.0):.12g}")
    return Measured(round(value, 9), cause)


def _strange(groups: Sequence[Mapping[str, str]], code: str, *, marked: bool) -> Iterator[str]:
    """Fields that look like a mark of a code's value and are none that can be read; ``marked``:
    it has its ``-Flag`` as well.
    """
    for group in groups:
        alone = not any("-" in name for name in group)
        concerned = alone or any(name.startswith(f"{code}-") for name in group)
        for name, value in group.items():
            key = _key_of(name, code)
            if key is None:
                if concerned and "-" not in name and _LIKE_A_MARK.search(name):
                    yield name
            elif name == f"{code}-flag" or (marked and key == _DEVICE_MARK):
                continue
            elif _LIKE_A_MARK.search(key) or (key not in _FIGURES and _LETTERS.fullmatch(value)):
                yield name


def _key_of(name: str, code: str) -> str | None:
    """A field of a code; None where it is not that code's."""
    rest = name.removeprefix(code)
    return None if rest == name or rest[:1].isdigit() else rest.strip("-_")


@dataclass(slots=True)
class _Open:
    """A packet in parts: its instant, once known, and the parts that wait for it."""

    heard_s: float
    data_time: str | None = None
    waiting: dict[int, Packet] = field(default_factory=dict)


class Services:
    """Gives parts of a packet their instant.

    Loggers wait for the answer to each part, and an answer promises that it is kept; so a part is
    kept as soon as its instant is known, from itself or from another of the same QN and CN.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], _Open] = {}

    def take(self, packet: Packet, now_s: float) -> list[tuple[Packet, str]]:
        """The packets that are complete, each with its DataTime.

        Raises:
            Malformed: the fields cannot be read, a whole packet has no DataTime, or a part may
                have been cut within a group.
        """
        groups = _folded(packet)
        own = next((group["datatime"] for group in groups if "datatime" in group), None)
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
    return "datatime" in group or any(
        name.endswith("-flag") and value for name, value in group.items()
    )
