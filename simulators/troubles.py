"""What goes wrong on lines, at instruments, loggers and the broker, each with its label. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from config.catalogue.shapes import Placement, Station

TroubleKind = Literal[
    "power-cut", "line-loss", "slow", "corrupt", "clock-jump", "broker-loss", "broker-silence"
]


@dataclass(frozen=True, slots=True)
class Trouble:
    """From ``began_ms`` until ``ended_ms``.

    ``power-cut``: an instrument, or a whole station, is off: it answers nothing, and its loggers
    are still; what they had kept is sent later. ``line-loss``: a line carries nothing, over TCP
    connections end and none is taken. ``slow``: answers take ``size`` ms. ``corrupt``: a ``share``
    of answers is broken. ``clock-jump``: the clocks of loggers are ``size`` seconds ahead, below 0
    behind. ``broker-loss``: connections to the broker end and none is taken; ``broker-silence``:
    they stand, and nothing arrives. Without an instrument the whole station is meant.
    """

    kind: TroubleKind
    began_ms: int
    ended_ms: int
    station: str = ""
    instrument: str = ""
    size: float = 0.0
    share: float = 0.0

    @property
    def label(self) -> dict[str, str | int]:
        """What truly happened, for those who judge what was made of it."""
        where = {"station": self.station, "instrument": self.instrument}
        named = {name: of for name, of in where.items() if of}
        return {**named, "kind": self.kind, "began": self.began_ms, "ended": self.ended_ms}

    def holds(self, t_ms: int) -> bool:
        """Whether it lasts at an instant."""
        return self.began_ms <= t_ms < self.ended_ms

    def strikes(self, station: Station, placement: Placement, t_ms: int) -> bool:
        """Whether it concerns an instrument at an instant."""
        here = self.station == station.id and self.instrument in ("", placement.instrument)
        return here and self.holds(t_ms)


def late_s(
    troubles: Sequence[Trouble], station: Station, placement: Placement, t_ms: int
) -> float:
    """How long an instrument takes to answer."""
    slow = (of for of in troubles if of.kind == "slow" and of.strikes(station, placement, t_ms))
    return max((of.size for of in slow), default=0.0) / 1000


def ahead_ms(troubles: Sequence[Trouble], station: Station, t_ms: int) -> int:
    """How far the clocks of a station's loggers are ahead."""
    jumps = (of for of in troubles if of.kind == "clock-jump" and of.station == station.id)
    return round(sum(of.size for of in jumps if of.holds(t_ms)) * 1000)


def is_off(troubles: Sequence[Trouble], station: Station, t_ms: int) -> bool:
    """Whether a whole station has no power."""
    cuts = (of for of in troubles if of.kind == "power-cut" and of.station == station.id)
    return any(of.holds(t_ms) and not of.instrument for of in cuts)


def spoken(
    troubles: Sequence[Trouble],
    station: Station,
    placement: Placement,
    t_ms: int,
    answer: bytes,
    drawn: random.Random,
) -> bytes:
    """What arrives of an answer."""
    for of in troubles:
        if not of.strikes(station, placement, t_ms):
            continue
        if of.kind in ("power-cut", "line-loss"):
            return b""
        if of.kind == "corrupt" and drawn.random() < of.share:
            return broken(answer, drawn, rtu=placement.rtu)
    return answer


def broken(answer: bytes, drawn: random.Random, *, rtu: bool) -> bytes:
    """An answer with its end missing; or on RTU, where a check sum tells it, with another bit;
    over TCP, where the net sees to bits, with another number or of another unit.
    """
    if drawn.random() < 0.5:
        return answer[: drawn.randrange(1, len(answer))]
    at = drawn.randrange(len(answer)) if rtu else drawn.choice((0, 1, 6))
    changed = answer[at] ^ (1 << drawn.randrange(8))
    return answer[:at] + bytes([changed]) + answer[at + 1 :]
