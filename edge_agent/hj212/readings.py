"""The readings in HJ 212 packets: packets to samples. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from config.catalogue.shapes import Logger
from config.vocabulary.data_flags import NAMES_OF_2005, cause_of
from config.vocabulary.detection import half, undetected
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.hj212 import fields
from edge_agent.hj212.fields import Fields
from edge_agent.hj212.instants import instant_of, sampled_ms
from edge_agent.hj212.segments import Malformed, Packet

MOST_OPEN, MOST_WAITING = 8, 16
"""Packets in parts at once, and parts of each that wait for the instant."""
PATIENCE_S = 60.0
"""A packet in parts that is not heard of for so long is forgotten."""

_KINDS = {"real-time": ("2011", "rtd"), "minute": ("2051", "avg"), "hour": ("2061", "avg")}
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
_LENIENT_NUMBER = re.compile(
    r"[+-]?(?:\d{1,15}(?:\.\d{1,20})?|\.\d{1,20})(?:[Ee][+-]?\d{1,3})?", re.ASCII
)
_MOST = 1e12
"""No indicator has a value beyond."""
_NO_VALUE = re.compile(r"[-_*/—]*|null|none|n/?a|无|缺测", re.IGNORECASE)


class Reading(NamedTuple):
    """A packet as it was read: samples by their instants, and what in it is odd."""

    samples: list[Sample]
    oddities: tuple[str, ...]


def carries(packet: Packet, logger: Logger) -> bool:
    """Whether a packet's data become readings."""
    return packet.cn == _KINDS[logger.of][0]


def read(
    packet: Packet, data_time: str, logger: Logger, limits: Mapping[str, float] | None = None
) -> Reading:
    """The readings of a packet; each is of its own ``SampleTime``, else of DataTime, and of means
    of the period's beginning. ``limits`` are detection limits by code, in the indicator's unit.

    Raises:
        Malformed: the DataTime is no time, or nothing of the data can be read.
    """
    found = fields.read(packet, strict=logger.strict)
    data_ms = instant_of(data_time, strict=logger.strict)
    if data_ms is None:
        raise Malformed("DataTime is no time")
    oddities = list(found.oddities)
    if len(data_time) != 14:
        oddities.append("DataTime is not 14 digits")
    timed = any(name.endswith("sampletime") for name in found.values)
    plain = (data_ms, Clock.FREE_RUNNING)
    by_instant: dict[tuple[int, Clock], dict[str, Measured]] = {}
    for code in logger.codes:
        name = _name_of(found, code, logger)
        one = _measured(found, name, code, logger, (limits or {}).get(code))
        if one is None:
            continue
        if name == NAMES_OF_2005.get(code) != logger.names.get(code):
            oddities.append(f"{name} of 2005 for {code}")
        taken_ms, clock = sampled_ms(found, name, data_ms) if timed else plain
        if clock is Clock.NEVER_SET:
            oddities.append(f"SampleTime of {code} is no time near DataTime")
        by_instant.setdefault((taken_ms, clock), {})[code] = one
        if found.torn or one.cause is Cause.NOT_A_NUMBER:
            oddities += _said_of(found, name, code, one)
    samples = [Sample(at, clock, these) for (at, clock), these in by_instant.items()]
    return Reading(samples, tuple(dict.fromkeys(oddities)))


def _said_of(found: Fields, name: str, code: str, one: Measured) -> Iterator[str]:
    """Why a code has no value that can be used, for the person who has to mend it."""
    if found.is_torn(name):
        yield f"{code} is run together with something else"
    elif one.cause is Cause.NOT_A_NUMBER:
        yield f"the value of {code} is no number"


def marks(packet: Packet, code: str, logger: Logger) -> str:
    """Everything in a packet that marks a code's value or looks as if it did, for the log."""
    found = fields.read(packet, strict=logger.strict)
    name = _name_of(found, code, logger)
    own = [f"{name}-flag"] if f"{name}-flag" in found.values else []
    said = [*own, *_strange(found.groups, name, marked=bool(own))]
    written = (re.search(rf"{re.escape(one)}\s*=[^;,]*", packet.cp, re.IGNORECASE) for one in said)
    return ", ".join(one[0] for one in written if one)


def _name_of(found: Fields, code: str, logger: Logger) -> str:
    """Under which name a packet has a code's fields; the code's own where it has none."""
    if not logger.names and f"{code}-{_KINDS[logger.of][1]}" in found.values:
        return code
    old = None if logger.strict else NAMES_OF_2005.get(code)
    known = [name.lower() for name in (logger.names.get(code), code, old) if name]
    wanted = (f"-{_KINDS[logger.of][1]}", "-flag")
    there = (name for name in known if any(name + end in found.values for end in wanted))
    return next(there, code)


def _measured(
    found: Fields, name: str, code: str, logger: Logger, limit: float | None
) -> Measured | None:
    """None where a packet says nothing of a code. A value without any mark is taken as normal."""
    texts = found.values.get(f"{name}-{_KINDS[logger.of][1]}", ())
    flags = found.values.get(f"{name}-flag")
    cause = Cause.NORMAL if flags is None else cause_of(logger.profile, "/".join(flags))
    useless = quality_of(cause) in (Quality.BAD, Quality.MISSING)
    strange = any(_strange(found.groups, name, marked=flags is not None))
    if not useless and (strange or (found.torn and found.is_torn(name))):
        cause, useless = Cause.UNKNOWN_STATE, True
    if not texts and not useless:
        return None
    if quality_of(cause) is Quality.MISSING:
        return Measured(None, cause)  # what stands there is none of now
    if len(texts) != 1:
        return Measured(None, cause if useless else Cause.NOT_A_NUMBER)
    value, why = _value(texts[0], limit, logger, code)
    if value is None or why is Cause.UNDETECTED:
        return Measured(None, cause) if useless else Measured(value, why)
    return Measured(value, cause)


def _value(
    text: str, limit: float | None, logger: Logger, code: str
) -> tuple[float | None, Cause]:
    """A value in the indicator's unit, or why there is none."""
    factor = logger.scale.get(code, 1.0)
    number = _NUMBER if logger.strict else _LENIENT_NUMBER
    if number.fullmatch(text):
        value = round(float(f"{float(text) * factor:.12g}"), 9)
        usable = math.isfinite(value) and abs(value) <= _MOST
        return (value, Cause.NORMAL) if usable else (None, Cause.NOT_A_NUMBER)
    if logger.strict:
        return None, Cause.NOT_A_NUMBER
    below = undetected(text)
    if below:
        known = limit if below.limit is None else below.limit * factor
        if known is None or not 0 < known <= _MOST:
            return None, Cause.NOT_A_NUMBER
        return half(known), Cause.UNDETECTED
    return None, Cause.SENTINEL if _NO_VALUE.fullmatch(text) else Cause.NOT_A_NUMBER


def _strange(groups: Sequence[Mapping[str, str]], code: str, *, marked: bool) -> Iterator[str]:
    """Fields that look like a mark of a code's value and are none that can be read; ``marked``:
    it has its ``-Flag`` as well.
    """
    for group in groups:
        alone = not any("-" in name for name in group)
        if not alone and not any(name.startswith(code) for name in group):
            continue
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

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._open: dict[tuple[str, str], _Open] = {}

    def take(self, packet: Packet, now_s: float) -> list[tuple[Packet, str]]:
        """The packets that are complete, each with its DataTime.

        Raises:
            Malformed: the fields cannot be read, a whole packet has no DataTime, or a part may
                have been cut within a group.
        """
        found = fields.read(packet, strict=self._strict)
        if len(found.values.get("datatime", ())) > 1:
            raise Malformed("DataTime stands twice")
        own = found.one("datatime")
        if packet.pnum is None or packet.pno is None:
            if own is None:
                raise Malformed("there is no DataTime")
            return [(packet, own)]
        if packet.pno < packet.pnum and not (found.groups and _closed(found.groups[-1])):
            raise Malformed("a part must end with the -Flag of a group")
        if not packet.qn:
            if own is None:
                raise Malformed("a part has neither DataTime nor QN")
            return [(packet, own)]
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
